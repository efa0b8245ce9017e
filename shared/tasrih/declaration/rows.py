"""A block's lines as a structured array, for whoever keeps them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.codes import texts_of
from tasrih.declaration.columns import QUARTERS, Cells
from tasrih.declaration.layout import FIXED, WIDE, Layout
from tasrih.declaration.sent import Lines

CODE = ("code", "S3")
"""Contribution code of the line; blank where the file tells none."""
_TEXTS = ("nss", "surname", "first_name", "birth", "entry", "exit", "function")


def line_dtype(layout: Layout) -> np.dtype[np.void]:
    """The fields of `Lines`: text as bytes of the column's width, bases int64 centimes, durations int16."""
    return _DTYPES[layout is WIDE]


def _dtype(layout: Layout) -> np.dtype[np.void]:
    kinds = {"number": "<i4", "base_year": "<i8"}
    for quarter in QUARTERS:
        kinds |= {f"duration_q{quarter}": "<i2", f"base_q{quarter}": "<i8"}
    names = [name for name in layout.columns if name not in ("employer", "year", "end")]
    return np.dtype([*((name, kinds.get(name, f"S{layout.columns[name].width}")) for name in names), CODE])


def with_code(rows: NDArray[np.void]) -> NDArray[np.void]:
    """Rows that were kept before lines had a contribution code get a blank one."""
    names = rows.dtype.names or ()
    if CODE[0] in names:
        return rows
    whole = np.zeros(len(rows), np.dtype([*((name, rows.dtype[name]) for name in names), CODE]))
    for name in names:
        whole[name] = rows[name]
    return whole


_DTYPES = (_dtype(FIXED), _dtype(WIDE))


def lines_of(cells: Cells) -> Lines:
    """Cells that cannot be read are 0 or as they stand: such a declaration is refused anyway."""
    rows = np.zeros(len(cells), line_dtype(cells.layout))
    rows["number"] = cells.number.values[0]
    rows["base_year"] = cells.base_year.values[0]
    for place, quarter in enumerate(QUARTERS):
        rows[f"duration_q{quarter}"] = cells.durations.values[place]
        rows[f"base_q{quarter}"] = cells.bases.values[place]
        rows[f"unit_q{quarter}"] = _trimmed(cells, f"unit_q{quarter}")
    for name in _TEXTS:
        rows[name] = _trimmed(cells, name)
    if cells.block.codes is not None:
        rows[CODE[0]] = texts_of(cells.block.codes)
    rows["nss"][cells.nss.values[0] == 0] = b""
    return Lines(rows)


def _trimmed(cells: Cells, column: str) -> NDArray[np.bytes_]:
    text = np.ascontiguousarray(cells.bytes_of(column)).view(f"S{cells.layout.columns[column].width}")[:, 0]
    return np.strings.strip(text, b" ")
