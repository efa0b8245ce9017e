"""The story of one upload: from what lies in the bucket to a verdict that counts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from tasrih.declaration import portfolio
from tasrih.declaration.dac.examine import is_dac
from tasrih.declaration.dac.slices import read_slice
from tasrih.declaration.examine import examine
from tasrih.declaration.handshake import changed_archive
from tasrih.declaration.sent import Examined, Lines, SentFile
from tasrih.declaration.workbooks import Once, Workbooks
from tasrih.register.parties import Employer
from tasrih.story.access import account_of, registered
from tasrih.story.opened import opened_files
from tasrih.story.periodic import Read, read_periodic
from tasrih.story.pieces import arrived
from tasrih.story.ports import Book, Busy, Changed, Gone, Inbox, LineStore, Lost, Replace
from tasrih.story.records import DECIDED, RECEIVED, Ticket
from tasrih.story.settle import Received, settle
from tasrih.story.split import NOT_FOR_YOU, split, splitting_began
from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.record import stored

MAX_ATTEMPTS = 6
"""Reading that began this often and never ended will not end: the upload is refused as unreadable."""
READING = timedelta(minutes=6)
"""Longer than the function may run. Deliveries of the same upload meanwhile leave it to the one that reads."""
TRIES = 5
"""How often a step is taken anew because somebody else changed what it rests on."""

NEVER_CAME, UNREADABLE, NOT_THIS_EMPLOYER, NOT_AFFILIATED_THEN = "E490", "E491", "E492", "W490"


def receive(
    upload: str,
    now: datetime,
    *,
    book: Book,
    inbox: Inbox,
    lines: LineStore,
    workbooks: Workbooks | None = None,
) -> str:
    """Returns the state reached: of the ticket while it waits, else of the verdict; "unknown" for an unknown upload.

    May be called at any time and any number of times: the bucket says what arrived, the ticket whether it is decided
    or being read. Raises Busy, and Changed when others did not leave it a chance: try later.
    """
    reading = False
    for _ in range(TRIES):
        ticket = book.get(Ticket, f"UPLOAD#{upload}", "TICKET")
        if ticket is None:
            return "unknown"
        if ticket.state == DECIDED:
            return DECIDED
        try:
            if not reading:
                before, ticket = ticket, _note_arrivals(ticket, now, book, inbox)
                reading = ticket.attempts > before.attempts
                time_is_up = ticket.arrived_at is None and now >= ticket.verdict_by
                if not reading and not time_is_up:
                    return ticket.state
            return _decide(ticket, now, book, inbox, lines, workbooks)
        except Changed:
            continue
        except Busy as trouble:
            if reading:
                _give_back(ticket, book)
            elif isinstance(trouble, Lost):
                _give_back_unread(upload, now, book)
            raise
    raise Changed


def _give_back(ticket: Ticket, book: Book) -> None:
    """A service that is down says nothing of the file: the attempt does not count, and the next one need not wait."""
    with suppress(Busy, Changed):
        book.commit(Replace(replace(ticket, attempts=ticket.attempts - 1, read_until=None)))


def _give_back_unread(upload: str, now: datetime, book: Book) -> None:
    """The attempt may stand although nobody heard that it does: nothing was read in it, whatever the file is like."""
    with suppress(Busy):
        ticket = book.get(Ticket, f"UPLOAD#{upload}", "TICKET")
        if ticket and ticket.read_until == now + READING:
            _give_back(ticket, book)


def _note_arrivals(ticket: Ticket, now: datetime, book: Book, inbox: Inbox) -> Ticket:
    """Pins the first version of each object, and begins reading when all are there and nobody is reading.

    Raises Changed.
    """
    if ticket.read_until and now < ticket.read_until:
        return ticket
    arrivals = arrived(ticket, now, inbox)
    noted = replace(ticket, arrivals=arrivals)
    if all(arrivals):
        noted = replace(noted, state=RECEIVED, attempts=ticket.attempts + 1, read_until=now + READING)
    if noted == ticket:
        return ticket
    book.commit(Replace(noted))
    return stored(noted)


def _decide(
    ticket: Ticket, now: datetime, book: Book, inbox: Inbox, lines: LineStore, workbooks: Workbooks | None
) -> str:
    """What was received and what examining it found; a file that cannot be read is a finding too."""
    employer, entity, hooks = registered(ticket, book)

    def received(examined: Examined, *kept: Lines) -> str:
        return settle(
            Received(ticket, employer, entity, examined, kept, hooks), now, book=book, inbox=inbox, lines=lines
        )

    if ticket.arrived_at is None:
        return received(_only(*_missing(ticket)))
    if ticket.attempts > MAX_ATTEMPTS and not splitting_began(ticket.upload, book):
        return received(_only(Finding(UNREADABLE)))
    try:
        with opened_files(ticket, inbox) as files:
            read = _read(ticket, ticket.arrived_at, files, employer, book, workbooks and Once(workbooks))
            if read.parts:
                return split(read.parts, ticket, now, book=book, inbox=inbox, rest=read.rest, hooks=hooks)
    except Gone:
        return received(_only(Finding(UNREADABLE)))
    assert read.whole
    read.whole.findings.extend(_whose(read.whole, employer, ticket))
    return received(read.whole, *read.lines)


def _read(
    ticket: Ticket,
    arrived_at: datetime,
    files: list[SentFile],
    employer: Employer | None,
    book: Book,
    workbooks: Workbooks | None,
) -> Read:
    """What was sent: one declaration, or the parts that become uploads of their own."""
    if ticket.cut:
        examined, lines = read_slice(files[0])
        return Read(examined, (lines,) if lines else ())
    if is_dac(files, workbooks):
        return read_periodic(files, ticket, account_of(ticket.account, book), book=book, workbooks=workbooks)
    parts = [] if ticket.parent else portfolio.parts(files, at_least=2 if employer else 1)
    changed = changed_archive(files, ticket.files) if parts else []
    if changed:
        return Read(_only(*changed))
    if parts:
        return Read(parts=tuple(parts))
    kept: list[Lines] = []
    return Read(_examine(ticket, arrived_at, files, kept, workbooks), tuple(kept))


def _missing(ticket: Ticket) -> list[Finding]:
    missing = zip(ticket.files, ticket.arrivals, strict=True)
    return [Finding(NEVER_CAME, file=file.name) for file, arrival in missing if arrival is None]


def _only(*findings: Finding) -> Examined:
    examined = Examined()
    examined.findings.extend(findings)
    return examined


def _examine(
    ticket: Ticket, arrived_at: datetime, files: list[SentFile], kept: list[Lines], workbooks: Workbooks | None
) -> Examined:
    return examine(
        files,
        today=arrived_at.date(),
        announced=ticket.files,
        announced_total_centimes=ticket.total_centimes,
        sink=kept.append,
        workbooks=workbooks,
        code_page=ticket.names.code_page if ticket.names else "",
    )


def _whose(examined: Examined, employer: Employer | None, ticket: Ticket) -> list[Finding]:
    """The tenant comes from the ticket; a file that names somebody else is refused. Of a deposit that is refused and
    names nobody, there is nothing to say; nor of a DAC of many while it waits for its names."""
    if examined.to_confirm and examined.accepted and not examined.employer:
        return []
    if employer is None:
        if not (examined.employer or ticket.parent or examined.accepted):
            return []
        return [Finding(NOT_FOR_YOU, column="employer", value=examined.employer)]
    findings = []
    if examined.employer and examined.employer != employer.number:
        findings.append(
            Finding(NOT_THIS_EMPLOYER, column="employer", value=examined.employer, expected=employer.number)
        )
    if examined.period and not _affiliated(employer, examined.period.year):
        findings.append(
            Finding(NOT_AFFILIATED_THEN, value=str(examined.period), expected=f"{employer.since} – {employer.until}")
        )
    return findings


def _affiliated(employer: Employer, year: int) -> bool:
    return int(employer.since[:4]) <= year and (not employer.until or year <= int(employer.until[:4]))
