"""Whole columns of cells -> columns of the layout. What is written in the usual form is settled with array
arithmetic; only odd cells are read one by one (`csv_cells`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Ints = NDArray[np.int64]
Lengths = NDArray[np.int16]
Bools = NDArray[np.bool_]

MAX_CELL_BYTES = 512
"""A cell with more is looked at as far as this; every column of the layout is far narrower."""
_BLANK, _ZERO = 32, 48
_ALL_ONES = np.uint64(0x0101010101010101)


class Cells(NamedTuple):
    """Cells of one column, left-aligned in a matrix whose width is a multiple of 8, blanks behind."""

    matrix: Bytes
    lengths: Lengths
    """In bytes, without the blanks around."""

    def equal(self, text: bytes) -> Bools:
        """Where exactly this stands."""
        width = self.matrix.shape[1]
        if len(text) > width:
            return np.zeros(len(self.matrix), dtype=np.bool_)
        words = self.matrix.view(np.uint64) == np.frombuffer(text.ljust(width), dtype=np.uint64)
        return np.asarray(np.logical_and.reduce(words.T))

    def text(self, row: int) -> str:
        return self.matrix[row, : self.lengths[row]].tobytes().decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Settled:
    """A column in the form of the layout; `odd` rows are blank and still to be read one by one."""

    matrix: Bytes
    odd: Bools


def gather(buffer: Bytes, starts: Ints, lengths: Ints, padded: bool = True) -> Cells:
    """`buffer` is longer by MAX_CELL_BYTES than its cells; `padded`: one may begin or end with a blank. Whole words are
    taken: byte by byte costs three times."""
    longest = int(lengths.max(initial=0))
    width = min(max(1, longest) + 7 & ~7, MAX_CELL_BYTES)
    windows = np.ndarray((len(buffer) - width + 1,), dtype=f"V{width}", buffer=buffer, strides=(1,))
    words = windows[starts].view(np.uint64).reshape(len(starts), width // 8)
    sizes = np.minimum(lengths, width)
    inside, blanks = _borders(width)
    one = longest <= width and int(lengths.min(initial=longest)) == longest  # most columns: all cells of one length
    words &= inside[longest] if one else inside.take(sizes, axis=0)
    words |= blanks[longest] if one else blanks.take(sizes, axis=0)
    matrix = words.view(np.uint8)
    if padded:
        last = buffer.take(starts + np.maximum(sizes - 1, 0))
        if ((sizes > 0) & ((matrix[:, 0] == _BLANK) | (last == _BLANK))).any():
            return _trimmed(matrix)
    return Cells(matrix, sizes.astype(np.int16))


@cache
def _borders(width: int) -> tuple[Words, Words]:
    """For each length: ones where the cell is, blanks where it is not. Shape of each: (width + 1, width / 8)."""
    inside = np.arange(width) < np.arange(width + 1)[:, None]
    ones, blanks = np.where(inside, 255, 0), np.where(inside, 0, _BLANK)
    return ones.astype(np.uint8).view(np.uint64), blanks.astype(np.uint8).view(np.uint64)


def _trimmed(matrix: Bytes) -> Cells:
    width = matrix.shape[1]
    solid = matrix != _BLANK
    filled = solid.any(axis=1)
    lead = np.where(filled, solid.argmax(axis=1), 0)
    stop = np.where(filled, width - solid[:, ::-1].argmax(axis=1), 0)
    if lead.any():
        places = np.arange(width)
        moved = np.take_along_axis(matrix, np.minimum(places + lead[:, None], width - 1), axis=1)
        matrix = np.where(places < (stop - lead)[:, None], moved, np.uint8(_BLANK))
    return Cells(matrix, (stop - lead).astype(np.int16))


def _count(flags: Bools) -> Ints:
    """How many are true in each row. Eight at a time: summing short rows one by one is what would cost most here."""
    eights = (flags.view(np.uint64) * _ALL_ONES) >> np.uint64(56)
    return np.asarray(sum(eights.T), dtype=np.int64)


def _fitted(matrix: Bytes, width: int) -> Bytes:
    """The first `width` columns; blanks added where there are fewer."""
    if matrix.shape[1] >= width:
        return matrix[:, :width]
    fitted = np.full((len(matrix), width), _BLANK, dtype=np.uint8)
    fitted[:, : matrix.shape[1]] = matrix
    return fitted


def _settled(cells: Cells, matrix: Bytes, usual: Bools, width: int) -> Settled:
    fitted = _fitted(matrix, width)
    odd = ~usual & (cells.lengths > 0)
    if odd.any():
        fitted = fitted.copy()
        fitted[odd] = _BLANK
    return Settled(fitted, odd)


def _digits(matrix: Bytes) -> Bools:
    return (matrix - np.uint8(_ZERO)) < 10


def numbers(cells: Cells, width: int, exact: bool = False) -> Settled:
    """Digits alone; with `exact`, exactly as many as the column has."""
    fits = cells.lengths == width if exact else cells.lengths <= width
    return _settled(cells, cells.matrix, (_count(_digits(cells.matrix)) == cells.lengths) & fits, width)


def amounts(cells: Cells, width: int, scale: int) -> Settled:
    """Centimes from whole numbers, or from dinars with decimals; thousands may be set apart by blanks."""
    read = _dinars if scale == 100 else numbers
    settled = read(cells, width)
    rows = np.flatnonzero(settled.odd)
    if len(rows):
        again = read(_without_groups(cells.matrix[rows]), width)
        settled.matrix[rows], settled.odd[rows] = again.matrix, again.odd
    return settled


def _without_groups(matrix: Bytes) -> Cells:
    """Cells such as "36 000,00" (with any blank) as "36000,00"; other cells as they are."""
    text = np.concatenate([matrix, np.full((len(matrix), 1), 10, dtype=np.uint8)], axis=1).tobytes()
    for blank in _NO_BREAK:
        text = text.replace(blank, b" ")
    text = _GROUPED.sub(lambda found: found[0].replace(b" ", b""), text)
    lines = np.array(text.split(b"\n")[:-1], dtype=f"S{matrix.shape[1]}")
    joined = lines.view(np.uint8).reshape(matrix.shape).copy()
    joined[joined == 0] = _BLANK
    return _trimmed(joined)


_NO_BREAK = (b"\xc2\xa0", b"\xe2\x80\xaf", b"\xe2\x80\x89")
_GROUPED = re.compile(rb"(?m)^[0-9]{1,3}(?: [0-9]{3})+(?=[.,]| *$)")


def _dinars(cells: Cells, width: int) -> Settled:
    """Whole numbers, or one or two decimals after comma or point."""
    matrix, lengths = np.ascontiguousarray(_fitted(cells.matrix, 16)), cells.lengths
    places = np.arange(16, dtype=np.int16)
    sign = (matrix == ord(",")) | (matrix == ord("."))
    signs = _count(sign)
    point = np.where(signs > 0, sign.argmax(axis=1), lengths).astype(np.int16)
    decimals = lengths - point - 1
    usual = (_count(_digits(matrix)) + signs == lengths) & (point >= 1) & (point + 2 <= width)
    usual &= (signs == 0) | ((signs == 1) & (decimals >= 1) & (decimals <= 2))
    centimes = matrix.copy()
    behind = places >= point[:, None]
    np.copyto(centimes[:, :-1], matrix[:, 1:], where=behind[:, :-1])
    np.copyto(centimes, np.uint8(_ZERO), where=behind & (places >= (lengths - 1)[:, None]))
    np.copyto(centimes, np.uint8(_BLANK), where=(places >= (point + 2)[:, None]) | (lengths == 0)[:, None])
    return _settled(cells, centimes, usual, width)


_SIGNS = np.zeros(256, dtype=np.bool_)
_SIGNS[[*b"-./"]] = True


def days(cells: Cells) -> Settled:
    """ddmmyyyy from ddmmyyyy, dd/mm/yyyy (also "-" and ".") or yyyy-mm-dd."""
    matrix = np.ascontiguousarray(_fitted(cells.matrix, 16))
    written = _count(_digits(matrix)) == 8
    plain, parted = written & (cells.lengths == 8), written & (cells.lengths == 10)
    day_first, year_first = (
        parted & (matrix[:, first] == matrix[:, second]) & _SIGNS[matrix[:, first]]
        for first, second in ((2, 5), (4, 7))
    )
    head, tail = matrix.view(np.uint64).T
    moved = np.where(year_first, head >> 24 & _MONTH | head << 32 | tail & _DAY, head)
    moved = np.where(day_first, head & _DAY | head >> 8 & _MONTH | head >> 16 & _CENTURY | tail << 48, moved)
    result = moved.view(np.uint8).reshape(-1, 8)
    hijri = (result[:, 4] == ord("1")) & ((result[:, 5] == ord("3")) | (result[:, 5] == ord("4")))
    return _settled(cells, result, (plain | day_first | year_first) & ~hijri, 8)


_DAY, _MONTH, _CENTURY = np.uint64(0xFFFF), np.uint64(0xFFFF_0000), np.uint64(0xFFFF_0000_0000)
"""Where these stand in ddmmyyyy, read as one word whose first byte is the lowest."""


def letters(cells: Cells) -> Settled:
    """One letter, made a capital: the units J, H, M and what stands in their place."""
    capital = cells.matrix[:, :1] & np.uint8(0xDF)
    usual = ((capital == ord("J")) | (capital == ord("H")) | (capital == ord("M")))[:, 0] & (cells.lengths == 1)
    np.copyto(capital, np.uint8(_BLANK), where=(cells.lengths == 0)[:, None])
    return _settled(cells, capital, usual, 1)


def codes(cells: Cells) -> Settled:
    """R and two digits; R98 is left to be told."""
    matrix = _fitted(cells.matrix, 3).copy()
    matrix[:, 0] &= 0xDF
    usual = (cells.lengths == 3) & (matrix[:, 0] == ord("R")) & _digits(matrix[:, 1:]).all(axis=1)
    usual &= (matrix[:, 1] != ord("9")) | (matrix[:, 2] != ord("8"))
    matrix[cells.lengths == 0] = _BLANK
    return _settled(cells, matrix, usual, 3)


_LEADING = np.zeros(256, dtype=np.bool_)
_LEADING[[*b"=@+-#'"]] = True
"""Signs in front of a formula, an error cell or a number kept as text."""
_SUSPECT = np.zeros(256, dtype=np.bool_)
_SUSPECT[[0xC2, 0xE2, 0xEF]] = True
"""First bytes in UTF-8 of no-break blanks, direction marks and the replacement character."""
_ARABIC_MARK = (0xD8, 0x9C)
"""The one direction mark whose first byte is that of common letters."""


def _other_page(some: Bytes) -> Bools:
    """Cells that may have been read in the wrong code page: two accented letters in a row, or letters of both scripts
    side by side."""
    accented, arabic = some == 0xC3, (some & 0xFC) == 0xD8
    latin = ((some | 0x20) - np.uint8(ord("a"))) < 26
    found = (accented[:, :-2] & accented[:, 2:]) | (arabic[:, :-2] & latin[:, 2:]) | (latin[:, :-2] & arabic[:, 1:-1])
    return np.asarray(found.any(axis=1))


def names(cells: Cells, width: int, characters: int) -> Settled:
    """Text as it stands. Odd: signs of a formula in front, marks without a shape, double blanks, too long."""
    matrix, lengths = cells
    room = matrix.shape[1] - lengths
    odd = lengths > characters
    foreign = np.flatnonzero(_count(matrix >= 128))
    if len(foreign):
        some = matrix[foreign]
        marked = (some[:, :-1] == _ARABIC_MARK[0]) & (some[:, 1:] == _ARABIC_MARK[1])
        odd[foreign] = _count((some & 0xC0) != 0x80) - room[foreign] > characters
        odd[foreign] |= _SUSPECT[some].any(axis=1) | marked.any(axis=1) | _other_page(some)
    blank = matrix == _BLANK
    gaps = np.flatnonzero(_count(blank) > room)
    inside = np.arange(1, matrix.shape[1]) < lengths[gaps, None]
    odd[gaps] |= (blank[gaps, :-1] & blank[gaps, 1:] & inside).any(axis=1)
    return _settled(cells, matrix, ~(odd | _LEADING[matrix[:, 0]]), width)
