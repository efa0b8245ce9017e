"""A letter owed: rendered, signed, kept, mailed. Its record exists once; the mail goes out at least once."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime

from tasrih.correspondence.letters import SHOWN_FINDINGS, Told, letter
from tasrih.register.parties import Entity
from tasrih.register.webhooks import RECEIPT
from tasrih.story.access import registered
from tasrih.story.confirm_names import confirmed_later
from tasrih.story.desk import IN_DIGEST, NOTHING_OWED, SENT, UNDELIVERABLE, Desk
from tasrih.story.digest import send_digest
from tasrih.story.ports import Book, Busy, Inbox
from tasrih.story.receipt_papers import Papers, finished
from tasrih.story.records import (
    DUPLICATE,
    IN_FORCE,
    NAMES,
    NAMES_TO_CONFIRM,
    SPLIT,
    SUPERSEDED,
    WEBHOOK_PAUSED,
    WITHDRAWN,
    Letter,
    Outcome,
    Receipt,
    Ticket,
)
from tasrih.story.tell_pause import tell_pause
from tasrih.story.webhooks import calls_owed
from tasrih.story.withdrawn import WithdrawalReceipt
from tasrih.vocabulary.certified import TEST
from tasrih.vocabulary.finding import Finding, finding_of

WITH_PAPERS = (IN_FORCE, DUPLICATE, WITHDRAWN)


def acknowledge(upload: str, about: str, now: datetime, desk: Desk) -> str:
    """Returns "sent", "in_digest", "undeliverable" (flagged) or "nothing_owed".

    Raises Busy: the letter stays owed, try later.
    """
    if about == SPLIT:
        return send_digest(upload, now, desk)
    if about == WEBHOOK_PAUSED:
        return tell_pause(upload, now, desk)
    owed = desk.book.get(Letter, f"UPLOAD#{upload}", f"LETTER#{about}")
    if owed is None or owed.waiting is None:
        return NOTHING_OWED
    ticket, outcome = _read(upload, desk.book)
    receipt = _receipt(about, outcome, desk.book)
    papers = finished(receipt, desk) if receipt and about in WITH_PAPERS else None
    in_digest = about != WITHDRAWN and not confirmed_later(ticket) and _told_in_digest(ticket, desk.book)
    done = about == NAMES_TO_CONFIRM and outcome.awaits != NAMES  # what it asks for was done meanwhile
    reason = "" if in_digest or done else _mail(owed, _told(owed, ticket, outcome, receipt, papers, desk), desk)
    desk.note(owed, reason, now, *calls_owed(upload, RECEIPT, about, owed.hooks, now))
    if ticket.parent:
        with suppress(Busy):  # then another part, or the sweep, sees to the digest
            send_digest(ticket.parent, now, desk)
    return IN_DIGEST if in_digest else UNDELIVERABLE if reason else SENT


def _told_in_digest(ticket: Ticket, book: Book) -> bool:
    """A part whose own contact gets the archive's digest anyway is not mailed twice."""
    if not ticket.parent:
        return False
    if ticket.entity == ticket.opened_by:
        return True
    theirs = book.get(Entity, f"ENTITY#{ticket.entity}", "ENTITY")
    senders = book.get(Entity, f"ENTITY#{ticket.opened_by}", "ENTITY")
    return bool(theirs and senders and theirs.contact_email == senders.contact_email)


def _read(upload: str, book: Book) -> tuple[Ticket, Outcome]:
    """A letter is owed in the transaction that decided: both are there."""
    ticket = book.get(Ticket, f"UPLOAD#{upload}", "TICKET")
    outcome = book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
    assert ticket
    assert outcome
    return ticket, outcome


def _receipt(about: str, outcome: Outcome, book: Book) -> Receipt | None:
    """Its own, even if a later filing is in force by now; else that of the filing that answers it. A withdrawal has
    a receipt beside it."""
    if about == WITHDRAWN:
        return book.get(WithdrawalReceipt, f"UPLOAD#{outcome.upload}", "WITHDRAWAL")
    upload = outcome.upload if about == IN_FORCE else outcome.answered_by
    return book.get(Receipt, f"UPLOAD#{upload}", "RECEIPT") if upload else None


def _mail(owed: Letter, told: Told, desk: Desk) -> str:
    return desk.mail(told.to, lambda: letter(owed.about, owed.language, told))


def _told(
    owed: Letter, ticket: Ticket, outcome: Outcome, receipt: Receipt | None, papers: Papers | None, desk: Desk
) -> Told:
    entity = registered(ticket, desk.book).entity
    came = {file.name: arrival for file, arrival in zip(ticket.files, ticket.arrivals, strict=True)}
    return Told(
        upload=ticket.upload,
        sender=desk.mail_from,
        to=entity.contact_email,
        owed_since=owed.owed_since,
        entity_name=_name(entity, owed.language),
        employer=ticket.employer,
        link=desk.page(ticket.upload),
        kind=outcome.kind,
        type=outcome.type,
        period=outcome.period,
        arrived_at=outcome.arrived_at,
        lines=outcome.lines,
        receipt=json.loads(receipt.payload) if receipt else None,
        pdf=papers.pdf if papers else b"",
        json=papers.json if papers else b"",
        findings=_first_findings(outcome, desk.inbox) if owed.about == "refused" else (),
        counts=outcome.counts,
        test=ticket.purpose == TEST,
        overtaken=owed.about == SUPERSEDED and _withdrawn(outcome.answered_by, desk.book),
        tested_dues=json.loads(outcome.dues) if outcome.dues else None,
        came=tuple(name for name, arrival in came.items() if arrival),
        never_came=tuple(name for name, arrival in came.items() if not arrival),
    )


def _withdrawn(upload: str, book: Book) -> bool:
    outcome = book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
    return outcome is not None and outcome.state == WITHDRAWN


def _name(entity: Entity, language: str) -> str:
    return (entity.name_ar if language == "ar" else "") or entity.name


def _first_findings(outcome: Outcome, inbox: Inbox) -> tuple[Finding, ...]:
    if not outcome.report:
        return ()
    kept = (finding_of(each) for each in json.loads(inbox.get_report(outcome.report))["findings"])
    return tuple(finding for finding in kept if finding.severity == "error")[:SHOWN_FINDINGS]
