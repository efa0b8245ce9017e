"""Deadlines that were moved: extensions, and attested outages, each a dated decision by scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tasrih.law import Deadline, LawBook
from tasrih.vocabulary.period import Period

EXTENSION, OUTAGE = "extension", "outage"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Extension:
    """A decision: what falls due from one day until another is in time until that other day."""

    scope: str
    """ "all", "agency:16000" or "employer:1699999901"."""
    kind: str
    """ "extension" of a deadline, or "outage" (attested: declaring or paying was not possible)."""
    what: tuple[str, ...]
    """Of "das", "dac", "payment"."""
    first: date
    until: date
    """Last day in time, inclusive."""
    reason: str
    """As the decision gives it, shown as it is."""
    decided_on: date


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day in time, with what moved it."""

    deadline: Deadline
    moved_by: tuple[Extension, ...] = ()
    """In the order in which they moved it."""

    @property
    def day(self) -> date:
        return self.moved_by[-1].until if self.moved_by else self.deadline.day

    @property
    def first_late(self) -> date:
        return self.day + timedelta(days=1)


def extensions_for(extensions: Iterable[Extension], employer: str, agency: str) -> tuple[Extension, ...]:
    """Those whose scope the employer (ten digits) of an agency (code of its centre) is in."""
    scopes = (ALL, f"agency:{agency}", f"employer:{employer}")
    return tuple(each for each in extensions if each.scope in scopes)


def last_day(what: str, period: Period, extensions: Iterable[Extension], book: LawBook) -> LastDay:
    """Until when something is in time. `extensions` are those that apply to the employer, in any order.

    What moved a deadline may be moved again by another. What a year's declaration adds is due with it, so whoever may
    declare later may pay that later. Raises as `LawBook.deadline` does.
    """
    deadline, of_year = book.deadline(what, period), not (period.month or period.quarter)
    return LastDay(deadline, movers(deadline.day, {what, "das"} if of_year else {what}, extensions))


def movers(day: date, what: Collection[str], extensions: Iterable[Extension]) -> tuple[Extension, ...]:
    """The decisions about any of these that move a last day, in the order in which they do."""
    open_ones, moved_by = [each for each in extensions if set(what) & set(each.what)], []
    while found := [each for each in open_ones if each.first <= day < each.until]:
        farthest = max(found, key=lambda each: (each.until, each.decided_on, each.scope, each.reason))
        moved_by.append(farthest)
        day = farthest.until
    return tuple(moved_by)
