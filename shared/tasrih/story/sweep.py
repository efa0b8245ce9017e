"""What fell through: uploads without a verdict, letters without a mail, lines that never counted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tasrih.register.webhooks import Delivery
from tasrih.story.filings import StoredLines
from tasrih.story.pieces import arrived, tend
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
    open_seconds: dict[str, int] = field(default_factory=dict)
    """Upload -> age, of each complete upload without a verdict: what the alarm watches is the highest."""


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
    seen = {ticket.upload: _owed_since(ticket, now, inbox) for ticket in open_tickets}
    due = {upload: since for upload, since in seen.items() if since}
    for upload in due:
        uploads.put({"upload": upload})
    owed = book.waiting(Letter, "letter", now - LETTER_PATIENCE)
    for letter in owed:
        letters.put({"upload": letter.upload, "about": letter.about})
    due_calls = book.waiting(Delivery, "delivery", now)
    for delivery in due_calls:
        deliveries.put({"upload": delivery.upload, "delivery": delivery.key.sort})
    planned = book.waiting(StoredLines, "lines", now - LINES_PATIENCE)
    removed = sum(_remove_orphan(plan, book, lines) for plan in planned)
    return Swept(len(due), len(owed), len(due_calls), removed, _ages(due, now))


def _owed_since(ticket: Ticket, now: datetime, inbox: Inbox) -> datetime | None:
    """When everything had come (the event was lost, or reading failed), or time was up; where something new has come
    and something is missing, when time will be up. None: nothing is to be done yet."""
    if ticket.read_until and now < ticket.read_until:
        return None
    noted = replace(ticket, arrivals=arrived(ticket, now, inbox))
    if noted == ticket and ticket.arrived_at is None and now < ticket.verdict_by:
        return None
    return max(noted.arrived_at or ticket.verdict_by, ticket.due_since)


def _ages(owed: dict[str, datetime], now: datetime) -> dict[str, int]:
    return {upload: int((now - since).total_seconds()) for upload, since in owed.items() if since < now}


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
