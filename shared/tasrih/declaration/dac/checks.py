"""The checks of a DAC, each over one employer's declaration of one period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tasrih import law
from tasrih.declaration.dac.cells import day_of
from tasrih.declaration.dac.draft import (
    REDUCED,
    Draft,
    Told,
    last_day,
    months,
    quarter_of,
    written,
)
from tasrih.declaration.dac.rows import Row
from tasrih.vocabulary.dues import HOUSING_FUND
from tasrih.vocabulary.period import Period

MOVEMENT = ("headcount", "entries", "exits")
SAME_IN_EVERY_ROW = ("centre", *MOVEMENT, "nil", "paid", "place", "certified_on")
REDUCTION_YEARS = 3


def in_the_future(draft: Draft) -> Iterator[Told]:
    if draft.period.first_day > draft.today:
        yield Told(draft.line, "period", written(draft.period), f"<= {_running(draft)}")


def not_ended(draft: Draft) -> Iterator[Told]:
    if draft.period.first_day <= draft.today <= last_day(draft.period):
        yield Told(draft.line, "period", written(draft.period), f"> {last_day(draft.period).isoformat()}")


def _running(draft: Draft) -> str:
    month = Period(draft.today.year, month=draft.today.month)
    return written(quarter_of(month) if draft.period.quarter else month)


def other_form_than_class(draft: Draft) -> Iterator[Told]:
    """The agency's assigned class wins, whatever the headcount."""
    if draft.size_class == "monthly" and not draft.period.month:
        yield Told(draft.line, "period", written(draft.period), " | ".join(map(written, months(draft.period))))
    if draft.size_class == "quarterly" and not draft.period.quarter:
        yield Told(draft.line, "period", written(draft.period), written(quarter_of(draft.period)))


def class_not_known(draft: Draft) -> Iterator[Told]:
    if draft.size_class is None:
        yield Told(draft.line, "period", written(draft.period), "")


def month_and_its_quarter(draft: Draft) -> Iterator[Told]:
    if draft.period.month and quarter_of(draft.period) in draft.others:
        yield Told(draft.line, "period", written(draft.period), written(quarter_of(draft.period)))


def not_said(draft: Draft) -> Iterator[Told]:
    """Headcount and movements are given even when nil."""
    found = {"centre": draft.centre, **{column: getattr(draft, column) for column in MOVEMENT}}
    for column, value in found.items():
        if value in (None, "") and column not in draft.broken:
            yield Told(draft.line, column, "", "99999" if column == "centre" else "0-999999")


def not_the_same(draft: Draft) -> Iterator[Told]:
    for column in SAME_IN_EVERY_ROW:
        first = draft.first(column)
        for row in draft.rows:
            if first and row.value(column) and row.value(column) != first.value(column):
                yield Told(row.line, column, row.raw[column].strip(), first.raw[column].strip())


def centre_not_five_digits(draft: Draft) -> Iterator[Told]:
    if draft.centre and not (len(draft.centre) == 5 and draft.centre.isascii() and draft.centre.isdigit()):
        yield Told(draft.line_of("centre"), "centre", draft.centre, "99999")


def code_twice(draft: Draft) -> Iterator[Told]:
    """Two rows of a reduced code are right when each rests on its own decision."""
    seen: dict[tuple[str, str], int] = {}
    for row in draft.rows:
        key = (row.value("code"), row.value("decision") if row.value("code") in REDUCED else "")
        if not key[0] or row.broken("decision"):
            continue
        if key in seen:
            yield Told(row.line, "code", key[0], str(seen[key]))
        seen.setdefault(key, row.line)


def code_missing(draft: Draft) -> Iterator[Told]:
    for row in draft.rows:
        if row.value("code") or row.broken("code") or row.broken("nil"):
            continue
        if row.number("base") or not draft.nil:
            yield Told(row.line, "code", "", "R22")


def base_missing(draft: Draft) -> Iterator[Told]:
    for row in draft.rows:
        if row.value("code") and not row.value("base") and not row.broken("base") and not draft.nil:
            yield Told(row.line, "base", "", "36000,00")


def nil_with_base(draft: Draft) -> Iterator[Told]:
    for row in draft.rows if draft.nil else ():
        if row.number("base"):
            yield Told(row.line, "base", row.raw["base"].strip(), "0")


def nothing_declared(draft: Draft) -> Iterator[Told]:
    if not draft.nil and not any(base.base_centimes for base in draft.bases):
        yield Told(draft.line, "base", "0", "> 0")


def nil_with_workers(draft: Draft) -> Iterator[Told]:
    if draft.nil and draft.headcount:
        yield Told(draft.line_of("headcount"), "headcount", str(draft.headcount), "0")


def code_not_known(draft: Draft) -> Iterator[Told]:
    """The list that is known here is one vendor's: another code is no fault, only nothing can be reckoned from it."""
    known = law.book().contributions
    for base in draft.bases:
        if base.code not in known:
            yield Told(base.line, "code", base.code, " ".join(sorted(known)))


def decision_missing(draft: Draft) -> Iterator[Told]:
    for row in draft.reduced:
        if not row.value("decision") and not row.broken("decision"):
            yield Told(row.line, "decision", "", row.value("code"))


def decision_without_days(draft: Draft) -> Iterator[Told]:
    for row in draft.reduced:
        for column in ("decision_start", "decision_end"):
            if row.value("decision") and not row.value(column) and not row.broken(column):
                yield Told(row.line, column, "", "31/12/2026")


def _with_days(draft: Draft) -> Iterator[tuple[Row, date, date]]:
    for row in draft.reduced:
        start, end = day_of(row.value("decision_start")), day_of(row.value("decision_end"))
        if start and end:
            yield row, start, end


def decision_ends_before_it_begins(draft: Draft) -> Iterator[Told]:
    for row, start, end in _with_days(draft):
        if end < start:
            yield Told(row.line, "decision_end", _shown(end), f">= {_shown(start)}")


def decision_outside(draft: Draft) -> Iterator[Told]:
    for row, start, end in _with_days(draft):
        if start <= end and (end < draft.period.first_day or start > last_day(draft.period)):
            yield Told(row.line, "decision_start", f"{_shown(start)} - {_shown(end)}", written(draft.period))


def decision_for_a_part(draft: Draft) -> Iterator[Told]:
    first, last = draft.period.first_day, last_day(draft.period)
    for row, start, end in _with_days(draft):
        if start <= last and end >= first and (start > first or end < last):
            yield Told(row.line, "decision_start", f"{_shown(start)} - {_shown(end)}", written(draft.period))


def decision_too_long(draft: Draft) -> Iterator[Told]:
    for row, start, end in _with_days(draft):
        if (end.year - start.year, end.month, end.day) >= (REDUCTION_YEARS, start.month, start.day):
            yield Told(row.line, "decision_end", _shown(end), f"<= {REDUCTION_YEARS}")


def decision_for_nothing(draft: Draft) -> Iterator[Told]:
    for row in draft.rows:
        if row.value("decision") and row.value("code") and row.value("code") not in REDUCED:
            yield Told(row.line, "decision", row.value("decision"), row.value("code"))


def housing_fund_on_another_base(draft: Draft) -> Iterator[Told]:
    """It rests on the whole base of every worker, reduced or not."""
    bases = draft.by_code()
    whole = sum(base for code, base in bases.items() if code != HOUSING_FUND)
    if HOUSING_FUND in bases and whole and bases[HOUSING_FUND] != whole:
        line = next(base.line for base in draft.bases if base.code == HOUSING_FUND)
        yield Told(line, "base", str(bases[HOUSING_FUND]), str(whole))


def housing_fund_missing(draft: Draft) -> Iterator[Told]:
    bases = draft.by_code()
    if any(bases.values()) and HOUSING_FUND not in bases:
        yield Told(draft.line, "code", " ".join(bases), HOUSING_FUND)


def base_without_workers(draft: Draft) -> Iterator[Told]:
    if draft.headcount == 0 and any(base.base_centimes for base in draft.bases):
        yield Told(draft.line_of("headcount"), "headcount", "0", "> 0")


def more_entries_than_workers(draft: Draft) -> Iterator[Told]:
    """Who entered and did not leave is there at the end of the period."""
    if draft.headcount is None or draft.entries is None or draft.exits is None:
        return
    if draft.entries - draft.exits > draft.headcount:
        yield Told(draft.line_of("entries"), "entries", str(draft.entries), f"<= {draft.headcount + draft.exits}")


def certified_in_the_future(draft: Draft) -> Iterator[Told]:
    row = draft.first("certified_on")
    day = day_of(row.value("certified_on")) if row else None
    if row and day and day > draft.today:
        yield Told(row.line, "certified_on", _shown(day), f"<= {_shown(draft.today)}")


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
