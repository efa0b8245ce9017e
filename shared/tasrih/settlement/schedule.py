"""Instalments: equal parts on monthly days that add up to the centime."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasrih import law
from tasrih.assessment import Extension, movers
from tasrih.law import LawBook
from tasrih.settlement.policy import Policy, policy


@dataclass(frozen=True, slots=True)
class Instalment:
    number: int
    """1, 2, …"""
    day: date
    """Last day in time."""
    centimes: int


def schedule(
    total_centimes: int, first: date, number: int, *, book: LawBook | None = None, rules: Policy | None = None
) -> tuple[Instalment, ...]:
    """So many instalments, from a first day on.

    The parts are equal in whole centimes; the choice `instalment_rest` says which one carries what they leave over. The
    days are those of the first one's number; a month without it has its last day instead, and the next has the number
    again. A day off stays or moves as the law's choice `deadline_on_day_off` says. Raises ValueError for less than one
    instalment, or less than a centime for each.
    """
    book, rules = book or law.book(), rules or policy()
    if not 1 <= number <= total_centimes:
        raise ValueError(f"{total_centimes} centimes in {number} instalments")
    part, rest = divmod(total_centimes, number)
    bears = 1 if rules.choice("instalment_rest").value == "first" else number
    return tuple(
        Instalment(each, _day(first, each - 1, book), part + (rest if each == bears else 0))
        for each in range(1, number + 1)
    )


def month_later(day: date, months: int) -> date:
    """The same number so many months later, or the last day of a month that has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def moved(day: date, extensions: Iterable[Extension]) -> date:
    """A last day to pay, after the extensions and attested outages that apply to the employer."""
    by = movers(day, {"payment"}, extensions)
    return by[-1].until if by else day


def _day(first: date, months: int, book: LawBook) -> date:
    day = month_later(first, months)
    return book.next_working_day(day) if book.choice("deadline_on_day_off").value == "next_working_day" else day
