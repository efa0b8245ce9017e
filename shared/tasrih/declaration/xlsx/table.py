"""A workbook as tab-separated text with the rows where the sheet has them: from there on it is read as a CSV.

Nothing here is given trust or much memory: it runs in a process of its own (`workbooks.Workbooks`).
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import BinaryIO

from tasrih.declaration.csv.headings import heading as das_heading
from tasrih.declaration.dac.headings import heading as dac_heading
from tasrih.declaration.xlsx.book import Book, Sheet, open_book
from tasrih.declaration.xlsx.rows import MAX_ROWS, SheetRow, SheetRows, column_letters, column_number
from tasrih.declaration.xlsx.values import CellTexts, csv_text
from tasrih.declaration.xlsx.xml import WorkbookRefused

LEAST_KNOWN = 4
"""A row with fewer known headings is no heading."""
LOOKED_AT_ROWS = 50
"""Where the heading is sought in each sheet."""
MAX_COLUMNS = 200
KEPT_FINDINGS, TOLD_CHARACTERS = 10_000, 100
BATCH_ROWS = 256
INSTRUCTIONS = frozenset({"mode d'emploi", "كيفية الملء", "how to fill it in"})
"""Sheets of our own templates that hold no table: nothing to speak of."""
_COMMON = frozenset({"employer", "year", "type", "centre"})
"""A blank cell there means: as above. Merged cells therefore say what they seem to say."""
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?", re.ASCII)

Found = tuple[str, int, str, str, str]
"""(code, line, column, value, expected)."""


@dataclass
class Outcome:
    sheet: str = ""
    """The sheet that was read, when the workbook has several; else ""."""
    whole: bool = False
    """Whether the table was written to its end: else what was written means nothing."""
    findings: list[Found] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _warned: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, code: str, line: int = 0, column: str = "", value: str = "", expected: str = "") -> None:
        """A warning is kept once for each column, the first of each code in any case; all are counted."""
        first = not self.counts[code]
        self.counts[code] += 1
        if code.startswith("W") and (code, column) in self._warned:
            return
        self._warned.add((code, column))
        if first or len(self.findings) < KEPT_FINDINGS:
            self.findings.append((code, line, column, value[:TOLD_CHARACTERS], expected[:TOLD_CHARACTERS]))


@dataclass(frozen=True)
class _Table:
    sheet: Sheet
    line: int
    """Of its heading."""
    names: tuple[str, ...]
    """The layout's names of the headed columns; "" = the filer's own."""
    above: int
    """The first row with anything in it above the heading; 0 = none."""


def write_table(stream: BinaryIO, write: Callable[[bytes], object]) -> Outcome:
    """Writes the one table of the workbook; every reason why there is none comes as a finding."""
    outcome = Outcome()
    try:
        with zipfile.ZipFile(stream) as archive:
            book = open_book(archive)
            table = _choose(book, outcome)
            if table is not None:
                book.texts = [csv_text(text) for text in book.texts]
                _write(book, table, write, outcome)
                outcome.whole = True
    except WorkbookRefused as why:
        outcome.tell(why.code, why.line, why.column, why.value, why.expected)
    except (zipfile.BadZipFile, ValueError, OverflowError, RuntimeError, NotImplementedError):
        outcome.tell("E705")
    return outcome


def _choose(book: Book, outcome: Outcome) -> _Table | None:
    filled: list[Sheet] = []
    tables: list[_Table] = []
    for sheet in book.sheets:
        rows = [row for row in islice(SheetRows(book.archive, sheet).rows(), LOOKED_AT_ROWS) if any(row.values)]
        if rows:
            filled.append(sheet)
            tables += [found] if (found := _table(book, sheet, rows)) else []
    shown = [table for table in tables if not table.sheet.hidden]
    if len(shown) != 1:
        _tell_choice(book, filled, shown, tables, outcome)
        return None
    if len(filled) > 1:
        outcome.sheet = shown[0].sheet.name[:TOLD_CHARACTERS]
    for sheet in filled:
        if sheet is not shown[0].sheet and sheet.name.casefold() not in INSTRUCTIONS:
            outcome.tell("W703" if sheet.hidden else "W704", value=sheet.name, expected=shown[0].sheet.name)
    return shown[0]


def _tell_choice(book: Book, filled: list[Sheet], shown: list[_Table], tables: list[_Table], outcome: Outcome) -> None:
    if not book.sheets or not filled:
        outcome.tell("E713")
    elif shown:
        outcome.tell("E714", value=" | ".join(table.sheet.name for table in shown))
    elif tables:
        outcome.tell("E715", value=tables[0].sheet.name)
    else:
        outcome.tell("E024")


def _table(book: Book, sheet: Sheet, rows: list[SheetRow]) -> _Table | None:
    for row in rows:
        cells = _plain(book, row)
        both = (tuple(named(" ".join(cell.split())).column for cell in cells) for named in (das_heading, dac_heading))
        names = max(both, key=lambda names: sum(map(bool, names)))
        if sum(map(bool, names)) >= LEAST_KNOWN:
            if _width(row) > MAX_COLUMNS:
                raise WorkbookRefused("E506", str(_width(row)), f"<= {MAX_COLUMNS}", line=row.number)
            above = rows[0].number if rows[0].number < row.number else 0
            return _Table(sheet, row.number, names, above)
    return None


def _width(row: SheetRow) -> int:
    """The number of the last column that holds anything."""
    return max((column for column, value in zip(row.columns, row.values, strict=True) if value), default=-1) + 1


def _plain(book: Book, row: SheetRow) -> list[str]:
    """The texts of a row down to its last cell that holds one."""
    cells = CellTexts(book, ("",) * min(_width(row), MAX_COLUMNS), lambda *_found: None).texts(row)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _write(book: Book, table: _Table, write: Callable[[bytes], object], outcome: Outcome) -> None:
    _tell_settings(book, table, outcome)
    reading = SheetRows(book.archive, table.sheet)
    rows = (row for row in reading.rows() if row.number >= table.line)
    headings = CellTexts(book, ("",) * len(table.names), lambda *_found: None).texts(next(rows))
    write(("\n" * (table.line - 1) + "\t".join(headings) + "\n").encode("utf-8", "replace"))
    cells, last = CellTexts(book, table.names, outcome.tell), table.line
    for alike in _batches(rows):
        lines = []
        texts = map("\t".join, zip(*cells.columns_of(alike), strict=True))
        for row, text in zip(alike, texts, strict=True):
            lines.append("\n" * (row.number - last - 1) + text)
            last = row.number
            if row.hidden and any(row.values):
                outcome.tell("W701", row.number)
        write("\n".join([*lines, ""]).encode("utf-8", "replace"))
    for column, name in _hidden(reading, table.names):
        outcome.tell("W702", table.line, name, column)
    _tell_merged(reading.merged, table, outcome)


def _batches(rows: Iterator[SheetRow]) -> Iterator[list[SheetRow]]:
    """Rows of equal columns and forms that follow one another."""
    for _shape, alike in groupby(rows, lambda row: (row.columns, row.forms)):
        while batch := list(islice(alike, BATCH_ROWS)):
            yield batch


def _tell_settings(book: Book, table: _Table, outcome: Outcome) -> None:
    if book.system_1904:
        outcome.tell("W706")
    if book.linked:
        outcome.tell("W707")
    if table.above:
        outcome.tell("W705", table.above, expected=str(table.line))


def _hidden(reading: SheetRows, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for first, last in reading.hidden_columns:
        for column in range(max(first, 0), min(last + 1, len(names))):
            if names[column]:
                yield column_letters(column), names[column]


def _tell_merged(merged: list[str], table: _Table, outcome: Outcome) -> None:
    """Of merged cells only the first holds a value: below a heading nobody can tell what the others mean."""
    for reference in merged:
        found = _RANGE.fullmatch(reference)
        if not found or not found[3]:
            continue
        first, last = column_number(found[1]), column_number(found[3])
        names = [name for name in table.names[first : last + 1] if name]
        within = int(found[4]) > table.line and (first < last or not _COMMON.issuperset(names))
        if names and within:
            line = min(max(int(found[2]), table.line + 1), MAX_ROWS)
            outcome.tell("E724", line, names[0], reference)
