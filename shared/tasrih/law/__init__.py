"""What the law says, on which day: dated, sourced values. What has no source raises `LawNotKnown`."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from tasrih.law import loader
from tasrih.law.book import LawBook
from tasrih.law.values import (
    FIRM,
    PROVISIONAL,
    Basis,
    Choice,
    Contents,
    DayOff,
    Deadline,
    LawNotKnown,
    MinimumWage,
    Rate,
    ReducedCode,
    Scheme,
    Surcharge,
    Term,
)
from tasrih.vocabulary.money import Centimes

__all__ = [
    "FIRM",
    "LAW_VERSION",
    "PROVISIONAL",
    "Basis",
    "Choice",
    "Contents",
    "DayOff",
    "Deadline",
    "LawBook",
    "LawNotKnown",
    "MinimumWage",
    "Rate",
    "ReducedCode",
    "Scheme",
    "Surcharge",
    "Term",
    "book",
    "changes_within",
    "choice",
    "minimum_wage",
    "minimum_wage_centimes",
    "rates",
]

LAW_VERSION = "2026-11-25.1022641c"
"""Day of the last change to `data/`, and the digest of its files: a test refuses data that changed without it."""


def book(known_on: date | None = None) -> LawBook:
    """The law as this version holds it: all of it, or what had been published by a day.

    A value whose day of publication is not known counts as known from its own first day on, but not before it was
    signed; `Basis.published_on` is None then.
    """
    return _known_on(known_on) if known_on else _known_today()


@cache
def _known_today() -> LawBook:
    return loader.read(loader.texts(), LAW_VERSION)


@lru_cache(maxsize=8)
def _known_on(day: date) -> LawBook:
    return _known_today().as_known_on(day)


def rates(code: str, day: date) -> tuple[Rate, ...]:
    """The split of a contribution code by branch and share on a day. Raises LawNotKnown."""
    return book().rates(code, day)


def changes_within(code: str, first_day: date, last_day: date) -> bool:
    """Whether a rate of the code changes between the two days, both inclusive."""
    return book().changes_within(code, first_day, last_day)


def minimum_wage(day: date) -> MinimumWage:
    """The monthly minimum wage (SNMG) on a day. Raises LawNotKnown."""
    return book().minimum_wage(day)


def minimum_wage_centimes(day: date) -> Centimes:
    """The monthly minimum wage alone, in centimes. Raises LawNotKnown."""
    return book().minimum_wage(day).centimes


def choice(name: str) -> Choice:
    """What the sources leave open, decided by name ("rounding"). Raises KeyError."""
    return book().choice(name)
