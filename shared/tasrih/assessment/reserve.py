"""Until when lines without an insured number, accepted in reserve, are to be completed."""

from __future__ import annotations

from datetime import date, timedelta

from tasrih import law
from tasrih.law import LawBook


def complete_by(arrived: date, decided: date, book: LawBook | None = None) -> date:
    """The last day. The days of affiliation run from the day after the one that the law's choice names.

    Raises LawNotKnown.
    """
    book = book or law.book()
    first = arrived if book.choice("complete_from").value == "arrival" else decided
    return first + timedelta(days=book.days_to_affiliate(first))
