"""Insured numbers that an employer gave later, for workers declared without one.

What is written is one record for each number given to a worker; which lines of the filing in force have a number now is
derived from them each time. A new version of the same filing that still lacks a number given before has it too: it
belongs to the person, and nobody gives it twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasrih.story.filings import Series, StoredLines, Version
from tasrih.story.kept_lines import kept_lines
from tasrih.story.ports import Book, LineStore
from tasrih.vocabulary.record import Key, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNumber(Record):
    """The insured number of a worker who was declared without one, as the employer gave it later."""

    KIND: ClassVar[str] = "given_number"
    upload: str
    line: int
    """The worker's first one."""
    turn: int
    """1 for the first; a correction is a record of its own."""
    nss: str
    """ "" when its time is over."""
    by: str
    """Account."""
    at: datetime

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", f"NUMBER#{self.line:06d}#{self.turn:04d}")


class Person(NamedTuple):
    """Who is meant, as a line names them."""

    surname: str
    first_name: str
    birth: str


def numbers_given(series: Series, stored: StoredLines, *, book: Book, lines: LineStore) -> dict[int, str]:
    """Line of the filing in force -> number: the one given to its worker, else what was given to the same person in
    the latest earlier version that has one. `stored` are the lines of that filing."""
    given = _of_upload(series.upload, book)
    carried = _carried(series, book, lines) if series.version > 1 else {}
    found: dict[int, str] = {}
    for rows in workers_without_number(series, stored, lines) if given or carried else ():
        places = rows["number"].tolist()
        number = next((given[line] for line in places if line in given), carried.get(person_of(rows[0]), ""))
        found |= dict.fromkeys(places if number else (), number)
    return found


def workers_without_number(series: Series, stored: StoredLines, lines: LineStore) -> list[NDArray[np.void]]:
    """The lines of each, by the first of them. In a nominal DAC a worker has one for each code: of one name, there are
    as many workers as one code has lines."""
    rows = np.concatenate(list(without_number(stored, lines)))
    rows = rows[np.argsort(rows["number"], kind="stable")]
    if series.kind != "DAC":
        return list(rows.reshape(-1, 1))
    met: Counter[tuple[Person, str]] = Counter()
    workers: dict[tuple[Person, int], list[int]] = {}
    for place, row in enumerate(rows):
        person, code = person_of(row), text_of(row["code"])
        workers.setdefault((person, met[person, code]), []).append(place)
        met[person, code] += 1
    return [rows[places] for places in workers.values()]


def without_number(stored: StoredLines, lines: LineStore) -> Iterator[NDArray[np.void]]:
    """They stand in front: nobody's hash is the lowest."""
    for part in lines.read(stored):
        nobody = part.rows["nss"] == b""
        yield part.rows[nobody]
        if not nobody.all():
            return


def person_of(row: Any) -> Person:
    return Person(text_of(row["surname"]), text_of(row["first_name"]), text_of(row["birth"]))


def text_of(stored: Any) -> str:
    return bytes(stored).decode("utf-8", "replace").strip()


def _of_upload(upload: str, book: Book) -> dict[int, str]:
    """Of each line, the number given last; none where its time is over."""
    given = book.records(GivenNumber, f"UPLOAD#{upload}", "NUMBER#")
    return {record.line: record.nss for record in given if record.nss}


def _carried(series: Series, book: Book, lines: LineStore) -> dict[Person, str]:
    """Two numbers for one name are two people, and a name without first name or birth is nobody in particular."""
    found: dict[Person, set[str]] = {}
    versions = book.records(Version, f"EMPLOYER#{series.employer}", f"VERSION#{series.kind}#{series.period}#")
    for version in sorted(versions, key=lambda each: each.version, reverse=True):
        given = _of_upload(version.upload, book) if version.upload != series.upload else {}
        stored = kept_lines(version.upload, book) if given else None
        here: dict[Person, set[str]] = {}
        for rows in without_number(stored, lines) if stored else ():
            for row in rows[np.isin(rows["number"], list(given))]:
                here.setdefault(person_of(row), set()).add(given[int(row["number"])])
        found = here | found
    return {person: min(numbers) for person, numbers in found.items() if len(numbers) == 1 and all(person)}
