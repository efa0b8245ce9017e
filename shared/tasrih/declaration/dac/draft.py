"""One employer's declaration of one period on its way to a verdict: what the rules of a DAC look at."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tasrih.declaration.dac.cells import day_of
from tasrih.declaration.dac.rows import Row, stated_of
from tasrih.declaration.sent import CodeBase, Dac, Decision
from tasrih.vocabulary.period import Period

REDUCED = frozenset(("R06", "R07", "R08"))
"""Codes of a reduction for hiring, as far as they are known: each rests on a decision."""
CLASSES = ("monthly", "quarterly")


class Told(NamedTuple):
    """What a rule found; the declaration knows the rest."""

    line: int
    column: str = ""
    value: str = ""
    expected: str = ""


@dataclass(slots=True)
class Draft:
    """Facts in plain values; None or "" where nothing readable is said."""

    employer: str
    period: Period
    file: str
    line: int
    """Its first line in the file."""
    today: date
    rows: list[Row] = field(default_factory=list)
    """Of an aggregate file."""
    reduced: list[Row] = field(default_factory=list)
    """The rows under a reduced code, of either file."""
    bases: list[CodeBase] = field(default_factory=list)
    centre: str = ""
    headcount: int | None = None
    entries: int | None = None
    exits: int | None = None
    paid: int | None = None
    nil: bool = False
    nominal: bool = False
    unnumbered: int = 0
    size_class: str | None = None
    """As the register has it: "monthly", "quarterly"; None = not known."""
    others: tuple[Period, ...] = ()
    """Other periods of this employer in the same deposit."""
    broken: set[str] = field(default_factory=set)
    """Columns in which a cell was reported: rules that read them are not decided."""

    def by_code(self) -> dict[str, int]:
        """Code -> base in centimes, in the order of the file."""
        sums: dict[str, int] = {}
        for base in self.bases:
            sums[base.code] = sums.get(base.code, 0) + base.base_centimes
        return sums

    def first(self, column: str) -> Row | None:
        """The first row that says something readable there."""
        return next((row for row in self.rows if row.value(column)), None)

    def line_of(self, column: str) -> int:
        row = self.first(column)
        return row.line if row else self.line

    def dac(self) -> Dac:
        certified = self.first("certified_on")
        place = self.first("place")
        return Dac(
            bases=tuple(self.bases),
            headcount=self.headcount,
            entries=self.entries,
            exits=self.exits,
            paid_centimes=self.paid or 0,
            nil=self.nil,
            nominal=self.nominal,
            unnumbered=self.unnumbered,
            place=place.value("place") if place else "",
            certified_on=day_of(certified.value("certified_on")) if certified else None,
            stated=stated_of(self.rows),
        )


Check = Callable[[Draft], Iterable[Told]]


def draft_of(rows: list[Row], file: str, today: date) -> Draft:
    """Of the rows of one employer and period, in the order of the file; at least one."""
    draft = Draft(rows[0].value("employer"), Period.parse(rows[0].value("period")), file, rows[0].line, today, rows)
    draft.broken = {column for row in rows for column, cell in row.cells.items() if cell.code}
    draft.bases = [_base(row) for row in rows if row.value("code") and row.value("base")]
    draft.reduced = [row for row in rows if row.value("code") in REDUCED]
    draft.centre = _first_value(draft, "centre")
    draft.headcount, draft.entries, draft.exits, draft.paid = (
        int(value) if (value := _first_value(draft, column)) else None
        for column in ("headcount", "entries", "exits", "paid")
    )
    draft.nil = _first_value(draft, "nil") == "1"
    return draft


def _first_value(draft: Draft, column: str) -> str:
    row = draft.first(column)
    return row.value(column) if row else ""


def _base(row: Row) -> CodeBase:
    decisions = (decision_of(row),) if row.value("decision") else ()
    return CodeBase(row.value("code"), int(row.value("base")), row.line, decisions, row.number("amount"))


def decision_of(row: Row) -> Decision:
    return Decision(row.value("decision"), day_of(row.value("decision_start")), day_of(row.value("decision_end")))


def last_day(period: Period) -> date:
    return date(period.year, period.last_month, calendar.monthrange(period.year, period.last_month)[1])


def written(period: Period) -> str:
    """As a filer writes it: "2026-03", "2026-T1"."""
    return str(period).replace("Q", "T")


def months(quarter: Period) -> tuple[Period, ...]:
    return tuple(Period(quarter.year, month=month) for month in range(quarter.last_month - 2, quarter.last_month + 1))


def quarter_of(month: Period) -> Period:
    return Period(month.year, quarter=(month.last_month + 2) // 3)
