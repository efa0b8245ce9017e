"""Lines whose time is over: all of a filing, or those that nobody ever gave a number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tasrih.story.access import NotFound, filing_in_force
from tasrih.story.filings import EXPIRED, StoredLines
from tasrih.story.given_numbers import GivenNumber, numbers_given
from tasrih.story.ports import Book, LineStore, Replace
from tasrih.story.records import Ticket
from tasrih.story.removal import LINES
from tasrih.story.removal_ports import RewritableLines
from tasrih.vocabulary.record import stored as written


def may_expire(upload: str, kind: str, book: Book) -> bool:
    """Of a filing that another one replaced, numbers given to its lines may be those of the one in force: such lines
    stay as long as lines in force do."""
    return kind == LINES or not any(given.nss for given in book.records(GivenNumber, f"UPLOAD#{upload}", "NUMBER#"))


def expire(stored: StoredLines, *, book: Book, lines: LineStore) -> int:
    """How many lines there were. From the first commit on nobody reads them. Raises Busy, Changed."""
    if stored.state != EXPIRED:
        book.commit(Replace(replace(stored, state=EXPIRED)))
    for given in book.records(GivenNumber, f"UPLOAD#{stored.upload}", "NUMBER#"):
        if given.nss:
            book.commit(Replace(replace(given, nss="")))
    lines.remove(stored)
    return stored.lines


def drop_reserve(ticket: Ticket, stored: StoredLines, *, book: Book, lines: RewritableLines) -> int:
    """How many lines without a number were dropped; those that were given one stay. While chunks are being rewritten
    the record says so, and their digest is not compared. Raises Busy, Changed."""
    try:
        series = filing_in_force(ticket, book)
    except NotFound:  # replaced or withdrawn meanwhile: its lines have another time
        return 0
    given = list(numbers_given(series, stored, book=book, lines=lines))

    def kept(rows: NDArray[np.void]) -> NDArray[np.bool_]:
        known: NDArray[np.bool_] = (rows["nss"] != b"") | np.isin(rows["number"], given)
        return known

    if not stored.rewriting:
        stored = replace(stored, rewriting=True)
        book.commit(Replace(stored))
        stored = written(stored)
    dropped, digest = lines.rewrite(stored, kept)
    book.commit(Replace(replace(stored, digest=digest, rewriting=False)))
    return dropped
