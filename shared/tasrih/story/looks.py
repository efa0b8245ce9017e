"""Who looked at what: each reading by somebody else than whose it is, written before it is answered.

Whoever gets no answer may have left a trace; nobody gets an answer without one. Traces are only added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import ClassVar, NamedTuple

from tasrih.register.parties import EMPLOYER, OFFICER, Account, Employer
from tasrih.story.access import PEOPLE, NotAsked, demand, employer_for
from tasrih.story.ports import Book, Create
from tasrih.story.records import DECIDED, Ticket
from tasrih.vocabulary.record import Key, Record

LOOKS_A_PAGE = 50
_AT_ONCE = 50
"""Records of one commit."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Looker(NamedTuple):
    """Somebody who asks, and with which request."""

    account: Account
    at: datetime
    look: str
    """32 hexadecimal digits, random: tells this trace from every other."""
    request: str
    """The gateway's own number of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Record):
    """One reading. It stands with the upload, else with the person, else with the entity that it was about."""

    KIND: ClassVar[str] = "look"
    look: str
    at: datetime
    account: str
    role: str
    acts_for: str = ""
    by_entity: str = ""
    """Of who looked; "" for an officer."""
    agency: str = ""
    what: str
    """The answer it was: a key of messages/looks.toml, without "what_"."""
    entity: str = ""
    """Whose files they were; "" when it stands with a person."""
    employers: tuple[str, ...] = ()
    upload: str = ""
    person: str = ""
    """Keyed hash of the insured number, hexadecimal."""
    reason: str = ""
    request: str = ""

    @property
    def key(self) -> Key:
        place = f"UPLOAD#{self.upload}" if self.upload else f"ENTITY#{self.entity}"
        place = place if self.entity else f"PERSON#{self.person}"
        return Key(place, f"LOOK#{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}#{self.look}")

    @property
    def owner(self) -> str | None:
        return self.entity or None

    @property
    def order(self) -> int:
        """Microseconds since 1970."""
        since = self.at - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def trace_upload(ticket: Ticket, what: str, by: Looker, *, book: Book) -> None:
    """Nothing for its owner's own people, and for who sent it while there is nothing to see but what they sent.
    Raises Busy: then nothing may be answered."""
    account = by.account
    waits_for_own = ticket.state != DECIDED and account.account in (ticket.account, ticket.acts_for)
    if _own(account, ticket.entity) or waits_for_own:
        return
    employers = (ticket.employer,) if ticket.employer else ()
    book.commit(Create(_look(by, what, entity=ticket.entity, employers=employers, upload=ticket.upload)))


def trace_entity(entity: str, what: str, by: Looker, *, book: Book) -> None:
    """Of a list that names nobody's file in particular. Raises Busy."""
    if not _own(by.account, entity):
        book.commit(Create(_look(by, what, entity=entity)))


def trace_person(person: str, employers: Iterable[Employer], what: str, reason: str, by: Looker, *, book: Book) -> None:
    """With the person, and with each entity whose lines are shown. Raises Busy."""
    by_entity: dict[str, set[str]] = {}
    for each in employers:
        by_entity.setdefault(each.entity, set()).add(each.number)
    look = _look(by, what, person=person, reason=reason)
    looks = [
        look,
        *(replace(look, entity=name, employers=tuple(sorted(by_entity[name]))) for name in sorted(by_entity)),
    ]
    left = iter(looks)
    while some := list(islice(left, _AT_ONCE)):
        book.commit(*map(Create, some))


class Page(NamedTuple):
    looks: list[Look]
    next: int | None
    """What to ask `before`, when there may be more."""


def looks_at(account: Account, employer: str, before: int | None, *, book: Book) -> Page:
    """For people of the entity: all that was looked at of theirs, or of one employer number. For an officer: of one
    employer of the agency. Raises NotAllowed, NotFound, NotAsked."""
    entity = account.entity
    if account.role == OFFICER:
        if not employer:
            raise NotAsked("employer", "employer_needed")
        entity = employer_for(account, employer, book).entity
    else:
        demand(account, PEOPLE)
    found = book.owned(Look, entity, before, LOOKS_A_PAGE)
    shown = [look for look in found if not employer or employer in look.employers]
    return Page(shown, found[-1].order if len(found) == LOOKS_A_PAGE else None)


def looks_at_person(person: str, uploads: Iterable[str], *, book: Book) -> Iterator[Look]:
    """Who asked for the person, and who read declarations that hold the person."""
    yield from book.records(Look, f"PERSON#{person}", "LOOK#")
    for upload in uploads:
        yield from book.records(Look, f"UPLOAD#{upload}", "LOOK#")


def _own(account: Account, entity: str) -> bool:
    """A machine is not its owner: it leaves traces as others do."""
    return account.role == EMPLOYER and account.entity == entity


def _look(
    by: Looker,
    what: str,
    *,
    entity: str = "",
    employers: tuple[str, ...] = (),
    upload: str = "",
    person: str = "",
    reason: str = "",
) -> Look:
    account = by.account
    return Look(
        look=by.look,
        at=by.at,
        account=account.account,
        role=account.role,
        acts_for=account.acts_for,
        by_entity=account.entity,
        agency=account.agency,
        what=what,
        entity=entity,
        employers=employers,
        upload=upload,
        person=person,
        reason=reason,
        request=by.request,
    )
