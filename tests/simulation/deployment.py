"""What is deployed, read from the synthesized template: which function is woken by what, and how often it is tried.

Nothing is listed by hand: a function, a queue or a schedule added to the stack is simulated from then on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import tasrih

TEMPLATE = Path(tasrih.__file__).parent / "local" / "stack" / "template.json"
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")

Resource = dict[str, Any]


@dataclass(frozen=True)
class Function:
    name: str
    """Of its folder."""
    timeout: timedelta
    environment: dict[str, str]
    """Variable -> logical id of the resource it names, or its plain text."""


@dataclass(frozen=True)
class QueueSpec:
    visibility: timedelta
    max_receives: int
    """0: no dead-letter queue."""
    dead: str


@dataclass(frozen=True)
class StreamTrigger:
    function: str
    batch: int
    patterns: tuple[Any, ...]
    retries: int
    max_age: timedelta
    failed: str


@dataclass(frozen=True)
class Schedule:
    function: str
    every: timedelta


@dataclass(frozen=True)
class Deployment:
    functions: dict[str, Function]
    queues: dict[str, QueueSpec]
    queue_triggers: dict[str, tuple[str, int]]
    """Queue -> (function, batch size)."""
    streams: tuple[StreamTrigger, ...]
    schedules: tuple[Schedule, ...]
    notifications: tuple[tuple[str, str], ...]
    """(prefix of the inbox, queue)."""

    @property
    def environment(self) -> dict[str, str]:
        together: dict[str, str] = {}
        for function in self.functions.values():
            for variable, value in function.environment.items():
                assert together.setdefault(variable, value) == value, f"{variable} differs between functions"
        return together


@cache
def deployment() -> Deployment:
    resources: dict[str, Resource] = json.loads(TEMPLATE.read_text("utf-8"))["Resources"]
    ours = dict(_functions(resources))
    names = {logical: function.name for logical, function in ours.items()}
    queues = {logical: _queue(each) for logical, each in _of(resources, "AWS::SQS::Queue")}
    mappings = [each for _, each in _of(resources, "AWS::Lambda::EventSourceMapping")]
    from_queues = {
        named(each["EventSourceArn"]): (names[named(each["FunctionName"])], int(each.get("BatchSize", 10)))
        for each in mappings
        if named(each["EventSourceArn"]) in queues
    }
    streams = tuple(_stream(each, names) for each in mappings if named(each["EventSourceArn"]) not in queues)
    schedules = tuple(_schedule(each, names) for _, each in _of(resources, "AWS::Scheduler::Schedule"))
    notifications = tuple(_notifications(resources))
    functions = {function.name: function for function in ours.values()}
    return Deployment(functions, queues, from_queues, streams, schedules, notifications)


def _of(resources: dict[str, Resource], kind: str) -> Iterator[tuple[str, Resource]]:
    return ((logical, each["Properties"]) for logical, each in resources.items() if each["Type"] == kind)


def named(value: Any) -> str:
    """The logical id behind a Ref, a GetAtt or a Join of one; plain text as it is."""
    if isinstance(value, str):
        return value
    ((how, what),) = value.items()
    if how == "Fn::Join":
        return "".join(named(part) for part in what[1])
    return str(what[0] if isinstance(what, list) else what)


def _functions(resources: dict[str, Resource]) -> Iterator[tuple[str, Function]]:
    for logical, each in _of(resources, "AWS::Lambda::Function"):
        handler = str(each.get("Handler", "")).split(".")
        if handler[0] == "functions":
            variables = each["Environment"]["Variables"]
            environment = {name: named(value) for name, value in variables.items()}
            yield logical, Function(handler[1], timedelta(seconds=each["Timeout"]), environment)


def _queue(each: Resource) -> QueueSpec:
    redrive = each.get("RedrivePolicy", {})
    return QueueSpec(
        timedelta(seconds=each.get("VisibilityTimeout", 30)),
        int(redrive.get("maxReceiveCount", 0)),
        named(redrive["deadLetterTargetArn"]) if redrive else "",
    )


def _stream(each: Resource, names: dict[str, str]) -> StreamTrigger:
    patterns = tuple(json.loads(one["Pattern"]) for one in each.get("FilterCriteria", {}).get("Filters", ()))
    return StreamTrigger(
        names[named(each["FunctionName"])],
        int(each.get("BatchSize", 100)),
        patterns,
        int(each.get("MaximumRetryAttempts", -1)),
        timedelta(seconds=each.get("MaximumRecordAgeInSeconds", 86400)),
        named(each["DestinationConfig"]["OnFailure"]["Destination"]),
    )


def _schedule(each: Resource, names: dict[str, str]) -> Schedule:
    found = _RATE.fullmatch(each["ScheduleExpression"])
    assert found, f"a schedule that the simulation cannot keep: {each['ScheduleExpression']}"
    return Schedule(names[named(each["Target"]["Arn"])], timedelta(**{f"{found[2]}s": int(found[1])}))


def _notifications(resources: dict[str, Resource]) -> Iterator[tuple[str, str]]:
    for _, bucket in _of(resources, "AWS::S3::Bucket"):
        for each in bucket.get("NotificationConfiguration", {}).get("QueueConfigurations", ()):
            (rule,) = each["Filter"]["S3Key"]["Rules"]
            yield rule["Value"], named(each["Queue"])


def matches(pattern: Any, event: Any) -> bool:
    """An event pattern, as far as the stack uses it: names, lists of texts, and prefixes."""
    if isinstance(pattern, dict):
        return isinstance(event, dict) and all(
            name in event and matches(each, event[name]) for name, each in pattern.items()
        )
    return any(str(event).startswith(one["prefix"]) if isinstance(one, dict) else event == one for one in pattern)
