"""The nominal DAC as CSV: a line per worker and contribution code, thousands of lines at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.code_pages import Reading
from tasrih.declaration.csv.cells import Cell
from tasrih.declaration.csv.columns import MAX_CELL_BYTES, Bytes, gather
from tasrih.declaration.csv.opening import Opening, read_opening
from tasrih.declaration.csv.rows import INNER_SIGN, Records, Rows
from tasrih.declaration.csv.text import Report, encoding_of, lines_of
from tasrih.declaration.dac import cells as dac_cells
from tasrih.declaration.dac.columns import Columns, day_texts, texts
from tasrih.declaration.dac.draft import REDUCED, Draft
from tasrih.declaration.dac.headings import NOMINAL
from tasrih.declaration.dac.rows import EMPLOYER_FORM, Row
from tasrih.declaration.dac.workers import Ints, Keys, Small, Workers, add_up, joined, told_apart
from tasrih.declaration.rows import CODE
from tasrih.declaration.sent import SentFile
from tasrih.vocabulary.finding import Findings
from tasrih.vocabulary.identity import is_employer_number

BLOCK_ROWS = 8192
MAX_ROWS = 999_999
MAX_KEYS = 200_000
"""Employers, periods and codes together in one file."""
_SHARED = ("employer", "period", "code", "centre")
_DAYS: tuple[str, ...] = ("birth", "entry", "exit")
_DECISION = ("decision", "decision_start", "decision_end")

LINE = np.dtype(
    [("number", "<i4"), ("employer", "S10"), ("period", "S7"), ("nss", "S12"), ("surname", "S100"),
     ("first_name", "S100"), ("birth", "S8"), ("base", "<i8"), ("entry", "S8"), ("exit", "S8"), CODE]
)  # fmt: skip
NominalSink = Callable[[NDArray[np.void]], None]
"""Takes lines as they are read, fields as in LINE (line of the file, base in centimes, text as UTF-8, days as
ddmmyyyy); they mean something only when the declaration they belong to is accepted."""


@dataclass(slots=True)
class NominalRead:
    drafts: list[Draft] = field(default_factory=list)
    lines: Small = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """Of each row, rising; `places` says whose it is."""
    places: Small = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """Of each row, its place in `drafts`; -1 = it cannot be told."""


def read_nominal(
    file: SentFile, findings: Findings, today: date, sink: NominalSink | None = None, pages: Reading | None = None
) -> NominalRead:
    """Never raises for anything in the file. Under a heading that cannot be used there are no drafts."""
    report = Report(file.name, findings)
    pages = pages or Reading(files=(file,))
    codec = encoding_of(file, report, pages)
    opening = read_opening(file, codec, report, NOMINAL)
    if opening is None:
        return NominalRead()
    reading = _Reading(file, codec, opening, report, sink, pages)
    workers = joined(list(reading.blocks()))
    if not len(workers.line):
        report.add("E605", opening.lead)
    drafts, places = add_up(workers, reading.keys, reading.reduced, report, today)
    return NominalRead(drafts, workers.line, places)


@dataclass(slots=True)
class _Reading:
    file: SentFile
    codec: str
    opening: Opening
    report: Report
    sink: NominalSink | None
    pages: Reading
    keys: Keys = field(default_factory=Keys)
    reduced: dict[int, list[Row]] = field(default_factory=dict)
    """By place of the draft: rows under a reduced code."""
    _known: dict[tuple[bytes, ...], int] = field(default_factory=dict)
    _faults: dict[int, list[tuple[str, str, Cell]]] = field(default_factory=dict)
    """Key -> column, text and cell of what must be told of each of its rows."""
    _rows: int = 0

    def _tables(self) -> Iterator[Rows]:
        records = Records(self.opening.delimiter, len(self.opening.headings), self.report)
        last = self.opening.lead
        for buffer, number in lines_of(self.file, self.codec, self.report, skip=last):
            yield records.rows(buffer, number, last=False)
            last = number
        yield records.rows(b"", last, last=True)

    def blocks(self) -> Iterator[Workers]:
        for rows in self._tables():
            padded = np.append(rows.buffer, np.full(MAX_CELL_BYTES, 32, dtype=np.uint8))
            padded[padded == INNER_SIGN[0]] = ord(self.opening.delimiter)
            for begin in range(0, len(rows), BLOCK_ROWS):
                part = slice(begin, min(begin + BLOCK_ROWS, len(rows), begin + MAX_ROWS - self._rows))
                if part.stop > begin:
                    yield self._block(rows, padded, part)
                if (part.stop < len(rows) and part.stop < begin + BLOCK_ROWS) or len(self.keys.keys) > MAX_KEYS:
                    at = min(part.stop, len(rows) - 1)
                    self.report.add("E602", int(rows.numbers[at]), expected=f"<= {MAX_ROWS}")
                    return

    def _block(self, rows: Rows, padded: Bytes, part: slice) -> Workers:
        lines, whole = rows.numbers[part], rows.whole[part]
        cells = {
            heading.column: gather(padded, rows.starts[part, place], rows.lengths[part, place], rows.padded)
            for place, heading in enumerate(self.opening.headings)
            if heading.column
        }
        block = Columns(cells, lines, whole, self.report)
        key = self._keys_of(block)
        scale = next(heading.scale for heading in self.opening.headings if heading.column == "base")
        base = block.amounts("base", scale)
        nss, nss_text = block.insured()
        names = {column: self._names(block, column) for column in ("surname", "first_name")}
        days = {column: block.days(column, column != "birth") for column in _DAYS if column in cells}
        nss = told_apart(nss, [*names.values(), *(days[column] for column in ("birth",) if column in days)])
        entry, left = days["entry"], days["exit"]
        for row in np.flatnonzero((left > 0) & (left < entry)):
            self.report.add("W216", int(lines[row]), "exit", cells["exit"].text(int(row)))
        self._remember_reduced(block, key)
        self._rows += len(lines)
        if self.sink:
            self.sink(self._lines(block, key, base, {"nss": nss_text} | names, days))
        return Workers.of(key, nss, base, lines, entry, left)

    def _names(self, block: Columns, column: str) -> Bytes:
        self.pages.note_all(block.cells[column].matrix)
        return block.names(column)

    def _keys_of(self, block: Columns) -> Ints:
        """Read where they change from one row to the next: most files are sorted."""
        columns = [np.ascontiguousarray(block.cells[name].matrix) for name in _SHARED]
        changed = np.zeros(len(block.lines), dtype=np.bool_)
        changed[:1] = True
        for matrix in columns:
            words = matrix.view(np.uint64)
            changed[1:] |= (words[1:] != words[:-1]).any(axis=1)
        changed[1:] |= block.whole[1:] != block.whole[:-1]
        starts = np.flatnonzero(changed)
        found = [self._key(block, int(row), columns) for row in starts]
        lengths = np.diff(np.append(starts, len(changed)))
        keys = np.repeat(np.array(found, dtype=np.int64), lengths)
        for start, length, key in zip(starts.tolist(), lengths.tolist(), found, strict=True):
            for column, text, cell in self._faults.get(key, ()):
                for line in block.lines[start : start + length].tolist():
                    block.tell(cell, line, column, text)
        return keys

    def _key(self, block: Columns, row: int, columns: list[Bytes]) -> int:
        raw = tuple(matrix[row].tobytes().rstrip(b" ") for matrix in columns) if block.whole[row] else ()
        key = self._known.get(raw)
        if key is None:
            key = self._known[raw] = self._new_key(raw)
        return key

    def _new_key(self, raw: tuple[bytes, ...]) -> int:
        if not raw:  # reported as a whole
            return self.keys.add("", "", "", "")
        written = dict(zip(_SHARED, (cell.decode(errors="replace") for cell in raw), strict=True))
        cells = {column: _shared_cell(column, text) for column, text in written.items()}
        value = {column: "" if cell.code else cell.value for column, cell in cells.items()}
        key = self.keys.add(value["employer"], value["period"], value["code"], value["centre"])
        told = [(column, written[column], cell) for column, cell in cells.items() if cell.code or cell.warnings]
        if told:
            self._faults[key] = told
        return key

    def _remember_reduced(self, block: Columns, key: Ints) -> None:
        codes = np.array([each.code in REDUCED and each.group >= 0 for each in self.keys.keys])
        for row in np.flatnonzero(codes[key]).tolist():
            found = self.keys.keys[int(key[row])]
            made = Row(int(block.lines[row]), {"code": Cell(found.code)}, {"code": found.code})
            for column in _DECISION:
                text = block.cells[column].text(row) if column in block.cells else ""
                made.raw[column], made.cells[column] = text, dac_cells.read(column, 0, text)
                block.tell(made.cells[column], made.line, column, text)
            self.reduced.setdefault(found.group, []).append(made)

    def _lines(
        self, block: Columns, key: Ints, base: Ints, written: dict[str, Bytes], days: dict[str, Ints]
    ) -> NDArray[np.void]:
        made = np.zeros(len(block.lines), LINE)
        groups = [("", ""), *self.keys.groups]
        employers, periods = (np.array([group[at].encode() for group in groups]) for at in (0, 1))
        place = np.array([each.group + 1 for each in self.keys.keys])[key]
        made["number"], made["base"] = block.lines, base
        made["employer"], made["period"] = employers[place], periods[place]
        made["code"] = np.array([each.code.encode() for each in self.keys.keys])[key]
        for column, matrix in written.items():
            made[column] = texts(matrix)
        for column, moments in days.items():
            made[column] = day_texts(moments)
        return made


def _shared_cell(column: str, text: str) -> Cell:
    """Employer, period, code and centre stand in every row."""
    cell = dac_cells.read(column, 0, text)
    if column == "employer" and not cell.code and not is_employer_number(cell.value):
        return Cell(code="E603", expected=EMPLOYER_FORM)
    if cell.code or cell.value:
        return cell
    return {
        "period": Cell(code="E601", expected=dac_cells.PERIOD_FORMS),
        "code": Cell(code="E613", expected="R22"),
    }.get(column, cell)
