"""A named person vouches for a real filing, and for a withdrawal."""

from __future__ import annotations

from dataclasses import replace

from tasrih.correspondence.canonical import clean
from tasrih.register.parties import Account, Entity
from tasrih.story.access import NotAsked, mandate_of
from tasrih.story.ports import Book
from tasrih.vocabulary.certified import REAL, TEST, Certified

MAX_CHARACTERS = 100


def vouched(certified: Certified | None, purpose: str = REAL) -> Certified | None:
    """Fit for paper; None for a test, which nobody vouches for. Raises NotAsked."""
    if purpose not in (REAL, TEST):
        raise NotAsked("purpose", "purpose")
    if purpose == TEST:
        return None
    if certified is None:
        raise NotAsked("certified", "certified_missing")
    cleaned = replace(certified, name=clean(certified.name), capacity=clean(certified.capacity))
    for field in ("name", "capacity"):
        if not _says_something(getattr(cleaned, field)):
            raise NotAsked(f"certified.{field}", f"certified_{field}")
    return cleaned


def under_mandate(certified: Certified | None, account: Account, entity: str, book: Book) -> Certified | None:
    """With the mandate under which the person's account acts for another entity."""
    if certified is None or entity == account.entity:
        return certified
    granted, holder = mandate_of(account, entity, book), book.get(Entity, f"ENTITY#{account.entity}", "ENTITY")
    if granted is None:
        return certified
    name = holder.name if holder else account.account
    return replace(certified, holder=name, mandate_since=granted.since.date().isoformat())


def _says_something(text: str) -> bool:
    return len(text) <= MAX_CHARACTERS and sum(sign.isalpha() for sign in text) >= 2
