"""An officer edits one employer by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tasrih.register.parties import Account, Employer
from tasrih.story.access import NotFound, holds
from tasrih.story.ports import Book, Changed, Replace
from tasrih.vocabulary.record import stored


class NotEdited(Exception):
    """The edit cannot be made as it stands. `field` names what is wrong, `why` is a key of messages/api.toml."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


def edit_employer(
    number: str, seen_revision: int, edited: Mapping[str, Any], officer: Account, *, book: Book
) -> Employer:
    """`edited` may hold until (ISO date or ""), size_class, codes. Raises NotFound (another agency's employer too),
    NotEdited, and Changed when somebody edited it since the officer saw it."""
    employer = book.get(Employer, f"EMPLOYER#{number}", "EMPLOYER")
    if employer is None or not holds(officer, employer):
        raise NotFound
    if employer.revision != seen_revision:
        raise Changed
    until = edited.get("until", employer.until)
    if until and not _is_day_after(until, employer.since):
        raise NotEdited("until", "not_a_later_day")
    new = replace(
        employer,
        until=until,
        size_class=edited.get("size_class", employer.size_class),
        codes=tuple(edited.get("codes", employer.codes)),
    )
    book.commit(Replace(new))
    return stored(new)


def _is_day_after(day: str, first: str) -> bool:
    try:
        return date.fromisoformat(day) >= date.fromisoformat(first)
    except ValueError:
        return False
