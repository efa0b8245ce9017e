"""A file too large for one form comes in pieces, which become one object when all are there: then it has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from tasrih.register.mandates import DECLARE
from tasrih.register.parties import Account
from tasrih.story.access import TRY, NotAsked, demand, right_to, ticket_for
from tasrih.story.files import Announced, Arrival
from tasrih.story.objects import folder, object_key
from tasrih.story.ports import Book, Busy, Changed, Gone, Inbox, ObjectHead, Piece, PieceHead, Replace
from tasrih.story.records import DECIDED, Ticket
from tasrih.vocabulary.record import stored

PIECE_BYTES = 8 * 1024 * 1024
"""Up to this size a file comes by form. Two minutes at 0.5 Mbit/s: what a broken line costs at most. The store takes no
piece under 5 MiB but the last."""
TRIES = 5
SHOWN = 10
"""Numbers of missing pieces told in one problem."""


def stretches(size: int) -> list[tuple[int, int]]:
    """(first byte, size) of each piece of a file of so many bytes; none for one that comes by form."""
    if size <= PIECE_BYTES:
        return []
    return [(first, min(PIECE_BYTES, size - first)) for first in range(0, size, PIECE_BYTES)]


def pieces_of(file: Announced) -> list[Piece]:
    return [
        Piece(number, first, size, sha256)
        for number, ((first, size), sha256) in enumerate(zip(stretches(file.size), file.pieces, strict=True), start=1)
    ]


def begun(upload: str, files: Sequence[Announced], inbox: Inbox) -> tuple[str, ...]:
    """`Ticket.sessions` of a new ticket."""
    if not any(stretches(file.size) for file in files):
        return ()
    return tuple(
        inbox.begin(object_key(upload, place)) if stretches(file.size) else "" for place, file in enumerate(files)
    )


def gathered(ticket: Ticket, place: int, inbox: Inbox) -> dict[int, PieceHead] | None:
    """The pieces that have come; None once they are one object. Raises NotAsked when neither can be any more."""
    key = object_key(ticket.upload, place)
    if ticket.arrivals[place]:
        return None
    try:
        if ticket.state == DECIDED:
            raise Gone
        return inbox.pieces(key, ticket.sessions[place])
    except Gone:
        if ticket.state != DECIDED and key in inbox.arrivals(folder(ticket.upload)):
            return None
        raise NotAsked("upload", "upload_over") from None


def missing_pieces(file: Announced, come: dict[int, PieceHead]) -> list[Piece]:
    """Those that have not come whole."""
    return [piece for piece in pieces_of(file) if piece.number not in come or come[piece.number].size != piece.size]


def ticket_of_sender(upload: str, account: Account, book: Book) -> Ticket:
    """For whoever may file it, for real or as the test that it is, and may see it: what it answers tells the verdict,
    also of what somebody else filed. Raises NotAllowed, NotFound."""
    demand(account, TRY, DECLARE)
    ticket_for(account, upload, book)
    ticket = ticket_for(account, upload, book, DECLARE)
    demand(account, right_to(ticket.purpose))
    return ticket


def complete_upload(upload: str, account: Account, now: datetime, *, book: Book, inbox: Inbox) -> Ticket:
    """All pieces are sent, says the client. May be said again. Returns the ticket.

    Raises NotAllowed, NotFound, NotAsked (pieces are missing, or the upload is over), Changed, Busy.
    """
    ticket = ticket_of_sender(upload, account, book)
    missing = join_all(ticket, now, book=book, inbox=inbox)
    if missing:
        raise NotAsked(", ".join(_told(place, pieces) for place, pieces in missing.items()), "pieces_missing")
    return ticket


def _told(place: int, pieces: Sequence[Piece]) -> str:
    numbers = ", ".join(str(piece.number) for piece in pieces[:SHOWN])
    return f"files[{place}].pieces[{numbers}{', …' if len(pieces) > SHOWN else ''}]"


def tend(ticket: Ticket, now: datetime, *, book: Book, inbox: Inbox) -> None:
    """For the sweep: a client that died after its last piece loses nothing, and what did not come in time is given up.
    What cannot be done now is left to the next sweep: one upload stops no other."""
    with suppress(Busy, Changed, NotAsked):
        missing = join_all(ticket, now, book=book, inbox=inbox)
        if now >= ticket.verdict_by:
            for place in missing:
                inbox.abandon(object_key(ticket.upload, place), ticket.sessions[place])


def join_all(ticket: Ticket, now: datetime, *, book: Book, inbox: Inbox) -> dict[int, list[Piece]]:
    """Makes one object of the pieces of every file that has them all; returns what the others lack, by place.

    Raises NotAsked, Changed, Busy. May be done again after any failure, and by two at once.
    """
    missing = {}
    for place in (place for place, session in enumerate(ticket.sessions) if session):
        come = gathered(ticket, place, inbox)
        if come is None:
            continue
        lacking = missing_pieces(ticket.files[place], come)
        if lacking:
            missing[place] = lacking
            continue
        ticket = _note_completion(ticket, place, now, book)
        tagged = [(piece, come[piece.number].tag) for piece in pieces_of(ticket.files[place])]
        try:
            inbox.join(object_key(ticket.upload, place), ticket.sessions[place], tagged)
        except Gone:
            gathered(ticket, place, inbox)
    return missing


def _note_completion(ticket: Ticket, place: int, now: datetime, book: Book) -> Ticket:
    """The moment is kept before the store is asked: it knows none (an object is dated from the beginning of its
    session), and whoever died between the two has not lost the day on which all was there."""
    for _ in range(TRIES):
        if ticket.state == DECIDED:
            raise NotAsked("upload", "upload_over")
        if ticket.completed[place]:
            return ticket
        completed = (*ticket.completed[:place], now, *ticket.completed[place + 1 :])
        noted = replace(ticket, completed=completed)
        try:
            book.commit(Replace(noted))
            return stored(noted)
        except Changed:
            ticket = book.get(Ticket, *ticket.key) or ticket
    raise Changed


def arrived(ticket: Ticket, now: datetime, inbox: Inbox) -> tuple[Arrival | None, ...]:
    """Of each file the first version that lies in the bucket, pieces joined; what was noted before stays."""
    if all(ticket.arrivals):
        return ticket.arrivals
    part = bool(ticket.parent)
    heads = inbox.arrivals(folder(ticket.upload, part))
    found = [heads.get(object_key(ticket.upload, place, part)) for place in range(len(ticket.files))]
    return tuple(
        known or (_arrival(ticket, place, head, now) if head else None)
        for place, (known, head) in enumerate(zip(ticket.arrivals, found, strict=True))
    )


def _arrival(ticket: Ticket, place: int, head: ObjectHead, now: datetime) -> Arrival:
    """A file joined by somebody else than this module is dated from when it was seen."""
    joined = ticket.sessions and ticket.sessions[place]
    return Arrival(version=head.version, size=head.size, at=(ticket.completed[place] or now) if joined else head.at)
