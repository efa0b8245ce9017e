"""Whole columns of digits at once: eight characters in one machine word, no character looked at alone.

A cell is right when it is blank or one run of ASCII digits with blanks around it, wherever the run stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BLANK, LEFT, PLACED = 1, 2, 3
"""Forms of a cell: nothing in it; digits from its first place on; digits elsewhere in it. 0 is none of these."""

_ONES = {1: 0x01, 2: 0x0101, 4: 0x01010101, 8: 0x0101010101010101}
_WORDS = {2: "<u2", 4: "<u4", 8: "<u8"}
# Multiplying flags of one bit per byte by these gathers them in the highest bits: byte i becomes bit i.
_GATHER = {2: (0x4080, 14), 4: (0x10204080, 28), 8: (0x0102040810204080, 56)}
_FIT = {2: (2,), 3: (4,), 4: (4,), 6: (8,), 8: (8,), 10: (2, 8), 12: (4, 8)}
"""Width of a column -> the words it is read in."""

Words = NDArray[Any]
Starts = Sequence[int]


class Figures(NamedTuple):
    """Cells read as whole numbers. Shape of each array: (columns, lines)."""

    values: NDArray[np.int64]
    """0 where the cell is blank; meaningless where it is odd."""
    forms: NDArray[np.uint8]
    """BLANK, LEFT or PLACED; 0 where it is odd."""
    lengths: NDArray[np.uint8]
    """How many digits; meaningless where it is odd."""

    @property
    def odd(self) -> NDArray[np.bool_]:
        return np.asarray(self.forms == 0, np.bool_)

    @property
    def blank(self) -> NDArray[np.bool_]:
        return np.asarray(self.forms == BLANK, np.bool_)

    def part(self, columns: slice) -> Figures:
        """Some of the columns."""
        return Figures(self.values[columns], self.forms[columns], self.lengths[columns])


def load(matrix: NDArray[np.uint8], starts: Starts, size: int) -> Words:
    """`size` bytes from each line as one little-endian word, for each start: (starts, lines)."""
    words = np.empty((len(starts), len(matrix)), _WORDS[size])
    for place, start in enumerate(starts):
        words[place] = np.ndarray((len(matrix),), _WORDS[size], matrix, start, (matrix.strides[0],))
    return words


def figures(matrix: NDArray[np.uint8], starts: Starts, width: int) -> Figures:
    """The columns of `width` characters that begin at the starts, as numbers."""
    sizes = _FIT[width]
    places = width
    value, mask, wrong = _read(matrix, starts, sizes[0], max(sizes[0] - width, 0))
    if len(sizes) == 2:
        low, mask_low, wrong_low = _read(matrix, [start + sizes[0] for start in starts], sizes[1], 0)
        value = value.astype(np.uint64) * 100_000_000 + low
        mask |= mask_low << sizes[0]
        wrong |= wrong_low
    forms = _FORMS[places].take(mask)
    if np.count_nonzero(wrong):
        forms[wrong] = 0
    exact = value / _SCALES[places].take(mask)  # a whole number below 2**53: the division is exact
    return Figures(exact.astype(np.int64), forms, _LENGTHS[places].take(mask))


def _read(matrix: NDArray[np.uint8], starts: Starts, size: int, pad: int) -> tuple[Words, Words, NDArray[np.bool_]]:
    """(value with blanks as zeros, bit i = a digit stands at place i, holds another character)."""
    word = load(matrix, starts, size)
    if pad:
        word <<= 8 * pad
        word |= 0x2020202020202020 & (1 << 8 * pad) - 1
    mask, wrong, low = _classes(word, size)
    return _digits(low, size), mask >> pad if pad else mask, wrong


def _classes(word: Words, size: int) -> tuple[Words, NDArray[np.bool_], Words]:
    """(mask of digits, holds another character, the digits as bytes 0-9 with blanks as 0)."""
    ones = _ONES[size]
    flipped = word ^ ones * 0x30  # digits become 0-9, a blank becomes 0x10
    low = flipped & ones * 0x0F
    blank = flipped >> 4 & ones
    excess = low + (blank * 9 + ones * 6)  # passes 15 for anything above 9, or above 0 in a blank
    wrong = (flipped & ones * 0xE0 | excess & ones * 0x10) != 0
    factor, shift = _GATHER[size]
    mask = (blank ^ ones) * factor >> shift
    return mask.astype(np.intp), wrong, low


def _digits(low: Words, size: int) -> Words:
    """2, 4 or 8 bytes of 0-9, first byte most significant, as one number."""
    pairs = low * 2561 >> 8 & (_ONES[size] * 0xFF & 0x00FF00FF00FF00FF)
    if size == 2:
        return pairs
    fours = pairs * 6553601 >> 16
    if size == 4:
        return fours
    return (fours & 0x0000FFFF0000FFFF) * 42949672960001 >> 32


def _forms(width: int) -> NDArray[np.uint8]:
    forms = np.zeros(1 << width, np.uint8)
    forms[0] = BLANK
    for first in range(width):
        for after in range(first + 1, width + 1):
            forms[(1 << after) - (1 << first)] = LEFT if first == 0 else PLACED
    return forms


def _scales(width: int) -> NDArray[np.float64]:
    """Ten to the number of blanks behind the last digit: what the value is too great by."""
    last = np.array([mask.bit_length() for mask in range(1 << width)])
    return np.where(last == 0, 1.0, 10.0 ** (width - last))


_LENGTHS = {width: np.array([mask.bit_count() for mask in range(1 << width)], np.uint8) for width in _FIT}
_FORMS = {width: _forms(width) for width in _FIT}
_SCALES = {width: _scales(width) for width in _FIT}


class Days(NamedTuple):
    """Cells read as dates `ddmmyyyy`. Shape of each array: (columns, lines)."""

    keys: NDArray[np.int64]
    """yyyymmdd, to compare; meaningless unless `valid`."""
    valid: NDArray[np.bool_]
    """A day of the calendar since 1900."""
    blank: NDArray[np.bool_]
    zeros: NDArray[np.bool_]
    """Eight zeros: no date is known."""

    def part(self, columns: slice) -> Days:
        """Some of the columns."""
        return Days(self.keys[columns], self.valid[columns], self.blank[columns], self.zeros[columns])


_LAST_DAY = np.zeros(256, np.int64)
_LAST_DAY[1:13] = 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
"""By month; no day in any other."""


def days(matrix: NDArray[np.uint8], starts: Starts) -> Days:
    """Columns of eight characters as dates."""
    mask, wrong, low = _classes(load(matrix, starts, 8), 8)
    pairs = low * 2561 >> 8 & 0x00FF00FF00FF00FF
    day = (pairs & 0xFF).astype(np.int64)
    month = (pairs >> 16 & 0xFF).astype(np.int64)
    year = (pairs >> 32 & 0xFF).astype(np.int64) * 100 + (pairs >> 48).astype(np.int64)
    valid = (mask == 0xFF) & ~wrong & (year >= 1900) & (month > 0) & (day > 0)
    valid &= day <= _LAST_DAY.take(month)
    leap_day = (day == 29) & (month == 2)
    if np.count_nonzero(leap_day):
        valid &= ~leap_day | (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return Days(year * 10_000 + month * 100 + day, valid, ~wrong & (mask == 0), ~wrong & (mask == 0xFF) & (low == 0))
