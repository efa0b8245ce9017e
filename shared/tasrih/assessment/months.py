"""Months of delay, counted from the first late day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

COUNTS, WHOLE_MONTHS = "counts", "whole_months"
"""Of the law's choice `started_month`."""


def months_on(first_late: date, months: int) -> date:
    """The day that has the same number so many months later; the first of the next month where there is none.

    From 1 February the months are those of the calendar; from 31 January they end on 28 or 29 February, 30 March,
    30 April: each on the eve of this day.
    """
    whole = first_late.year * 12 + first_late.month - 1 + months
    year, month = whole // 12, whole % 12 + 1
    length = monthrange(year, month)[1]
    day = date(year, month, min(first_late.day, length))
    return day if first_late.day <= length else day + timedelta(days=1)


def counts_from(first_late: date, month: int, started_month: str) -> date:
    """The day from which the n-th month of delay (1, 2, …) counts: its first day where a started month counts, else
    the day after its last."""
    return months_on(first_late, month - 1 if started_month == COUNTS else month)


def months_late(first_late: date, day: date, started_month: str) -> int:
    """How many months count on a day. None before the first late day."""
    if day < first_late:
        return 0
    gone = (day.year - first_late.year) * 12 + day.month - first_late.month
    if months_on(first_late, gone) > day:
        gone -= 1
    return gone + 1 if started_month == COUNTS else gone
