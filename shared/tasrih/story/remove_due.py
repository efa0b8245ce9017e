"""Retention: what was kept as long as it is to be kept is removed, every version of it; papers and postings stay.

The book is looked through bit by bit, run after run. Each kind of data of an upload is noted before it is removed and
closed afterwards: whoever dies between does it again. Nothing is removed of which a letter is still to be made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from tasrih.story.expire_lines import drop_reserve, expire, may_expire
from tasrih.story.filings import EXPIRED, StoredLines
from tasrih.story.objects import folder
from tasrih.story.ports import Book, Busy, Change, Changed, Create, Replace
from tasrih.story.records import Letter, Outcome, Ticket
from tasrih.story.removal import (
    LINES,
    NEVER_COUNTED,
    OLD_LINES,
    ORIGINALS,
    REPORTS,
    RESERVE,
    Keep,
    Removal,
    RemovalPlace,
    RemovalRun,
    RemovedKind,
    kinds_due,
)
from tasrih.story.removal_ports import ErasableInbox, RewritableLines, WholeBook
from tasrih.vocabulary.record import Record, stored

ITEMS_A_PAGE = 1000
PAGES_A_RUN = 200
"""Looked at, in one run: 200,000 items of the book."""
PLACE_KEPT = timedelta(days=1)
"""A pass that began and ended in one run, with nothing to do, is not written down more often."""
UPLOADS_A_RUN = 300
"""Acted on; the page is finished first."""


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of one upload whose time is over."""

    ticket: Ticket
    outcome: Outcome
    stored: StoredLines | None
    of: str


@dataclass(slots=True)
class Removed:
    """What a run did, or of a dry run would do."""

    kinds: dict[str, RemovedKind] = field(default_factory=dict)
    failed: list[Exception] = field(default_factory=list)
    """One upload that cannot be worked on stops no other."""
    overdue_seconds: int = 0
    """Since the whole book was last looked through to its end."""

    def add(self, due: Due, count: int) -> None:
        at = due.outcome.decided_at
        known = self.kinds.get(due.of) or RemovedKind(of=due.of, uploads=0, count=0, first=at, last=at)
        self.kinds[due.of] = replace(
            known,
            uploads=known.uploads + 1,
            count=known.count + count,
            first=min(known.first, at),
            last=max(known.last, at),
        )


class Place(NamedTuple):
    after: tuple[str, str] | None
    """Key looked at last; None: everything was."""
    removed: Removed


def remove_due(now: datetime, keep: Keep, *, book: WholeBook, inbox: ErasableInbox, lines: RewritableLines) -> Removed:
    """One run, from where the last one stopped. Raises Busy, or Changed when another run is under way: nothing is lost
    by either. At the end raises what kept an upload from being worked on, for the alarm."""
    if not any(keep.values()):
        return Removed()  # all is kept: the whole book would be read for nothing
    place = book.get(RemovalPlace, "REMOVALS", "PLACE")
    if place is None:
        book.commit(Create(RemovalPlace(began_at=now)))
        place = stored(RemovalPlace(began_at=now))

    def act(due: Due) -> int:
        return _remove(due, now, book=book, inbox=inbox, lines=lines)

    begin = (place.partition, place.sort) if place.partition else None
    reached, removed = _through(begin, now, keep, act, book, UPLOADS_A_RUN)
    partition, sort = reached or ("", "")
    on = replace(place, partition=partition, sort=sort, began_at=place.began_at if reached else now)
    moved = place.partition or partition or now - place.began_at >= PLACE_KEPT
    changes: list[Change] = [Replace(on)] if moved or removed.kinds else []
    if removed.kinds:
        kinds = tuple(removed.kinds[kind] for kind in sorted(removed.kinds))
        changes.append(Create(RemovalRun(run=now.isoformat(), removed=kinds)))
    if changes:
        book.commit(*changes)
    removed.overdue_seconds = int((now - on.began_at).total_seconds())
    if removed.failed:
        raise removed.failed[0]
    return removed


def would_remove(now: datetime, keep: Keep, after: tuple[str, str] | None, *, book: WholeBook) -> Place:
    """A dry run from a place in the book (None: its beginning): counts, and where to go on; nothing is written."""
    return Place(*_through(after, now, keep, lambda _: 0, book, None))


def _through(
    after: tuple[str, str] | None,
    now: datetime,
    keep: Keep,
    act: Callable[[Due], int],
    book: WholeBook,
    most: int | None,
) -> tuple[tuple[str, str] | None, Removed]:
    removed, acted = Removed(), 0
    for _ in range(PAGES_A_RUN):
        page = book.scan(Ticket, after, ITEMS_A_PAGE)
        for due in _due_of(page.records, now, keep, book):
            acted += 1
            try:
                removed.add(due, act(due))
            except Busy:
                raise
            except Changed:
                continue  # somebody was at it: the next pass looks again
            except Exception as trouble:
                removed.failed.append(trouble)
        after = page.next
        if after is None or (most is not None and acted >= most):
            break
    return after, removed


def _due_of(tickets: list[Ticket], now: datetime, keep: Keep, book: Book) -> Iterator[Due]:
    """Where all was removed before, one batch of reads tells so."""
    found = list(_candidates(tickets, now, keep, book))
    keys = [(Removal, (f"UPLOAD#{due.ticket.upload}", f"REMOVAL#{due.of}")) for due in found]
    for due, note in zip(found, book.get_many(keys), strict=True):
        if _still(due, note if isinstance(note, Removal) else None, book) and not _letter_owed(due.ticket, book):
            yield due


def _candidates(tickets: list[Ticket], now: datetime, keep: Keep, book: Book) -> Iterator[Due]:
    keys: list[tuple[type[Record], tuple[str, str]]] = []
    for ticket in tickets:
        place = f"UPLOAD#{ticket.upload}"
        keys += [(Outcome, (place, "OUTCOME")), (StoredLines, (place, "LINES"))]
    found = book.get_many(keys)
    for ticket, outcome, plan in zip(tickets, found[::2], found[1::2], strict=True):
        if isinstance(outcome, Outcome):
            held = plan if isinstance(plan, StoredLines) else None
            yield from (Due(ticket, outcome, held, kind) for kind in kinds_due(ticket, outcome, held, keep, now))


def _still(due: Due, note: Removal | None, book: Book) -> bool:
    if note is not None:
        return note.done_at is None
    if due.of not in (LINES, OLD_LINES):
        return True
    gone = due.stored is None or due.stored.state == EXPIRED  # lines go once, whichever of their times is over first
    return not gone and may_expire(due.ticket.upload, due.of, book)


def _letter_owed(ticket: Ticket, book: Book) -> bool:
    return any(letter.waiting for letter in book.records(Letter, f"UPLOAD#{ticket.upload}", "LETTER#"))


def _remove(due: Due, now: datetime, *, book: Book, inbox: ErasableInbox, lines: RewritableLines) -> int:
    """How many there were. Raises Busy, Changed."""
    upload = due.ticket.upload
    note = book.get(Removal, f"UPLOAD#{upload}", f"REMOVAL#{due.of}")
    if note is None:
        note = Removal(upload=upload, of=due.of, run=now.isoformat(), decided_at=due.outcome.decided_at, begun_at=now)
        book.commit(Create(note))
        note = stored(note)
    count = note.count + _take_away(due, book=book, inbox=inbox, lines=lines)
    book.commit(Replace(replace(note, count=count, done_at=now)))
    return count


def _take_away(due: Due, *, book: Book, inbox: ErasableInbox, lines: RewritableLines) -> int:
    files, report = folder(due.ticket.upload, bool(due.ticket.parent)), f"reports/{due.ticket.upload}.json"
    prefixes = {ORIGINALS: [files], REPORTS: [report], NEVER_COUNTED: [files, report]}
    if due.of in prefixes:
        return sum(inbox.erase(prefix) for prefix in prefixes[due.of])
    assert due.stored
    if due.of == RESERVE:
        return drop_reserve(due.ticket, due.stored, book=book, lines=lines)
    return expire(due.stored, book=book, lines=lines)
