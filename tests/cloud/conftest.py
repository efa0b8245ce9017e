"""One stack for all tests of behaviour: each test brings employers of its own into the register."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tasrih.local.cloud import LocalCloud

from tests.cloud.fund import Fund


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as cloud:
        yield cloud


@pytest.fixture(scope="session")
def fund(cloud: LocalCloud) -> Fund:
    return Fund(cloud.deploy())


@pytest.fixture(scope="session")
def guarded() -> Iterator[Fund]:
    """A fund on a stack whose permissions are enforced."""
    with LocalCloud(auth=True) as cloud:
        yield Fund(cloud.deploy())
