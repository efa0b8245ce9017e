"""The rows of our CSV of a bank statement: each cell in its form, or a finding that says why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from tasrih.declaration.csv.cells import EXAMPLE, Kind, amount, clean, day, read_cell
from tasrih.declaration.csv.opening import Opening
from tasrih.declaration.csv.rows import MAX_RECORD_LINES, record
from tasrih.declaration.csv.text import REPORTED_LINE, Report, lines_of
from tasrih.declaration.sent import SentFile
from tasrih.payments.bank.headings import AMOUNTS, heading, nature_of
from tasrih.payments.bank.limits import MAX_TEXT, MAX_TEXT_LINES
from tasrih.payments.bank.statement import check_size
from tasrih.vocabulary.finding import Findings

DAYS = ("booked_on", "value_date")
DINARS = 100
"""Centimes in one unit, where a heading names none."""
_DIGITS = 40
"""Of an amount that is read at all: what is too great is told as that."""


class TooMany(Exception):
    """More lines than a file may have; the argument is the first beyond."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    nature: str
    """ "" where the row cannot be taken apart, or its kind is unknown: findings say why."""
    texts: Mapping[str, str]
    days: Mapping[str, date]
    amounts: Mapping[str, int]
    """Centimes of the cells that are filled and could be read."""
    wrong: frozenset[str]
    """Columns whose cell could not be read."""


def read_rows(file: SentFile, codec: str, opening: Opening, report: Report) -> Iterator[Row]:
    """Every row below the heading that is not blank, and is not that heading again. Raises TooMany."""
    for line, cells in _records(file, codec, opening, report):
        if not cells:
            yield Row(line, "", {}, {}, {}, frozenset())
        elif not _is_heading(cells, opening):
            yield _row(line, cells, opening, report)


def _records(file: SentFile, codec: str, opening: Opening, report: Report) -> Iterator[tuple[int, list[str]]]:
    """(the file's own line, cells) of each row that is not blank; [] for one that a finding has named."""
    controls: set[int] = set()
    source = _lines(file, codec, opening.lead, report, controls)
    number, window = opening.lead + 1, list(islice(source, MAX_RECORD_LINES))
    while window:
        if number > MAX_TEXT_LINES:
            raise TooMany(number)
        taken, line = 1, window[0]
        if line == REPORTED_LINE or number in controls:
            yield number, []
        elif line.strip():
            cells, taken = record(window, 0, opening.delimiter)
            if not taken:
                report.add("E507", number)
                yield number, []
            elif any(cell.strip() for cell in cells):
                yield number, _of_width(cells, len(opening.headings), number, report)
        taken = taken or 1
        number += taken
        window = window[taken:] + list(islice(source, taken))


def _lines(file: SentFile, codec: str, lead: int, report: Report, controls: set[int]) -> Iterator[bytes]:
    """One after another, in bounded memory. `controls`: those of them that held a control byte."""
    told = Report(file.name, Findings())
    for buffer, _ in lines_of(file, codec, told, lead):
        for found in told.findings.kept:
            report.add(found.code, found.line, value=found.value, expected=found.expected)
        controls.update(found.line for found in told.findings.kept if found.code == "E510")
        told.findings.kept.clear()
        yield from buffer.split(b"\n")[:-1]


def _of_width(cells: list[str], width: int, line: int, report: Report) -> list[str]:
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) == width:
        return cells
    report.add("E505" if len(cells) < width else "E506", line, value=str(len(cells)), expected=str(width))
    return []


def _is_heading(cells: list[str], opening: Opening) -> bool:
    """Two exports, one behind the other."""
    return [heading(cell).column for cell in cells] == [each.column for each in opening.headings]


def _row(line: int, cells: list[str], opening: Opening, report: Report) -> Row:
    texts: dict[str, str] = {}
    days: dict[str, date] = {}
    amounts: dict[str, int] = {}
    wrong: set[str] = set()
    for head, cell in zip(opening.headings, cells, strict=True):
        column, faults = head.column, report.findings.errors
        if column in AMOUNTS:
            if (centimes := _amount(cell, head.scale or DINARS, line, column, report)) is not None:
                amounts[column] = centimes
        elif column in DAYS:
            if found := _day(cell, line, column, report):
                days[column] = found
        elif column:
            texts[column] = _text(cell, line, column, report)
        if report.findings.errors > faults:
            wrong.add(column)
    nature = nature_of(texts["nature"])
    if not nature:
        report.add("E921", line, "nature", texts["nature"])
    return Row(line, nature, texts, days, amounts, frozenset(wrong))


def _text(cell: str, line: int, column: str, report: Report) -> str:
    text = " ".join(clean(cell)[0].split())
    if "\ufffd" in text:
        report.add("E513", line, column)
    if text.startswith(EXAMPLE):
        report.add("E547", line, column, text)
    return text[:MAX_TEXT]


def _day(cell: str, line: int, column: str, report: Report) -> date | None:
    found = read_cell(cell, Kind(8, day, "31/12/2026"))
    if found.code:
        report.add(found.code, line, column, cell, found.expected)
    if not found.value:
        return None
    try:
        return date(int(found.value[4:]), int(found.value[2:4]), int(found.value[:2]))
    except ValueError:
        report.add("E527", line, column, cell, "31/12/2026")
        return None


def _amount(cell: str, scale: int, line: int, column: str, report: Report) -> int | None:
    """A balance may be negative, an amount never."""
    text = clean(cell)[0]
    minus = column == "balance" and len(text) > 1 and text[0] in "-\u2212"
    found = read_cell(text[1:].strip() if minus else text, Kind(_DIGITS, amount(_DIGITS, scale), "36000,00"))
    if found.code:
        code = "E932" if found.code == "E526" else found.code
        report.add(code, line, column, cell, found.expected)
    if not found.value or not check_size(int(found.value), report, line, column):
        return None
    return -int(found.value) if minus else int(found.value)
