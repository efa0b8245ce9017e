"""An employer lets another entity's account act for it, and takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tasrih.register.mandates import SCOPES, Granted, HeldMandate, Mandate
from tasrih.register.parties import EMPLOYER, Account
from tasrih.story.access import PEOPLE, NotAllowed, NotAsked, NotFound, demand
from tasrih.story.ports import Book, Change, Create, Replace
from tasrih.vocabulary.record import stored

MAX_GRANTS = 500
"""Of one account for one entity, all that ever were: a record is no larger than 400 KB."""


def give(account: str, scopes: Sequence[str], giver: Account, now: datetime, *, book: Book) -> Mandate:
    """The same again changes nothing; other scopes end the span before and begin a new one.

    Raises NotAllowed, NotFound (no such account), NotAsked, Changed, Busy.
    """
    entity = _giving(giver)
    wanted = tuple(scope for scope in SCOPES if scope in scopes)
    if not wanted or set(scopes) - set(SCOPES):
        raise NotAsked("scopes", "scopes")
    holder = book.get(Account, f"ACCOUNT#{account}", "ACCOUNT")
    if holder is None or holder.role != EMPLOYER:
        raise NotFound
    if holder.entity == entity:
        raise NotAsked("account", "mandate_own")
    before = book.get(Mandate, f"ENTITY#{entity}", f"MANDATE#{account}")
    grants = before.grants if before else ()
    if before and before.active:
        if before.active.scopes == wanted:
            return before
        grants = _ended(before, giver, now)
    if len(grants) >= MAX_GRANTS:
        raise NotAsked("account", "mandate_too_often")
    new = Granted(scopes=wanted, since=now, by=giver.account)
    return _written(before or Mandate(entity=entity, account=account, grants=()), (*grants, new), book)


def take_back(account: str, giver: Account, now: datetime, *, book: Book) -> Mandate:
    """Ends it from now on; ended already, it stays as it is. Raises NotAllowed, NotFound, Changed, Busy."""
    before = book.get(Mandate, f"ENTITY#{_giving(giver)}", f"MANDATE#{account}")
    if before is None:
        raise NotFound
    return _written(before, _ended(before, giver, now), book) if before.active else before


def given(giver: Account, book: Book) -> list[Mandate]:
    """All that the account's entity ever gave. Raises NotAllowed."""
    return list(book.records(Mandate, f"ENTITY#{_giving(giver)}", "MANDATE#"))


def held(holder: Account, book: Book) -> list[HeldMandate]:
    """All that the account ever held. Raises NotAllowed."""
    _giving(holder)
    return list(book.records(HeldMandate, f"ACCOUNT#{holder.account}", "MANDATE#"))


def _giving(account: Account) -> str:
    demand(account, PEOPLE)
    if not account.entity:
        raise NotAllowed
    return account.entity


def _ended(mandate: Mandate, by: Account, now: datetime) -> tuple[Granted, ...]:
    return (*mandate.grants[:-1], replace(mandate.grants[-1], until=now, ended_by=by.account))


def _written(mandate: Mandate, grants: tuple[Granted, ...], book: Book) -> Mandate:
    """Both records at once: they never differ, and have the same revision."""
    one = replace(mandate, grants=grants)
    other = HeldMandate(revision=one.revision, entity=one.entity, account=one.account, grants=grants)
    both: list[Change] = [Replace(one), Replace(other)] if one.revision else [Create(one), Create(other)]
    book.commit(*both)
    return stored(one)
