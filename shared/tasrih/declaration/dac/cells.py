"""Cells that only a DAC has: a period, a contribution code, a count, yes or no."""

from __future__ import annotations

import re
from datetime import date

from tasrih.declaration.csv import cells as csv_cells
from tasrih.declaration.csv.cells import Cell, Kind, read_cell, read_name

PERIOD_FORMS = "2026-03 | 2026-T1"
AMOUNT_DIGITS = 15
"""Of an amount in centimes: ten thousand milliards of dinars, beyond any employer."""
DECISION_CHARACTERS = 40
TEXT_CHARACTERS = 200

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_SIGN = r" ?[-/. ]? ?"
_QUARTER_WORDS = r"(?:[tTqQ]|[tT]rim(?:estre)?\.?|[qQ]uarter|ث|الثلاثي|ثلاثي)"
_ORDINALS = {"الأول": "1", "الاول": "1", "الثاني": "2", "الثالث": "3", "الرابع": "4"}
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{_YEAR}[-/. ]{_MONTH}",
        rf"{_MONTH}[-/. ]{_YEAR}",
        rf"{_YEAR}{_SIGN}{_QUARTER_WORDS} ?(?P<quarter>[1-4])",
        rf"{_QUARTER_WORDS} ?(?P<quarter>[1-4]){_SIGN}{_YEAR}",
        rf"(?P<quarter>[1-4]) ?(?:er|e|eme|ème)? ?{_QUARTER_WORDS}{_SIGN}{_YEAR}",
    )
)
_FIRST_OF_MONTH = tuple(
    re.compile(form, re.ASCII) for form in (rf"01[-/.]{_MONTH}[-/.]{_YEAR}", rf"{_YEAR}[-/.]{_MONTH}[-/.]01")
)
"""What a spreadsheet makes of a month that it took for a date."""
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:[.,][0-9]+)?", re.ASCII)
_COUNT = re.compile(r"([0-9]{1,6})(?:[.,]0{1,6})?", re.ASCII)
_YES = frozenset({"oui", "o", "yes", "y", "vrai", "true", "1", "x", "neant", "néant", "nil", "نعم", "لا شيء"})
_NO = frozenset({"non", "n", "no", "faux", "false", "0", "لا"})


def read_period(text: str) -> Cell:
    """ "2026-03" or "2026-Q1" from 2026-03, 03/2026, 2026-T1, T1 2026, الثلاثي الأول 2026, ..."""
    for word, figure in _ORDINALS.items():
        text = text.replace(word, figure)
    for form in _FORMS:
        if found := form.fullmatch(text):
            return Cell(_written(found))
    for form in _FIRST_OF_MONTH:
        if found := form.fullmatch(text):
            return Cell(_written(found), expected=_written(found), warnings=("W601",))
    if _SERIAL.fullmatch(text):
        return Cell(code="E528", expected=PERIOD_FORMS)
    return Cell(code="E601", expected=PERIOD_FORMS)


def _written(found: re.Match[str]) -> str:
    parts = found.groupdict()
    if parts.get("quarter"):
        return f"{parts['year']}-Q{parts['quarter']}"
    return f"{parts['year']}-{int(parts['month']):02d}"


def read_count(text: str) -> Cell:
    """A number of persons."""
    found = _COUNT.fullmatch(text)
    return Cell(str(int(found[1]))) if found else Cell(code="E611", expected="0-999999")


def read_yes(text: str) -> Cell:
    """ "1" for yes (also "néant" itself), "0" for no."""
    word = " ".join(text.casefold().split())
    if word in _YES:
        return Cell("1")
    return Cell("0") if word in _NO else Cell(code="E629", expected="oui | non")


def read_day(text: str) -> Cell:
    """ddmmyyyy, a day of the calendar."""
    cell = csv_cells.day(text)
    return cell if cell.code or day_of(cell.value) else Cell(code="E216", expected="31/12/2026")


def day_of(value: str) -> date | None:
    """Of ddmmyyyy; None for anything that is no day."""
    try:
        return date(int(value[4:]), int(value[2:4]), int(value[:2])) if len(value) == 8 else None
    except ValueError:
        return None


_KINDS = {
    "employer": Kind(10, csv_cells.identifier(10, "E520"), "9999999999"),
    "centre": Kind(5, csv_cells.identifier(5, "E522"), "99999"),
    "nss": Kind(12, csv_cells.identifier(12, "E521"), "999999999999"),
    "period": Kind(7, read_period, PERIOD_FORMS),
    "code": Kind(3, csv_cells.contribution_code, "R22"),
    "nil": Kind(1, read_yes, "oui | non"),
    **dict.fromkeys(("headcount", "entries", "exits"), Kind(6, read_count, "0-999999")),
    **dict.fromkeys(
        ("decision_start", "decision_end", "certified_on", "entry", "exit"), Kind(8, read_day, "31/12/2026")
    ),
}


def kind_of(column: str, scale: int) -> Kind | None:
    """None for a text."""
    if column in ("base", "paid", "amount"):
        return Kind(AMOUNT_DIGITS, csv_cells.amount(AMOUNT_DIGITS, scale), "36000,00")
    return _KINDS.get(column)


def read(column: str, scale: int, text: str) -> Cell:
    """One cell of the column. Excel's damage is told with the codes of any CSV (E52x, E53x)."""
    kind = kind_of(column, scale)
    if kind:
        return read_cell(text, kind)
    return read_name(text, DECISION_CHARACTERS if column == "decision" else TEXT_CHARACTERS)
