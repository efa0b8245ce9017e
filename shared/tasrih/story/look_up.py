"""Two questions of the stored lines: all lines of a declaration, and everything in force for one insured number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tasrih.declaration.sent import Lines
from tasrih.register.parties import Account, Employer
from tasrih.story.access import in_agency
from tasrih.story.affiliations import completed_lines
from tasrih.story.filings import EXPIRED, Series, StoredLines
from tasrih.story.kept_lines import all_kept
from tasrih.story.ports import Book, Gone, LineStore


@dataclass(frozen=True, slots=True)
class Declared:
    """What one employer declared for one person in one period, in the filing in force."""

    employer: str
    kind: str
    period: str
    upload: str
    lines: Lines


def lines_in_force(series: Series, *, book: Book, lines: LineStore) -> Iterator[Lines]:
    """Chunk by chunk, in the order of the keyed hash. Raises Gone when their time is over."""
    stored = book.get(StoredLines, f"UPLOAD#{series.upload}", "LINES")
    if stored and stored.state == EXPIRED:
        raise Gone
    return lines.read(stored) if stored else iter(())


def declared_for(insured_number: str, *, book: Book, lines: LineStore) -> list[Declared]:
    """Newest period first. Relations only say where lines *may* lie; the filings in force decide."""
    filings = {
        series.upload: series
        for employer, since in lines.employers_of(insured_number)
        for series in book.records(Series, f"EMPLOYER#{employer}", "SERIES#")
        if series.upload and series.period >= since
    }
    stored = all_kept(filings, book)
    in_force = [(filings[each.upload], each) for each in stored]
    held = [*lines.find(insured_number, stored), *completed_lines(insured_number, in_force, book=book, lines=lines)]
    found = [(filings[upload], part) for upload, part in held]
    declared = [Declared(series.employer, series.kind, series.period, series.upload, part) for series, part in found]
    return sorted(declared, key=lambda each: (each.period, each.employer), reverse=True)


class DeclaredBy(NamedTuple):
    employer: Employer
    declared: Declared


def declared_in_agency(account: Account, insured_number: str, *, book: Book, lines: LineStore) -> list[DeclaredBy]:
    """Only what employers of the officer's agency declared."""
    found = declared_for(insured_number, book=book, lines=lines)
    employers = book.get_many([(Employer, (f"EMPLOYER#{each.employer}", "EMPLOYER")) for each in found])
    return [
        DeclaredBy(employer, each)
        for each, employer in zip(found, employers, strict=True)
        if isinstance(employer, Employer) and in_agency(account, employer)
    ]
