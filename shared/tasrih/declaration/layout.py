"""The DAS layout: where each column of a line stands. A block of lines is one matrix of bytes.

Rebuilt from independent implementations that agree on every offset; no official specification was found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Column(NamedTuple):
    start: int
    """0-based."""
    width: int
    """In bytes of the matrix; in the fixed files, where a line is ASCII, also in characters."""


@dataclass(frozen=True)
class Layout:
    columns: dict[str, Column]

    @property
    def width(self) -> int:
        return max(column.start + column.width for column in self.columns.values())


_FIXED_WIDTHS = {
    "employer": 10,
    "year": 4,
    "number": 6,
    "nss": 12,
    "surname": 25,
    "first_name": 25,
    "birth": 8,
    "duration_q1": 3,
    "unit_q1": 1,
    "base_q1": 10,
    "duration_q2": 3,
    "unit_q2": 1,
    "base_q2": 10,
    "duration_q3": 3,
    "unit_q3": 1,
    "base_q3": 10,
    "duration_q4": 3,
    "unit_q4": 1,
    "base_q4": 10,
    "base_year": 12,
    "entry": 8,
    "exit": 8,
    "function": 20,
    "end": 1,
}


def _layout(widths: dict[str, int]) -> Layout:
    columns, start = {}, 0
    for name, width in widths.items():
        columns[name] = Column(start, width)
        start += width
    return Layout(columns)


FIXED = _layout(_FIXED_WIDTHS)
"""A detail line of 194 characters and its end flag, as the file has it."""

WIDE = _layout({**_FIXED_WIDTHS, "surname": 100, "first_name": 100, "function": 80})
"""The same columns with room for 25 (or 20) characters of UTF-8: for files that are not ASCII, and for CSV."""


@dataclass(slots=True)
class Block:
    """Some thousand lines, ready for the rules."""

    layout: Layout
    matrix: NDArray[np.uint8]
    """Shape (lines, layout.width); unused places hold spaces. Names in UTF-8."""
    numbers: NDArray[np.int64]
    """The file's own line number of each row, counted from 1."""
    broken: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    """Cells that the reader has reported already: rules that need them say nothing of them."""
    codes: NDArray[np.uint8] | None = None
    """Contribution code of each row (`codes.figures_of`); None = the file has no such column."""

    def __len__(self) -> int:
        return len(self.matrix)
