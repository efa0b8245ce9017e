"""Whole columns of cells -> columns of the layout. What is written in the usual form is settled with array
arithmetic; only odd cells are read one by one (`csv_cells`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tasrih.declaration import csv_cells
from tasrih.declaration.csv_cells import Kind

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MAX_CELL_BYTES = 512
"""A cell with more is looked at as far as this; every column of the layout is far narrower."""
_BLANK, _ZERO = 32, 48


class Cells(NamedTuple):
    """Cells of one column, left-aligned in a matrix, blanks behind."""

    matrix: Bytes
    lengths: Ints
    """In bytes, without the blanks around."""

    def text(self, row: int) -> str:
        return self.matrix[row, : self.lengths[row]].tobytes().decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Settled:
    """A column in the form of the layout; `odd` rows are blank and still to be read one by one."""

    matrix: Bytes
    odd: Bools


def gather(buffer: Bytes, starts: Ints, lengths: Ints) -> Cells:
    """`buffer` must be padded by MAX_CELL_BYTES at its end."""
    width = max(1, min(int(lengths.max(initial=0)), MAX_CELL_BYTES))
    matrix = sliding_window_view(buffer, width)[starts]
    lengths = np.minimum(lengths, width)
    matrix[np.arange(width) >= lengths[:, None]] = _BLANK
    if (matrix[:, 0] == _BLANK).any() or (matrix[np.arange(len(matrix)), np.maximum(lengths - 1, 0)] == _BLANK).any():
        return _trimmed(matrix)
    return Cells(matrix, lengths)


def _trimmed(matrix: Bytes) -> Cells:
    width = matrix.shape[1]
    solid = matrix != _BLANK
    filled = solid.any(axis=1)
    lead = np.where(filled, solid.argmax(axis=1), 0)
    stop = np.where(filled, width - solid[:, ::-1].argmax(axis=1), 0)
    if lead.any():
        index = np.minimum(np.arange(width) + lead[:, None], width - 1)
        matrix = np.where(np.arange(width) < (stop - lead)[:, None], np.take_along_axis(matrix, index, axis=1), _BLANK)
        matrix = matrix.astype(np.uint8)
    return Cells(matrix, (stop - lead).astype(np.int64))


def _fitted(matrix: Bytes, width: int) -> Bytes:
    """The first `width` columns; blanks added where there are fewer."""
    if matrix.shape[1] == width:
        return matrix
    fitted = np.full((len(matrix), width), _BLANK, dtype=np.uint8)
    common = min(width, matrix.shape[1])
    fitted[:, :common] = matrix[:, :common]
    return fitted


def _settled(cells: Cells, matrix: Bytes, usual: Bools, width: int) -> Settled:
    fitted = _fitted(matrix, width)
    odd = ~usual & (cells.lengths > 0)
    if odd.any():
        fitted = fitted.copy() if fitted is cells.matrix else fitted
        fitted[odd] = _BLANK
    return Settled(fitted, odd)


def _digits(matrix: Bytes) -> Bools:
    return (matrix - _ZERO) < 10


def _all_digits(cells: Cells) -> Bools:
    return np.asarray(_digits(cells.matrix).sum(axis=1) == cells.lengths)


def numbers(cells: Cells, width: int, exact: bool) -> Settled:
    """Digits alone; with `exact`, exactly as many as the column has."""
    fits = cells.lengths == width if exact else cells.lengths <= width
    return _settled(cells, cells.matrix, _all_digits(cells) & fits, width)


def amounts(cells: Cells, width: int, scale: int) -> Settled:
    """Centimes from whole numbers, or from dinars with one or two decimals after comma or point."""
    if scale == 1:
        return numbers(cells, width, exact=False)
    matrix, lengths = _fitted(cells.matrix, max(width + 1, 4)), cells.lengths
    places = np.arange(matrix.shape[1])
    sign = (matrix == ord(",")) | (matrix == ord("."))
    signs = sign.sum(axis=1)
    point = np.where(signs > 0, sign.argmax(axis=1), lengths)
    decimals = np.maximum(lengths - point - 1, 0)
    usual = (
        (_digits(matrix).sum(axis=1) + signs == lengths)
        & (signs <= 1)
        & (point >= 1)
        & (decimals <= 2)
        & ((signs == 0) | (decimals >= 1))
        & (point + 2 <= width)
    )
    behind = np.concatenate([matrix[:, 1:], np.full((len(matrix), 1), _BLANK, dtype=np.uint8)], axis=1)
    cents = np.where(places + 1 < lengths[:, None], behind, np.uint8(_ZERO))
    centimes = np.where(places < point[:, None], matrix, np.where(places < point[:, None] + 2, cents, np.uint8(_BLANK)))
    centimes[lengths == 0] = _BLANK
    return _settled(cells, centimes, usual, width)


_DAY_FIRST = [0, 1, 3, 4, 6, 7, 8, 9]
_YEAR_FIRST = [8, 9, 5, 6, 0, 1, 2, 3]


def days(cells: Cells) -> Settled:
    """ddmmyyyy from ddmmyyyy, dd/mm/yyyy (also "-" and ".") or yyyy-mm-dd."""
    matrix = _fitted(cells.matrix, 10)
    plain = (cells.lengths == 8) & _digits(matrix[:, :8]).all(axis=1)
    result = matrix[:, :8].copy()
    usual = plain
    for order, (first, second) in ((_DAY_FIRST, (2, 5)), (_YEAR_FIRST, (4, 7))):
        picked = matrix[:, order]
        same = (matrix[:, first] == matrix[:, second]) & np.isin(matrix[:, first], (45, 46, 47))
        fits = (cells.lengths == 10) & same & _digits(picked).all(axis=1)
        result[fits] = picked[fits]
        usual = usual | fits
    return _settled(cells, result, usual, 8)


def letters(cells: Cells) -> Settled:
    """One letter, made a capital: the units J, H, M and what stands in their place."""
    first = cells.matrix[:, :1]
    capital = np.where((first >= ord("a")) & (first <= ord("z")), first - 32, first)
    usual = np.isin(capital[:, 0], tuple(b"JHM")) & (cells.lengths == 1)
    return _settled(cells, capital.astype(np.uint8), usual, 1)


_SUSPECT = np.zeros(256, dtype=np.bool_)
_SUSPECT[[*b"=@+-#'", 0xC2, 0xD8, 0xE2, 0xEF, 0x1F]] = True
_LEADING = np.zeros(256, dtype=np.bool_)
_LEADING[[*b"=@+-#'"]] = True


def names(cells: Cells, width: int, characters: int) -> Settled:
    """Text as it stands. Odd: signs of a formula in front, marks without a shape, double blanks, too long."""
    matrix = cells.matrix
    odd = _LEADING[matrix[:, 0]]
    foreign = (matrix >= 128).any(axis=1)
    if foreign.any():
        rows = np.flatnonzero(foreign)
        odd[rows] |= _SUSPECT_BYTES[matrix[rows]].any(axis=1)
        counted = ((matrix[rows] & 0xC0) != 0x80).sum(axis=1) - (matrix.shape[1] - cells.lengths[rows])
        odd[rows] |= counted > characters
    odd |= ~foreign & (cells.lengths > characters)
    odd |= ((matrix[:, :-1] == _BLANK) & (matrix[:, 1:] == _BLANK)).any(axis=1) & _inner_gap(cells)
    return _settled(cells, matrix, ~odd, width)


_SUSPECT_BYTES = np.zeros(256, dtype=np.bool_)
_SUSPECT_BYTES[[0xC2, 0xE2, 0xEF]] = True
"""First bytes in UTF-8 of no-break blanks, of direction marks and of the replacement character."""


def _inner_gap(cells: Cells) -> Bools:
    blanks = (cells.matrix == _BLANK).sum(axis=1)
    return np.asarray(blanks > cells.matrix.shape[1] - cells.lengths)


def settle(cells: Cells, column: str, kind: Kind, scale: int) -> Settled:
    """The column by its name in the layout."""
    if column in ("surname", "first_name", "function"):
        return names(cells, kind.width * 4, kind.width)
    if column.startswith("base_"):
        return amounts(cells, kind.width, scale)
    if column in ("birth", "entry", "exit"):
        return days(cells)
    if column.startswith("unit_"):
        return letters(cells)
    return numbers(cells, kind.width, exact=column in ("nss", "employer", "year"))


def kind_of(column: str, scale: int) -> Kind:
    """How an odd cell of the column is read."""
    if column.startswith("base_"):
        width = 12 if column == "base_year" else 10
        return Kind(width, csv_cells.amount(width, scale), "36000,00")
    if column.startswith("duration_"):
        return Kind(3, csv_cells.whole_number, "0-999")
    if column.startswith("unit_"):
        return Kind(1, csv_cells.unit, "J H M")
    if column in ("birth", "entry", "exit"):
        return Kind(8, csv_cells.day, "31/12/2019")
    return _OTHERS[column]


_OTHERS = {
    "employer": Kind(10, csv_cells.identifier(10, "E520"), "9999999999"),
    "nss": Kind(12, csv_cells.identifier(12, "E521"), "999999999999"),
    "centre": Kind(5, csv_cells.identifier(5, "E522"), "99999"),
    "year": Kind(4, csv_cells.identifier(4), "9999"),
    "number": Kind(6, csv_cells.identifier(6), "1-999999"),
    "type": Kind(1, csv_cells.declaration_type, "N C R"),
    "surname": Kind(25, lambda text: csv_cells.read_name(text, 25), ""),
    "first_name": Kind(25, lambda text: csv_cells.read_name(text, 25), ""),
    "function": Kind(20, lambda text: csv_cells.read_name(text, 20), ""),
}
