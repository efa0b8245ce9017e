"""A request of affiliation for each worker who was declared without an insured number.

Requests are read from the stored lines of the filing in force whenever they are asked for: none can be lost, and none
can differ from what was declared. What is written is only the number that an employer gives later (`given_numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.sent import Lines
from tasrih.register.mandates import DECLARE
from tasrih.register.parties import Account
from tasrih.story.access import NotAsked, NotFound, demand, filing_in_force, ticket_for
from tasrih.story.filings import Series, StoredLines
from tasrih.story.given_numbers import (
    GivenNumber,
    Person,
    numbers_given,
    person_of,
    text_of,
    without_number,
    workers_without_number,
)
from tasrih.story.kept_lines import kept_lines
from tasrih.story.ports import Book, Create, LineStore
from tasrih.story.records import Ticket

OWED, COMPLETED, FOUND = "owed", "completed", "found"
"""No number yet; the employer gave one, for this version or an earlier one; a later declaration of the employer holds
the person under one."""
_ARABIC = re.compile("[\u0600-\u06ff]")
_NUMBER = re.compile("[0-9]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """One affiliation request, as far as a line of wages can prepare it."""

    upload: str
    employer: str
    period: str
    lines: tuple[int, ...]
    """Their own numbers in the declaration, the first one first: a worker of a nominal DAC has one for each code."""
    person: Person
    entry: str
    """ddmmyyyy, "" when the line does not say."""
    state: str
    nss: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What the fund still asks for, as keys of messages/affiliations.toml."""
        arabic = _ARABIC.search(self.person.surname + self.person.first_name)
        unsaid = {
            "first_name": not self.person.first_name,
            "birth": not self.person.birth or self.person.birth.startswith("0000"),
            "entry": not self.entry.strip("0"),
        }
        written = "names_latin" if arabic else "names_arabic"
        always = ("father_first_name", "mother_names", "address", "blood_group")
        return (*(name for name, blank in unsaid.items() if blank), written, *always)


def requests_of(ticket: Ticket, *, book: Book, lines: LineStore) -> list[Request]:
    """By line. Raises NotFound where the upload is not in force: its lines mean nothing, or others took their place."""
    series = filing_in_force(ticket, book)
    stored = _stored(ticket.upload, book)
    given = numbers_given(series, stored, book=book, lines=lines)
    workers = workers_without_number(series, stored, lines)
    later = _numbers_found({person_of(rows[0]) for rows in workers}, series, book, lines)
    requests = []
    for rows in workers:
        numbers = later.get(person_of(rows[0]), set())
        state, nss = (FOUND, next(iter(numbers))) if len(numbers) == 1 else (OWED, "")
        if number := given.get(int(rows[0]["number"])):
            state, nss = COMPLETED, number
        requests.append(_request(series, rows, state, nss))
    return requests


def give_number(
    upload: str, line: int, nss: str, account: Account, now: datetime, *, book: Book, lines: LineStore
) -> Request:
    """To the worker whose line this is, for all of their lines. The same number again changes nothing; another one
    corrects the one before.

    Raises NotAllowed, NotFound (no such upload, not in force, no such line), NotAsked, Changed, Busy.
    """
    demand(account, DECLARE)
    ticket = ticket_for(account, upload, book, DECLARE)
    if not _NUMBER.fullmatch(nss) or not nss.strip("0"):
        raise NotAsked("nss", "insured_number")
    series = filing_in_force(ticket, book)
    stored = _stored(upload, book)
    rows = next((rows for rows in workers_without_number(series, stored, lines) if line in rows["number"]), None)
    if rows is None:
        raise NotFound
    first = int(rows[0]["number"])
    if numbers_given(series, stored, book=book, lines=lines).get(first) != nss:
        turn = len(list(book.records(GivenNumber, f"UPLOAD#{upload}", f"NUMBER#{first:06d}#"))) + 1
        lines.relate(f"{upload}+{first}.{turn}", ticket.employer, series.period, _numbered(rows[:1], nss), ())
        book.commit(Create(GivenNumber(upload=upload, line=first, turn=turn, nss=nss, by=account.account, at=now)))
    return _request(series, rows, COMPLETED, nss)


def completed_lines(
    nss: str, filings: Sequence[tuple[Series, StoredLines]], *, book: Book, lines: LineStore
) -> Iterator[tuple[str, Lines]]:
    """(upload, lines) of filings in force whose lines got this number later."""
    for series, stored in filings:
        given = numbers_given(series, stored, book=book, lines=lines)
        wanted = [line for line, number in given.items() if number == nss]
        for part in without_number(stored, lines) if wanted else ():
            rows = part[np.isin(part["number"], wanted)]
            if len(rows):
                yield stored.upload, _numbered(rows, nss)


def _request(series: Series, rows: NDArray[np.void], state: str, nss: str) -> Request:
    places, entry = tuple(rows["number"].tolist()), text_of(rows[0]["entry"])
    return Request(series.upload, series.employer, series.period, places, person_of(rows[0]), entry, state, nss)


def _stored(upload: str, book: Book) -> StoredLines:
    found = kept_lines(upload, book)
    if found is None:
        raise NotFound
    return found


def _numbers_found(people: set[Person], since: Series, book: Book, lines: LineStore) -> dict[Person, set[str]]:
    """Under which numbers later declarations in force hold these people. Two numbers for one name are two people."""
    found: dict[Person, set[str]] = {}
    if not people:
        return found
    surnames = np.array(sorted({person.surname.encode() for person in people}))
    for series in book.records(Series, f"EMPLOYER#{since.employer}", f"SERIES#{since.kind}#"):
        stored = kept_lines(series.upload, book) if series.period > since.period else None
        for part in lines.read(stored) if stored else ():
            rows = part.rows[(part.rows["nss"] != b"") & np.isin(part.rows["surname"], surnames)]
            for row in rows:
                found.setdefault(person_of(row), set()).add(text_of(row["nss"]))
    return found


def _numbered(rows: NDArray[np.void], nss: str) -> Lines:
    numbered = rows.copy()
    numbered["nss"] = nss.encode("ascii")
    return Lines(numbered)
