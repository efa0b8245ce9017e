"""Days that run, and rest while an appeal is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from tasrih.settlement.appeal import Stretch

DAY = timedelta(days=1)


def last_waiting_day(event: date, days: int, resting: Iterable[Stretch]) -> date | None:
    """The last of so many days after an event, those that rest not counted; None while the end of one is not known."""
    last = event + days * DAY
    for first, until in _merged(resting):
        if first > last:
            break
        if until is None:
            return None
        if until > event:
            last += until - max(first, event + DAY) + DAY
    return last


def first_free_day(day: date, resting: Iterable[Stretch]) -> date | None:
    """The day itself, or the one after those that rest; None while their end is not known."""
    for first, until in _merged(resting):
        if first <= day and (until is None or day <= until):
            if until is None:
                return None
            day = until + DAY
    return day


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Without overlaps, in their order."""
    merged: list[Stretch] = []
    for first, until in sorted(stretches, key=lambda stretch: stretch[0]):
        before, ended = merged[-1] if merged else (first, first - 2 * DAY)
        if ended is not None and first > ended + DAY:
            merged.append((first, until))
        elif ended is not None:
            merged[-1] = before, until and max(ended, until)
    return iter(merged)
