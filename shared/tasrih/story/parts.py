"""The declarations that an upload became, one after another, however often they were taken apart."""

from __future__ import annotations

from collections.abc import Sequence

from tasrih.story.ports import Book
from tasrih.story.records import SPLIT, Child, Outcome

AT_ONCE = 25
"""Asked about together, from the last one on: where one is undecided, the others need not be read."""


def parts_of(children: Sequence[Child], book: Book) -> list[tuple[Child, Outcome | None]]:
    """Each with its verdict, None while there is none. In place of a part that was split itself stand its own parts;
    it comes before them where something was found of it as a whole."""
    found: list[tuple[Child, Outcome | None]] = []
    for child, outcome in zip(children, _outcomes(children, book), strict=True):
        if outcome is None or outcome.state != SPLIT or outcome.counts:
            found.append((child, outcome))
        if outcome and outcome.state == SPLIT:
            found += parts_of(outcome.children, book)
    return found


def all_decided(children: Sequence[Child], book: Book) -> bool:
    last_first = children[::-1]
    for start in range(0, len(last_first), AT_ONCE):
        outcomes = _outcomes(last_first[start : start + AT_ONCE], book)
        if not all(outcome and all_decided(outcome.children, book) for outcome in outcomes):
            return False
    return True


def _outcomes(children: Sequence[Child], book: Book) -> list[Outcome | None]:
    found = book.get_many([(Outcome, (f"UPLOAD#{child.upload}", "OUTCOME")) for child in children])
    return [outcome if isinstance(outcome, Outcome) else None for outcome in found]
