"""When a debt can be claimed no longer (law 08-08, article 79)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasrih.law import LawBook
from tasrih.settlement.schedule import month_later


@dataclass(frozen=True, slots=True)
class Prescription:
    last_day: date
    """On which the debt may still be claimed, inclusive."""
    interrupted_on: tuple[date, ...]
    """By the notices that counted."""
    article: str
    confidence: str

    def over_on(self, day: date) -> bool:
        return day > self.last_day


def prescription(due: date, notified_on: Iterable[date], book: LawBook) -> Prescription:
    """Years from the due date, and anew from each formal notice that was notified in time, in any order given.

    The last day has the number of the first one, 28 February where there is no 29th. Raises LawNotKnown.
    """
    term = book.term("prescription", due)
    last, counted = month_later(due, 12 * term.value), []
    for day in sorted(set(notified_on)):
        if due < day <= last:
            last = max(last, month_later(day, 12 * term.value))
            counted.append(day)
    return Prescription(last, tuple(counted), term.article, term.confidence)
