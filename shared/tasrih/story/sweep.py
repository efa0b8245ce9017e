"""What fell through: uploads without a verdict, letters without a mail, lines that never counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tasrih.register.webhooks import Delivery
from tasrih.story.filings import StoredLines
from tasrih.story.objects import folder, object_key
from tasrih.story.pieces import tend
from tasrih.story.ports import Book, Changed, Inbox, LineStore, Queue, Replace
from tasrih.story.records import DECIDED, Letter, Ticket

UPLOAD_PATIENCE = timedelta(minutes=5)
LETTER_PATIENCE = timedelta(minutes=10)
LINES_PATIENCE = timedelta(days=2)
"""Longer than any queue keeps a message that could still make them count."""


@dataclass(frozen=True, slots=True)
class Swept:
    uploads: int = 0
    """Sent to be received (again)."""
    letters: int = 0
    deliveries: int = 0
    """Events of webhooks: those that the stream lost, and those whose next try is due."""
    lines: int = 0
    """Uploads whose orphaned lines were removed."""
    oldest_open_seconds: int = 0
    """Age of the oldest complete upload without a verdict: what the alarm watches."""


def sweep(
    now: datetime, *, book: Book, inbox: Inbox, lines: LineStore, uploads: Queue, letters: Queue, deliveries: Queue
) -> Swept:
    """Queues what is owed; does none of it itself, so that one bad upload stops nothing. Raises Busy.

    Only pieces that nobody made one object of are joined here, or given up: that is the arrival that others wait for.
    """
    in_pieces = book.waiting(Ticket, "pieces", now - UPLOAD_PATIENCE)
    for ticket in in_pieces:
        tend(ticket, now, book=book, inbox=inbox)
    open_tickets = book.waiting(Ticket, "upload", now - UPLOAD_PATIENCE) + in_pieces
    due = [ticket for ticket in open_tickets if _is_due(ticket, now, inbox)]
    for ticket in due:
        uploads.put({"upload": ticket.upload})
    owed = book.waiting(Letter, "letter", now - LETTER_PATIENCE)
    for letter in owed:
        letters.put({"upload": letter.upload, "about": letter.about})
    due_calls = book.waiting(Delivery, "delivery", now)
    for delivery in due_calls:
        deliveries.put({"upload": delivery.upload, "delivery": delivery.key.sort})
    planned = book.waiting(StoredLines, "lines", now - LINES_PATIENCE)
    removed = sum(_remove_orphan(plan, book, lines) for plan in planned)
    return Swept(len(due), len(owed), len(due_calls), removed, _oldest(due, now))


def _is_due(ticket: Ticket, now: datetime, inbox: Inbox) -> bool:
    """Everything has come (the event was lost, or reading failed), something new has come, or time is up."""
    if ticket.read_until and now < ticket.read_until:
        return False
    if ticket.arrived_at or now >= ticket.verdict_by:
        return True
    part = bool(ticket.parent)
    heads = inbox.arrivals(folder(ticket.upload, part))
    return any(
        known is None and object_key(ticket.upload, place, part) in heads for place, known in enumerate(ticket.arrivals)
    )


def _oldest(due: list[Ticket], now: datetime) -> int:
    """Where the event was lost the arrival is not known yet: it counts from the time its verdict is due."""
    ages = (now - max(ticket.arrived_at or ticket.verdict_by, ticket.due_since) for ticket in due)
    return max((int(age.total_seconds()) for age in ages if age > timedelta(0)), default=0)


def _remove_orphan(plan: StoredLines, book: Book, lines: LineStore) -> bool:
    """Only lines of a decided upload: while it is open it may still count."""
    ticket = book.get(Ticket, f"UPLOAD#{plan.upload}", "TICKET")
    current = book.get(StoredLines, f"UPLOAD#{plan.upload}", "LINES")
    if ticket is None or ticket.state != DECIDED or current is None or current.state != "planned":
        return False
    lines.remove(current)
    try:
        book.commit(Replace(replace(current, state="removed")))
    except Changed:
        return False
    return True
