"""One stack for all tests of behaviour: each test brings employers of its own into the register."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cloud.fund import Fund
from tests.cloud.watched import WatchedCloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[WatchedCloud]:
    with WatchedCloud() as cloud:
        yield cloud


@pytest.fixture(scope="session")
def fund(cloud: WatchedCloud) -> Fund:
    return Fund(cloud.deploy())


@pytest.fixture(scope="session")
def guarded() -> Iterator[Fund]:
    """A fund on a stack whose permissions are enforced."""
    with WatchedCloud(auth=True) as cloud:
        yield Fund(cloud.deploy())
