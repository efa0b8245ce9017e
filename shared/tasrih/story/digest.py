"""The one mail about a deposit of many declarations: owed once it is split, sent when each part has its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tasrih.correspondence.digest import Digest, PartTold, digest
from tasrih.register.webhooks import ARCHIVE
from tasrih.story.access import registered
from tasrih.story.desk import NOTHING_OWED, SENT, UNDELIVERABLE, Desk
from tasrih.story.parts import all_decided, parts_of
from tasrih.story.ports import Book, Busy, Changed, Replace
from tasrih.story.records import NAMES, NAMES_TO_CONFIRM, SPLIT, Child, Letter, Outcome, Receipt, Ticket
from tasrih.story.webhooks import calls_owed
from tasrih.vocabulary.certified import TEST
from tasrih.vocabulary.record import Record, stored


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
    told = _told(owed, outcome, desk)
    reason = desk.mail(told.to, lambda: digest(owed.language, told))
    written = replace(stored(owed), undeliverable=reason, sent_at=None if reason else now)
    desk.book.commit(Replace(written), *calls_owed(upload, ARCHIVE, SPLIT, owed.hooks, now))
    return UNDELIVERABLE if reason else SENT


def _told(owed: Letter, outcome: Outcome, desk: Desk) -> Digest:
    ticket = desk.book.get(Ticket, f"UPLOAD#{owed.upload}", "TICKET")
    assert ticket
    entity = registered(ticket, desk.book).entity
    return Digest(
        upload=owed.upload,
        sender=desk.mail_from,
        to=entity.contact_email,
        owed_since=owed.owed_since,
        entity_name=(entity.name_ar if owed.language == "ar" else "") or entity.name,
        archive=", ".join(file.name for file in ticket.files),
        link=desk.page(owed.upload),
        parts=tuple(_parts(outcome.children, desk.book)),
        counts=outcome.counts,
        test=ticket.purpose == TEST,
    )


def _parts(children: Sequence[Child], book: Book) -> list[PartTold]:
    found = [(child, outcome) for child, outcome in parts_of(children, book) if outcome]
    answering = (outcome.answered_by or outcome.upload for _, outcome in found)
    receipts = book.get_many([(Receipt, (f"UPLOAD#{upload}", "RECEIPT")) for upload in answering])
    return [_part(child, outcome, receipt) for (child, outcome), receipt in zip(found, receipts, strict=True)]


def _part(child: Child, outcome: Outcome, receipt: Record | None) -> PartTold:
    return PartTold(
        name=child.name,
        employer=child.employer,
        period=child.period,
        state=NAMES_TO_CONFIRM if outcome.awaits == NAMES else outcome.state,
        number=receipt.number if isinstance(receipt, Receipt) else "",
        errors=sum(count for code, count in outcome.counts.items() if code.startswith("E")),
        dues_centimes=outcome.dues_total_centimes if outcome.dues_state in ("computed", "partly_held") else None,
        partly_held=outcome.dues_state == "partly_held",
    )
