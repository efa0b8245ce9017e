"""Declaring past years: which law applies to which of them, and what is held because no source tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Protocol

from tasrih import law
from tasrih.assessment import Extension, Proposal, assess_das, late_declaration, late_payment
from tasrih.law import Deadline, LawBook, LawNotKnown, Surcharge
from tasrih.settlement.debts import due_day
from tasrih.settlement.prescription import Prescription, prescription
from tasrih.settlement.why import Why, why
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

SURCHARGES = ("late_das", "late_das_month", "late_payment", "late_payment_month")


class _Sourced(Protocol):
    @property
    def article(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def confidence(self) -> str: ...


Question = tuple[str, str, date, Callable[[], Sequence[_Sourced]]]
"""What is asked, its name, for which day, and how."""


@dataclass(frozen=True, slots=True)
class Applies:
    """A value of the law for one part of a past year."""

    what: str
    """ "rates", "deadline" or "surcharge"."""
    name: str
    """A code, "das" or "payment", a surcharge."""
    day: date
    """For which it was asked."""
    article: str
    source: str
    valid_from: date
    confidence: str


@dataclass(frozen=True, slots=True)
class PastYear:
    year: int
    declared_on: date
    dues: Dues
    """Partly or wholly held where the rates of that year are not known."""
    applies: tuple[Applies, ...]
    held: tuple[Why, ...]
    """What no source tells: no amount rests on it."""
    proposals: tuple[Proposal, ...]
    """What lateness would cost; nothing is owed of it before an officer posts it."""
    prescription: Prescription | None
    """Of what was due; None where the law of that time is not known."""


def past_year(
    year: int,
    quarters_centimes: tuple[int, int, int, int],
    codes: Sequence[str],
    declared_on: date,
    *,
    extensions: Iterable[Extension] = (),
    book: LawBook | None = None,
) -> PastYear:
    """An annual declaration made late, under the law of its own year: rates quarter by quarter, deadline, surcharges
    from the first day of lateness. Raises ValueError for a year that is not over."""
    book, moved, period = book or law.book(), tuple(extensions), Period(year)
    if period.last_day >= declared_on:
        raise ValueError(f"{year} is not over on {declared_on}")
    dues = assess_das(quarters_centimes, year, tuple(codes), book)
    late = late_declaration(period, dues, declared_on, extensions=moved, book=book)
    unpaid = late_payment(period, dues.total_centimes, (), declared_on, extensions=moved, book=book)
    due = due_day(str(period), moved, book)
    first_late = (due or period.last_day) + timedelta(days=1)
    applies, held = _applying(period, codes, first_late, book)
    return PastYear(
        year,
        declared_on,
        dues,
        applies,
        held,
        tuple(each for each in (late, unpaid) if each),
        _prescription(due, book) if due else None,
    )


def _applying(
    period: Period, codes: Sequence[str], first_late: date, book: LawBook
) -> tuple[tuple[Applies, ...], tuple[Why, ...]]:
    applies: list[Applies] = []
    held: list[Why] = []
    for what, name, day, question in (*_rates(period, codes, book), *_lateness(period, first_late, book)):
        try:
            found = _once(question())
        except LawNotKnown:
            held.append(why("past_not_known", name=name, day=day))
        else:
            values = ((each.article, each.source, each.valid_from, each.confidence) for each in found)
            applies += [Applies(what, name, day, *each) for each in values]
    return tuple(applies), tuple(held)


def _rates(period: Period, codes: Sequence[str], book: LawBook) -> Iterator[Question]:
    for code in codes:
        for quarter in period.quarters():
            day = quarter.first_day
            yield "rates", code, day, partial(book.rates, code, day)


def _lateness(period: Period, first_late: date, book: LawBook) -> Iterator[Question]:
    for what in ("das", "payment"):
        yield "deadline", what, period.last_day, partial(_deadline, what, period, book)
    for name in SURCHARGES:
        yield "surcharge", name, first_late, partial(_surcharge, name, first_late, book)


def _deadline(what: str, period: Period, book: LawBook) -> tuple[Deadline]:
    return (book.deadline(what, period),)


def _surcharge(name: str, day: date, book: LawBook) -> tuple[Surcharge]:
    return (book.surcharge(name, day),)


def _once(found: Iterable[_Sourced]) -> list[_Sourced]:
    """One of those that say the same: the shares of a code rest on one text."""
    return list({(each.article, each.valid_from, each.confidence): each for each in found}.values())


def _prescription(due: date, book: LawBook) -> Prescription | None:
    try:
        return prescription(due, (), book)
    except LawNotKnown:
        return None
