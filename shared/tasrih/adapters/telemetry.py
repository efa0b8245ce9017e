"""What operators see: JSON log lines with an allow-list of fields, and metrics in CloudWatch's embedded format.

Anything not on the list is dropped, whoever asks: an insured number, a name or a wage cannot get into a log by haste.
Exceptions are told by type and place only; their messages may repeat what a file holds.
"""

from __future__ import annotations

import re
import traceback
from functools import cache
from pathlib import Path
from typing import Any

NAMESPACE = "Tasrih"

_WORD = re.compile(r"[A-Za-z_]{1,60}", re.ASCII)
_VERSION = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)
_NUMBERED = re.compile(r"[A-Za-z0-9_.-]{1,60}:[0-9]{1,6}", re.ASCII)
_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)
_REQUEST = re.compile(r"[0-9a-f-]{36}", re.ASCII)

FIELDS: dict[str, re.Pattern[str] | type[int]] = {
    "about": _WORD,
    "attempt": int,
    "bytes": int,
    "chunks": int,
    "count": int,
    "dues": _WORD,
    "error": _WORD,
    "errors": int,
    "kind": _WORD,
    "law_version": _VERSION,
    "lines": int,
    "milliseconds": int,
    "place": _NUMBERED,
    "reason": _WORD,
    "request": _REQUEST,
    "rules_version": _VERSION,
    "seconds": int,
    "state": _WORD,
    "upload": _TOKEN,
    "version": int,
    "warnings": int,
}
"""Field -> what it may hold."""

TOO_LARGE = 10**11
"""No count, size or duration of ours has twelve digits; insured numbers have."""

METRICS: dict[str, str] = {
    "Verdicts": "Count",
    "VerdictsRefused": "Count",
    "ExecutionsPerUpload": "Count",
    "OldestOpenUploadSeconds": "Seconds",
    "UploadsQueuedAgain": "Count",
    "LettersSent": "Count",
    "LettersUndeliverable": "Count",
    "LettersQueuedAgain": "Count",
    "WebhooksDelivered": "Count",
    "WebhooksNotDelivered": "Count",
    "DeliveriesQueuedAgain": "Count",
    "OrphansSwept": "Count",
    "UploadsRemovedFrom": "Count",
    "RemovalOverdueSeconds": "Seconds",
}
"""Name -> unit. The only dimension is the function."""


def allowed(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if _may_be_told(FIELDS.get(name), value)}


def _may_be_told(form: re.Pattern[str] | type[int] | None, value: object) -> bool:
    if isinstance(form, re.Pattern):
        return isinstance(value, str) and form.fullmatch(value) is not None
    return form is int and isinstance(value, int) and abs(value) < TOO_LARGE


class Telemetry:
    """One per function and process. `what` is a fixed text of the code, never data."""

    def __init__(self, function: str) -> None:
        from aws_lambda_powertools import Logger
        from aws_lambda_powertools.metrics import EphemeralMetrics

        self._logger: Any = Logger(service=function, use_rfc3339=True)
        self._metrics: Any = EphemeralMetrics(namespace=NAMESPACE, service=function)
        self._waiting = 0

    def tell(self, what: str, **fields: object) -> None:
        self._logger.info(what, extra=allowed(fields))

    def trouble(self, what: str, error: BaseException, **fields: object) -> None:
        """Type and innermost place of ours; no message, no cause, no trace."""
        told = {**fields, "error": type(error).__name__, "place": _place(error)}
        self._logger.error(what, extra=allowed(told))

    def measure(self, name: str, value: int = 1) -> None:
        """Kept until `flush`. Raises KeyError for a metric that no alarm or page knows."""
        self._metrics.add_metric(name=name, unit=METRICS[name], value=value)
        self._waiting += 1

    def flush(self) -> None:
        """Writes the metrics gathered; to be called at the end of each invocation."""
        if self._waiting:
            self._metrics.flush_metrics()
            self._waiting = 0


@cache
def telemetry(function: str) -> Telemetry:
    return Telemetry(function)


def _place(error: BaseException) -> str:
    """ "receive.py:120": the innermost frame of this package, or of anything if none is ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "tasrih" in frame.filename or "functions" in frame.filename] or list(frames)
    if not ours:
        return "unknown:0"
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
