"""From lines of CSV to rows of cells: where each cell starts and how long it is, thousands of rows at once.

Plain lines and plainly quoted ones are cut with array arithmetic. Anything else (line ends or doubled quotes inside
quotes, quotes that do not close) goes line by line through the `csv` module and comes back as plain lines.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.csv.text import MAX_LINE_BYTES, REPORTED_LINE, Report, as_array

MAX_RECORD_LINES = 20
"""Text lines that one quoted record may run over; beyond it the quote was never closed."""
INNER_SIGN = b"\x1f"
"""Stands for the delimiter inside a quoted cell; never from the file, whose control bytes are replaced."""
_QUOTE, _BLANK = 34, 32

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines on the way to becoming rows."""

    buffer: bytes
    """UTF-8, each line ended by "\\n"."""
    numbers: Ints
    """The file's line number of each line."""
    flat: bool = False
    """Quotes have been resolved: those that are left are letters."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells of rows that are not blank: `buffer[starts[r, c] : starts[r, c] + lengths[r, c]]`."""

    buffer: NDArray[np.uint8]
    numbers: Ints
    starts: Ints
    """Shape (rows, columns)."""
    lengths: Ints
    whole: NDArray[np.bool_]
    """False where the row was reported as a whole (too few or too many cells, quotes): its lengths are 0."""
    padded: bool
    """Whether some cell may begin or end with a blank."""

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(slots=True)
class Records:
    """Splits lines into rows; holds back the last lines of a piece while a quoted record may go on."""

    delimiter: str
    columns: int
    report: Report
    _held: bytes = b""
    _held_from: int = 0
    _blanks: list[int] = field(default_factory=list)
    """Of the blank lines at the end of each piece since the last row: the last one of each."""

    def rows(self, buffer: bytes, number: int, last: bool) -> Rows:
        """`number` is the first line's. With `last`, what was held back is decided."""
        if self._held:
            buffer, number, self._held = self._held + buffer, self._held_from, b""
        simple = _simple_quotes(buffer, ord(self.delimiter))
        piece = Piece(buffer, _numbers(buffer, number)) if simple else self._flattened(buffer, number, last)
        return self._cut(piece)

    def _flattened(self, buffer: bytes, number: int, last: bool) -> Piece:
        lines = buffer.split(b"\n")[:-1]
        done: list[bytes] = []
        numbers: list[int] = []
        at = 0
        while at < len(lines):
            if b'"' not in lines[at]:
                taken, flat = 1, lines[at]
            else:
                cells, taken = self._record(lines, at)
                if not taken and not last and at + MAX_RECORD_LINES > len(lines):
                    self._held, self._held_from = b"\n".join([*lines[at:], b""]), number + at
                    break
                flat = self._joined(cells, taken, number + at)
            done.append(flat)
            numbers.append(number + at)
            at += max(taken, 1)
        return Piece(b"\n".join([*done, b""]), np.array(numbers, dtype=np.int64), flat=True)

    def _record(self, lines: list[bytes], at: int) -> tuple[list[str], int]:
        """As `record`, but one over several lines counts only with the right number of cells: else a quote that was
        never closed would swallow the rows after it."""
        cells, taken = record(lines, at, self.delimiter)
        return (cells, taken) if taken == 1 or len(cells) == self.columns else ([], 0)

    def _joined(self, cells: list[str], taken: int, line: int) -> bytes:
        """A quoted record as a plain line."""
        if not taken:
            self.report.add("E507", line)
            return REPORTED_LINE
        sign = INNER_SIGN.decode()
        inner = (cell.replace(self.delimiter, sign).replace("\n", " ") for cell in cells)
        return self.delimiter.join(inner).encode()

    def _cut(self, piece: Piece) -> Rows:
        array = as_array(piece.buffer)
        ends = np.flatnonzero(array == 10)
        signs = _structural(array, ord(self.delimiter), piece.flat)
        begins = np.append(0, ends[:-1] + 1)[: len(ends)]
        first = np.searchsorted(signs, begins)
        counts = np.searchsorted(signs, ends) - first
        blank = ends - begins == counts
        reported = (ends - begins == 1) & (array[begins] == REPORTED_LINE[0])
        keep = ~blank
        self._warn_of_blanks(piece.numbers, blank)
        begins, ends, first, counts = begins[keep], ends[keep], first[keep], counts[keep]
        numbers, reported = piece.numbers[keep], reported[keep]
        whole = self._ragged(signs, ends, first, counts) & ~reported
        self._report_ragged(numbers, counts, ~whole & ~reported)
        starts, lengths = _cells(signs, begins, ends, first, counts, whole, self.columns)
        if not piece.flat and b'"' in piece.buffer:
            quoted = ((array[starts] == _QUOTE) & (lengths > 1)).astype(np.int64)
            starts, lengths = starts + quoted, lengths - 2 * quoted
        return Rows(array, numbers, starts, lengths, whole, _padded(array, ord(self.delimiter)))

    def _ragged(self, signs: Ints, ends: Ints, first: Ints, counts: Ints) -> NDArray[np.bool_]:
        """True where the row has its cells; more of them are tolerated when all of those are empty."""
        more = counts >= self.columns
        whole = counts == self.columns - 1
        if more.any():
            extra = signs[first[more] + self.columns - 1]
            whole[more] = ends[more] - extra == counts[more] - self.columns + 1
        return np.asarray(whole)

    def _report_ragged(self, numbers: Ints, counts: Ints, wrong: NDArray[np.bool_]) -> None:
        rows = np.flatnonzero(wrong)
        room = max(1, self.report.findings.room)
        for row in rows[:room]:
            cells = int(counts[row]) + 1
            code = "E505" if cells < self.columns else "E506"
            self.report.add(code, int(numbers[row]), value=str(cells), expected=str(self.columns))
        few = int(np.count_nonzero(counts[rows[room:]] + 1 < self.columns))
        self.report.findings.count_only("E505", few)
        self.report.findings.count_only("E506", len(rows[room:]) - few)

    def _warn_of_blanks(self, numbers: Ints, blank: NDArray[np.bool_]) -> None:
        """Blank lines at the end of the file are nothing to speak of; between rows they are."""
        rows = np.flatnonzero(~blank)
        if len(rows):
            for number in [*self._blanks, *numbers[: rows[-1]][blank[: rows[-1]]].tolist()]:
                self.report.add("W505", number)
            self._blanks = []
        self._blanks += numbers[blank][-1:].tolist() if blank[-1:].any() else []


def _numbers(buffer: bytes, first: int) -> Ints:
    return np.arange(first, first + int(np.count_nonzero(as_array(buffer) == 10)), dtype=np.int64)


def _simple_quotes(buffer: bytes, sign: int) -> bool:
    """Whether every quote opens or closes a whole cell of one line, so that parity tells what is inside."""
    if b'"' not in buffer:
        return True
    array = as_array(buffer)
    quotes = np.flatnonzero(array == _QUOTE)
    if len(quotes) % 2:
        return False
    before = np.where(quotes[0::2] > 0, array[quotes[0::2] - 1], 10)
    after = array[quotes[1::2] + 1]
    outside = ((before == sign) | (before == 10)).all() and ((after == sign) | (after == 10)).all()
    ends = np.flatnonzero(array == 10)
    return bool(outside) and not (np.searchsorted(quotes, ends) & 1).any()


def _structural(array: NDArray[np.uint8], sign: int, flat: bool) -> Ints:
    """Where the delimiters stand that are not inside quotes."""
    signs: Ints = np.flatnonzero(array == sign)
    quotes = signs[:0] if flat else np.flatnonzero(array == _QUOTE)
    if not len(quotes):
        return signs
    return np.asarray(signs[(np.searchsorted(quotes, signs) & 1) == 0])


def _padded(array: NDArray[np.uint8], sign: int) -> bool:
    """Whether a blank stands beside an end of a cell: asked once of a piece, not of every cell. Pieces end with a line
    feed, so what stands before the first sign is an end too."""
    ends = np.zeros(256, dtype=np.bool_)
    ends[[sign, _QUOTE, 10]] = True
    blanks = np.flatnonzero(array == _BLANK)
    return bool((ends[array[blanks - 1]] | ends[array[blanks + 1]]).any())


def _cells(
    signs: Ints, begins: Ints, ends: Ints, first: Ints, counts: Ints, whole: NDArray[np.bool_], columns: int
) -> tuple[Ints, Ints]:
    if whole.all() and len(signs) == len(begins) * (columns - 1):
        between = signs.reshape(-1, columns - 1).T
        return _laid_out(begins, between, ends)
    rows = np.flatnonzero(whole)
    padded = np.append(signs, 0)
    at = np.minimum(first[rows] + np.arange(columns)[:, None], len(signs))
    stops = np.where(at < (first + counts)[rows], padded[at], ends[rows])
    some_starts, some_lengths = _laid_out(begins[rows], stops[:-1], stops[-1])
    starts, lengths = (np.zeros((columns, len(begins)), dtype=np.int64).T for _ in range(2))
    starts[rows], lengths[rows] = some_starts, some_lengths
    return starts, lengths


def _laid_out(begins: Ints, between: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Starts and lengths of cells, column after column in memory: columns are what is read later."""
    starts = np.concatenate([begins[None], between + 1])
    lengths = np.concatenate([between, ends[None]]) - starts
    return starts.T, lengths.T


def record(lines: list[bytes], at: int, delimiter: str) -> tuple[list[str], int]:
    """The cells of the record that begins at line `at`, and how many lines it takes; ([], 0) when its quotes do not
    come right within the lines that a record may have."""
    for taken in range(1, min(MAX_RECORD_LINES, len(lines) - at) + 1):
        text = b"\n".join(lines[at : at + taken]).decode(errors="replace")
        if len(text) > MAX_LINE_BYTES:
            break
        try:
            parsed = list(csv.reader([text], delimiter=delimiter, strict=True))
        except csv.Error as trouble:
            if "unexpected end of data" in str(trouble):
                continue
            break
        return (parsed[0], taken) if len(parsed) == 1 else ([], 0)
    return [], 0
