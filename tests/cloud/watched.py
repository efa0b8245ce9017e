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
    rf"(START RequestId: {_ID} Version: \$LATEST|END RequestId: {_ID}|REPORT RequestId: {_ID}\t[\w: .\t]+)", re.ASCII
)
"""What Lambda itself writes around an invocation."""
_TRACE = re.compile(
    r"Traceback \(most recent call last\):| .*|During handling of the above exception, another exception occurred:"
    r"|[A-Za-z_][\w.]*: An error occurred \(AccessDenied.*|tasrih\.story\.ports\.\w+"
)
"""What the runtime writes of a handler that raises because it lacks a right."""
_MAY_RAISE = ("FunctionsSweep", "FunctionsRemoveDue")
"""Woken by a schedule: to raise is how they tell that they failed."""


class WatchedCloud(LocalCloud):
    """Leaving it, or emptying it, raises AssertionError with every line that should not be."""

    def stop(self) -> None:
        try:
            found = self.troubles()
        finally:
            super().stop()
        assert not found, "\n".join(found)

    def reset(self) -> None:
        found = self.troubles()
        super().reset()
        assert not found, "\n".join(found)

    def troubles(self) -> list[str]:
        """None of a cloud that stands no more: whatever ended it is told elsewhere."""
        if self._keeper is None or self._keeper.poll() is not None:
            return []
        lines = {(group, line) for stack in self._stacks for group, line in written(stack)}
        wrong = ((group, line, what) for group, line in lines for what in wrong_with(line, _may_raise(group)))
        return sorted({f"{group}: {what}: {line[:300]}" for group, line, what in wrong})


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
