"""Webhooks: addresses at which programs of an entity are told what happened, and what is still owed to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tasrih.vocabulary.record import Key, Record

VERDICT, RECEIPT, WITHDRAWAL, ARCHIVE = "verdict.reached", "receipt.ready", "filing.withdrawn", "archive.finished"
EVENTS = (VERDICT, RECEIPT, WITHDRAWAL, ARCHIVE)
TRIAL = "test.sent"
"""Sent when a person asks for it, and at once or never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One address."""

    webhook: str
    """32 hexadecimal digits, random."""
    url: str
    events: tuple[str, ...]
    secret: str
    """"whsec_" and base64: signing needs it as it is. The table is encrypted; no view, log or message shows it."""
    created_at: datetime
    created_by: str
    failing_since: datetime | None = None
    """Of the first failure after the last success."""
    paused_at: datetime | None = None
    """It failed for days: nothing more is owed to it until a test gets through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks(Record):
    """All of an entity in one record: whoever decides a filing reads it along with the entity, in the same call."""

    KIND: ClassVar[str] = "webhooks"
    entity: str
    hooks: tuple[Webhook, ...] = ()

    @property
    def key(self) -> Key:
        return Key(f"ENTITY#{self.entity}", "WEBHOOKS")

    def named(self, webhook: str) -> Webhook | None:
        return next((hook for hook in self.hooks if hook.webhook == webhook), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Record):
    """One event owed to one address: the record exists once; the call is made at least once, with the same id."""

    KIND: ClassVar[str] = "delivery"
    upload: str
    event: str
    state: str
    """Of the upload, at that moment."""
    entity: str
    webhook: str
    owed_since: datetime
    next_try: datetime
    """From then on the sweep queues it."""
    attempts: int = 0
    status: int = 0
    """Of the last answer; 0: there was none."""
    sent_at: datetime | None = None
    failed: str = ""
    """Why it is given up: "not_answered", "gone", "removed"."""

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", f"DELIVERY#{self.event}#{self.state}#{self.webhook}")

    @property
    def waiting(self) -> str | None:
        return None if self.sent_at or self.failed else "delivery"

    @property
    def waiting_since(self) -> datetime | None:
        return self.next_try if self.waiting else None

    @property
    def owner(self) -> str | None:
        """Listed under its address while it is not delivered."""
        return self.webhook if self.attempts and not self.sent_at else None

    @property
    def order(self) -> int:
        return int(self.owed_since.timestamp())
