"""Who may see what. Another's employer and one that does not exist look the same."""

from __future__ import annotations

from tasrih.register.mandates import DECLARE, READ, Granted, HeldMandate
from tasrih.register.parties import Account, Employer, Entity
from tasrih.story.filings import Series
from tasrih.story.ports import Book
from tasrih.story.records import Outcome, Ticket
from tasrih.vocabulary.record import Record


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
    """The register's account for a verified token's user name. Raises NotAllowed for a name it does not know."""
    account = book.get(Account, f"ACCOUNT#{name}", "ACCOUNT")
    if account is None:
        raise NotAllowed
    return account


def employer_for(account: Account, number: str, book: Book, *scopes: str) -> Employer:
    """An employer of the account's own entity, of one that gave it a mandate with one of the scopes ("read" unless
    told), or of the officer's agency. Raises NotFound."""
    employer = book.get(Employer, f"EMPLOYER#{number}", "EMPLOYER")
    if employer is None or not _may(account, employer, scopes or (READ,), book):
        raise NotFound
    return employer


def ticket_for(account: Account, upload: str, book: Book, *scopes: str) -> Ticket:
    """An upload for an employer that the account may see, or an archive of its own entity. Whoever may file sees
    what they filed themselves. Raises NotFound."""
    ticket = book.get(Ticket, f"UPLOAD#{upload}", "TICKET")
    if ticket is None:
        raise NotFound
    if ticket.employer:
        own = (DECLARE,) if ticket.account == account.account else ()
        employer_for(account, ticket.employer, book, *(scopes or (READ,)), *own)
    elif not account.entity or ticket.entity != account.entity:
        raise NotFound
    return ticket


def entity_for(account: Account, entity: str, book: Book) -> str:
    """An entity whose uploads the account may list: its own, or one that lets it read. Raises NotFound."""
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
    """What the entity lets this account do today; None without a mandate."""
    mandate = book.get(HeldMandate, f"ACCOUNT#{account.account}", f"MANDATE#{entity}")
    return mandate.active if mandate else None


def _may(account: Account, employer: Employer, scopes: tuple[str, ...], book: Book) -> bool:
    if account.role == "officer":
        return in_agency(account, employer)
    return _acts(account, employer.entity, scopes, book)


def _acts(account: Account, entity: str, scopes: tuple[str, ...], book: Book) -> bool:
    """Its own people, or the holder of a mandate."""
    if account.role != "employer" or not account.entity:
        return False
    if entity == account.entity:
        return True
    granted = mandate_of(account, entity, book)
    return granted is not None and not set(granted.scopes).isdisjoint(scopes)


def in_agency(account: Account, employer: Employer) -> bool:
    """Officers see the employers that their agency has, or had."""
    return any(place.agency == account.agency for place in employer.agencies)


def holds(account: Account, employer: Employer) -> bool:
    """Officers change only what their agency has: the last one of the register's list."""
    return max(employer.agencies, key=lambda place: place.since).agency == account.agency


def registered(ticket: Ticket, book: Book) -> tuple[Employer | None, Entity]:
    """Who the ticket was opened for; no employer for an archive of many, or for a part that nobody may file.

    Nobody is ever taken out of the register, so whoever is named is there.
    """
    wanted: list[tuple[type[Record], tuple[str, str]]] = [
        (Employer, (f"EMPLOYER#{ticket.employer}", "EMPLOYER")),
        (Entity, (f"ENTITY#{ticket.entity}", "ENTITY")),
    ]
    employer, entity = book.get_many(wanted)
    assert employer is None or isinstance(employer, Employer)
    assert isinstance(entity, Entity)
    return employer, entity
