"""The story of one upload: from what lies in the bucket to a verdict that counts."""

from __future__ import annotations

import io
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined, Lines, SentFile
from tasrih.register.parties import Employer
from tasrih.story.access import registered
from tasrih.story.open_upload import object_key
from tasrih.story.ports import Book, Busy, Changed, Gone, Inbox, LineStore, Replace
from tasrih.story.records import DECIDED, RECEIVED, Arrival, Ticket
from tasrih.story.settle import Received, settle
from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.record import stored

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_ATTEMPTS = 6
"""Reading that began this often and never ended will not end: the upload is refused as unreadable."""
READING = timedelta(minutes=6)
"""Longer than the function may run. Deliveries of the same upload meanwhile leave it to the one that reads."""
TRIES = 5
"""How often a step is taken anew because somebody else changed what it rests on."""

NEVER_CAME, UNREADABLE, NOT_THIS_EMPLOYER, NOT_AFFILIATED_THEN = "E490", "E491", "E492", "W490"


def receive(upload: str, now: datetime, *, book: Book, inbox: Inbox, lines: LineStore) -> str:
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
            return settle(_read(ticket, book, inbox), now, book=book, inbox=inbox, lines=lines)
        except Changed:
            continue
        except Busy:
            if reading:
                _give_back(ticket, book)
            raise
    raise Changed


def _give_back(ticket: Ticket, book: Book) -> None:
    """A service that is down says nothing of the file: the attempt does not count, and the next one need not wait."""
    with suppress(Busy, Changed):
        book.commit(Replace(replace(ticket, attempts=ticket.attempts - 1, read_until=None)))


def _note_arrivals(ticket: Ticket, now: datetime, book: Book, inbox: Inbox) -> Ticket:
    """Pins the first version of each object, and begins reading when all are there and nobody is reading.

    Raises Changed.
    """
    if ticket.read_until and now < ticket.read_until:
        return ticket
    arrivals = _arrivals(ticket, inbox)
    noted = replace(ticket, arrivals=arrivals)
    if all(arrivals):
        noted = replace(noted, state=RECEIVED, attempts=ticket.attempts + 1, read_until=now + READING)
    if noted == ticket:
        return ticket
    book.commit(Replace(noted))
    return stored(noted)


def _arrivals(ticket: Ticket, inbox: Inbox) -> tuple[Arrival | None, ...]:
    if all(ticket.arrivals):
        return ticket.arrivals
    heads = inbox.arrivals(f"uploads/{ticket.upload}/")
    found = [heads.get(object_key(ticket.upload, place)) for place in range(len(ticket.files))]
    return tuple(
        known or (Arrival(version=head.version, size=head.size, at=head.at) if head else None)
        for known, head in zip(ticket.arrivals, found, strict=True)
    )


def _read(ticket: Ticket, book: Book, inbox: Inbox) -> Received:
    """What was received and what examining it found; a file that cannot be read is a finding too."""
    employer, entity = registered(ticket, book)
    if ticket.arrived_at is None:
        return Received(ticket, employer, entity, _only(*_missing(ticket)))
    if ticket.attempts > MAX_ATTEMPTS:
        return Received(ticket, employer, entity, _only(Finding(UNREADABLE)))
    kept: list[Lines] = []
    try:
        examined = _examine(ticket, ticket.arrived_at, inbox, kept)
    except Gone:
        return Received(ticket, employer, entity, _only(Finding(UNREADABLE)))
    examined.findings.extend(_whose(examined, employer))
    return Received(ticket, employer, entity, examined, tuple(kept))


def _missing(ticket: Ticket) -> list[Finding]:
    missing = zip(ticket.files, ticket.arrivals, strict=True)
    return [Finding(NEVER_CAME, file=file.name) for file, arrival in missing if arrival is None]


def _only(*findings: Finding) -> Examined:
    examined = Examined()
    examined.findings.extend(findings)
    return examined


def _examine(ticket: Ticket, arrived_at: datetime, inbox: Inbox, kept: list[Lines]) -> Examined:
    with ExitStack() as handles:
        files = []
        for place, (file, arrival) in enumerate(zip(ticket.files, ticket.arrivals, strict=True)):
            assert arrival
            handle = handles.enter_context(inbox.open(object_key(ticket.upload, place), arrival.version))
            files.append(SentFile(file.name, arrival.size, partial(_from_its_start, handle)))
        return examine(
            files,
            today=arrived_at.date(),
            announced=ticket.files,
            announced_total_centimes=ticket.total_centimes,
            sink=kept.append,
        )


class _View(io.RawIOBase):
    """A reader of its own on a handle that outlives it."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        return cast(io.RawIOBase, self._handle).readinto(buffer)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._handle.seek(offset, whence)

    def tell(self) -> int:
        return self._handle.tell()


def _from_its_start(handle: BinaryIO) -> BinaryIO:
    handle.seek(0)
    return io.BufferedReader(_View(handle), 1 << 20)


def _whose(examined: Examined, employer: Employer) -> list[Finding]:
    """The tenant comes from the ticket; a file that names somebody else is refused."""
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
