"""What retention removes, and what is remembered of it: kinds, counts and days; never whom it was about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from tasrih.story.filings import COUNTS, EXPIRED, StoredLines
from tasrih.story.records import (
    DECIDED,
    DUPLICATE,
    IN_FORCE,
    REFUSED,
    SPLIT,
    SUPERSEDED,
    TESTED,
    WITHDRAWN,
    Outcome,
    Ticket,
)
from tasrih.vocabulary.record import Key, Record

ORIGINALS, REPORTS, NEVER_COUNTED = "originals", "reports", "never_counted"
"""Files as sent, and reports of findings, of what counts or counted · both, of what never did: refused, tested, sent
twice."""
LINES, OLD_LINES, RESERVE = "lines", "old_lines", "reserve"
"""Lines, with the numbers given to them later · of filings that another one replaced, or that were withdrawn · only
those that still lack a number."""
KINDS = (ORIGINALS, REPORTS, NEVER_COUNTED, LINES, OLD_LINES, RESERVE)

Keep = Mapping[str, int]
"""Kind -> days after the verdict. 0, or not there: it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal(Record):
    """One kind of data of one upload. Written before anything is removed, and closed when all of it is gone."""

    KIND: ClassVar[str] = "removal"
    upload: str
    of: str
    run: str
    """When the run began that did it, ISO 8601."""
    decided_at: datetime
    """Of the verdict: from then on it was kept."""
    begun_at: datetime
    count: int = 0
    """Versions of objects, or lines."""
    done_at: datetime | None = None

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", f"REMOVAL#{self.of}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedKind:
    """What one run removed of a kind."""

    of: str
    uploads: int
    count: int
    first: datetime
    """Of the verdicts."""
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalRun(Record):
    """A run that removed something."""

    KIND: ClassVar[str] = "removal_run"
    run: str
    removed: tuple[RemovedKind, ...]

    @property
    def key(self) -> Key:
        return Key("REMOVALS", f"RUN#{self.run}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalPlace(Record):
    """How far the book was looked through. A run that dies begins again from here."""

    KIND: ClassVar[str] = "removal_place"
    partition: str = ""
    sort: str = ""
    """Key looked at last; "" at the beginning of a pass."""
    began_at: datetime
    """Of the first pass, or of the last one that was finished."""

    @property
    def key(self) -> Key:
        return Key("REMOVALS", "PLACE")


def kinds_due(ticket: Ticket, outcome: Outcome, stored: StoredLines | None, keep: Keep, now: datetime) -> list[str]:
    """Nothing of what still waits for an answer: it is read again then."""
    if ticket.state != DECIDED or outcome.awaits:
        return []
    due = [kind for kind in _kinds(outcome, stored) if _over(kind, outcome, keep, now)]
    return [kind for kind in due if kind not in (OLD_LINES, RESERVE)] if LINES in due else due


def _kinds(outcome: Outcome, stored: StoredLines | None) -> list[str]:
    if outcome.state in (REFUSED, TESTED, DUPLICATE):
        return [NEVER_COUNTED]
    found = [ORIGINALS, REPORTS] if outcome.state in (IN_FORCE, SUPERSEDED, WITHDRAWN, SPLIT) else []
    if stored is None or stored.state not in (COUNTS, EXPIRED):
        return found
    if outcome.state in (SUPERSEDED, WITHDRAWN):
        return [*found, LINES, OLD_LINES]
    reserve = outcome.in_reserve > 0 and stored.state == COUNTS
    return [*found, LINES, RESERVE] if reserve else [*found, LINES]


def _over(kind: str, outcome: Outcome, keep: Keep, now: datetime) -> bool:
    days = keep.get(kind, 0)
    return days > 0 and outcome.decided_at + timedelta(days=days) <= now
