"""Mandates: an entity lets another's account act for it. Kept under both keys, never removed, ended by a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tasrih.vocabulary.record import Key, Record

DECLARE, READ = "declare", "read"
SCOPES = (DECLARE, READ)
"""To file, to withdraw what was filed, and to see what the account filed itself · to see all that was filed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """One time span of a mandate."""

    scopes: tuple[str, ...]
    since: datetime
    by: str
    """Account that gave it."""
    until: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate(Record):
    """What one entity has granted one account: every span that ever was, oldest first."""

    KIND: ClassVar[str] = "mandate"
    entity: str
    account: str
    grants: tuple[Granted, ...]

    @property
    def key(self) -> Key:
        return Key(f"ENTITY#{self.entity}", f"MANDATE#{self.account}")

    @property
    def active(self) -> Granted | None:
        return self.grants[-1] if self.grants and self.grants[-1].until is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMandate(Mandate):
    """The same, where the account that holds it looks."""

    KIND: ClassVar[str] = "held_mandate"

    @property
    def key(self) -> Key:
        return Key(f"ACCOUNT#{self.account}", f"MANDATE#{self.entity}")
