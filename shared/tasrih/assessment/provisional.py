"""No declaration: what the fund may set from the period before (law 83-14, article 15). An officer decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from tasrih import law
from tasrih.assessment.dues import totals_by_share
from tasrih.assessment.extension import Extension, LastDay, last_day
from tasrih.assessment.late_lines import surcharge_line
from tasrih.assessment.proposal import PROVISIONAL_ASSESSMENT, Held, Proposal, SurchargeLine, proposal, unknown_law
from tasrih.law import LawBook, LawNotKnown, Surcharge
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

WHOLE = Decimal("100.00")


def period_before(period: Period) -> Period:
    """The month before a month, the quarter before a quarter, the year before a year."""
    if period.month:
        return Period(period.year, month=period.month - 1) if period.month > 1 else Period(period.year - 1, month=12)
    if period.quarter:
        quarter = period.quarter
        return Period(period.year, quarter=quarter - 1) if quarter > 1 else Period(period.year - 1, quarter=4)
    return Period(period.year - 1)


def provisional(
    period: Period,
    declared: Mapping[Period, Dues],
    as_of: date,
    *,
    extensions: Iterable[Extension] = (),
    book: LawBook | None = None,
) -> Proposal | None:
    """What is proposed for a period without a declaration; None on a day when one is still in time, and where the
    period before owed nothing.

    `declared` are dues of other periods; the one that counts is the period before, of the same length. Where that was
    not declared either, or its dues are held, an officer has to find another basis: the proposal says so. The surcharge
    is on top and stays when a declaration replaces the contributions.
    """
    book = book or law.book()
    before = declared.get(period_before(period))
    what = "dac" if period.month or period.quarter else "das"
    held = _held(period_before(period), before)
    if not held and before and not before.total_centimes:
        return None
    owed = before.total_centimes if before else 0
    found = proposal(PROVISIONAL_ASSESSMENT, period, as_of, owed, book)
    try:
        last = last_day(what, period, extensions, book)
        surcharge = book.surcharge(PROVISIONAL_ASSESSMENT, last.first_late)
    except LawNotKnown as unknown:
        return replace(found, held=(*held, unknown_law(unknown))) if as_of >= unknown.day else None
    if as_of <= last.day:
        return None
    found = replace(found, last_day=last, held=tuple(held))
    if before is None or not owed:
        return found
    certain = [last.deadline.confidence, *(due.confidence for due in before.lines)]
    line = surcharge_line(surcharge, owed, last.first_late, certain, book)
    return replace(found, lines=(line,), contributions=_contributions(before, surcharge, last, certain, book))


def _held(before: Period, dues: Dues | None) -> list[Held]:
    if dues is None:
        return [("previous_not_declared", str(before))]
    details = dues.held_details[: len(dues.held_because)]
    return list(zip_longest(dues.held_because, details, fillvalue=""))


def _contributions(
    before: Dues, surcharge: Surcharge, last: LastDay, certain: list[str], book: LawBook
) -> tuple[SurchargeLine, ...]:
    """Those of the period before, share by share, under the same article."""
    whole = replace(surcharge, rate=WHOLE)
    return tuple(
        surcharge_line(replace(whole, name=share), centimes, last.first_late, certain, book)
        for share, centimes in totals_by_share(before).items()
    )
