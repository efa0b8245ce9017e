"""The granted actions of each function, and a way to take one away from a running stack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tasrih.local.deployed import Stack


@dataclass(frozen=True)
class Grant:
    """One action in one statement of a function's role."""

    function: str
    role: str
    statement: int
    action: str
    resource: str
    """As in the template, without CDK's suffixes: `TablesBook`, `InboxBucket/uploads/*`."""

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def grants(template: dict[str, Any], roles: dict[str, str]) -> list[Grant]:
    """`roles`: logical → physical id. Functions' own roles only; the policy is named after the function."""
    found = []
    for logical, resource in template["Resources"].items():
        for policy in resource["Properties"].get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []:
            for place, statement in enumerate(policy["PolicyDocument"]["Statement"]):
                on = _named(statement["Resource"])
                found += [
                    Grant(policy["PolicyName"], roles[logical], place, action, on)
                    for action in _list(statement["Action"])
                ]
    return found


@contextmanager
def without(taken: list[Grant], stack: Stack) -> Iterator[None]:
    """A function's role without these actions, and no warm worker of the function that might remember an answer."""
    first = taken[0]
    whole = stack.client("iam").get_role_policy(RoleName=first.role, PolicyName=first.function)["PolicyDocument"]
    document = json.loads(json.dumps(whole))
    for grant in taken:
        statement = document["Statement"][grant.statement]
        # the second name is the emulator's own for the same right, added by a transform
        gone = (grant.action, f"{grant.action}Batch")
        statement["Action"] = [each for each in _list(statement["Action"]) if each not in gone]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Action"]]
    _put(stack, first, document)
    _forget(stack, first.function)
    try:
        yield
    finally:
        _put(stack, first, whole)
        _forget(stack, first.function)


def _forget(stack: Stack, function: str) -> None:
    """Ends the function's warm workers, which may remember answers: setting its memory to what it is does that."""
    functions, name = stack.client("lambda"), stack.functions[function]
    memory = functions.get_function_configuration(FunctionName=name)["MemorySize"]
    functions.update_function_configuration(FunctionName=name, MemorySize=memory)


def _put(stack: Stack, grant: Grant, document: dict[str, Any]) -> None:
    stack.client("iam").put_role_policy(
        RoleName=grant.role, PolicyName=grant.function, PolicyDocument=json.dumps(document)
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(resource: Any) -> str:
    """A readable name of a resource in the template."""
    if isinstance(resource, list):
        return " ".join(_named(each) for each in resource)
    if isinstance(resource, str):
        return resource
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        return _short(name) + ("" if attribute == "Arn" else f".{attribute}")
    if "Fn::Join" in resource:
        parts = [part if isinstance(part, str) else _named(part) for part in resource["Fn::Join"][1]]
        return "".join(parts)
    return _short(str(resource.get("Ref", resource)))


def _short(name: str) -> str:
    return re.sub(r"[0-9A-F]{8}$", "", name)
