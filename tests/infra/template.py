"""Reads a synthesized template as a person would: by type and by name, without CDK's eight-digit endings."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]


class Template:
    def __init__(self, content: Json) -> None:
        self.content = content
        self.resources: Json = content["Resources"]

    def of(self, kind: str) -> dict[str, Json]:
        """Properties of every resource of a type such as "SQS::Queue", by name."""
        return {
            plain(name): resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == f"AWS::{kind}"
        }

    def only(self, kind: str) -> Json:
        (found,) = self.of(kind).values()
        return found

    def function(self, name: str) -> Json:
        (found,) = (each for each in self.of("Lambda::Function").values() if each["Handler"].split(".")[1] == name)
        return found

    def role(self, name: str) -> list[Json]:
        """The statements of a function's role."""
        (role,) = (
            resource["Properties"]
            for logical, resource in self.resources.items()
            if {"Fn::GetAtt": [logical, "Arn"]} == self.function(name)["Role"]
        )
        (policy,) = role["Policies"]
        return list(policy["PolicyDocument"]["Statement"])


def plain(logical: str) -> str:
    return re.sub(r"[0-9A-F]{8}$", "", logical)


def told(value: Any) -> str:
    """A resource in one word: `InboxBucket/uploads/*`."""
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    if function == "Fn::GetAtt":
        return plain(argument[0]) + ("" if argument[1] == "Arn" else f".{argument[1]}")
    if function == "Ref":
        return plain(argument)
    assert function == "Fn::Join"
    return "".join(told(part) for part in argument[1])


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def denies_plain_http(document: Json) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        and statement["Principal"] in ("*", {"AWS": "*"})
        for statement in document["Statement"]
    )
