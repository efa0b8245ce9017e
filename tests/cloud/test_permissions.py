"""Does every role have what it needs, and nothing that it does not need?

Each granted action is taken away, on each resource by itself: without it the function's drill fails; put back, it
passes.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from tasrih.local.deploy import SNAPSHOT
from tasrih.local.deployed import Failed
from tasrih.settings import FUNCTIONS

from tests.cloud.drills import Drills
from tests.cloud.fund import Fund
from tests.infra.template import Template, listed, told

pytestmark = pytest.mark.cloud

TEMPLATE = Template(json.loads(SNAPSHOT.read_bytes()))


class Grant(NamedTuple):
    function: str
    action: str
    resource: str
    """In words, as the template has it."""

    def __str__(self) -> str:
        return f"{self.function} {self.action} {self.resource}"


def grants() -> list[Grant]:
    return [
        Grant(function, action, _words(resource))
        for function in FUNCTIONS
        for statement in TEMPLATE.role(function)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    ]


def _words(resource: object) -> str:
    where = told(resource)
    return "MailDomain" if ":identity/" in where else where


NOT_ASKED = {
    "the emulator writes the logs itself": ("logs:CreateLogStream", "logs:PutLogEvents"),
    "the emulator polls queues and streams without the function's role": (
        *("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
        *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"),
    ),
    "the emulator delivers to failure destinations without the function's role": ("sqs:SendMessage QueuesUndelivered",),
    "the emulator does not ask for the key of an encrypted object or table": ("kms:Decrypt", "kms:GenerateDataKey"),
    "the emulator asks for ses:SendEmail alone; AWS asks for this one when a message is sent whole": (
        "ses:SendRawEmail",
    ),
}
"""What the emulator lets pass. That these stand in the template, and no more, is asserted in tests/infra."""


def is_shown(grant: Grant) -> bool:
    let_pass = {right for rights in NOT_ASKED.values() for right in rights}
    return not {grant.action, f"{grant.action} {grant.resource}"} & let_pass


SHOWN = [grant for grant in grants() if is_shown(grant)]
NOT_SHOWN = [grant for grant in grants() if not is_shown(grant)]


@pytest.fixture(scope="module")
def drills(guarded: Fund) -> Drills:
    """Every drill passes with all rights."""
    drills = Drills(guarded)
    for function in FUNCTIONS:
        drills.run[function]()
    return drills


@contextlib.contextmanager
def without(drills: Drills, *taken: Grant) -> Iterator[None]:
    """The function's role lacks these; its worker starts anew, since keys once read are remembered."""
    (function,) = {grant.function for grant in taken}
    iam, policy = drills.fund.stack.client("iam"), Policy(drills.fund, function)
    try:
        iam.put_role_policy(**policy.name, PolicyDocument=json.dumps(policy.without(taken)))
        _afresh(drills.fund, function)
        yield
    finally:
        iam.put_role_policy(**policy.name, PolicyDocument=json.dumps(policy.whole))
        _afresh(drills.fund, function)


class Policy:
    """A role's own policy as it stands in the cloud, beside the same in the template's words."""

    def __init__(self, fund: Fund, function: str) -> None:
        iam, functions = fund.stack.client("iam"), fund.stack.client("lambda")
        told_of = functions.get_function_configuration(FunctionName=fund.stack.functions[function])
        role = told_of["Role"].rpartition("/")[2]
        self.name = {"RoleName": role, "PolicyName": function}
        self.whole: dict[str, Any] = iam.get_role_policy(**self.name)["PolicyDocument"]
        self.function = function

    def without(self, taken: tuple[Grant, ...]) -> dict[str, Any]:
        """One statement per action and resource, but for those."""
        kept = []
        for words, real in zip(TEMPLATE.role(self.function), self.whole["Statement"], strict=True):
            for action in listed(real["Action"]):
                for where, resource in zip(listed(words["Resource"]), listed(real["Resource"]), strict=True):
                    if Grant(self.function, action, _words(where)) not in taken:
                        kept.append({**real, "Action": action, "Resource": resource})
        return {**self.whole, "Statement": kept}


def _afresh(fund: Fund, function: str) -> None:
    functions = fund.stack.client("lambda")
    name = fund.stack.functions[function]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    variables["ANEW"] = str(int(variables.get("ANEW", "0")) + 1)
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


@pytest.mark.parametrize("grant", SHOWN, ids=str)
def test_without_this_one_right_the_function_fails(drills: Drills, grant: Grant) -> None:
    with without(drills, grant), pytest.raises((AssertionError, Failed)):
        drills.run[grant.function]()
    drills.run[grant.function]()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_emulator_does_not_ask_for_the_other_rights(drills: Drills, function: str) -> None:
    """Should it ask one day, this fails, and the right moves to those that are shown."""
    taken = [grant for grant in NOT_SHOWN if grant.function == function]
    with without(drills, *taken):
        drills.run[function]()


def test_most_rights_are_shown() -> None:
    assert len(SHOWN) >= 40, [str(grant) for grant in SHOWN]
    assert {grant.function for grant in SHOWN} == set(FUNCTIONS)
