"""The aggregate DAC as CSV: one row per employer, period and contribution code, read row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasrih.declaration.code_pages import Reading
from tasrih.declaration.csv.cells import Cell
from tasrih.declaration.csv.opening import Opening, read_opening
from tasrih.declaration.csv.rows import record
from tasrih.declaration.csv.text import REPORTED_LINE, Report, encoding_of, lines_of
from tasrih.declaration.dac import cells as dac_cells
from tasrih.declaration.dac.headings import AGGREGATE, STATED
from tasrih.declaration.sent import SentFile
from tasrih.vocabulary.finding import Findings
from tasrih.vocabulary.identity import is_employer_number

MAX_ROWS = 100_000
"""Three codes each for every employer of a large agency; more belongs into several files."""
EMPLOYER_FORM = "9999999999"
_BLANK = b" \t;,\r"
_NUMBER = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])", re.ASCII)


@dataclass(slots=True)
class Row:
    """One row, each cell settled. A cell with a code was reported."""

    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)

    def value(self, column: str) -> str:
        """ "" when blank, unreadable or not a column of the file."""
        cell = self.cells.get(column)
        return cell.value if cell and not cell.code else ""

    def number(self, column: str) -> int | None:
        """Of an amount or a count; None when there is none."""
        value = self.value(column)
        return int(value) if value else None

    def broken(self, column: str) -> bool:
        return bool((cell := self.cells.get(column)) and cell.code)


@dataclass(slots=True)
class RowsRead:
    """What reading gave, findings apart."""

    rows: list[Row] = field(default_factory=list)
    """With a readable employer and period."""
    lost: dict[int, str] = field(default_factory=dict)
    """Line of every other row -> the employer whose row it is; "" when that cannot be told."""
    lines: int = 0
    """Rows, readable or not."""


def read_aggregate(file: SentFile, findings: Findings, pages: Reading | None = None) -> RowsRead:
    """Never raises for anything in the file. Under a heading that cannot be used there are no rows."""
    report = Report(file.name, findings)
    codec = encoding_of(file, report, pages)
    opening = read_opening(file, codec, report, AGGREGATE)
    read = RowsRead()
    if opening is None:
        return read
    reader = _Reader(opening, report)
    for line, texts in reader.records(_lines(file, codec, opening.lead, report)):
        read.lines += 1
        row = reader.row(line, texts) if len(texts) == len(opening.headings) else None
        if row and row.value("employer") and row.value("period"):
            read.rows.append(row)
        else:
            read.lost[line] = (row and row.value("employer")) or _employer_in(texts)
    if not read.lines:
        report.add("E605", opening.lead)
    return read


def _lines(file: SentFile, codec: str, lead: int, report: Report) -> list[bytes]:
    """The lines below the heading down to the last that says something, as many of those as are taken. Office programs
    write rows down to the end of the sheet where whole columns have a format."""
    lines: list[bytes] = []
    room = MAX_ROWS
    for buffer, _ in lines_of(file, codec, report, skip=lead):
        for line in buffer.split(b"\n")[:-1]:
            said = bool(line.strip(_BLANK))
            room -= said
            if room < 0:
                report.add("E602", lead + len(lines) + 1, expected=f"<= {MAX_ROWS}")
                return lines
            lines.append(line if said else b"")
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _employer_in(texts: list[str]) -> str:
    """The only employer number that a damaged row holds."""
    found = {number for text in texts for number in _NUMBER.findall(text) if is_employer_number(number)}
    return found.pop() if len(found) == 1 else ""


@dataclass(slots=True)
class _Reader:
    opening: Opening
    report: Report
    _settled: dict[tuple[int, str], Cell] = field(default_factory=dict)
    """Most cells repeat what stands above them."""

    def records(self, lines: list[bytes]) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of each row that is not blank; of a damaged one, what can be shown of it."""
        at = blank = 0
        while at < len(lines):
            number, columns = self.opening.lead + 1 + at, len(self.opening.headings)
            texts, taken = self._record(lines, at, columns)
            at += max(taken, 1)
            if taken and not any(text.strip() for text in texts):
                blank = blank or number
                continue
            if blank:
                self.report.add("W505", blank)
                blank = 0
            if len(texts) > columns and not any(text.strip() for text in texts[columns:]):
                del texts[columns:]
            if taken and len(texts) != columns and lines[at - taken] != REPORTED_LINE:
                code = "E505" if len(texts) < columns else "E506"
                self.report.add(code, number, value=str(len(texts)), expected=str(columns))
            yield number, texts

    def _record(self, lines: list[bytes], at: int, columns: int) -> tuple[list[str], int]:
        """The cells and the lines they take; 0 lines, and the line as one text, when its quotes do not come right."""
        whole = lines[at].decode(errors="replace")
        if '"' not in whole:
            return whole.split(self.opening.delimiter), 1
        texts, taken = record(lines, at, self.opening.delimiter)
        if taken == 1 or (taken and len(texts) == columns):
            return texts, taken
        self.report.add("E507", self.opening.lead + 1 + at)
        return [whole], 0

    def row(self, line: int, texts: list[str]) -> Row:
        row = Row(line)
        for place, (heading, text) in enumerate(zip(self.opening.headings, texts, strict=True)):
            if not heading.column:
                continue
            row.raw[heading.column] = text
            row.cells[heading.column] = cell = self._cell(place, heading.column, heading.scale, text)
            for warning in cell.warnings:
                self.report.add(warning, line, heading.column, text, cell.expected)
            if cell.code:
                self.report.add(cell.code, line, heading.column, text.strip(), cell.expected)
        return row

    def _cell(self, place: int, column: str, scale: int, text: str) -> Cell:
        known = self._settled.get((place, text))
        if known is None:
            known = self._settled[place, text] = _checked(column, dac_cells.read(column, scale, text))
        return known


def _checked(column: str, cell: Cell) -> Cell:
    """Employer and period stand in every row: without them it belongs nowhere."""
    if column == "employer" and not cell.code and not is_employer_number(cell.value):
        return Cell(code="E603", expected=EMPLOYER_FORM)
    if column == "period" and not cell.code and not cell.value:
        return Cell(code="E601", expected=dac_cells.PERIOD_FORMS)
    return cell


def stated_of(rows: list[Row]) -> tuple[tuple[str, str], ...]:
    """What is kept as written: of each column, the first that is said."""
    said = ((column, next((row.value(column) for row in rows if row.value(column)), "")) for column in STATED)
    return tuple((column, text) for column, text in said if text)
