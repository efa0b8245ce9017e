"""Who may see what. Another's employer and one that does not exist look the same."""

from __future__ import annotations

from typing import NamedTuple

from tasrih.register.mandates import DECLARE, READ, Granted, HeldMandate
from tasrih.register.parties import EMPLOYER, MACHINE, OFFICER, Account, Employer, Entity
from tasrih.register.webhooks import Webhooks
from tasrih.story.filings import Series
from tasrih.story.ports import Book
from tasrih.story.records import Outcome, Ticket
from tasrih.vocabulary.certified import TEST
from tasrih.vocabulary.record import Record

TRY, PEOPLE = "try", "people"
"""Rights beside DECLARE and READ: to open a test and see what one opened oneself · what no machine may."""
MACHINE_SCOPES = (TEST, DECLARE, READ)
"""To file tests · to file, and to withdraw what was filed · to see all that was filed."""
_BY_SCOPE: dict[str, frozenset[str]] = {
    TRY: frozenset({TEST, DECLARE}),
    DECLARE: frozenset({DECLARE}),
    READ: frozenset({READ}),
    PEOPLE: frozenset(),
}
"""Right -> the machine scopes that give it."""
_BY_MANDATE = {TRY: DECLARE, DECLARE: DECLARE, READ: READ}
"""Right -> the scope of a mandate that gives it."""


class NotFound(Exception):
    """Not there, or not yours."""


class NotAllowed(Exception):
    """The account's role does not include this."""


class NotAsked(Exception):
    """The request cannot be answered as it stands. `field` names what is wrong, `why` is a key of messages/api.toml."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


def account_of(name: str, book: Book) -> Account:
    """The register's account of that name. Raises NotAllowed for a name it does not know."""
    account = book.get(Account, f"ACCOUNT#{name}", "ACCOUNT")
    if account is None:
        raise NotAllowed
    return account


def signed_in(name: str, book: Book) -> Account:
    """The account behind a verified token's user name. Raises NotAllowed, also for a machine that was revoked."""
    account = account_of(name, book)
    if account.revoked_at:
        raise NotAllowed
    return account


def demand(account: Account, *rights: str) -> None:
    """An employer's people have every right, a machine those of its scopes, others none. Raises NotAllowed when the
    account has none of these."""
    if not any(_has(account, right) for right in rights):
        raise NotAllowed


def right_to(purpose: str) -> str:
    """To file for real, or as a test."""
    return TRY if purpose == TEST else DECLARE


def employer_for(account: Account, number: str, book: Book, *rights: str) -> Employer:
    """An employer of the account's own entity, of one that gave it a mandate for one of the rights ("read" unless
    told), or of the officer's agency. Raises NotFound, and NotAllowed for a machine whose scopes give none of them."""
    wanted = rights or (READ,)
    if account.role != OFFICER:
        demand(account, *wanted)
    employer = book.get(Employer, f"EMPLOYER#{number}", "EMPLOYER")
    if employer is None or not _may(account, employer, wanted, book):
        raise NotFound
    return employer


def ticket_for(account: Account, upload: str, book: Book, *rights: str) -> Ticket:
    """An upload for an employer that the account may see, or an archive of its own entity. Whoever may file sees
    what they filed themselves. Raises NotFound, NotAllowed."""
    wanted = rights or (READ,)
    if account.role != OFFICER:
        demand(account, *wanted, TRY)
    ticket = book.get(Ticket, f"UPLOAD#{upload}", "TICKET")
    if ticket is None:
        raise NotFound
    wanted = (*wanted, TRY) if account.account in (ticket.account, ticket.acts_for) else wanted
    if account.role == MACHINE and not any(_has(account, right) for right in wanted):
        raise NotFound
    if ticket.employer:
        employer_for(account, ticket.employer, book, *wanted)
    elif not account.entity or ticket.entity != account.entity:
        raise NotFound
    return ticket


def entity_for(account: Account, entity: str, book: Book) -> str:
    """An entity whose uploads the account may list: its own, or one that lets it read. Raises NotFound, NotAllowed."""
    demand(account, READ)
    if not _acts(account, entity, (READ,), book):
        raise NotFound
    return entity


def filing_in_force(ticket: Ticket, book: Book) -> Series:
    """The filing in force that this upload is. Raises NotFound when it is not in force."""
    outcome = book.get(Outcome, f"UPLOAD#{ticket.upload}", "OUTCOME")
    place = f"SERIES#{outcome.kind}#{outcome.period}" if outcome else "SERIES#"
    series = book.get(Series, f"EMPLOYER#{ticket.employer}", place)
    if series is None or series.upload != ticket.upload:
        raise NotFound
    return series


def mandate_of(account: Account, entity: str, book: Book) -> Granted | None:
    """What the entity lets this account do today; None without a mandate. A machine has those of who made it."""
    mandate = book.get(HeldMandate, f"ACCOUNT#{account.acts_for or account.account}", f"MANDATE#{entity}")
    return mandate.active if mandate else None


def _may(account: Account, employer: Employer, rights: tuple[str, ...], book: Book) -> bool:
    if account.role == OFFICER:
        return in_agency(account, employer)
    return _acts(account, employer.entity, rights, book)


def _acts(account: Account, entity: str, rights: tuple[str, ...], book: Book) -> bool:
    """Its own people and machines, or the holder of a mandate."""
    own = [right for right in rights if _has(account, right)]
    if not account.entity or not own:
        return False
    if entity == account.entity:
        return True
    granted = mandate_of(account, entity, book)
    return granted is not None and any(_BY_MANDATE[right] in granted.scopes for right in own)


def _has(account: Account, right: str) -> bool:
    if account.role == MACHINE:
        return not _BY_SCOPE[right].isdisjoint(account.scopes)
    return account.role == EMPLOYER


def in_agency(account: Account, employer: Employer) -> bool:
    """Officers see the employers that their agency has, or had."""
    return any(place.agency == account.agency for place in employer.agencies)


def holds(account: Account, employer: Employer) -> bool:
    """Officers change only what their agency has: the last one of the register's list."""
    return max(employer.agencies, key=lambda place: place.since).agency == account.agency


class Registered(NamedTuple):
    """Who a ticket was opened for, and the webhooks of who that is and of who opened it."""

    employer: Employer | None
    """None for an archive of many, or for a part that nobody may file."""
    entity: Entity
    hooks: tuple[Webhooks, ...]


def registered(ticket: Ticket, book: Book) -> Registered:
    """In one call. Nobody is ever taken out of the register, so whoever is named is there."""
    told = sorted({ticket.entity, ticket.opened_by or ticket.entity})
    wanted: list[tuple[type[Record], tuple[str, str]]] = [
        (Employer, (f"EMPLOYER#{ticket.employer}", "EMPLOYER")),
        (Entity, (f"ENTITY#{ticket.entity}", "ENTITY")),
        *((Webhooks, (f"ENTITY#{entity}", "WEBHOOKS")) for entity in told),
    ]
    employer, entity, *hooks = book.get_many(wanted)
    assert employer is None or isinstance(employer, Employer)
    assert isinstance(entity, Entity)
    return Registered(employer, entity, tuple(each for each in hooks if isinstance(each, Webhooks)))
