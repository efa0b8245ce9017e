"""The one mail about an archive: owed from its splitting on, sent when every part has its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tasrih.correspondence.digest import Digest, PartTold, digest
from tasrih.correspondence.mail import BadAddress
from tasrih.story.access import registered
from tasrih.story.desk import NOTHING_OWED, SENT, UNDELIVERABLE, Desk
from tasrih.story.ports import Book, Busy, Changed, Replace, Undeliverable
from tasrih.story.records import SPLIT, Child, Letter, Outcome, Receipt, Ticket
from tasrih.vocabulary.certified import TEST
from tasrih.vocabulary.record import Record, stored

AT_ONCE = 25
"""Parts asked about together, from the last one on: where one is undecided, the others need not be read."""


def send_digest(upload: str, now: datetime, desk: Desk) -> str:
    """Returns "sent", "undeliverable" or "nothing_owed". Raises Busy while a part is undecided, or mail is down.

    It is claimed before it is sent, since the last parts are often decided at the same moment; who claims it and
    dies leaves it owed.
    """
    owed = desk.book.get(Letter, f"UPLOAD#{upload}", f"LETTER#{SPLIT}")
    if owed is None or owed.waiting is None:
        return NOTHING_OWED
    outcome = desk.book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
    assert outcome
    if not all_decided(outcome.children, desk.book):
        raise Busy("parts undecided")
    owed = replace(owed, attempts=owed.attempts + 1)
    try:
        desk.book.commit(Replace(owed))
    except Changed:
        return NOTHING_OWED
    reason = _mail(_told(owed, outcome, desk), owed.language, desk)
    desk.book.commit(Replace(replace(stored(owed), undeliverable=reason, sent_at=None if reason else now)))
    return UNDELIVERABLE if reason else SENT


def all_decided(children: Sequence[Child], book: Book) -> bool:
    last_first = [child.upload for child in reversed(children)]
    return all(
        None not in book.get_many(_keys(Outcome, last_first[start : start + AT_ONCE], "OUTCOME"))
        for start in range(0, len(last_first), AT_ONCE)
    )


def _keys(kind: type[Record], uploads: Sequence[str], sort: str) -> list[tuple[type[Record], tuple[str, str]]]:
    return [(kind, (f"UPLOAD#{upload}", sort)) for upload in uploads]


def _mail(told: Digest, language: str, desk: Desk) -> str:
    if not told.to:
        return "no_address"
    try:
        desk.post.send(told.to, digest(language, told))
    except (BadAddress, Undeliverable):
        return "bad_address"
    return ""


def _told(owed: Letter, outcome: Outcome, desk: Desk) -> Digest:
    ticket = desk.book.get(Ticket, f"UPLOAD#{owed.upload}", "TICKET")
    assert ticket
    _, entity = registered(ticket, desk.book)
    return Digest(
        upload=owed.upload,
        sender=desk.mail_from,
        to=entity.contact_email,
        owed_since=owed.owed_since,
        entity_name=(entity.name_ar if owed.language == "ar" else "") or entity.name,
        archive=ticket.files[0].name,
        link=desk.page(owed.upload),
        parts=tuple(_parts(outcome.children, desk.book)),
        test=ticket.purpose == TEST,
    )


def _parts(children: Sequence[Child], book: Book) -> list[PartTold]:
    uploads = [child.upload for child in children]
    outcomes = book.get_many(_keys(Outcome, uploads, "OUTCOME"))
    answering = [
        (outcome.answered_by or outcome.upload) if isinstance(outcome, Outcome) else "" for outcome in outcomes
    ]
    receipts = book.get_many(_keys(Receipt, answering, "RECEIPT"))
    return [
        _part(child, outcome, receipt)
        for child, outcome, receipt in zip(children, outcomes, receipts, strict=True)
        if isinstance(outcome, Outcome)
    ]


def _part(child: Child, outcome: Outcome, receipt: Record | None) -> PartTold:
    return PartTold(
        name=child.name,
        employer=child.employer,
        state=outcome.state,
        number=receipt.number if isinstance(receipt, Receipt) else "",
        errors=sum(count for code, count in outcome.counts.items() if code.startswith("E")),
        dues_centimes=outcome.dues_total_centimes if outcome.dues_state == "computed" else None,
    )
