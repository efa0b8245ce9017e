"""Do the ledger and the model agree on random histories, and do these meet everything that can happen?"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.histories.events import LEAST, Making
from tests.histories.runner import played, replay

ROOT = Path(__file__).resolve().parents[2]
HISTORIES = 2000
CAN_BE_REFUSED = {"waive", "write_off", "refund", "move", "transfer", "credit_over", "provisional", "unwaive"}
KINDS = CAN_BE_REFUSED | {
    "file",
    "withdraw",
    "pay",
    "bounce",
    "surcharge",
    "drop_surcharge",
    "opening",
    "plan",
    "plan_ends",
}


def test_the_ledger_and_the_model_agree_to_the_centime() -> None:
    failed = [f"{replay(seed)}: {found[:3]}" for seed, found in played(range(HISTORIES)) if found]
    assert not failed, "\n".join(failed[:10])


def test_histories_are_long_and_meet_every_event_in_every_way() -> None:
    met = Counter[tuple[str, str]]()
    for seed in range(600):
        outcomes = [(event["do"], outcome) for event, outcome in Making(seed).play()]
        assert len(outcomes) >= LEAST
        met.update(outcomes)
    for outcome, kinds in {"done": KINDS, "again": KINDS, "refused": CAN_BE_REFUSED}.items():
        assert {do for do, how in met if how == outcome} == kinds


def test_a_seed_gives_the_same_history_whatever_the_process() -> None:
    code = "from tests.histories.events import Making\nprint([list(Making(seed).play()) for seed in range(20)])"
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
