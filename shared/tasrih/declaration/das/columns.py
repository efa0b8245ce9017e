"""Which column of a DAS holds what: how whole columns are settled, and how an odd cell of each is read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.csv import cells as csv_cells
from tasrih.declaration.csv.cells import Kind
from tasrih.declaration.csv.columns import Cells, Settled, amounts, codes, days, letters, names, numbers


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
    if column == "code":
        return codes(cells)
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
        return Kind(8, csv_cells.birth if column == "birth" else csv_cells.day, "31/12/2019")
    return _OTHERS[column]


_OTHERS = {
    "employer": Kind(10, csv_cells.identifier(10, "E520"), "1699999901"),
    "nss": Kind(12, csv_cells.identifier(12, "E521"), "800000000001"),
    "centre": Kind(5, csv_cells.identifier(5, "E522"), "16000"),
    "year": Kind(4, csv_cells.identifier(4), "2019"),
    "number": Kind(6, csv_cells.identifier(6), "1-999999"),
    "code": Kind(3, csv_cells.code_of_line, "R22"),
    "type": Kind(1, csv_cells.declaration_type, "N C R"),
    "surname": Kind(25, lambda text: csv_cells.read_name(text, 25), ""),
    "first_name": Kind(25, lambda text: csv_cells.read_name(text, 25), ""),
    "function": Kind(20, lambda text: csv_cells.read_name(text, 20), ""),
}


def counted(first: int, rows: int) -> NDArray[np.uint8]:
    """Line numbers as six digits with blanks behind, as the layout has them."""
    texts = np.char.ljust(np.arange(first, first + rows).astype("S6"), 6)
    return np.frombuffer(texts.astype("S6").tobytes(), dtype=np.uint8).reshape(rows, 6)
