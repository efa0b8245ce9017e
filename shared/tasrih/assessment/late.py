"""What comes late: surcharges on a declaration (law 83-14, article 16) and on payments (article 24), as proposals.

Lateness counts from the day of arrival, value or counter; when anything was processed plays no part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import zip_longest

from tasrih import law
from tasrih.assessment.extension import Extension, LastDay, last_day
from tasrih.assessment.late_lines import MONTHLY_CHOICES, late_lines
from tasrih.assessment.proposal import LATE_DAS, LATE_PAYMENT, Held, Proposal, proposal, unknown_law
from tasrih.law import LawBook, LawNotKnown
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Refused:
    """A declaration that was refused, and mended later."""

    arrived: date
    refused_on: date
    """The day its sender was told."""


def late_declaration(
    period: Period,
    dues: Dues,
    arrived: date,
    *,
    difference: Dues | None = None,
    extensions: Iterable[Extension] = (),
    refused: Refused | None = None,
    book: LawBook | None = None,
) -> Proposal | None:
    """Of an annual declaration; None when it came in time, or nothing is owed.

    `dues` are those of the year, `difference` what it adds to the periodic declarations (`dues_to_add`): the choice
    `late_das_base` takes one of them. `arrived` is the day on which the last of what it needs arrived; as long as
    nothing has, the day on which one reckons. `extensions` are those that apply to the employer. Dues that are held
    hold their surcharge. Raises ValueError for a period that is no year.
    """
    book = book or law.book()
    base, held = _declared(dues, difference, book)
    if not base and not held:
        return None
    choices = ("late_das_base", *MONTHLY_CHOICES, *(("refused_then_mended",) if refused else ()))
    found = proposal(LATE_DAS, period, arrived, base, book, choices)
    try:
        last = last_day("das", period, extensions, book)
    except LawNotKnown as unknown:
        return replace(found, held=(*held, unknown_law(unknown))) if arrived >= unknown.day else None
    if arrived <= last.day or _mended_in_time(refused, arrived, last, book):
        return None
    certain = [last.deadline.confidence, book.choice("late_das_base").confidence]
    lines, unknowns = late_lines(LATE_DAS, lambda _: base, arrived, last.first_late, certain, book)
    return replace(found, last_day=last, lines=lines, held=(*held, *unknowns))


def late_payment(
    period: Period,
    principal_centimes: int,
    payments: Iterable[tuple[date, int]],
    as_of: date,
    *,
    extensions: Iterable[Extension] = (),
    book: LawBook | None = None,
) -> Proposal | None:
    """Of the contributions of a period, as it is at the end of a day; None when none was late by then.

    `payments` are value days (day at the counter) and centimes, in any order: each portion is late until its own day.
    One that bounced is left out by who asks. Of a year, the principal is what its declaration adds. Raises ValueError
    for a payment below zero.
    """
    book = book or law.book()
    paid = tuple(payments)
    if any(centimes < 0 for _, centimes in paid):
        raise ValueError("a payment below zero")

    def unpaid(day: date) -> int:
        return max(0, principal_centimes - sum(centimes for valued, centimes in paid if valued < day))

    found = proposal(LATE_PAYMENT, period, as_of, principal_centimes, book, MONTHLY_CHOICES)
    found = replace(found, paid=tuple(sorted(each for each in paid if each[0] <= as_of)))
    try:
        last = last_day("payment", period, extensions, book)
    except LawNotKnown as unknown:
        late = as_of >= unknown.day and unpaid(unknown.day)
        return replace(found, held=(unknown_law(unknown),)) if late else None
    lines, held = late_lines(LATE_PAYMENT, unpaid, as_of, last.first_late, [last.deadline.confidence], book)
    return replace(found, last_day=last, lines=lines, held=tuple(held)) if lines or held else None


def _declared(dues: Dues, difference: Dues | None, book: LawBook) -> tuple[int, list[Held]]:
    """Base of the surcharge, and what holds a part of it."""
    if book.choice("late_das_base").value == "difference_to_dacs":
        if difference is None:
            return 0, [("difference_not_given", "")]
        dues = difference
    details = dues.held_details[: len(dues.held_because)]
    return dues.total_centimes, list(zip_longest(dues.held_because, details, fillvalue=""))


def _mended_in_time(refused: Refused | None, arrived: date, last: LastDay, book: LawBook) -> bool:
    """The first file came in time, and the mended one within the days from the refusal that the choice gives."""
    if refused is None or refused.arrived > last.day or book.choice("refused_then_mended").value == "late":
        return False
    return arrived <= refused.refused_on + timedelta(days=book.choice("refused_then_mended_days").number)
