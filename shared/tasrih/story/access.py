"""Who may see what. Another's employer and one that does not exist look the same."""

from __future__ import annotations

from tasrih.register.parties import Account, Employer, Entity
from tasrih.story.ports import Book
from tasrih.story.records import Ticket
from tasrih.vocabulary.record import Record


class NotFound(Exception):
    """Not there, or not yours."""


class NotAllowed(Exception):
    """The account's role does not include this."""


def account_of(name: str, book: Book) -> Account:
    """The register's account for a verified token's user name. Raises NotAllowed for a name it does not know."""
    account = book.get(Account, f"ACCOUNT#{name}", "ACCOUNT")
    if account is None:
        raise NotAllowed
    return account


def employer_for(account: Account, number: str, book: Book) -> Employer:
    """An employer of the account's own entity, or of the officer's agency. Raises NotFound."""
    employer = book.get(Employer, f"EMPLOYER#{number}", "EMPLOYER")
    if employer is None or not _may_see(account, employer):
        raise NotFound
    return employer


def ticket_for(account: Account, upload: str, book: Book) -> Ticket:
    """An upload for an employer that the account may see, or an archive of its own entity. Raises NotFound."""
    ticket = book.get(Ticket, f"UPLOAD#{upload}", "TICKET")
    if ticket is None:
        raise NotFound
    if ticket.employer:
        employer_for(account, ticket.employer, book)
    elif not account.entity or ticket.entity != account.entity:
        raise NotFound
    return ticket


def _may_see(account: Account, employer: Employer) -> bool:
    if account.role == "officer":
        return in_agency(account, employer)
    return bool(account.entity) and employer.entity == account.entity


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
