"""Stored lines that may be read: not those of a filing that never counted, nor those whose time is over."""

from __future__ import annotations

from collections.abc import Iterable

from tasrih.story.filings import COUNTS, StoredLines
from tasrih.story.ports import Book
from tasrih.vocabulary.record import Record


def kept_lines(upload: str, book: Book) -> StoredLines | None:
    found = book.get(StoredLines, f"UPLOAD#{upload}", "LINES")
    return found if found and found.state == COUNTS else None


def all_kept(uploads: Iterable[str], book: Book) -> list[StoredLines]:
    keys: list[tuple[type[Record], tuple[str, str]]] = [(StoredLines, (f"UPLOAD#{each}", "LINES")) for each in uploads]
    found = book.get_many(keys)
    return [each for each in found if isinstance(each, StoredLines) and each.state == COUNTS]
