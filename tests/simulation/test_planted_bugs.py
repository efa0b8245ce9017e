"""Planted bugs still fit the code. Hunting them is a long run: `python -m tests.simulation.hunts`."""

from __future__ import annotations

import pytest

from tests.simulation.planted import ROOT, Bug, bugs


def test_there_are_at_least_twenty_bugs_of_different_names() -> None:
    assert len({bug.name for bug in bugs()}) == len(bugs()) >= 20


@pytest.mark.parametrize("bug", bugs(), ids=lambda bug: bug.name)
def test_what_a_planted_bug_replaces_stands_there_once(bug: Bug) -> None:
    assert (ROOT / bug.file).read_text("utf-8").count(bug.old) == 1
    assert bug.found_by
