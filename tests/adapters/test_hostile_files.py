"""Each hostile file has its own sentence within five seconds, and its reader grows by at most 64 MiB."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tasrih.adapters.workbooks import child_workbooks
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined, SentFile
from tasrih.messages import LANGUAGES
from tasrih.messages.findings import finding_sentence

from tests.adapters.hostile import ARCHIVES, WORKBOOKS, Made
from tests.adapters.processor import processor_seconds
from tests.declaration.pairs import TODAY
from tests.declaration.test_intake_archives import DAMAGED

MOST_SECONDS, MOST_KIB = 5, 64 * 1024
NAMED = [*((f"das.xlsx: {name}", made) for name, made in WORKBOOKS.items())]
NAMED += [*((f"das.zip: {name}", made) for name, made in (DAMAGED | ARCHIVES).items())]


@pytest.mark.parametrize(("name", "made"), NAMED, ids=[name for name, _ in NAMED])
def test_a_hostile_file_has_its_own_sentence_in_little_time_and_memory(name: str, made: Made, tmp_path: Path) -> None:
    make, code = made
    path = tmp_path / name.partition(":")[0]
    path.write_bytes(make())
    examined, seconds, grown_kib = _measured(path)
    assert {found.code for found in examined.findings if found.severity == "error"} == ({code} if code else set())
    assert examined.accepted == (not code)
    for found in examined.findings:
        assert len({finding_sentence(found, language) for language in LANGUAGES}) == len(LANGUAGES)
    assert seconds < MOST_SECONDS
    assert grown_kib <= MOST_KIB


def _measured(path: Path) -> tuple[Examined, float, int]:
    """The verdict, the processor's seconds it took, and by how much this process grew at its largest."""
    file = SentFile(path.name, path.stat().st_size, lambda: path.open("rb"))
    before = _resident_kib("VmRSS")
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")
    began = processor_seconds()
    examined = examine([file], today=TODAY, workbooks=child_workbooks)
    return examined, processor_seconds() - began, _resident_kib("VmHWM") - before


def _resident_kib(name: str) -> int:
    """0 where there is no /proc: there only the verdict and the time are checked."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
