"""Whether an employer declares and pays by the month or by the quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tasrih import law
from tasrih.law import LawBook, Term
from tasrih.law.values import weakest

MONTHLY, QUARTERLY = "monthly", "quarterly"


@dataclass(frozen=True, slots=True)
class ContributorClass:
    name: str
    """ "monthly" or "quarterly"."""
    headcount: int
    threshold: Term
    confidence: str
    """Of what it rests on: at the threshold itself on a choice too."""


def contributor_class(headcount: int, day: date, book: LawBook | None = None) -> ContributorClass:
    """By the number of workers, under the law of a day. Raises LawNotKnown."""
    book = book or law.book()
    threshold, exactly = book.term("monthly_workers", day), book.choice("exactly_ten")
    if headcount == threshold.value:
        return ContributorClass(
            exactly.value, headcount, threshold, weakest((threshold.confidence, exactly.confidence))
        )
    name = MONTHLY if headcount > threshold.value else QUARTERLY
    return ContributorClass(name, headcount, threshold, threshold.confidence)
