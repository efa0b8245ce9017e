"""A filing of which one file is too large for a form: pieces of 400 bytes instead of 8 MiB."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tasrih.story.pieces import complete_upload
from tasrih.story.ports import Book, Inbox
from tasrih.story.records import Ticket
from tasrih.story.to_send import Opened, still_to_send

from tests.story.world import US, Pair, World, crowd, pair

PIECE = 400
LARGE = pair(crowd(5))
"""A header of one form, and lines in three pieces."""
DETAIL = 1
"""The place of the lines."""


def small_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("tasrih.story.pieces.PIECE_BYTES", PIECE)
    world.inbox.least_piece_bytes = PIECE
    return world


def numbers(opened: Opened) -> list[int]:
    return [piece.number for piece, _ in opened.in_pieces[DETAIL].missing]


def send_pieces(world: World, opened: Opened, which: Sequence[int] = (), what: Pair = LARGE) -> str:
    """The pieces of these numbers (all that are missing, unless told) and every form."""
    for place in opened.forms:
        world.inbox.upload(opened.forms[place], what.files[place][1])
    for place, file in opened.in_pieces.items():
        for piece, form in file.missing:
            if not which or piece.number in which:
                world.inbox.send_piece(form, body_of(piece.first_byte, piece.size, what, place))
    return opened.ticket.upload


def body_of(first: int, size: int, what: Pair = LARGE, place: int = DETAIL) -> bytes:
    return what.files[place][1][first : first + size]


def remaining(world: World, upload: str, by: str = US) -> Opened:
    return still_to_send(upload, world.account(by), world.clock.now(), book=world.book, inbox=world.inbox)


def complete(
    world: World, upload: str, by: str = US, *, book: Book | None = None, inbox: Inbox | None = None
) -> Ticket:
    return complete_upload(
        upload, world.account(by), world.clock.now(), book=book or world.book, inbox=inbox or world.inbox
    )


def versions(world: World, upload: str) -> int:
    """Of the large object: how often one was made."""
    return len(world.inbox._objects.get(f"uploads/{upload}/{DETAIL}", ()))
