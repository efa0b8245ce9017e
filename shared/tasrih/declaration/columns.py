"""A block of lines, column by column: each column is read once, when the first rule asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.digits import Days, Figures, days, figures, load
from tasrih.declaration.layout import Block, Layout

Mask = NDArray[np.bool_]
QUARTERS = (1, 2, 3, 4)


def mask(condition: Any) -> Mask:
    """A comparison of arrays as the mask it is: numpy's own types lose that."""
    return np.asarray(condition, np.bool_)


class Cells:
    """What the rules read. Every array has the lines of the block on its last axis."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.layout: Layout = block.layout
        self.matrix = block.matrix
        self.numbers = block.numbers

    def __len__(self) -> int:
        return len(self.matrix)

    def text(self, row: int, column: str) -> str:
        """The cell as it stands, without the blanks around it."""
        start, width = self.layout.columns[column]
        return self.matrix[row, start : start + width].tobytes().decode("utf-8", "replace").strip(" ")

    def bytes_of(self, column: str) -> NDArray[np.uint8]:
        """(lines, width), a view."""
        start, width = self.layout.columns[column]
        return self.matrix[:, start : start + width]

    def differs(self, column: str, value: bytes) -> Mask:
        """Where a column of 4 or 10 bytes is not exactly this."""
        start, width = self.layout.columns[column]
        size = 8 if width >= 8 else 4
        other = load(self.matrix, [start], size)[0] != int.from_bytes(value[:size], "little")
        if width > size:
            other |= load(self.matrix, [start + width - size], size)[0] != int.from_bytes(value[-size:], "little")
        return mask(other)

    def empty(self, column: str) -> Mask:
        """Where nothing but blanks stands in the column."""
        cells = self.bytes_of(column)
        empty = cells[:, 0] == 32
        if np.count_nonzero(empty):
            rows = np.flatnonzero(empty)
            empty[rows] = (cells[rows] == 32).all(axis=1)
        return mask(empty)

    def _starts(self, *names: str) -> list[int]:
        return [self.layout.columns[name].start for name in names]

    def _quarterly(self, name: str) -> Figures:
        names = [f"{name}_q{quarter}" for quarter in QUARTERS]
        return figures(self.matrix, self._starts(*names), self.layout.columns[names[0]].width)

    @cached_property
    def _long(self) -> Figures:
        """(2, lines): insured number, annual base, both of twelve places."""
        return figures(self.matrix, self._starts("nss", "base_year"), 12)

    @cached_property
    def _days(self) -> Days:
        """(3, lines): entry, exit, birth."""
        return days(self.matrix, self._starts("entry", "exit", "birth"))

    @cached_property
    def number(self) -> Figures:
        """(1, lines)"""
        return figures(self.matrix, self._starts("number"), 6)

    @cached_property
    def nss(self) -> Figures:
        """(1, lines)"""
        return self._long.part(slice(0, 1))

    @cached_property
    def base_year(self) -> Figures:
        """(1, lines), centimes."""
        return self._long.part(slice(1, 2))

    @cached_property
    def durations(self) -> Figures:
        """(4, lines)"""
        return self._quarterly("duration")

    @cached_property
    def units(self) -> NDArray[np.uint8]:
        """(4, lines): the letters as they stand."""
        return self.matrix.T[self._starts("unit_q1", "unit_q2", "unit_q3", "unit_q4")]

    @cached_property
    def bases(self) -> Figures:
        """(4, lines), centimes."""
        return self._quarterly("base")

    @cached_property
    def spell(self) -> Days:
        """(2, lines): entry, exit."""
        return self._days.part(slice(0, 2))

    @cached_property
    def birth(self) -> Days:
        """(1, lines)"""
        return self._days.part(slice(2, 3))

    @cached_property
    def control(self) -> bool:
        """Whether any character below the blank stands anywhere in the block."""
        return bool(len(self) and self.matrix.min() < 32)

    @cached_property
    def foreign(self) -> bool:
        """Whether any character beyond ASCII stands anywhere in the block."""
        return bool(len(self) and self.matrix.max() > 127)

    @cached_property
    def beyond_ascii(self) -> Mask:
        """(columns, lines): cells with a character beyond ASCII."""
        return self.cells_with(self.matrix > 127)

    def cells_with(self, characters: NDArray[np.bool_]) -> Mask:
        """(columns, lines): cells that hold one of the characters marked in a (lines, width) array."""
        rows, at = np.divmod(np.flatnonzero(characters), self.layout.width)
        found = np.zeros((len(self.layout.columns), len(self)), np.bool_)
        ends = np.cumsum([column.width for column in self.layout.columns.values()])
        found[np.searchsorted(ends, at, side="right"), rows] = True
        return found

    def only(self, found: Mask, columns: Sequence[str]) -> Mask:
        """Of a mask of all columns, these."""
        return mask(found[[list(self.layout.columns).index(name) for name in columns]])
