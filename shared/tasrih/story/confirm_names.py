"""A person says in which code page the names of a filing are written: the same bytes are read again and settled.

What is written is one change of the ticket, which makes it open again; the verdict follows as for any upload, with the
time of arrival and the rank that it has had from the first. Nobody is late for having been asked.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from tasrih.declaration.code_pages import CODECS
from tasrih.register.mandates import DECLARE
from tasrih.register.parties import Account
from tasrih.story.access import PEOPLE, NotAsked, demand, ticket_for
from tasrih.story.ports import Book, Busy, Queue, Replace
from tasrih.story.records import DECIDED, NAMES, RECEIVED, Outcome, Ticket
from tasrih.story.vouch import under_mandate, vouched
from tasrih.vocabulary.certified import Certified, NamesRead
from tasrih.vocabulary.record import stored


def confirm_names(
    upload: str,
    code_page: str,
    certified: Certified | None,
    account: Account,
    now: datetime,
    *,
    book: Book,
    uploads: Queue,
) -> Ticket:
    """The same again changes nothing; the queue, or else the sweep, sees to the verdict.

    Raises NotAllowed, NotFound, NotAsked (not waiting for names, no such code page, nobody certifies), Changed, Busy.
    """
    demand(account, PEOPLE)
    ticket = ticket_for(account, upload, book, DECLARE)
    if code_page not in CODECS:
        raise NotAsked("code_page", "code_page")
    if ticket.names and ticket.names.code_page == code_page:
        return ticket
    outcome = book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
    if ticket.state != DECIDED or outcome is None or outcome.awaits != NAMES:
        raise NotAsked("upload", "names_not_asked")
    who = under_mandate(vouched(certified, ticket.purpose), account, ticket.entity, book)
    said = NamesRead(code_page=code_page, certified=who, at=now)
    opened = replace(ticket, state=RECEIVED, names=said, attempts=0, read_until=None)
    book.commit(Replace(opened))  # the outcome of a decided ticket that awaits names changes with the ticket alone
    with suppress(Busy):  # the sweep finds it
        uploads.put({"upload": upload})
    return stored(opened)


def confirmed_later(ticket: Ticket) -> bool:
    """Whether it waited itself: who sent it was told so, and is told of what became of it by a letter of its own. A
    declaration cut out of a DAC never waits; what it was cut out of did."""
    return bool(ticket.names and ticket.names.at > ticket.opened_at and not ticket.cut)
