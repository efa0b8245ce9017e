"""Workers in reserve, as a check tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from tasrih.assessment.reserve import complete_by
from tasrih.correspondence.facts import Facts, reserve_facts
from tasrih.correspondence.letter_dues import reserve_sentence
from tasrih.declaration.sent import Examined


def reserve(examined: Examined) -> Facts | None:
    """Workers without an insured number, and until when they are to be completed if this were filed today."""
    lines = examined.unnumbered_lines
    if not lines or not examined.accepted:
        return None
    today = datetime.now(ZoneInfo("Africa/Algiers")).date()
    return reserve_facts(lines, examined.unnumbered_workers, complete_by(today, today).isoformat())


def reserve_text(examined: Examined, language: str) -> Iterator[str]:
    found = reserve(examined)
    if found:
        yield reserve_sentence(found, language)
