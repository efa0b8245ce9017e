"""Takes the lines of one declaration block by block: applies the rules, sums up, passes them on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tasrih import law
from tasrih.declaration import limits
from tasrih.declaration.codes import CodeSums
from tasrih.declaration.columns import QUARTERS, Cells
from tasrih.declaration.digits import PLACED
from tasrih.declaration.layout import Block
from tasrih.declaration.rows import lines_of
from tasrih.declaration.rulebook import KEPT_WARNINGS, Against, Verdicts
from tasrih.declaration.rules import RULES
from tasrih.declaration.sent import Lines, Totals
from tasrih.vocabulary.dues import HOUSING_FUND
from tasrih.vocabulary.finding import Finding, Findings

Sink = Callable[[Lines], None]


def against(employer: str, year: int | None, today: date, *, fixed: bool = True, lead: int = 0) -> Against:
    """What the lines of one declaration are compared with; "" and None are taken from its first line."""
    made = Against(employer.encode("ascii"), 0, today.year * 10_000 + today.month * 100 + today.day, {}, {}, None)
    made.fixed, made.lead = fixed, lead
    made.new_hires_refused = limits.new_hires_refused()
    made.last_number = (lead, -1)
    if year is not None:
        of_year(made, year)
    return made


def of_year(made: Against, year: int) -> None:
    made.year = year
    made.caps = limits.by_unit("duration_cap", year)
    made.full_month = limits.by_unit("full_month", year)
    made.wages = limits.lowest_wages(year)


class Tally:
    """`quarters` and `year` are sums over the readable cells; a sum in `undecided` misses a cell."""

    def __init__(self, file: str, compared: Against, findings: Findings, sink: Sink | None) -> None:
        self.file = file
        self.against = compared
        self.lines = 0
        self.undecided: set[str] = set()
        self._sums = dict.fromkeys(("base_q1", "base_q2", "base_q3", "base_q4", "base_year"), 0)
        self._verdicts = Verdicts(file, findings)
        self._findings = findings
        self._sink = sink
        self._insured: list[tuple[NDArray[np.uint64], NDArray[np.int32]]] = []
        self._aligned = True
        self._codes = CodeSums()

    @property
    def totals(self) -> Totals:
        q1, q2, q3, q4, year = self._sums.values()
        return Totals((q1, q2, q3, q4), year, self._codes.by_code)

    def take_all(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self.take(block)

    def take(self, block: Block) -> None:
        cells = Cells(block)
        self._begin(cells)
        self._verdicts.apply(RULES, cells, self.against)
        self.lines += len(block)
        self._tell_unknown(cells)
        self._sum(cells)
        self._remember(cells)
        self._alignment(cells)
        self.against.last_number = (
            int(cells.numbers[-1]),
            int(cells.number.values[0][-1]) if cells.number.forms[0][-1] > 1 else -1,
        )
        if self._sink:
            self._sink(lines_of(cells))

    def _begin(self, cells: Cells) -> None:
        """Without a readable header, the first line says whose file it is."""
        employer, year = cells.text(0, "employer"), cells.text(0, "year")
        if not self.against.employer and len(employer) == 10 and employer.isascii() and employer.isdigit():
            self.against.employer = employer.encode("ascii")
        if not self.against.year and len(year) == 4 and year.isascii() and year.isdigit() and year >= "1900":
            of_year(self.against, int(year))

    def _sum(self, cells: Cells) -> None:
        for place, column in enumerate(self._sums):
            values = cells.bases.values[place] if place < 4 else cells.base_year.values[0]
            sound, codes = self._verdicts.sound(column), cells.block.codes
            if sound is not None:
                self.undecided.add(column)
                values, codes = values[sound], codes if codes is None else codes[sound]
            self._sums[column] += int(values.sum())
            if codes is not None and place < len(QUARTERS):
                self._codes.add(place, codes, values)

    def _tell_unknown(self, cells: Cells) -> None:
        """Once per code: the list that is known here is one vendor's, so another code is no fault."""
        known = law.book().contributions if cells.block.codes is not None else {}
        for code, row in self._codes.new(cells.block.codes) if cells.block.codes is not None else ():
            if code not in known:
                expected = " ".join(sorted(known.keys() - {HOUSING_FUND}))
                self._findings.add(Finding("W617", self.file, int(cells.numbers[row]), "code", code, expected))

    def _remember(self, cells: Cells) -> None:
        readable = (cells.nss.forms[0] > 1) & (cells.nss.values[0] > 0)
        sound = self._verdicts.sound("nss")
        if sound is not None:
            readable &= sound
        numbers = cells.nss.values[0].astype(np.uint64)
        lines = cells.numbers.astype(np.int32)
        self._insured.append((numbers, lines) if readable.all() else (numbers[readable], lines[readable]))

    def _alignment(self, cells: Cells) -> None:
        """Told once per file, at the first such line."""
        if not self._aligned or not self.against.fixed:
            return
        placed = (cells.bases.forms == PLACED).any(axis=0)
        sound = self._verdicts.sound()
        if sound is not None:
            placed &= sound
        if placed.any():
            self._aligned = False
            row = int(placed.argmax())
            column = f"base_q{1 + int((cells.bases.forms[:, row] == PLACED).argmax())}"
            start, width = cells.layout.columns[column]
            value = cells.matrix[row, start : start + width].tobytes().decode("ascii", "replace")
            self._findings.add(Finding("W305", self.file, int(cells.numbers[row]), column, value))

    def tell_repeated(self) -> None:
        """An insured number on more than one line (several spells): each line but the first is named."""
        if not self._insured:
            return
        every = np.concatenate([numbers for numbers, _ in self._insured])
        every.sort()
        repeated = np.unique(every[1:][every[1:] == every[:-1]])
        del every
        if not len(repeated):
            return
        first: dict[int, int] = {}
        for numbers, lines in self._insured:
            at = np.searchsorted(repeated, numbers)
            rows = np.flatnonzero(repeated.take(at, mode="clip") == numbers)
            for number, line in zip(numbers[rows].tolist(), lines[rows].tolist(), strict=True):
                self._tell(number, line, first.setdefault(number, line))

    def _tell(self, number: int, line: int, first: int) -> None:
        if line == first:
            return
        if self._findings.counts["W211"] < KEPT_WARNINGS:
            self._findings.add(Finding("W211", self.file, line, "nss", f"{number:012d}", str(first)))
        else:
            self._findings.count_only("W211", 1)
