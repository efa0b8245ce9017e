"""The detail file of the fixed pair: from bytes to blocks of lines, each a matrix of bytes.

A line of another length than 194 or 195 characters (blanks behind them aside) is named short, long or shifted and takes
no part in any rule; it still counts as a line.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.checks import TEXTS, shift_of
from tasrih.declaration.code_pages import Reading
from tasrih.declaration.layout import FIXED, WIDE, Block
from tasrih.declaration.names import INVISIBLE
from tasrih.declaration.sent import FileFacts, SentFile
from tasrih.declaration.stream import Stream
from tasrih.vocabulary.finding import Finding, Findings

LEAST, MOST = 194, 195
MOST_LINES = 999_999
"""Six columns for the line number."""
_NAMES = tuple((start, start + width) for start, width in (FIXED.columns[name] for name in TEXTS))
_UNIT_Q1 = FIXED.columns["unit_q1"].start
_NOTHING = " \t\x1a"
"""What a blank line may hold; 0x1A ends a file in old programs."""

Rows = NDArray[np.int64]


def split(chunk: bytes) -> tuple[bytes, Rows, Rows]:
    """(chunk, first byte, byte behind the last) of each line. Lines end with LF, CRLF or a CR alone."""
    flat = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero(flat == 10)
    starts = np.empty_like(ends)
    starts[:1], starts[1:] = 0, ends[:-1] + 1
    returned = (flat[ends - 1] == 13) & (ends > starts)
    if np.count_nonzero(flat == 13) > np.count_nonzero(returned):
        return split(chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return chunk, starts, ends - returned


class Detail:
    """Reads one detail file. `count`, `cut` and `facts` are true once `blocks` is exhausted."""

    def __init__(self, file: SentFile, findings: Findings, reading: Reading) -> None:
        self._reading = reading
        self._marks_told = False
        self.file = file.name
        self.count = 0
        """Lines that are not blank."""
        self.cut = False
        """The last line has no end and too few characters."""
        self._stream = Stream(file)
        self._findings = findings
        self._blanks: list[int] = []

    @property
    def facts(self) -> FileFacts:
        return self._stream.facts

    def blocks(self) -> Iterator[Block]:
        """Blocks in file order; adds the findings on shape."""
        for chunk in self._stream.chunks():
            split_chunk = split(chunk)
            if self.count > MOST_LINES:
                self._count_only(split_chunk[1], split_chunk[2])
                continue
            block = self._block(*split_chunk)
            if len(block):
                yield block

    def _count_only(self, starts: Rows, stops: Rows) -> None:
        """The file is refused for its length: what follows is counted, however many lines that are."""
        self._stream.lines += len(starts)
        self.count += int(np.count_nonzero(stops > starts))

    def _block(self, chunk: bytes, starts: Rows, stops: Rows) -> Block:
        first = self._stream.lines + 1
        self._stream.lines += len(starts)
        texts = {} if chunk.isascii() else self._decoded(chunk, starts, stops, first)
        lengths = stops - starts
        for row, text in texts.items():
            lengths[row] = len(text)
        usual = (lengths == LEAST) | (lengths == MOST) | _long_with_blanks(chunk, starts, lengths, texts)
        for row in np.flatnonzero(~usual).tolist():
            line = texts.get(row) or chunk[starts[row] : stops[row]].decode("utf-8", "replace")
            self._unusual(first + row, line)
        rows = np.flatnonzero(usual)
        if len(rows):
            self._tell_blanks(before=first + int(rows[-1]))
        self.count += len(rows)
        matrix = _gather(chunk, starts[rows], lengths[rows])
        if not texts:
            return Block(FIXED, matrix, rows + first)
        return Block(
            WIDE,
            _widened(matrix, {at: texts[row] for at, row in enumerate(rows.tolist()) if row in texts}),
            rows + first,
        )

    def _decoded(self, chunk: bytes, starts: Rows, stops: Rows, first: int) -> dict[int, str]:
        """Lines beyond ASCII by their row. Each line for itself: UTF-8 where it is that, else in a code page."""
        beyond = np.flatnonzero(np.frombuffer(chunk, np.uint8) > 127)
        rows = np.unique(np.searchsorted(stops, beyond, side="right"))
        return {row: self._text(chunk[starts[row] : stops[row]], first + row) for row in rows.tolist()}

    def _text(self, line: bytes, number: int) -> str:
        """Signs without a shape are taken out of the names; the columns behind stay where they are."""
        text = self._reading.text(line)
        for start, stop in _NAMES:
            name = text[start:stop]
            self._reading.note(name.strip(" "))
            plain = name.translate(INVISIBLE)
            if plain != name:
                text = text[:start] + plain.ljust(len(name)) + text[stop:]
                self._tell_marks(number)
        return text

    def _tell_marks(self, number: int) -> None:
        """Told once per file, at the first such line."""
        if self._marks_told:
            self._findings.count_only("W504", 1)
            return
        self._marks_told = True
        self._findings.add(Finding("W504", self.file, number))

    def _unusual(self, number: int, line: str) -> None:
        if not line.strip(_NOTHING):
            self._blanks.append(number)
            return
        self._tell_blanks(before=number)
        self.count += 1
        last = not self._stream.ended and number == self._stream.lines
        if last and len(line) < LEAST:
            self.cut = True
            return
        code, expected = "E201" if len(line) < LEAST else "E202", f"{LEAST}-{MOST}"
        if shift := shift_of(line.encode("ascii", "replace"), _UNIT_Q1):
            code, expected = "E203", f"{-shift:+d}"
        self._findings.add(Finding(code, self.file, number, "", str(len(line)), expected))

    def _tell_blanks(self, before: int) -> None:
        """Blank lines behind the last line are no fault; before another line they are short lines."""
        told = [number for number in self._blanks if number < before]
        for number in told:
            self._findings.add(Finding("E201", self.file, number, "", "0", f"{LEAST}-{MOST}"))
        self._blanks = self._blanks[len(told) :]


def _long_with_blanks(chunk: bytes, starts: Rows, lengths: Rows, texts: dict[int, str]) -> NDArray[np.bool_]:
    """Lines with nothing but blanks behind their last column."""
    fine = np.zeros(len(starts), np.bool_)
    long = lengths > MOST
    for row, text in texts.items():
        if long[row]:
            fine[row], long[row] = not text[MOST:].strip(" "), False
    for length in np.unique(lengths[long]).tolist():
        rows = np.flatnonzero(long & (lengths == length))
        tails = _taken(chunk, starts[rows] + MOST, length - MOST)
        fine[rows] = (tails == 32).all(axis=1)
    return fine


def _taken(chunk: bytes, starts: Rows, width: int) -> NDArray[np.uint8]:
    """`width` bytes from each start: (starts, width)."""
    if not len(starts):
        return np.empty((0, width), np.uint8)
    windows = np.ndarray((len(chunk) - width + 1,), f"V{width}", chunk, 0, (1,))
    return windows[starts].view(np.uint8).reshape(len(starts), width)


def _gather(chunk: bytes, starts: Rows, lengths: Rows) -> NDArray[np.uint8]:
    """The usual lines as a matrix of 195 columns. Lines beyond ASCII come out wrong here and are written over."""
    matrix = _taken(chunk + b" " * MOST, starts, MOST)
    matrix[lengths == LEAST, LEAST] = 32
    return matrix


def _widened(narrow: NDArray[np.uint8], texts: dict[int, str]) -> NDArray[np.uint8]:
    """From the fixed to the wide layout; `texts` are the lines beyond ASCII by their row."""
    wide = np.full((len(narrow), WIDE.width), 32, np.uint8)
    for name, (start, width) in FIXED.columns.items():
        to = WIDE.columns[name].start
        wide[:, to : to + width] = narrow[:, start : start + width]
    for row, text in texts.items():
        wide[row] = np.frombuffer(b"".join(_wide_cells(text)), np.uint8)
    return wide


_CELLS = tuple((*column, WIDE.columns[name].width) for name, column in FIXED.columns.items())
_PARTS = ((0, 32, 32), (32, 25, 100), (57, 25, 100), (82, 92, 92), (174, 20, 80), (194, 1, 1))
"""(start, width, width in bytes) of the columns, and of the stretches between the columns of text."""


def _wide_cells(text: str) -> Iterator[bytes]:
    """In a column of digits a character beyond ASCII may push others out: such a cell is wrong anyway."""
    usual = text[:32].isascii() and text[82:174].isascii()
    for start, width, to_width in _PARTS if usual else _CELLS:
        yield text[start : start + width].encode("utf-8", "replace")[:to_width].ljust(to_width)
