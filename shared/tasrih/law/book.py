"""The law as it is held here: asked by day, it answers with dated, sourced values or raises LawNotKnown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from tasrih.law.calendar import Calendar
from tasrih.law.values import (
    Choice,
    Contents,
    Dated,
    DayOff,
    Deadline,
    LawNotKnown,
    MinimumWage,
    Rate,
    ReducedCode,
    Scheme,
    Series,
    Surcharge,
    Term,
    at,
    held,
    weakest,
)
from tasrih.vocabulary.money import Centimes
from tasrih.vocabulary.period import Period

T = TypeVar("T")

Amount = tuple[int, str]
"""A number and its unit: (15, "days")."""
DEADLINES = {"das": (True,), "dac": (False,), "payment": (True, False)}
"""What has a deadline -> of a year, of a month or quarter."""


@dataclass(frozen=True)
class LawBook:
    """All of the law that is held. Asking for what is not known raises LawNotKnown."""

    version: str
    contributions: Mapping[str, Series[tuple[Rate, ...]]]
    reduced_codes: Mapping[str, ReducedCode]
    minimum_wages: Series[Centimes]
    affiliation_days: Series[int]
    deadline_days: Mapping[str, Series[int]]
    """ "das", "dac", "payment" -> days after the end of the period."""
    surcharges: Mapping[str, Series[Decimal]]
    terms: Mapping[str, Series[Amount]]
    contents: Mapping[str, Series[tuple[str, ...]]]
    scheme_windows: Mapping[str, Series[Scheme]]
    """An extension is a later one of the same name."""
    calendar: Calendar
    not_found: Mapping[str, date]
    """What no source tells -> day of the last search."""
    choices: Mapping[str, Choice]

    @property
    def totals(self) -> dict[str, Decimal]:
        """Codes of which only the total is known, in per cent. No amount rests on it."""
        return {code: each.total for code, each in self.reduced_codes.items() if each.total is not None}

    def rates(self, code: str, day: date) -> tuple[Rate, ...]:
        """The split of a code by branch and share. Raises LawNotKnown."""
        return held(self.contributions.get(code, ()), code, day)[0]

    def changes_within(self, code: str, first_day: date, last_day: date) -> bool:
        """Whether a rate of the code becomes another between the two days, both inclusive. A better source for the
        same rates is no change; becoming known or unknown is one."""
        series = self.contributions.get(code, ())
        states = [at(series, first_day), *(one for one in series if first_day < one.valid_from <= last_day)]
        return len({_figures(one) for one in states}) > 1

    def minimum_wage(self, day: date) -> MinimumWage:
        """Raises LawNotKnown."""
        centimes, dated = held(self.minimum_wages, "SNMG", day)
        basis = dated.basis
        return MinimumWage(centimes, dated.valid_from, basis.confidence, basis.article, basis.source)

    def days_to_affiliate(self, day: date) -> int:
        """Raises LawNotKnown."""
        return held(self.affiliation_days, "AFFILIATION", day)[0]

    def deadline(self, what: str, period: Period) -> Deadline:
        """The last day in time, by the law of the day after the period.

        `what` is "das" (of a year), "dac" (of a month or quarter) or "payment" (of a month or quarter; of a year: what
        the DAS leaves to pay, due with it as the choice `difference_due` says). Raises LawNotKnown, and ValueError
        where `what` and the period do not go together.
        """
        of_year = not (period.month or period.quarter)
        if of_year not in DEADLINES[what]:
            raise ValueError(f"no deadline {what!r} of {period}")
        if of_year and what == "payment":
            return self._difference_due(period)
        days, dated = held(self.deadline_days[what], what, period.last_day + timedelta(days=1))
        nominal, confidences = period.last_day + timedelta(days=days), [dated.basis.confidence]
        if of_year:
            counted = self.choice("das_deadline")
            nominal = date(period.year + 1, 1, 31) if counted.value == "31_january" else nominal
            confidences.append(counted.confidence)
        day = nominal
        if self.choice("deadline_on_day_off").value == "next_working_day":
            day = self.next_working_day(nominal)
            passed = (self.day_off(nominal + timedelta(days=each)) for each in range((day - nominal).days))
            confidences += [off.confidence for off in passed if off]
        basis = dated.basis
        return Deadline(what, day, nominal, basis.article, basis.source, dated.valid_from, weakest(confidences))

    def _difference_due(self, period: Period) -> Deadline:
        due = self.choice("difference_due")
        if due.value != "with_das":
            raise LawNotKnown("payment", period.last_day + timedelta(days=1))
        das = self.deadline("das", period)
        return replace(das, what="payment", confidence=weakest((das.confidence, due.confidence)))

    def surcharge(self, name: str, day: date) -> Surcharge:
        """`day` is the first day of lateness. Raises LawNotKnown."""
        rate, dated = held(self.surcharges.get(name, ()), name, day)
        basis = dated.basis
        return Surcharge(name, rate, basis.article, basis.source, dated.valid_from, basis.confidence)

    def term(self, name: str, day: date) -> Term:
        """ "local_appeal", "formal_notice", "prescription", "commission_threshold", … Raises LawNotKnown."""
        (value, unit), dated = held(self.terms.get(name, ()), name, day)
        basis = dated.basis
        return Term(name, value, unit, basis.article, basis.source, dated.valid_from, basis.confidence)

    def contents_of(self, name: str, day: date) -> Contents:
        """What a paper ("formal_notice") must state, or be void. Raises LawNotKnown."""
        items, dated = held(self.contents.get(name, ()), name, day)
        basis = dated.basis
        return Contents(name, items, basis.article, basis.source, dated.valid_from, basis.confidence)

    def schemes(self, day: date) -> tuple[Scheme, ...]:
        """Those known to be open on that day; none is no proof that there was none."""
        last = (at(windows, day) for windows in self.scheme_windows.values())
        return tuple(one.value for one in last if one and one.value and day <= one.value.open_until)

    def day_off(self, day: date) -> DayOff | None:
        """None on a working day."""
        return self.calendar.day_off(day)

    def is_working_day(self, day: date) -> bool:
        return self.day_off(day) is None

    def next_working_day(self, day: date) -> date:
        """The day itself where it is one, else the first after it."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def reduced(self, code: str) -> ReducedCode:
        """What is known of a reduced code, and what is not. Raises KeyError for any other."""
        return self.reduced_codes[code]

    def choice(self, name: str) -> Choice:
        """Raises KeyError for a name that nobody decided."""
        return self.choices[name]

    def choosing(self, **values: str | int) -> LawBook:
        """The same law under other choices: `choosing(started_month="counts", certificate_days=30)`.

        Raises KeyError for an unknown name, ValueError for a value that it may not have.
        """
        changed = {name: self.choice(name).being(str(value)) for name, value in values.items()}
        return replace(self, choices={**self.choices, **changed})

    def all_series(self) -> Iterator[tuple[str, str, Series[Any]]]:
        """Everything dated: subject ("surcharges"), name ("late_das"), its values."""
        named: dict[str, Mapping[str, Series[Any]]] = {
            "contributions": self.contributions,
            "minimum_wage": {"SNMG": self.minimum_wages},
            "affiliation": {"AFFILIATION": self.affiliation_days},
            "deadlines": self.deadline_days,
            "surcharges": self.surcharges,
            "schemes": self.scheme_windows,
            "terms": self.terms,
            "contents": self.contents,
            "days_off": {"weekend": self.calendar.weekends},
        }
        return ((subject, name, series) for subject, each in named.items() for name, series in each.items())

    def as_known_on(self, day: date) -> LawBook:
        """What had been published by then. Choices and indications have no day of publication: they stay."""
        return replace(
            self,
            version=f"{self.version}@{day.isoformat()}",
            contributions={name: _known(series, day) for name, series in self.contributions.items()},
            minimum_wages=_known(self.minimum_wages, day),
            affiliation_days=_known(self.affiliation_days, day),
            deadline_days={name: _known(series, day) for name, series in self.deadline_days.items()},
            surcharges={name: _known(series, day) for name, series in self.surcharges.items()},
            terms={name: _known(series, day) for name, series in self.terms.items()},
            contents={name: _known(series, day) for name, series in self.contents.items()},
            scheme_windows={name: _known(series, day) for name, series in self.scheme_windows.items()},
            calendar=self.calendar.as_known_on(day),
        )


def _known(series: Series[T], day: date) -> Series[T]:
    return tuple(one for one in series if one.basis.known_from(one.valid_from) <= day)


def _figures(dated: Dated[tuple[Rate, ...]] | None) -> frozenset[tuple[str, str, Decimal]] | None:
    if dated is None or dated.value is None:
        return None
    return frozenset((rate.branch, rate.share, rate.rate) for rate in dated.value)
