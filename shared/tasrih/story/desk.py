"""What letters are written with."""

from __future__ import annotations

from dataclasses import dataclass

from tasrih.story.ports import Book, Inbox, Post, Receipts, Signer

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
        return f"{self.verify_url.removesuffix('/verify')}/uploads/{upload}"
