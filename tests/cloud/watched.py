"""The local cloud, all of whose logs are read before they are gone: whatever the deployed functions wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tasrih.adapters.telemetry import METRICS, NAMESPACE
from tasrih.local.cloud import LocalCloud
from tasrih.local.deployed import Stack
from tasrih.settings import FUNCTIONS

from tests.cloud.filings import CANARIES
from tests.watch_logs import SECRET

_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""Of a request: it may end in twelve digits."""
_OF_THE_PLATFORM = re.compile(
    rf"(START RequestId: {_ID} Version: \$LATEST|END RequestId: {_ID}|REPORT RequestId: {_ID}\t[\w: .\t]+"
    r"|Worker process died)",
    re.ASCII,
)
"""What Lambda itself writes around an invocation, and the emulator where a test changed a function at work."""
_TRACE = re.compile(
    r"Traceback \(most recent call last\):| .*|During handling of the above exception, another exception occurred:"
    r"|[A-Za-z_][\w.]*: An error occurred \(AccessDenied.*|tasrih\.story\.ports\.\w+|(?:\w+\.)*NotAnswered"
)
"""What the emulator's worker writes of a handler that raises because it lacks a right. Lambda makes one JSON line of
it, as the template asks; the emulator does not look at the template there."""
_MAY_RAISE = ("FunctionsSweep", "FunctionsRemoveDue", "FunctionsPortal")
"""To raise is how they tell that they failed: they are woken by a schedule, or answer somebody with a bare 500."""


class WatchedCloud(LocalCloud):
    """Of which every line of every log must be as it should be, and not only tell of nobody."""


def troubles(cloud: LocalCloud) -> list[str]:
    """None of a cloud that stands no more: whatever ended it is told elsewhere."""
    if cloud._keeper is None or cloud._keeper.poll() is not None:
        return []
    lines = {(group, line) for stack in cloud._stacks for group, line in written(stack)}
    wrong = ((group, line, what) for group, line in lines for what in _wrong(cloud, group, line))
    return sorted({f"{group}: {what}: {line[:300]}" for group, line, what in wrong})


def _wrong(cloud: LocalCloud, group: str, line: str) -> Iterator[str]:
    if isinstance(cloud, WatchedCloud):
        yield from wrong_with(line, _may_raise(group))
    elif shown(line):
        yield f"holds {shown(line)}"


def written(stack: Stack) -> Iterator[tuple[str, str]]:
    """(log group, line) of everything that was logged, also by what is no function of ours."""
    logs = stack.client("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            events = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
            for event in (each for found in events for each in found["events"]):
                yield from ((group["logGroupName"], line) for line in event["message"].splitlines() if line.strip())


def _may_raise(group: str) -> bool:
    return any(name in group for name in _MAY_RAISE)


def wrong_with(line: str, may_raise: bool = False) -> Iterator[str]:
    """Nothing, with a line as it should be."""
    if _OF_THE_PLATFORM.fullmatch(line):
        return
    if shown(line):
        yield f"holds {shown(line)}"
    try:
        told = json.loads(line)
    except ValueError:
        told = None
    if may_raise and _TRACE.fullmatch(line):
        return
    if not isinstance(told, dict):
        yield "is no JSON object"
    elif "_aws" in told:
        yield from _of_metrics(told)


def shown(line: str) -> list[str]:
    """People and secrets that a line holds."""
    plain = re.sub(_ID, "", line)
    return sorted({each[0] for each in SECRET.finditer(plain)} | {each for each in CANARIES if each in plain})


def _of_metrics(told: dict[str, Any]) -> Iterator[str]:
    """Numbers by function: no other dimension, name or value."""
    (directive,) = told["_aws"]["CloudWatchMetrics"]
    values = {name: value for name, value in told.items() if name not in ("_aws", "service")}
    if (directive["Namespace"], directive["Dimensions"]) != (NAMESPACE, [["service"]]):
        yield "has dimensions of its own"
    if told.get("service") not in FUNCTIONS:
        yield "is a metric of no function"
    named = {each["Name"]: each["Unit"] for each in directive["Metrics"]}
    if set(named) != set(values) or not named.items() <= METRICS.items():
        yield "has a metric that nobody knows"
    if not all(isinstance(each, int | float) for value in values.values() for each in value):
        yield "has a value that is no number"
