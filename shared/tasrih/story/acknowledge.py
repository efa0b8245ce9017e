"""A letter owed: rendered, signed, kept, mailed. The record exists once; the mail is at least once."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from tasrih.correspondence.paper import receipt_pdf
from tasrih.correspondence.signed import qr_text, receipt_json, receipt_message, seal_message, seal_pdf
from tasrih.register.parties import Entity
from tasrih.story.ports import Book, Changed, Inbox, Post, Receipts, Replace, Signer, Undeliverable
from tasrih.story.records import DUPLICATE, IN_FORCE, Letter, Outcome, Receipt, Ticket
from tasrih.vocabulary.record import stored

NOTHING_OWED, SENT, UNDELIVERABLE = "nothing owed", "sent", "undeliverable"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a letter is written with."""

    book: Book
    inbox: Inbox
    receipts: Receipts
    signer: Signer
    post: Post
    mail_from: str
    verify_url: str


def acknowledge(upload: str, about: str, now: datetime, desk: Desk) -> str:
    """Returns "sent", "undeliverable" (flagged) or "nothing owed". Raises Busy: the letter stays owed, try later."""
    letter = desk.book.get(Letter, f"UPLOAD#{upload}", f"LETTER#{about}")
    if letter is None or letter.waiting is None:
        return NOTHING_OWED
    case = _case(letter, desk)
    papers = _papers(case, desk) if case.receipt else None
    reason = _mail(case, papers, desk)
    done = replace(letter, attempts=letter.attempts + 1, undeliverable=reason, sent_at=None if reason else now)
    try:
        desk.book.commit(Replace(done))
    except Changed:
        pass  # another delivery of the same message wrote it down
    return UNDELIVERABLE if reason else SENT
