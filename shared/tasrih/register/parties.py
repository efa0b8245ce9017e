"""Who declares: legal entities, their employer numbers, and the accounts that act for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tasrih.vocabulary.record import Key, Record

EMPLOYER, OFFICER, MACHINE = "employer", "officer", "machine"
"""Roles of accounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Record):
    """A legal entity: the tenant."""

    KIND: ClassVar[str] = "entity"
    entity: str
    name: str
    name_ar: str = ""
    contact_name: str = ""
    contact_email: str = ""
    language: str = "fr"

    @property
    def key(self) -> Key:
        return Key(f"ENTITY#{self.entity}", "ENTITY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """An employer number's agency from a day on (inclusive), until the next one's day."""

    agency: str
    since: str
    """ISO date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer(Record):
    """An employer number of an entity, as the register has it."""

    KIND: ClassVar[str] = "employer"
    number: str
    entity: str
    agencies: tuple[Affiliation, ...]
    since: str
    """ISO date of affiliation."""
    until: str = ""
    """ISO date of the last day, inclusive; "" = still open."""
    size_class: str = "quarterly"
    """Assigned by the agency: "monthly" or "quarterly"."""
    codes: tuple[str, ...] = ()
    """Contribution codes in use; empty = not known."""

    @property
    def key(self) -> Key:
        return Key(f"EMPLOYER#{self.number}", "EMPLOYER")

    @property
    def owner(self) -> str | None:
        return self.entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Record):
    """Who may sign in, and for whom. The token names the account; everything else stands here."""

    KIND: ClassVar[str] = "account"
    account: str
    role: str
    """"employer", "officer" or "machine"."""
    entity: str = ""
    agency: str = ""
    """For an officer: the only agency whose employers they see."""
    name: str = ""
    """Of a machine, as a person calls it."""
    scopes: tuple[str, ...] = ()
    """Of a machine: all that it may do."""
    acts_for: str = ""
    """Of a machine: the account of the person who made it, under whose mandates it acts."""
    created_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""

    @property
    def key(self) -> Key:
        return Key(f"ACCOUNT#{self.account}", "ACCOUNT")

    @property
    def owner(self) -> str | None:
        return self.entity if self.role == MACHINE else None

    @property
    def order(self) -> int:
        return int(self.created_at.timestamp()) if self.created_at else 0


def agency_on(employer: Employer, day: str) -> str:
    """The agency that held the employer on an ISO day; before the first one known, the first."""
    held = [place for place in employer.agencies if place.since <= day]
    return max(held, key=lambda place: place.since).agency if held else employer.agencies[0].agency
