"""Reads along with every log line that any test causes: a person or a secret in one fails that test."""

from __future__ import annotations

import logging
import re
from collections.abc import Generator

import pytest

SECRET = re.compile(
    r"(?<![\w.:])\d{12}(?!\w)"  # an insured number
    r"|NOMUN|NOMDEUX|NOMCANARI|NOMSEREIN|NOMPINSON|CANARINOM|CANARIPRENOM"
    r"|(?<!\d)(?:7654320|6745680|30617280|26982720|7654321|30617284)(?!\d)"  # wages of quarters and years
    r"|whsec_|Aa1-[\w-]{20}|eyJ[\w-]{10,}\.|Bearer |X-Amz-Signature"
)
"""Insured numbers of any test, names and wages of the invented people, secrets of webhooks and machines, tokens."""
LOGS_ON_PAPER = ("tests/functions/",)
"""Where all that is printed is a function's log: its lines, and the metrics, which no logger writes."""


class Watch:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.count = 0

    def install(self) -> None:
        """A line is what any handler makes of a record, as it is about to be written."""
        plain, lines = logging.Handler.format, self.lines

        def told(handler: logging.Handler, record: logging.LogRecord) -> str:
            text = plain(handler, record)
            lines.append(text)
            return text

        logging.Handler.format = told  # type: ignore[method-assign]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        printed = [text for name, text in report.sections if "stdout" in name or "stderr" in name]
        told = [*self.lines, *(printed if item.nodeid.startswith(LOGS_ON_PAPER) else ())]
        self.count += len(told)
        self.lines.clear()
        found = sorted({each[0] for text in told for each in SECRET.finditer(text)})
        if found and report.outcome == "passed":
            report.outcome, report.longrepr = "failed", f"a log holds {found}"
        return report
