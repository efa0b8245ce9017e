"""The simulation finds what it is for: each planted bug, within 2,000 schedules, by an invariant that fits it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.simulation.planted import Bug, Hunt, bugs, hunt


@pytest.fixture(scope="module")
def hunts() -> Iterator[dict[str, Future[Hunt]]]:
    """As many at once as there are cores."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {bug.name: pool.submit(hunt, bug, Path(folder) / str(place)) for place, bug in enumerate(bugs())}


def test_there_are_at_least_twenty_bugs_of_different_names() -> None:
    assert len({bug.name for bug in bugs()}) == len(bugs()) >= 20


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bug", bugs(), ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug, hunts: dict[str, Future[Hunt]]) -> None:
    found = hunts[bug.name].result()
    assert found.invariants & set(bug.found_by), found.said[-3000:]
