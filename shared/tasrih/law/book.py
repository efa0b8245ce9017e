"""The law as it is held here: values with the day they count from and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from tasrih.vocabulary.money import Centimes

T = TypeVar("T")

FIRM = "firm"
PROVISIONAL = "provisional"


class LawNotKnown(Exception):
    """No source says what held on that day: the amount is held, never guessed."""

    def __init__(self, what: str, day: date) -> None:
        super().__init__(f"{what} on {day.isoformat()}")
        self.what = what
        self.day = day


@dataclass(frozen=True, slots=True)
class Basis:
    """What a value rests on."""

    source: str
    article: str
    """The text ("executive decree 94-187"), or "unknown"."""
    confidence: str
    """"firm" or "provisional"."""
    read_on: date
    published_on: date | None
    """Day of the official journal; None where it is not known. A replay of what was known then will ask for it."""
    gazette: str
    from_known_to: str
    """"day", "year", "at_least" or "recalled"."""


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value from a day on (inclusive), until the next one's day. None stands for "unknown"."""

    valid_from: date
    value: T | None
    basis: Basis


Series = tuple[Dated[T], ...]
"""In the order of `valid_from`, no day twice. Before the first, nothing is known."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one branch gets from one share of a contribution code."""

    code: str
    branch: str
    share: str
    """"employer", "worker" or "social_works"."""
    rate: Decimal
    """In per cent of the base: Decimal("11.50")."""
    article: str
    source: str
    valid_from: date
    confidence: str


@dataclass(frozen=True, slots=True)
class MinimumWage:
    centimes: Centimes
    """Per month."""
    valid_from: date
    confidence: str
    article: str
    source: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What the sources leave open, decided by name."""

    name: str
    value: str
    may_be: tuple[str, ...]
    reason: str
    source: str
    confidence: str


@dataclass(frozen=True)
class LawBook:
    """All of the law that is held. Asking for what is not known raises LawNotKnown."""

    version: str
    contributions: Mapping[str, Series[tuple[Rate, ...]]]
    totals: Mapping[str, Decimal]
    """Codes of which only the total is known, in per cent. No amount rests on it."""
    minimum_wages: Series[Centimes]
    affiliation_days: Series[int]
    choices: Mapping[str, Choice]

    def rates(self, code: str, day: date) -> tuple[Rate, ...]:
        """The split of a code by branch and share. Raises LawNotKnown."""
        return _known(_at(self.contributions.get(code, ()), day), code, day)

    def changes_within(self, code: str, first_day: date, last_day: date) -> bool:
        """Whether a rate of the code becomes another between the two days, both inclusive. A better source for the
        same rates is no change; becoming known or unknown is one."""
        series = self.contributions.get(code, ())
        held = [_at(series, first_day), *(one for one in series if first_day < one.valid_from <= last_day)]
        return len({_figures(one) for one in held}) > 1

    def minimum_wage(self, day: date) -> MinimumWage:
        """Raises LawNotKnown."""
        dated = _at(self.minimum_wages, day)
        centimes = _known(dated, "SNMG", day)
        assert dated is not None
        basis = dated.basis
        return MinimumWage(centimes, dated.valid_from, basis.confidence, basis.article, basis.source)

    def days_to_affiliate(self, day: date) -> int:
        """Raises LawNotKnown."""
        return _known(_at(self.affiliation_days, day), "AFFILIATION", day)

    def choice(self, name: str) -> Choice:
        """Raises KeyError for a name that nobody decided."""
        return self.choices[name]


def _at(series: Series[T], day: date) -> Dated[T] | None:
    return next((one for one in reversed(series) if one.valid_from <= day), None)


def _known(dated: Dated[T] | None, what: str, day: date) -> T:
    if dated is None or dated.value is None:
        raise LawNotKnown(what, day)
    return dated.value


def _figures(dated: Dated[tuple[Rate, ...]] | None) -> frozenset[tuple[str, str, Decimal]] | None:
    if dated is None or dated.value is None:
        return None
    return frozenset((rate.branch, rate.share, rate.rate) for rate in dated.value)
