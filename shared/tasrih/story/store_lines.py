"""The lines first, where they do not count yet; the flip only points to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from tasrih.declaration.sent import Lines
from tasrih.story.filings import Series, StoredLines
from tasrih.story.kept_lines import kept_lines
from tasrih.story.ports import Book, Create, LineStore
from tasrih.story.records import Ticket
from tasrih.vocabulary.period import Period
from tasrih.vocabulary.record import stored


def store_lines(
    kept: Sequence[Lines],
    ticket: Ticket,
    period: Period | None,
    filings: Mapping[str, Series],
    now: datetime,
    *,
    book: Book,
    lines: LineStore,
) -> StoredLines:
    """Plans, writes and relates the lines; the same input writes the same chunks, so doing it again does no harm.

    Returns the plan completed by what was written, still to be flipped.
    """
    together = Lines(np.concatenate([part.rows for part in kept]))
    plan = _planned(ticket, period, len(together), now, book)
    bounds, digest = lines.write(ticket.upload, together, plan.chunk_lines)
    before = _base(period, filings, book)
    known = lines.known(before) if before else ()
    lines.relate(ticket.upload, ticket.employer, str(period), together, known)
    return replace(plan, bounds=bounds, digest=digest)


def chunk_lines(lines: int) -> int:
    """About 100 lines for most filings, so that one person's line is a small read; more for the largest, so that the
    list of chunks stays short. Depends on nothing but the number of lines."""
    return max(100, min(500, lines // 400))


def _planned(ticket: Ticket, period: Period | None, count: int, now: datetime, book: Book) -> StoredLines:
    """Written before the chunks: whatever happens now, the sweep knows where orphans may lie."""
    plan = book.get(StoredLines, f"UPLOAD#{ticket.upload}", "LINES")
    if plan is None:
        plan = StoredLines(
            upload=ticket.upload,
            employer=ticket.employer,
            period=str(period),
            lines=count,
            chunk_lines=chunk_lines(count),
            stored_at=now,
        )
        book.commit(Create(plan))
        plan = stored(plan)
    return plan


def _base(period: Period | None, filings: Mapping[str, Series], book: Book) -> StoredLines | None:
    """The employer's nearest declaration of the same or an earlier period: its persons are related already, since a
    period no later than this one's. Periods are compared as the relations write them."""
    in_force = (series for series in filings.values() if series.upload)
    earlier = [series for series in in_force if series.period <= str(period)]
    if not earlier:
        return None
    nearest = max(earlier, key=lambda series: series.period)
    return kept_lines(nearest.upload, book)
