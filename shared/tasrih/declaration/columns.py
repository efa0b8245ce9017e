"""A block of lines, column by column: each column is read once, when the first rule asks for it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.digits import Days, Figures, days, figures, load
from tasrih.declaration.layout import Block, Layout

Mask = NDArray[np.bool_]
QUARTERS = (1, 2, 3, 4)


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
        size = min(width & ~1, 8) if width >= 8 else 4
        other = load(self.matrix, start, size)[0] != int.from_bytes(value[:size], "little")
        if width > size:
            other |= load(self.matrix, start + width - size, size)[0] != int.from_bytes(value[-size:], "little")
        return other

    def empty(self, column: str) -> Mask:
        """Where nothing but blanks stands in the column."""
        cells = self.bytes_of(column)
        empty = cells[:, 0] == 32
        if empty.any():
            rows = np.flatnonzero(empty)
            empty[rows] = (cells[rows] == 32).all(axis=1)
        return empty

    def _quarterly(self, name: str) -> Figures:
        start, width = self.layout.columns[f"{name}_q1"]
        return figures(self.matrix, start, width, 4, self.layout.columns[f"{name}_q2"].start - start)

    def _single(self, name: str) -> Figures:
        return figures(self.matrix, *self.layout.columns[name])

    @cached_property
    def number(self) -> Figures:
        return self._single("number")

    @cached_property
    def nss(self) -> Figures:
        return self._single("nss")

    @cached_property
    def durations(self) -> Figures:
        """(4, lines)"""
        return self._quarterly("duration")

    @cached_property
    def units(self) -> NDArray[np.uint8]:
        """(4, lines): the letters as they stand."""
        starts = [self.layout.columns[f"unit_q{quarter}"].start for quarter in QUARTERS]
        return np.ascontiguousarray(self.matrix[:, starts[0] : starts[3] + 1 : starts[1] - starts[0]].T)

    @cached_property
    def bases(self) -> Figures:
        """(4, lines), centimes."""
        return self._quarterly("base")

    @cached_property
    def base_year(self) -> Figures:
        """(1, lines), centimes."""
        return self._single("base_year")

    @cached_property
    def birth(self) -> Days:
        return days(self.matrix, self.layout.columns["birth"].start)

    @cached_property
    def spell(self) -> Days:
        """(2, lines): entry, exit."""
        return days(self.matrix, self.layout.columns["entry"].start, 2)

    @cached_property
    def control(self) -> bool:
        """Whether any character below the blank stands anywhere in the block."""
        return bool(len(self) and self.matrix.min() < 32)

    @cached_property
    def foreign(self) -> bool:
        """Whether any character beyond ASCII stands anywhere in the block."""
        return bool(len(self) and self.matrix.max() > 127)
