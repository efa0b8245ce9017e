"""Nothing lost, nothing twice: whatever fails, in whatever order, the deployed functions end where they should.

Simulated: the real handlers and stories over ports in memory. README.md tells how a failure is replayed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

import pytest

from tests.simulation.boundaries import SCENES, pairs, singles
from tests.simulation.deployment import deployment
from tests.simulation.planted import ROOT
from tests.simulation.runner import Summary, Wanted, summed

SCHEDULES = 1000
"""Of each way; `make simulate` runs as many as one likes."""
PAIRS = 200
SOMETIMES = (
    "crash after commit",
    "timeout",
    "changed",
    "lost",
    "unprocessed items",
    "duplicate event",
    "duplicate delivery",
    "late event",
    "dead letter",
    "redrive",
    "index lag",
    "down",
    "schedule fired twice",
    "schedule missed",
    "other version",
    "object overwritten",
    "lost reply to a person",
)
"""What must have happened in a run of schedules: a run without it proves nothing about it."""
OF_THE_SWEEP = {"schedule fired twice", "schedule missed", "changed"}
"""Troubles that only the sweep mends: there are none where it does not run."""


@cache
def run(swept: bool) -> Summary:
    return summed(Wanted(seed, swept) for seed in range(SCHEDULES))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("swept", [True, False], ids=["with the sweep", "without the sweep"])
def test_every_invariant_holds_in_a_thousand_schedules(swept: bool) -> None:
    summary = run(swept)
    assert summary.schedules == SCHEDULES
    assert not summary.failed, summary.told()


@pytest.mark.parametrize("swept", [True, False], ids=["with the sweep", "without the sweep"])
def test_the_run_met_every_kind_of_trouble(swept: bool) -> None:
    expected = {"lost event", *SOMETIMES} if swept else set(SOMETIMES) - OF_THE_SWEEP
    assert not {what for what in expected if not run(swept).happened[what]}


def test_every_deployed_function_ran() -> None:
    ran = {call.split(" ")[0] for call in run(True).calls}
    assert set(deployment().functions) <= ran


def test_the_scenes_of_the_boundaries_meet_every_call_that_undisturbed_people_cause() -> None:
    scenes, many = (summed(Wanted(seed, True, calm=True) for seed in seeds).calls for seeds in (SCENES, range(200)))
    assert many <= scenes


@pytest.mark.timeout(1200)
def test_a_failure_at_any_single_call_leaves_nothing_lost_and_nothing_doubled() -> None:
    """In one way each, by turns; in every way: `make simulate`."""
    summary = summed(singles(every_way=False))
    assert summary.schedules > 800
    assert not summary.failed, summary.told()


def test_two_failures_in_one_run_neither() -> None:
    summary = summed(pairs(PAIRS))
    assert summary.schedules == PAIRS
    assert not summary.failed, summary.told()


def in_a_new_process(code: str, **environment: str) -> str:
    """The simulation puts ports in place of AWS for the whole process: it never runs in the one of the tests."""
    ended = subprocess.run(
        [sys.executable, "-c", f"from tests.simulation.functions import prepare\nprepare()\n{code}"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.strip()


def test_every_story_is_told() -> None:
    """A story added to the package is missing here until something in the simulation tells it."""
    untold = in_a_new_process(
        "from tests.simulation.schedule import play\n"
        "from tests.simulation.stories import all_stories, listened\n"
        "with listened() as told:\n"
        "    for seed in range(200): play(seed, swept=True)\n"
        "print(sorted(all_stories() - told))"
    )
    assert untold == "[]"


def test_a_seed_replays_to_the_bit_whatever_the_process() -> None:
    code = "from tests.simulation.schedule import play\nprint([play(seed, swept=True).digest for seed in range(20)])"
    first, second = (in_a_new_process(code, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first == second
    assert len(set(first.split(","))) == 20
