"""What a client has still to send, and how: forms for small files, addresses of pieces for large ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tasrih.register.parties import Account
from tasrih.story.access import NotAsked
from tasrih.story.objects import folder, object_key
from tasrih.story.pieces import PIECE_BYTES, gathered, missing_pieces, pieces_of, ticket_of_sender
from tasrih.story.ports import Book, Inbox, Piece
from tasrih.story.records import DECIDED, Ticket

FORM_MINUTES = 10
PIECE_MINUTES = 60
"""The address of a piece is good for its bytes alone, so it may live longer than a form: a slow line sends many pieces
before it has to ask again."""


@dataclass(frozen=True, slots=True)
class InPieces:
    """A file in pieces: the numbers that have come, and where the others go: {"url", "headers"}."""

    arrived: tuple[int, ...]
    missing: tuple[tuple[Piece, dict[str, object]], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """What is given out for a ticket, by place of the file."""

    ticket: Ticket
    forms: dict[int, dict[str, object]]
    """{"url", "fields"}."""
    in_pieces: dict[int, InPieces]
    forms_until: datetime
    pieces_until: datetime


def still_to_send(upload: str, account: Account, now: datetime, *, book: Book, inbox: Inbox) -> Opened:
    """Raises NotAllowed, NotFound, NotAsked (something has not come and no longer can), Busy."""
    return what_to_send(ticket_of_sender(upload, account, book), now, inbox, only_missing=True)


def what_to_send(ticket: Ticket, now: datetime, inbox: Inbox, *, only_missing: bool = False) -> Opened:
    """Forms for files without pieces (all, or those that have not come), addresses for the pieces that are missing.

    Raises NotAsked, Busy.
    """
    by_form = _by_form(ticket, inbox, only_missing)
    lacking = {place: _lacking(ticket, place, inbox) for place, session in enumerate(ticket.sessions) if session}
    left = seconds_left(ticket, now)
    if (by_form or any(lacking.values())) and (left <= 0 or ticket.state == DECIDED):
        raise NotAsked("upload", "upload_over")
    for_form, for_piece = (max(0, min(left, minutes * 60)) for minutes in (FORM_MINUTES, PIECE_MINUTES))
    forms = {
        place: inbox.form(object_key(ticket.upload, place), ticket.files[place].sha256, PIECE_BYTES, for_form)
        for place in by_form
    }
    in_pieces = {place: _in_pieces(ticket, place, missing, inbox, for_piece) for place, missing in lacking.items()}
    return Opened(ticket, forms, in_pieces, now + timedelta(seconds=for_form), now + timedelta(seconds=for_piece))


def seconds_left(ticket: Ticket, now: datetime) -> int:
    return int((ticket.form_expires_at - now).total_seconds())


def _by_form(ticket: Ticket, inbox: Inbox, only_missing: bool) -> list[int]:
    """Places of files. Those of a part of an archive were put there by ourselves."""
    if ticket.parent:
        return []
    places = [place for place in range(len(ticket.files)) if not ticket.sessions or not ticket.sessions[place]]
    if not only_missing or not places:
        return places
    heads = inbox.arrivals(folder(ticket.upload))
    return [place for place in places if object_key(ticket.upload, place) not in heads]


def _lacking(ticket: Ticket, place: int, inbox: Inbox) -> list[Piece]:
    come = gathered(ticket, place, inbox)
    return [] if come is None else missing_pieces(ticket.files[place], come)


def _in_pieces(ticket: Ticket, place: int, missing: list[Piece], inbox: Inbox, seconds: int) -> InPieces:
    key, session = object_key(ticket.upload, place), ticket.sessions[place]
    there = tuple(piece.number for piece in pieces_of(ticket.files[place]) if piece not in missing)
    return InPieces(there, tuple((piece, inbox.piece_form(key, session, piece, seconds)) for piece in missing))
