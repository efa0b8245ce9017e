"""All that is held on one insured person: every version that is kept, not only what is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tasrih.declaration.sent import Lines
from tasrih.register.parties import Account, Employer
from tasrih.story.access import in_agency
from tasrih.story.affiliations import completed_lines
from tasrih.story.filings import Series, StoredLines, Version
from tasrih.story.given_numbers import GivenNumber, without_number
from tasrih.story.kept_lines import all_kept
from tasrih.story.ports import Book, LineStore
from tasrih.story.records import IN_FORCE, SUPERSEDED, WITHDRAWN, Outcome
from tasrih.story.removal import ORIGINALS, Removal


@dataclass(frozen=True, slots=True)
class Held:
    """What one version of a declaration holds on the person."""

    employer: Employer
    version: Version
    state: str
    """"in_force", "superseded" or "withdrawn"."""
    lines: Lines
    given_later: bool
    """Declared without a number, which was given afterwards."""
    file_kept: bool
    """The file as it was sent is still there."""


def held_on(account: Account, insured_number: str, *, book: Book, lines: LineStore) -> list[Held]:
    """By period and version, of the employers that the officer's agency has or had; newest first."""
    found: list[Held] = []
    for number, since in lines.employers_of(insured_number):
        employer = book.get(Employer, f"EMPLOYER#{number}", "EMPLOYER")
        if employer and in_agency(account, employer):
            versions = [each for each in _versions(number, book) if each.period >= since]
            found += _of_employer(employer, versions, insured_number, book, lines)
    return sorted(found, key=lambda each: (each.version.period, each.version.version), reverse=True)


def _versions(employer: str, book: Book) -> Iterator[Version]:
    return book.records(Version, f"EMPLOYER#{employer}", "VERSION#")


def _of_employer(
    employer: Employer, versions: list[Version], insured_number: str, book: Book, lines: LineStore
) -> Iterator[Held]:
    by_upload = {version.upload: version for version in versions}
    kept = all_kept(by_upload, book)
    in_force = {each.upload: each for each in book.records(Series, f"EMPLOYER#{employer.number}", "SERIES#")}
    named = lines.find(insured_number, kept)
    standing = [(in_force[each.upload], each) for each in kept if each.upload in in_force]
    given = [*completed_lines(insured_number, standing, book=book, lines=lines)]
    given += [
        part for each in kept if each.upload not in in_force for part in _given(each, insured_number, book, lines)
    ]
    for parts, later in ((named, False), (given, True)):
        for upload, rows in parts:
            version = by_upload[upload]
            note = book.get(Removal, f"UPLOAD#{upload}", f"REMOVAL#{ORIGINALS}")
            yield Held(employer, version, _state(upload, in_force, book), rows, later, note is None)


def _given(stored: StoredLines, insured_number: str, book: Book, lines: LineStore) -> Iterator[tuple[str, Lines]]:
    """Of a version that is no longer in force: what was given to its own lines."""
    given = book.records(GivenNumber, f"UPLOAD#{stored.upload}", "NUMBER#")
    wanted = [each.line for each in given if each.nss == insured_number]
    for part in without_number(stored, lines) if wanted else ():
        rows = part[np.isin(part["number"], wanted)]
        if len(rows):
            yield stored.upload, Lines(rows)


def _state(upload: str, in_force: dict[str, Series], book: Book) -> str:
    if upload in in_force:
        return IN_FORCE
    outcome = book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
    return WITHDRAWN if outcome and outcome.state == WITHDRAWN else SUPERSEDED
