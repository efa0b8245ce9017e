"""A person lets a program act for their entity: a machine with scopes, whose secret is shown once."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tasrih.correspondence.canonical import clean
from tasrih.register.parties import MACHINE, Account
from tasrih.story.access import MACHINE_SCOPES, PEOPLE, NotAllowed, NotAsked, NotFound, demand
from tasrih.story.ports import Book, Chance, Create, Replace, SignIns
from tasrih.vocabulary.record import stored

NAME_CHARACTERS = 60
MAX_MACHINES = 50
"""Of one entity, revoked ones not counted."""
LISTED = 500
"""Of all that an entity ever had, the newest."""


def create(
    name: str, scopes: Sequence[str], maker: Account, now: datetime, *, book: Book, chance: Chance, sign_ins: SignIns
) -> tuple[Account, str]:
    """(the machine, its secret). Cut short, a sign-in may stay that the register does not know: it opens nothing.

    Raises NotAllowed, NotAsked, Busy.
    """
    _of_people(maker)
    called, wanted = clean(name), tuple(scope for scope in MACHINE_SCOPES if scope in scopes)
    if not 1 <= len(called) <= NAME_CHARACTERS:
        raise NotAsked("name", "machine_name")
    if not wanted or set(scopes) - set(MACHINE_SCOPES):
        raise NotAsked("scopes", "machine_scopes")
    if sum(not machine.revoked_at for machine in machines(maker, book)) >= MAX_MACHINES:
        raise NotAsked("name", "too_many")
    machine = Account(
        account=f"machine-{chance.token()}",
        role=MACHINE,
        entity=maker.entity,
        name=called,
        scopes=wanted,
        acts_for=maker.account,
        created_at=now,
    )
    secret = "Aa1-" + base64.urlsafe_b64encode(chance.secret()).decode().rstrip("=")
    sign_ins.create(machine.account, secret)
    book.commit(Create(machine))
    return stored(machine), secret


def machines(asker: Account, book: Book) -> list[Account]:
    """Of the entity, newest first, revoked ones included. Raises NotAllowed."""
    _of_people(asker)
    return book.owned(Account, asker.entity, limit=LISTED)


def revoke(machine: str, by: Account, now: datetime, *, book: Book, sign_ins: SignIns) -> Account:
    """From the next request on it may do nothing; revoked already, it stays so. Raises NotAllowed, NotFound, Changed,
    Busy."""
    _of_people(by)
    found = book.get(Account, f"ACCOUNT#{machine}", "ACCOUNT")
    if found is None or found.role != MACHINE or found.entity != by.entity:
        raise NotFound
    if not found.revoked_at:
        found = replace(found, revoked_at=now, revoked_by=by.account)
        book.commit(Replace(found))
    sign_ins.remove(machine)
    return found


def _of_people(account: Account) -> None:
    demand(account, PEOPLE)
    if not account.entity:
        raise NotAllowed
