"""One archive of many declarations becomes as many uploads: each with its own verdict, receipt and posting."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tasrih.declaration.portfolio import Part
from tasrih.declaration.sent import SentFile
from tasrih.declaration.stream import facts_of
from tasrih.register.mandates import DECLARE
from tasrih.register.parties import Account, Employer
from tasrih.story.access import NotFound, account_of, employer_for
from tasrih.story.objects import object_key
from tasrih.story.ports import Book, Changed, Create, Inbox, Replace
from tasrih.story.records import DECIDED, SPLIT, Announced, Child, Letter, Outcome, Ticket
from tasrih.story.vouch import under_mandate

NOT_FOR_YOU = "E493"
"""Nobody learns from it whether such an employer exists."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """A part, and the upload it becomes."""

    ticket: Ticket
    part: Part


def split(parts: Sequence[Part], ticket: Ticket, now: datetime, *, book: Book, inbox: Inbox) -> str:
    """Opens an upload for every part, puts its files where its own event wakes it, then decides the parent.

    Everything may be done again: the same parts get the same uploads, and the first version of an object counts.
    Raises Changed, Busy.
    """
    account = account_of(ticket.account, book)
    children = []
    for place, part in enumerate(parts):
        opening = _Opening(_child(part, place, ticket, account, book), part)
        _open(opening, book)
        _put(opening, inbox)
        children.append(Child(upload=opening.ticket.upload, name=_name(part), employer=part.employer))
    outcome = Outcome(
        upload=ticket.upload,
        state=SPLIT,
        arrived_at=ticket.arrived_at,
        decided_at=now,
        counts={},
        children=tuple(children),
    )
    letter = Letter(upload=ticket.upload, about=SPLIT, language=ticket.language, owed_since=now)
    book.commit(Replace(replace(ticket, state=DECIDED)), Create(outcome), Create(letter))
    return SPLIT


def _child(part: Part, place: int, parent: Ticket, account: Account, book: Book) -> Ticket:
    """Of the same rank as its parent, and it arrived when its parent did; a receipt's number is its own alone."""
    employer = _allowed(part.employer, account, book)
    tenant = employer.entity if employer else parent.entity
    return replace(
        parent,
        revision=0,
        upload=child_upload(parent.upload, place),
        parent=parent.upload,
        part=place,
        number=book.count("rank"),
        opened_by=parent.entity,
        entity=tenant,
        certified=under_mandate(parent.certified, account, tenant, book),
        employer=employer.number if employer else "",
        came_at=parent.arrived_at,
        files=tuple(_announced(file) for file in part.files),
        arrivals=(None,) * len(part.files),
        total_centimes=None,
        state="awaiting_upload",
        attempts=0,
        read_until=None,
    )


def child_upload(parent: str, place: int) -> str:
    """Follows from the parent, so that splitting again opens nothing new; as unguessable as the parent's own."""
    return hashlib.blake2b(f"{parent}/{place}".encode(), digest_size=16).hexdigest()


def _allowed(number: str, account: Account, book: Book) -> Employer | None:
    try:
        return employer_for(account, number, book, DECLARE) if number else None
    except NotFound:
        return None


def _open(opening: _Opening, book: Book) -> None:
    try:
        book.commit(Create(opening.ticket))
    except Changed:
        if book.get(Ticket, *opening.ticket.key) is None:
            raise


def _put(opening: _Opening, inbox: Inbox) -> None:
    for place, file in enumerate(opening.part.files):
        with file.open() as stream:
            inbox.put_part(object_key(opening.ticket.upload, place, part=True), stream)


def _announced(file: SentFile) -> Announced:
    facts = facts_of(file)
    return Announced(name=file.name, size=facts.size, sha256=facts.sha256, lines=facts.lines)


def _name(part: Part) -> str:
    return ", ".join(file.name for file in part.files)
