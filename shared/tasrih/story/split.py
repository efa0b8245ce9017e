"""One deposit of many declarations becomes as many uploads: each with its own verdict, receipt and posting."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tasrih.declaration.portfolio import Part
from tasrih.declaration.sent import Examined, SentFile
from tasrih.declaration.stream import facts_of
from tasrih.register.parties import Account, Entity
from tasrih.register.webhooks import ARCHIVE, Webhooks
from tasrih.story.access import account_of
from tasrih.story.confirm_names import confirmed_later
from tasrih.story.files import Announced
from tasrih.story.objects import object_key
from tasrih.story.open_upload import VERDICT_MINUTES
from tasrih.story.outcome_parts import report, written
from tasrih.story.periodic import allowed
from tasrih.story.ports import Book, Changed, Create, Inbox, Replace
from tasrih.story.records import DECIDED, SPLIT, Child, Letter, Outcome, Ticket
from tasrih.story.vouch import under_mandate
from tasrih.story.webhooks import subscribed
from tasrih.vocabulary.certified import Certified, NamesRead

NOT_FOR_YOU = "E493"
"""Nobody learns from it whether such an employer exists."""
PARTS_OF_A_PART = 1_000_000
"""More than any file of an archive is cut into: parts keep the order of the archive."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """A part, and the upload it becomes."""

    ticket: Ticket
    part: Part


def split(
    parts: Sequence[Part],
    ticket: Ticket,
    now: datetime,
    *,
    book: Book,
    inbox: Inbox,
    rest: Examined | None = None,
    hooks: Sequence[Webhooks] = (),
) -> str:
    """Opens an upload for every part, puts its files where its own event wakes it, then decides the parent. `rest` is
    what was found of no part in particular.

    Everything may be done again: the same parts get the same uploads, and the first version of an object counts.
    A part of an archive that is split again owes no letter: the archive's own tells of what it became, unless that was
    told while the part waited for its names.
    Raises Changed, Busy.
    """
    account = account_of(ticket.account, book)
    children = []
    for place, part in enumerate(parts):
        opening = _Opening(_child(part, place, ticket, now, account, book), part)
        _open(opening, book)
        _put(opening, inbox)
        name = part.name or ", ".join(file.name for file in part.files)
        children.append(Child(upload=opening.ticket.upload, name=name, employer=part.employer, period=part.period))
    outcome = _outcome(ticket, children, rest or Examined(), now)
    if outcome.report and rest:
        inbox.put_report(outcome.report, report(rest))
    later = subscribed(ARCHIVE, hooks)
    letter = Create(Letter(upload=ticket.upload, about=SPLIT, language=ticket.language, owed_since=now, hooks=later))
    told_by_another = ticket.parent and not confirmed_later(ticket)
    sender, verdict = Replace(_of_sender(ticket, parts, account)), written(outcome, ticket, book)
    book.commit(sender, verdict, *([] if told_by_another else [letter]))
    return SPLIT


def _outcome(ticket: Ticket, children: Sequence[Child], rest: Examined, now: datetime) -> Outcome:
    return Outcome(
        upload=ticket.upload,
        state=SPLIT,
        arrived_at=ticket.arrived_at,
        decided_at=now,
        kind=rest.kind,
        lines=rest.lines,
        counts=dict(sorted(rest.findings.counts.items())),
        report=f"reports/{ticket.upload}.json" if len(rest.findings) else "",
        rules_version=rest.rules_version,
        children=tuple(children),
    )


def _of_sender(ticket: Ticket, parts: Sequence[Part], account: Account) -> Ticket:
    """Decided. What turned out to hold declarations of others is seen by who sent it, and no longer by the employer
    that it was opened for."""
    theirs = {part.employer for part in parts} == {ticket.employer} and ticket.entity == account.entity
    return replace(ticket, state=DECIDED, employer=ticket.employer if theirs else "", entity=account.entity)


def _child(part: Part, place: int, parent: Ticket, now: datetime, account: Account, book: Book) -> Ticket:
    """Of the same rank as its parent, and it arrived when its parent did; a receipt's number is its own alone. Its
    files are put there by whoever splits, who may die at it late in the parent's hour: it has an hour of its own."""
    employer = allowed(part.employer, parent.purpose, account, book)
    tenant = employer.entity if employer else parent.entity
    return replace(
        parent,
        revision=0,
        upload=child_upload(parent.upload, place),
        parent=parent.parent or parent.upload,
        part=(parent.part + 1) * PARTS_OF_A_PART + place if parent.parent else place,
        cut=part.cut,
        number=book.count("rank"),
        opened_by=account.entity,
        entity=tenant,
        certified=_vouched(parent.certified, account, tenant, book),
        names=_read_by(parent.names, account, tenant, book),
        language=_language(parent, account, tenant, book),
        employer=employer.number if employer else "",
        came_at=parent.arrived_at,
        verdict_by=now + timedelta(minutes=VERDICT_MINUTES),
        files=tuple(_announced(file) for file in part.files),
        arrivals=(None,) * len(part.files),
        sessions=(),
        completed=(),
        total_centimes=None,
        state="awaiting_upload",
        attempts=0,
        read_until=None,
    )


def _vouched(certified: Certified | None, account: Account, tenant: str, book: Book) -> Certified | None:
    """By the same person, under the mandate of this part's employer alone."""
    person = certified and replace(certified, holder="", mandate_since="")
    return under_mandate(person, account, tenant, book)


def _read_by(names: NamesRead | None, account: Account, tenant: str, book: Book) -> NamesRead | None:
    return names and replace(names, certified=_vouched(names.certified, account, tenant, book))


def _language(parent: Ticket, account: Account, tenant: str, book: Book) -> str:
    """The sender's for the sender's own; another entity's letters are in the language that the register has."""
    theirs = None if tenant == account.entity else book.get(Entity, f"ENTITY#{tenant}", "ENTITY")
    return theirs.language if theirs else parent.language


def child_upload(parent: str, place: int) -> str:
    """Follows from the parent, so that splitting again opens nothing new; as unguessable as the parent's own."""
    return hashlib.blake2b(f"{parent}/{place}".encode(), digest_size=16).hexdigest()


def splitting_began(upload: str, book: Book) -> bool:
    """Then it could be read, and its first parts may count already: it is split to the end, not called unreadable."""
    return book.get(Ticket, f"UPLOAD#{child_upload(upload, 0)}", "TICKET") is not None


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
