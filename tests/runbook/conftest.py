"""A fund on a stack of its own for each module, and an operator who follows the runbook."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tasrih.local.cloud import LocalCloud

from tests.cloud.fund import Fund
from tests.runbook.operator import Operator, Play
from tests.runbook.redrive import RedrivingQueues
from tests.runbook.runbook import procedures


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def fund(cloud: LocalCloud) -> Fund:
    cloud.reset()
    return Fund(cloud.deploy())


@pytest.fixture(scope="module")
def operator(fund: Fund, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    redriving = RedrivingQueues(fund.stack.endpoint, fund.stack.client("sqs"))
    try:
        yield Operator(fund.stack, redriving.endpoint, tmp_path_factory.mktemp("operator"))
    finally:
        redriving.close()


@pytest.fixture
def play(request: pytest.FixtureRequest, operator: Operator) -> Iterator[Play]:
    """The procedure that names the running test as its drill."""
    (procedure,) = [each for each in procedures() if each.drill == request.node.originalname]
    play = Play(procedure, operator)
    yield play
    assert not play.left_out(), f"{procedure.title}: blocks that the drill does not run"
