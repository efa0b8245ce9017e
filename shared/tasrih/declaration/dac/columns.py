"""Columns of the nominal DAC: cells of some thousand rows settled at once, the odd ones read one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration import digits
from tasrih.declaration.csv import columns as csv_columns
from tasrih.declaration.csv.cells import Cell, read_name
from tasrih.declaration.csv.columns import Bytes, Cells, Settled
from tasrih.declaration.csv.text import Report
from tasrih.declaration.dac import cells as dac_cells
from tasrih.declaration.dac.workers import UNKNOWN_FROM, Ints
from tasrih.declaration.limits import new_hires_refused

NAME_CHARACTERS = 25
_BASE_DIGITS = 12


@dataclass(slots=True)
class Columns:
    """Some thousand rows, column by column."""

    cells: dict[str, Cells]
    lines: Ints
    whole: NDArray[np.bool_]
    """False where the row was reported as a whole: nothing more is said of it."""
    report: Report

    def tell(self, cell: Cell, line: int, column: str, text: str) -> None:
        for warning in cell.warnings:
            self.report.add(warning, line, column, text, cell.expected)
        if cell.code:
            self.report.add(cell.code, line, column, text, cell.expected)

    def _blank(self, column: str) -> NDArray[np.intp]:
        return np.flatnonzero((self.cells[column].lengths == 0) & self.whole)

    def _odd(self, column: str, settled: Settled, read: Callable[[str], Cell]) -> Bytes:
        """The settled column with its odd cells read one by one; those with a fault stay blank."""
        matrix = settled.matrix
        for row in np.flatnonzero(settled.odd).tolist():
            text = self.cells[column].text(row)
            cell = read(text)
            self.tell(cell, int(self.lines[row]), column, text)
            value = b"" if cell.code else cell.value.encode()[: matrix.shape[1]]
            matrix[row, : len(value)] = np.frombuffer(value, dtype=np.uint8)
        return matrix

    def amounts(self, column: str, scale: int) -> Ints:
        """Centimes; 0 where nothing readable stands."""
        settled = csv_columns.amounts(self.cells[column], _BASE_DIGITS, scale)
        matrix = self._odd(column, settled, lambda text: _fitting(dac_cells.read(column, scale, text)))
        for row in self._blank(column):
            self.report.add("E614", int(self.lines[row]), column, "", "36000,00")
        return _figures(matrix)

    def insured(self) -> tuple[Ints, Bytes]:
        """UNKNOWN_FROM where a worker has no number."""
        settled = csv_columns.numbers(self.cells["nss"], 12, exact=True)
        matrix = self._odd("nss", settled, _insured)
        refused = new_hires_refused()
        for row in self._blank("nss"):
            self.report.add("E217" if refused else "W210", int(self.lines[row]), "nss", "", "999999999999")
        numbers = _figures(matrix)
        return np.where((matrix == 32).all(axis=1), UNKNOWN_FROM, numbers), matrix

    def names(self, column: str) -> Bytes:
        settled = csv_columns.names(self.cells[column], NAME_CHARACTERS * 4, NAME_CHARACTERS)
        for row in self._blank(column) if column == "surname" else ():
            self.report.add("E212", int(self.lines[row]), column)
        return self._odd(column, settled, lambda text: read_name(text, NAME_CHARACTERS))

    def days(self, column: str, checked: bool = True) -> Ints:
        """yyyymmdd, 0 where nothing readable stands."""
        settled = csv_columns.days(self.cells[column])
        matrix = np.ascontiguousarray(self._odd(column, settled, lambda text: dac_cells.read("entry", 0, text)))
        found = digits.days(matrix, [0])
        wrong = ~found.valid[0] & ~found.blank[0]
        for row in np.flatnonzero(wrong) if checked else ():
            self.report.add("E216", int(self.lines[row]), column, self.cells[column].text(int(row)), "31/12/2026")
        return np.where(found.valid[0], found.keys[0], 0)


def _figures(matrix: Bytes) -> Ints:
    return np.asarray(digits.figures(np.ascontiguousarray(matrix), [0], 12).values[0], dtype=np.int64)


def _insured(text: str) -> Cell:
    cell = dac_cells.read("nss", 0, text)
    if cell.code or (len(cell.value) == 12 and cell.value.isascii() and cell.value.isdigit()):
        return cell
    return Cell(code="E210", expected="999999999999") if cell.value else cell


def _fitting(cell: Cell) -> Cell:
    """A worker's base has twelve digits at most."""
    return Cell(code="E526", expected="9" * _BASE_DIGITS) if len(cell.value) > _BASE_DIGITS else cell


def texts(matrix: Bytes) -> NDArray[np.bytes_]:
    made = np.ascontiguousarray(matrix).view(f"S{matrix.shape[1]}")[:, 0]
    return np.strings.rstrip(made, b" ")


def day_texts(days: Ints) -> NDArray[np.bytes_]:
    """yyyymmdd -> ddmmyyyy, blank for 0."""
    figures = days % 100 * 1_000_000 + days // 100 % 100 * 10_000 + days // 10_000
    signs = figures[:, None] // 10 ** np.arange(7, -1, -1) % 10 + ord("0")
    made = signs.astype(np.uint8).view("S8")[:, 0]
    made[days == 0] = b""
    return made
