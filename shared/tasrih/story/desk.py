"""What letters are written with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from tasrih.correspondence.mail import BadAddress
from tasrih.story.ports import Book, Change, Changed, Inbox, Post, Receipts, Replace, Signer, Undeliverable
from tasrih.story.records import Letter

NOTHING_OWED, SENT, UNDELIVERABLE = "nothing_owed", "sent", "undeliverable"
IN_DIGEST = "in_digest"
"""Papers finished; the one mail about the archive tells of it."""


@dataclass(frozen=True, slots=True)
class Desk:
    book: Book
    inbox: Inbox
    receipts: Receipts
    signer: Signer
    post: Post
    mail_from: str
    verify_url: str

    def page(self, upload: str) -> str:
        """Where an upload can be seen."""
        return self.at(f"/uploads/{upload}")

    def at(self, path: str) -> str:
        return self.verify_url.removesuffix("/verify") + path

    def mail(self, to: str, written: Callable[[], bytes]) -> str:
        """Returns why the address cannot be written to, "" when the mail went out. Raises Busy."""
        if not to:
            return "no_address"
        try:
            self.post.send(to, written())
        except (BadAddress, Undeliverable):
            return "bad_address"
        return ""

    def note(self, owed: Letter, reason: str, now: datetime, *calls: Change) -> None:
        """What became of a letter: sent, or why not; in the same transaction the calls that it lets go. Raises Busy."""
        written = replace(owed, attempts=owed.attempts + 1, undeliverable=reason, sent_at=None if reason else now)
        with suppress(Changed):  # then another delivery of the same message wrote it down
            self.book.commit(Replace(written), *calls)
