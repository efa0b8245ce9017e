"""What goes with an outcome beside its state: the report, lines in reserve, and what answering a twin changes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from tasrih.assessment.reserve import complete_by
from tasrih.declaration.sent import Examined
from tasrih.story.filings import Series
from tasrih.story.ports import Book, Change, Create, Replace
from tasrih.story.records import IN_FORCE, TESTED, Outcome, Ticket


def written(outcome: Outcome, ticket: Ticket, book: Book) -> Change:
    """The verdict, in place of the one before where that only asked for the reading of names."""
    before = book.get(Outcome, *outcome.key) if ticket.names else None
    return Replace(replace(outcome, revision=before.revision)) if before else Create(outcome)


def report(examined: Examined) -> bytes:
    """Every finding kept, free of language; the full counts beside them, and names that rest on a guess."""
    findings = [asdict(finding) for finding in examined.findings]
    told: dict[str, Any] = {"counts": dict(sorted(examined.findings.counts.items())), "findings": findings}
    if examined.to_confirm:
        told["names"] = asdict(examined.to_confirm)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def reserve(examined: Examined, arrived_at: datetime | None, now: datetime, state: str) -> dict[str, Any]:
    """Workers without an insured number, of a filing that counts or of a test."""
    lines = examined.unnumbered_lines
    if not lines or not arrived_at or state not in (IN_FORCE, TESTED):
        return {}
    return {
        "in_reserve": lines,
        "workers_in_reserve": examined.unnumbered_workers,
        "complete_by": complete_by(arrived_at.date(), now.date()).isoformat(),
    }


def answering(series: Series, ticket: Ticket) -> Change:
    """The filing in force that answers a later one stands from then on where that stands: what was announced between
    the two is older than both, whenever it is received."""
    rank, part = max((series.rank, series.part), (ticket.rank, ticket.part))
    return Replace(replace(series, rank=rank, part=part))
