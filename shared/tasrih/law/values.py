"""What the law says, as frozen values: each with the day it counts from and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    """The text ("executive decree 94-187", "law 83-14, article 16"), or "unknown"."""
    confidence: str
    """"firm" or "provisional"."""
    read_on: date
    published_on: date | None
    """Day of the official journal; None where it is not known."""
    gazette: str
    from_known_to: str
    """"day", "publication", "signature", "year", "at_least" or "recalled"."""
    signed_on: date | None = None
    """Day that the text bears, where known: it was not known to anybody before."""

    def known_from(self, valid_from: date) -> date:
        """The day of publication. Where that is not known: the value's own first day, but not before it was signed."""
        return self.published_on or max(valid_from, self.signed_on or valid_from)


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
class ReducedCode:
    """A code whose division over branches and shares no source tells: no amount rests on it."""

    code: str
    total: Decimal | None
    """In per cent of the base, as an indication; None where no figure can be trusted."""
    unknown: tuple[str, ...]
    """Of "total", "split", "from" (since when it holds)."""
    source: str
    read_on: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which something is in time."""

    what: str
    """"das", "dac" or "payment"."""
    day: date
    """After the choice `deadline_on_day_off`."""
    nominal: date
    """As the text counts it."""
    article: str
    source: str
    valid_from: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Surcharge:
    """In per cent of what is owed late."""

    name: str
    rate: Decimal
    article: str
    source: str
    valid_from: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Term:
    """A number that the law sets: days to appeal, a threshold, a cut."""

    name: str
    value: int
    unit: str
    """"days", "years", "workers", "centimes" or "per_cent"."""
    article: str
    source: str
    valid_from: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a paper must state, or be void."""

    name: str
    items: tuple[str, ...]
    article: str
    source: str
    valid_from: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A measure under which debtors get a plan and are forgiven surcharges."""

    name: str
    article: str
    open_from: date
    open_until: date
    """Last day to apply, inclusive."""
    waives: tuple[str, ...]
    """Names of surcharges."""
    waived_after_last_instalment: bool
    needs_current_paid: bool
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which offices are closed."""

    day: date
    name: str
    """"weekend", "yennayer", "eid_al_fitr", …: each has a sentence "day_…" in messages/law.toml."""
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What the sources leave open, decided by name."""

    name: str
    value: str
    may_be: tuple[str, ...]
    reason: str
    source: str
    confidence: str

    @property
    def number(self) -> int:
        """Of a choice that is a number (`certificate_days`). Raises ValueError for any other."""
        return int(self.value)

    def being(self, value: str) -> Choice:
        """Decided otherwise: the sources speak for the value of the data, of another nothing is firm.

        Raises ValueError for a value that it may not have.
        """
        if value not in self.may_be:
            raise ValueError(f"{self.name}: {value!r} is none of the values it may have")
        return replace(self, value=value, confidence=self.confidence if value == self.value else PROVISIONAL)


def at(series: Series[T], day: date) -> Dated[T] | None:
    """What is held for a day; None before the first."""
    return next((one for one in reversed(series) if one.valid_from <= day), None)


def held(series: Series[T], what: str, day: date) -> tuple[T, Dated[T]]:
    """The value of a day with what it rests on. Raises LawNotKnown."""
    dated = at(series, day)
    if dated is None or dated.value is None:
        raise LawNotKnown(what, day)
    return dated.value, dated


def weakest(confidences: Iterable[str]) -> str:
    """What rests on several values is firm only where all are."""
    return FIRM if all(each == FIRM for each in confidences) else PROVISIONAL
