"""DAS as CSV: one row per worker, headings in three languages, any order. Our own design (`templates/README.md`).

There is no header record: employer, year, type and centre stand in the first row and may be repeated below. The
annual base of each row is the only control sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from re import fullmatch

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.code_pages import Reading
from tasrih.declaration.codes import figures_of
from tasrih.declaration.csv.cells import Cell, Kind, read_cell, read_name
from tasrih.declaration.csv.columns import MAX_CELL_BYTES, Cells, gather
from tasrih.declaration.csv.headings import Heading
from tasrih.declaration.csv.opening import Opening, read_opening
from tasrih.declaration.csv.rows import INNER_SIGN, Records, Rows
from tasrih.declaration.csv.text import Report, encoding_of, lines_of
from tasrih.declaration.csv.totals import sums_up
from tasrih.declaration.das.columns import counted, kind_of, settle
from tasrih.declaration.layout import WIDE, Block
from tasrih.declaration.sent import SentFile
from tasrih.vocabulary.finding import Findings
from tasrih.vocabulary.identity import is_employer_number

BLOCK_ROWS = 8192
MAX_ROWS = 999_999
"""The layout's own limit: six columns for the line number."""
COMMON = ("employer", "year", "type", "centre")
"""Columns with one value for the whole file."""
_NAMES = ("surname", "first_name", "function")


@dataclass(slots=True)
class CsvDas:
    """What the file says of itself. `blocks` may be asked once; findings come with its reading."""

    employer: str = ""
    """As the first row has it, digits alone; "" when it could not be read (a finding says why). So are the others."""
    year: str = ""
    type: str = ""
    centre: str = ""
    lead: int = 0
    """Text lines down to the end of the heading."""
    delimiter: str = ""
    encoding: str = ""
    """Codec the names were read with: "utf-8", "utf-16" (also -le, -be), or that of a code page, guessed or named."""
    unknown: tuple[str, ...] = ()
    """Headings of the filer's own columns, as written: a warning names them (`csv.own` reads their cells)."""
    _blocks: Callable[[], Iterator[Block]] = field(default=lambda: iter(()), repr=False)

    def blocks(self) -> Iterator[Block]:
        """Rows in the WIDE layout, up to 8,192 at a time. Nothing when the heading could not be used."""
        return self._blocks()


def read_das_csv(file: SentFile, findings: Findings, pages: Reading | None = None) -> CsvDas:
    """Reads heading and first row at once, the rows when `blocks` is walked. Never raises for anything in the file."""
    report = Report(file.name, findings)
    pages = pages or Reading(files=(file,))
    codec = encoding_of(file, report, pages)
    opening = read_opening(file, codec, report)
    if opening is None:
        return CsvDas(encoding=codec)
    reading = _Reading(file, codec, opening, report, pages)
    reading.settle_common()
    known = {name: cell.value for name, cell in reading.common.items()}
    return CsvDas(
        **{name: known[name] for name in COMMON},
        lead=opening.lead,
        delimiter=opening.delimiter,
        encoding=codec.removesuffix("-sig"),
        unknown=opening.unknown,
        _blocks=reading.blocks,
    )


@dataclass(slots=True)
class _Reading:
    file: SentFile
    codec: str
    opening: Opening
    report: Report
    pages: Reading
    common: dict[str, Cell] = field(default_factory=dict)
    """What the first row says of the whole file."""
    raw: dict[str, bytes] = field(default_factory=dict)
    """The same cells as written, to compare the rows below with."""
    rows_read: int = 0

    def tables(self, report: Report) -> Iterator[Rows]:
        records = Records(self.opening.delimiter, len(self.opening.headings), report)
        last = self.opening.lead
        for buffer, number in lines_of(self.file, self.codec, report, skip=self.opening.lead):
            yield records.rows(buffer, number, last=False)
            last = number
        yield records.rows(b"", last, last=True)

    def settle_common(self) -> None:
        """From the first row with the right number of cells; the rows are read again afterwards, and told then."""
        silent = Report(self.file.name, Findings())
        passed = False
        for rows in self.tables(silent):
            for row in np.flatnonzero(rows.whole)[:1]:
                self._settle_common(rows, int(row), first=not passed and not row)
                return
            passed = passed or len(rows) > 0
        self.common = {name: Cell() for name in COMMON}
        self.raw = dict.fromkeys(COMMON, b"")

    def _settle_common(self, rows: Rows, row: int, *, first: bool) -> None:
        """Where the first row is broken, what is blank in the next one was perhaps said there: nothing is told."""
        for place, heading in self._placed():
            if heading.column in COMMON:
                start = rows.starts[row, place]
                raw = rows.buffer[start : start + rows.lengths[row, place]].tobytes().strip(b" ")
                cell = _first_of(heading.column, raw.decode(errors="replace"))
                if first or cell.code != "E534":
                    self._tell(cell, int(rows.numbers[row]), heading.column, raw.decode(errors="replace"))
                self.common[heading.column], self.raw[heading.column] = cell, raw

    def _placed(self) -> list[tuple[int, Heading]]:
        return [(place, heading) for place, heading in enumerate(self.opening.headings) if heading.column]

    def _tell(self, cell: Cell, line: int, column: str, text: str) -> None:
        for warning in cell.warnings:
            self.report.add(warning, line, column, text, cell.expected if warning in ("W506", "W509") else "")
        if cell.code:
            self.report.add(cell.code, line, column, text, cell.expected)

    def blocks(self) -> Iterator[Block]:
        for rows in self.tables(self.report):
            padded = np.append(rows.buffer, np.full(MAX_CELL_BYTES, 32, dtype=np.uint8))
            padded[padded == INNER_SIGN[0]] = ord(self.opening.delimiter)
            for begin in range(0, len(rows), BLOCK_ROWS):
                part = slice(begin, min(begin + BLOCK_ROWS, len(rows), begin + MAX_ROWS - self.rows_read))
                if len(rows) > part.stop == begin + MAX_ROWS - self.rows_read:
                    self.report.add("E515", int(rows.numbers[part.stop]), expected=f"<= {MAX_ROWS}")
                    yield from ([self._block(rows, padded, part)] if part.stop > begin else [])
                    return
                yield self._block(rows, padded, part)
        if not self.rows_read:
            self.report.add("E514", self.opening.lead)

    def _block(self, rows: Rows, padded: NDArray[np.uint8], part: slice) -> Block:
        numbers, whole = rows.numbers[part], rows.whole[part]
        matrix = np.full((len(numbers), WIDE.width), 32, dtype=np.uint8)
        block = Block(WIDE, matrix, numbers)
        for place, heading in self._placed():
            cells = gather(padded, rows.starts[part, place], rows.lengths[part, place], rows.padded)
            if heading.column in _NAMES:
                self.pages.note_all(cells.matrix)
            if heading.column in COMMON:
                self._common(block, cells, heading.column, whole)
            elif heading.column == "code":
                matrix = np.full((len(numbers), 3), 32, dtype=np.uint8)
                self._column(block, cells, heading, matrix)
                block.codes = figures_of(matrix)
            else:
                self._column(block, cells, heading, _into(block, heading.column))
        if all(heading.column != "number" for heading in self.opening.headings):
            _into(block, "number")[:] = counted(self.rows_read + 1, len(numbers))
        self.rows_read += len(numbers)
        totals = whole & sums_up(block)
        for number in numbers[totals].tolist():
            self.report.add("E540", number)
        _break(block, ~whole | totals)
        return block

    def _column(self, block: Block, cells: Cells, heading: Heading, target: NDArray[np.uint8]) -> None:
        column, kind = heading.column, kind_of(heading.column, heading.scale)
        settled = settle(cells, column, kind, heading.scale)
        _whole(target)[:] = _whole(settled.matrix)
        broken = np.zeros(len(block), dtype=np.bool_)
        for row in np.flatnonzero(settled.odd):
            broken[row] = self._one(target[row], cells.text(int(row)), kind, column, int(block.numbers[row]))
        if broken.any():
            block.broken[column] = broken

    def _one(self, target: NDArray[np.uint8], text: str, kind: Kind, column: str, line: int) -> bool:
        cell = read_name(text, kind.width) if column in _NAMES else read_cell(text, kind)
        self._tell(cell, line, column, text)
        value = cell.value.encode()
        target[: len(value)] = np.frombuffer(value, dtype=np.uint8)
        return bool(cell.code)

    def _common(self, block: Block, cells: Cells, column: str, whole: NDArray[np.bool_]) -> None:
        """Blank, or as the first row has it: that value. Another employer or year stays, for the rules to tell."""
        raw, first = self.raw[column], self.common[column]
        same = (cells.lengths == 0) | cells.equal(raw)
        broken = same & bool(first.code)
        held = column in WIDE.columns
        if held:
            value = first.value.encode().ljust(WIDE.columns[column].width)
            _whole(_into(block, column))[same] = _whole(np.frombuffer(value, np.uint8)[None])
        for row in np.flatnonzero(~same & whole):
            broken[row] = self._other(block, int(row), cells.text(int(row)), column)
        if held and broken.any():
            block.broken[column] = broken

    def _other(self, block: Block, row: int, text: str, column: str) -> bool:
        cell = read_cell(text, kind_of(column, 0))
        line = int(block.numbers[row])
        first = self.common[column]
        if column not in WIDE.columns and not cell.code and not first.code and cell.value != first.value:
            cell = Cell(code="E533", expected=first.value)
        self._tell(cell, line, column, text)
        if column in WIDE.columns and cell.value:
            value = cell.value.encode()
            _into(block, column)[row, : len(value)] = np.frombuffer(value, dtype=np.uint8)
        return bool(cell.code)


def _first_of(column: str, text: str) -> Cell:
    """What the first row says for the whole file; it cannot be blank there."""
    kind = kind_of(column, 0)
    cell = read_cell(text, kind)
    if cell.code:
        return cell
    if not cell.value:
        return Cell(code="E534", expected=kind.expected)
    unfit = column == "employer" and not is_employer_number(cell.value)
    unfit |= column == "year" and not fullmatch("[0-9]{4}", cell.value)
    return Cell(code="E539", expected=kind.expected, warnings=cell.warnings) if unfit else cell


def _into(block: Block, column: str) -> NDArray[np.uint8]:
    start, width = WIDE.columns[column]
    return block.matrix[:, start : start + width]


def _whole(cells: NDArray[np.uint8]) -> NDArray[np.void]:
    """Each cell as one thing: copied byte by byte, it costs twice."""
    return cells.view(f"V{cells.shape[1]}")


def _break(block: Block, rows: NDArray[np.bool_]) -> None:
    """Rows that were reported as a whole: no rule speaks of any of their cells."""
    if not rows.any():
        return
    for column in WIDE.columns:
        block.broken[column] = block.broken.get(column, np.zeros(len(block), dtype=np.bool_)) | rows
