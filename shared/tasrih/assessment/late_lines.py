"""The lines of a surcharge: a part that is due at once, then a part for each month of delay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from tasrih.assessment.months import counts_from, months_late, months_on
from tasrih.assessment.proposal import Held, SurchargeLine, unknown_law
from tasrih.assessment.rounding import share_of
from tasrih.law import LawBook, LawNotKnown, Surcharge
from tasrih.law.values import weakest

MONTHLY_CHOICES = ("started_month", "monthly_base")

Late = Callable[[date], int]
"""Day -> centimes of contributions that are late at its beginning."""


def late_lines(
    name: str, late_on: Late, until: date, first_late: date, certain: list[str], book: LawBook
) -> tuple[tuple[SurchargeLine, ...], list[Held]]:
    """The lines as they are at the end of a day, and what holds those that are missing.

    `certain` are the confidences of what the lines rest on beside rates and months. The part due at once is on what is
    late on the first late day, each month's on what is late when the month counts: so each portion is late until its
    own day, and no payment can make a line dearer.
    """
    lines: list[SurchargeLine] = []
    try:
        lines.extend(_lines(name, late_on, until, first_late, certain, book))
    except LawNotKnown as unknown:
        return tuple(lines), [unknown_law(unknown)]
    return tuple(lines), []


def surcharge_line(
    surcharge: Surcharge, base: int, first_late: date, certain: list[str], book: LawBook
) -> SurchargeLine:
    """What is due once."""
    return SurchargeLine(
        name=surcharge.name,
        base_centimes=base,
        rate=surcharge.rate,
        months=0,
        amount_centimes=share_of(base, surcharge.rate, book.choice("rounding_surcharge").value),
        article=surcharge.article,
        source=surcharge.source,
        valid_from=surcharge.valid_from,
        confidence=weakest((surcharge.confidence, *certain)),
        first_late=first_late,
        since=first_late,
        until=first_late,
    )


def _lines(
    name: str, late_on: Late, until: date, first_late: date, certain: list[str], book: LawBook
) -> Iterator[SurchargeLine]:
    if until < first_late or not late_on(first_late):
        return
    once = book.surcharge(name, first_late)
    yield surcharge_line(once, late_on(first_late), first_late, certain, book)
    started = book.choice("started_month").value
    months = range(1, months_late(first_late, until, started) + 1)
    certain = [*certain, *(book.choice(each).confidence for each in MONTHLY_CHOICES)]
    for late, run in groupby(months, key=lambda month: late_on(counts_from(first_late, month, started))):
        if late:
            monthly = book.surcharge(f"{name}_month", first_late)
            one = surcharge_line(monthly, _monthly_base(late, once, book), first_late, certain, book)
            yield _months_line(one, tuple(run))


def _monthly_base(late: int, once: Surcharge, book: LawBook) -> int:
    if book.choice("monthly_base").value == "contributions":
        return late
    return late + share_of(late, once.rate, book.choice("rounding_surcharge").value)


def _months_line(one: SurchargeLine, months: tuple[int, ...]) -> SurchargeLine:
    """The line of one month, taken for several in a row."""
    return replace(
        one,
        months=len(months),
        amount_centimes=one.amount_centimes * len(months),
        since=months_on(one.first_late, months[0] - 1),
        until=months_on(one.first_late, months[-1]) - timedelta(days=1),
    )
