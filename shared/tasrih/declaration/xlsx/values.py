"""Stored cells -> the texts that a CSV would have held, and what the spreadsheet has destroyed on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NoReturn

from tasrih.declaration.csv.cells import TOLD_CELL
from tasrih.declaration.xlsx.book import Book, Style
from tasrih.declaration.xlsx.rows import SheetRow, column_letters
from tasrih.declaration.xlsx.texts import unescaped
from tasrih.declaration.xlsx.xml import WorkbookRefused

DATES = frozenset({"birth", "entry", "exit", "period", "decision_start", "decision_end", "certified_on"})
AMOUNTS = frozenset({"base_q1", "base_q2", "base_q3", "base_q4", "base_year", "base", "paid", "amount"})
EXACT_DIGITS = 15
"""A spreadsheet keeps no more of a number."""
_KEPT_PLANS, _KEPT_DAYS, _KEPT_TEXTS = 1024, 50_000, 200_000
_DOUBLE = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_CENTS = re.compile(r"[0-9]{1,12}\.[0-9]{1,2}", re.ASCII)
_LAST_SERIAL = 2_958_465
"""31 December 9999."""
_LEAP_BUG = 60
"""29 February 1900, which never was."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]+")

Convert = Callable[[str], str]
Tell = Callable[[str, int, str, str, str], None]
"""(code, line, column, value, expected)."""


Plan = list[tuple[int, int, str, Convert]]
"""Place in the row, column of the sheet, kind of the cell, what makes a text of it."""
_SHARED, _NUMBER, _DATE, _OTHER = "shared text", "plain number", "date", "anything else"


def csv_text(text: str) -> str:
    """A cell of tab-separated text: line ends and other signs without a shape are blanks."""
    if _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


@dataclass
class CellTexts:
    """Turns the cells of one sheet into texts."""

    book: Book
    columns: Sequence[str]
    """The layout's name of each column of the sheet; "" = the filer's own, of which nothing is told."""
    tell: Tell
    line: int = 0
    _plans: dict[tuple[tuple[int, ...], tuple[str, ...]], Plan] = field(default_factory=dict)
    _days: dict[str, str] = field(default_factory=dict)
    _shared: SharedTexts = field(init=False)

    def __post_init__(self) -> None:
        self._shared = SharedTexts(self)

    def texts(self, row: SheetRow) -> list[str]:
        """One text for each headed column."""
        return [column[0] for column in self.columns_of([row])]

    def columns_of(self, rows: Sequence[SheetRow]) -> list[Sequence[str]]:
        """The texts of rows of equal columns and forms, column by column. Cells beyond the table are told."""
        found: list[Sequence[str]] = [[""] * len(rows)] * len(self.columns)
        stored = list(zip(*(row.values for row in rows), strict=True))
        for place, column, kind, convert in self._plan(rows[0]):
            quick = self._quick(stored[place], column, kind)
            found[column] = self._slow(rows, place, column, convert) if quick is None else quick
        if rows[0].columns and rows[0].columns[-1] >= len(self.columns):
            for row in rows:
                self._tell_beyond(row)
        return found

    def _quick(self, values: Sequence[str], column: int, kind: str) -> Sequence[str] | None:
        """A whole column at once; None where a cell of it wants a second look."""
        if "" in values:
            return None
        try:
            if kind is _SHARED:
                return list(map(self._shared.__getitem__, values))
            if kind is _DATE and self.columns[column] in DATES:
                return list(map(self._days.__getitem__, values))
        except (KeyError, WorkbookRefused):
            return None
        plain = kind is _NUMBER and _digits("".join(values)) and max(map(len, values)) <= EXACT_DIGITS
        return values if plain else None

    def _slow(self, rows: Sequence[SheetRow], place: int, column: int, convert: Convert) -> list[str]:
        """Cell by cell, with its row at hand for whatever is to be told."""
        found = []
        for row in rows:
            self.line = row.number
            value = row.values[place]
            if not value and row.formulas and row.formulas[place]:
                found.append(self._odd("E722", column, ""))
            else:
                found.append(convert(value) if value else "")
        return found

    def _plan(self, row: SheetRow) -> Plan:
        key = (row.columns, row.forms)
        plan = self._plans.get(key)
        if plan is None:
            plan = [
                (place, column, *self._converter(form, column))
                for place, (column, form) in enumerate(zip(row.columns, row.forms, strict=True))
                if column < len(self.columns)
            ]
            if len(self._plans) < _KEPT_PLANS:
                self._plans[key] = plan
        return plan

    def _tell_beyond(self, row: SheetRow) -> None:
        for column, value in zip(row.columns, row.values, strict=True):
            if column >= len(self.columns) and value:
                self.tell("E725", row.number, "", column_letters(column), f"A-{column_letters(len(self.columns) - 1)}")
                return

    def _converter(self, form: str, column: int) -> tuple[str, Convert]:
        kind = _attribute(form, "t")
        if kind == "s":
            return _SHARED, self._shared.__getitem__
        if kind == "inlineStr":
            return _OTHER, lambda value: csv_text(unescaped(value))
        if kind in ("str", "d", "e"):
            return _OTHER, csv_text
        if kind == "b":
            return _OTHER, lambda value: self._boolean(value, column)
        style = self._style(form)
        if style.date:
            return _DATE, lambda value: self._dated(value, column)
        return _OTHER if style.zeros else _NUMBER, lambda value: self._number(value, column, style.zeros)

    def _style(self, form: str) -> Style:
        number = int(_attribute(form, "s") or 0)
        return self.book.styles[number] if number < len(self.book.styles) else Style()

    def unreadable(self, value: str) -> NoReturn:
        """Raises WorkbookRefused, with the row."""
        raise WorkbookRefused("E718", value, line=self.line)

    def _odd(self, code: str, column: int, value: str, expected: str = "") -> str:
        """Told once here, where the layout has such a column; a cell of the filer's own stays as it is."""
        if not self.columns[column]:
            return value
        self.tell(code, self.line, self.columns[column], value, expected)
        return TOLD_CELL

    def _boolean(self, value: str, column: int) -> str:
        return self._odd("E723", column, "TRUE" if value == "1" else "FALSE")

    def _number(self, value: str, column: int, zeros: int) -> str:
        if _CENTS.fullmatch(value) and self.columns[column] in AMOUNTS:
            return value
        if not _digits(value) or len(value) > EXACT_DIGITS:
            return self._other_number(value, column, zeros)
        return value.zfill(zeros) if zeros else value

    def _other_number(self, value: str, column: int, zeros: int) -> str:
        """A number with decimals or an exponent, or too long to be exact."""
        if not _DOUBLE.fullmatch(value):
            self.unreadable(value)
        number = float(value)
        if abs(number) >= 10**EXACT_DIGITS:
            return self._odd("E720", column, f"{number:.15g}", f"<= {EXACT_DIGITS}")
        rounded = float(f"{number:.15g}")
        if rounded.is_integer():
            return str(int(rounded)).zfill(zeros)
        if self.columns[column] in AMOUNTS and abs(rounded - round(rounded, 2)) > 1e-9 * max(1.0, abs(rounded)):
            return self._odd("E728", column, f"{rounded:.6f}", f"{rounded:.2f}")
        text = f"{rounded:.2f}" if self.columns[column] in AMOUNTS else f"{rounded:.15g}"
        return text if "e" not in text else f"{rounded:f}"

    def _dated(self, value: str, column: int) -> str:
        if known := self._days.get(value):
            return self._as_day(known, column)
        day = self._day(value)
        if day is None:
            return self._odd("E726", column, value, "31/12/2019")
        if len(self._days) < _KEPT_DAYS:
            self._days[value] = day
        return self._as_day(day, column)

    def _as_day(self, day: str, column: int) -> str:
        name = self.columns[column]
        return day if not name or name in DATES else self._odd("E721", column, day)

    def _day(self, value: str) -> str | None:
        """dd/mm/yyyy; None where no such day is. The hour is left out."""
        if not _DOUBLE.fullmatch(value):
            self.unreadable(value)
        serial = float(value)
        if not (0 if self.book.system_1904 else 1) <= serial < _LAST_SERIAL + 1:
            return None
        whole = int(serial)
        if self.book.system_1904:
            return _written(date(1904, 1, 1), whole)
        if whole == _LEAP_BUG:
            return None
        return _written(date(1899, 12, 30 if whole > _LEAP_BUG else 31), whole)


class SharedTexts(dict[str, str]):
    """The shared texts by their number as written; each is looked for once."""

    def __init__(self, cells: CellTexts) -> None:
        super().__init__()
        self._cells = cells

    def __missing__(self, value: str) -> str:
        texts = self._cells.book.texts
        if not _digits(value) or len(value) > 9 or int(value) >= len(texts):
            self._cells.unreadable(value)
        text = texts[int(value)]
        if len(self) < _KEPT_TEXTS:
            self[value] = text
        return text


def _written(first: date, days: int) -> str | None:
    try:
        day = first + timedelta(days)
    except OverflowError:
        return None
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _digits(text: str) -> bool:
    """ASCII digits alone: Python takes those of other scripts for numbers too."""
    return text.isascii() and text.isdecimal()


def _attribute(form: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', form)
    return found[1] if found else ""
