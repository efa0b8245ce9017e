"""From the bytes of a CSV to UTF-8 lines, in pieces of bounded size whatever the file holds."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.code_pages import Reading
from tasrih.declaration.csv.cells import TOLD
from tasrih.declaration.sent import SentFile
from tasrih.declaration.utf16 import utf16_codec
from tasrih.vocabulary.finding import Finding, Findings

PIECE_BYTES = 1024 * 1024
PIECE_LINES = 128 * 1024
"""At once: a piece may be nothing but line ends, and each line costs some sixty bytes beside its own."""
MAX_LINE_BYTES = 32 * 1024
"""A worker's line is about 150 bytes; with many columns of the filer's own it stays far below."""
SHOWN_CHARACTERS = 100
"""Of a long cell, a finding shows no more."""
REPORTED_LINE = b"\x1e"
"""Stands for a line that a finding has named already; never from the file, whose control bytes are replaced."""

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(slots=True)
class Report:
    """Findings of one file; warnings that come with every line are kept once per column and counted after that."""

    file: str
    findings: Findings
    _warned: set[tuple[str, str]] = field(default_factory=set)

    def add(self, code: str, line: int = 0, column: str = "", value: str = "", expected: str = "") -> None:
        if code == TOLD:
            return
        repeated = code.startswith("W") and (code, column) in self._warned
        if repeated or (not self.findings.room and self.findings.counts[code]):
            self.findings.count_only(code, 1)
            return
        self._warned.add((code, column))
        self.each(code, line, column, value, expected)

    def each(self, code: str, line: int = 0, column: str = "", value: str = "", expected: str = "") -> None:
        """Kept one by one, warnings too."""
        self.findings.add(Finding(code, self.file, line, column, value[:SHOWN_CHARACTERS], expected))


def encoding_of(file: SentFile, report: Report, reading: Reading | None = None) -> str:
    """The codec to read with: that of UTF-16 by its mark or its zeros, "utf-8" where every byte fits, else that of a
    code page, named or guessed, as `reading` knows.

    "utf-8-sig" is UTF-8 by its mark or by most of its lines, but with bytes that do not fit.
    """
    with file.open() as stream:
        head = stream.read(PIECE_BYTES)
        if codec := utf16_codec(head):
            return codec
        decoder = codecs.getincrementaldecoder("utf-8")()
        piece = head
        try:
            while piece:
                decoder.decode(_beyond_ascii(piece))
                piece = stream.read(PIECE_BYTES)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else _single_byte(file, report, reading)
    return "utf-8"


def _beyond_ascii(piece: bytes) -> bytes:
    """The bytes beyond ASCII, with one blank for all that stands between two of them: as valid as the whole."""
    if piece.isascii():
        return b" "
    array = as_array(piece)
    places = np.flatnonzero(array >= 128)
    breaks = np.flatnonzero(np.diff(places) > 1) + 1
    kept = np.insert(array[places], breaks, 32).tobytes()
    return b" " * bool(places[0]) + kept + b" " * bool(places[-1] < len(array) - 1)


def _single_byte(file: SentFile, report: Report, reading: Reading | None) -> str:
    """That of the code page, unless lines of UTF-8 stand beside others."""
    used = reading or Reading(files=(file,))
    page = used.page
    found = used.surveys[file.name]
    if found.mixed:
        report.add("E511", found.other, expected="UTF-8")
        return "utf-8-sig"
    if used.guessed:
        report.add("W502", found.other, value=page, expected="UTF-8")
    return used.codec


def _bytes(file: SentFile) -> Iterator[bytes]:
    """Without the 0x1A that ends a file in old programs."""
    left = file.size
    with file.open() as stream:
        while piece := stream.read(PIECE_BYTES):
            left -= len(piece)
            yield piece if left > 0 else piece.rstrip(b"\x1a")


def _as_utf8(file: SentFile, codec: str) -> Iterator[bytes]:
    """Undecodable places become U+FFFD, which is reported where it stands."""
    if codec == "utf-8":
        for index, piece in enumerate(_bytes(file)):
            yield piece if index else piece.removeprefix(codecs.BOM_UTF8)
        return
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    for piece in _bytes(file):
        yield decoder.decode(piece).encode("utf-8", errors="replace")
    yield decoder.decode(b"", final=True).encode("utf-8", errors="replace")


def lines_of(file: SentFile, codec: str, report: Report, skip: int = 0) -> Iterator[tuple[bytes, int]]:
    """Whole lines as UTF-8, a line feed behind each, and the number of the first one, without the first `skip` lines.

    Only a line feed, with or without a carriage return before it, ends a line.
    """
    for buffer, number in _pieces_of_lines(_as_utf8(file, codec), report):
        if number > skip:
            yield buffer, number
            continue
        ends = np.flatnonzero(as_array(buffer) == 10)
        if len(ends) > skip - number + 1:
            yield buffer[int(ends[skip - number]) + 1 :], skip + 1


def _pieces_of_lines(pieces: Iterator[bytes], report: Report) -> Iterator[tuple[bytes, int]]:
    number, tail, dropping = 1, b"", False
    for raw in pieces:
        piece = _without_controls(raw, number, report)
        if dropping:
            dropping = (end := piece.find(b"\n")) < 0
            piece = b"" if dropping else piece[end:]
        buffer = tail + piece
        cut = buffer.rfind(b"\n") + 1
        tail = buffer[cut:]
        if cut:
            for lines in _shares(buffer[:cut]):
                yield _whole_lines(lines, number, report), number
                number += newlines(lines)
        if len(tail) > MAX_LINE_BYTES:
            report.add("E509", number, expected=f"<= {MAX_LINE_BYTES}")
            tail, dropping = REPORTED_LINE, True
    if tail:
        yield _whole_lines(tail + b"\n", number, report), number


def _shares(buffer: bytes) -> Iterator[bytes]:
    """Whole lines, so many at a time."""
    cuts = [0, len(buffer)]
    if newlines(buffer) > PIECE_LINES:
        cuts[1:1] = (np.flatnonzero(as_array(buffer) == 10)[PIECE_LINES - 1 : -1 : PIECE_LINES] + 1).tolist()
    return (buffer[begin:end] for begin, end in pairwise(cuts))


def newlines(buffer: bytes) -> int:
    return int(np.count_nonzero(as_array(buffer) == 10))


def as_array(buffer: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(buffer, dtype=np.uint8)


def _without_controls(piece: bytes, number: int, report: Report) -> bytes:
    """NUL and other control bytes become blanks, each line that held one is named."""
    array = as_array(piece)
    low = int(np.count_nonzero(array < 32))
    if low == sum(int(np.count_nonzero(array == sign)) for sign in (9, 10, 13)):
        return piece
    line, seen, last = number, 0, 0
    for found in _CONTROL.finditer(piece):
        line, seen = line + piece.count(b"\n", seen, found.start()), found.start()
        if line != last:
            report.add("E510", line, value=f"0x{found[0][0]:02X}")
            last = line
    return _CONTROL.sub(b" ", piece)


def _whole_lines(buffer: bytes, number: int, report: Report) -> bytes:
    if b"\r" in buffer:
        buffer = _line_feeds(buffer)
        if b"\r" in buffer:
            report.add("E516", number + buffer.count(b"\n", 0, buffer.index(b"\r")))
            buffer = buffer.replace(b"\r", b" ")
    ends = np.flatnonzero(as_array(buffer) == 10)
    if len(ends) and int(np.diff(ends, prepend=-1).max()) > MAX_LINE_BYTES:
        return _shortened(buffer, ends, number, report)
    return buffer


def _line_feeds(buffer: bytes) -> bytes:
    """Without the carriage return before a line feed."""
    array = as_array(buffer)
    kept = array != 13
    kept[:-1] |= array[1:] != 10
    return bytes(array[kept].tobytes())


def _shortened(buffer: bytes, ends: NDArray[np.intp], number: int, report: Report) -> bytes:
    lines = []
    for index, (before, end) in enumerate(pairwise([-1, *ends.tolist()])):
        line = buffer[before + 1 : end]
        if len(line) > MAX_LINE_BYTES:
            report.add("E509", number + index, expected=f"<= {MAX_LINE_BYTES}")
            line = REPORTED_LINE
        lines.append(line)
    return b"\n".join([*lines, b""])
