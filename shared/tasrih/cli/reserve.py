"""Lines that are in reserve, as a check tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tasrih.assessment.reserve import complete_by
from tasrih.correspondence.facts import day, reserve_facts
from tasrih.declaration.sent import Examined
from tasrih.messages import sentence


def reserve(examined: Examined) -> dict[str, Any] | None:
    """Lines without an insured number, and until when they are to be completed if this were filed today."""
    lines = examined.findings.counts["W210"]
    if not lines or not examined.accepted:
        return None
    today = datetime.now(ZoneInfo("Africa/Algiers")).date()
    facts = reserve_facts(lines, complete_by(today, today).isoformat())
    return facts and (facts | {"persons": examined.dac.unnumbered} if examined.dac else facts)


def reserve_text(examined: Examined, language: str) -> Iterator[str]:
    found = reserve(examined)
    if found:
        yield sentence("receipt", "reserve", language, lines=found["lines"], day=day(found["complete_by"]))
        if found.get("persons", found["lines"]) != found["lines"]:
            yield sentence("cli", "reserve_persons", language, persons=found["persons"])
