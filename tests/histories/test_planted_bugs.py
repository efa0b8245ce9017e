"""Planted bugs still fit the ledger. Hunting them is a longer run: `python -m tests.histories.hunts`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.planted import ROOT, Bug, bugs

PLANTED = bugs(Path(__file__).parent)


def test_bugs_have_different_names() -> None:
    assert len({bug.name for bug in PLANTED}) == len(PLANTED) >= 12


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.name)
def test_what_a_planted_bug_replaces_stands_there_once(bug: Bug) -> None:
    assert (ROOT / bug.file).read_text("utf-8").count(bug.old) == 1
    assert bug.found_by
