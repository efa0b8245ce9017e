"""Contribution codes of the lines of a DAS: kept as the figures behind the R, summed up while the lines are read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.columns import Mask

NO_CODE = 100
"""In place of the figures where a line tells no code."""
QUARTERS = 4
Figures = NDArray[np.uint8]

_TEXTS = np.array([*(b"R%02d" % figures for figures in range(NO_CODE)), b""], "S3")


def figures_of(matrix: NDArray[np.uint8]) -> Figures:
    """Of cells of three bytes, each "R22" or blank."""
    figures = (matrix[:, 1] - np.uint8(48)) * np.uint8(10) + matrix[:, 2] - np.uint8(48)
    return np.where(matrix[:, 0] == 32, np.uint8(NO_CODE), figures)


def texts_of(figures: Figures) -> NDArray[np.bytes_]:
    return _TEXTS.take(figures)


class CodeSums:
    """Bases by code and quarter, over the lines that tell a code."""

    def __init__(self) -> None:
        self._sums = np.zeros((QUARTERS, NO_CODE + 1), np.int64)
        self._seen = np.zeros(NO_CODE + 1, np.bool_)

    def add(self, quarter: int, figures: Figures, bases: NDArray[np.int64]) -> None:
        """`quarter` counts from 0; bases in centimes. Some thousand bases of ten digits are exact as doubles."""
        self._sums[quarter] += np.bincount(figures, bases, NO_CODE + 1).astype(np.int64)

    def new(self, figures: Figures) -> Iterator[tuple[str, int]]:
        """Codes not met before, each with the row it is first met on."""
        fresh: Mask = (np.bincount(figures, minlength=NO_CODE + 1) > 0) & ~self._seen
        self._seen |= fresh
        for code in np.flatnonzero(fresh[:NO_CODE]).tolist():
            yield f"R{code:02d}", int((figures == code).argmax())

    @property
    def by_code(self) -> tuple[tuple[str, tuple[int, int, int, int]], ...]:
        """In the order of the codes; those met without any base too."""
        sums = self._sums.tolist()
        codes = np.flatnonzero(self._seen[:NO_CODE]).tolist()
        return tuple((f"R{code:02d}", (sums[0][code], sums[1][code], sums[2][code], sums[3][code])) for code in codes)
