"""What a rule is, and how it is applied to a block of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.columns import QUARTERS, Cells, Mask
from tasrih.vocabulary.finding import Finding, Findings

KEPT_WARNINGS = 10_000
"""Findings kept of one warning; beyond it they are only counted, so that warnings never drown errors."""

Place = tuple[str, ...]
"""Columns read together; a finding points at the first. The empty place is the whole line."""


@dataclass(slots=True)
class Against:
    """What lines are compared with."""

    employer: bytes
    """Ten digits; b"" while it is not known."""
    year: int
    """0 while it is not known."""
    today: int
    """yyyymmdd"""
    caps: dict[str, int]
    """Longest duration of a quarter by unit; empty = not known."""
    full_month: dict[str, float]
    """What a full month is in each unit; empty = not known."""
    wages: tuple[int, int, int, int] | None
    """Lowest monthly minimum wage of each quarter, centimes; None = not known."""
    last_number: tuple[int, int] = (0, 0)
    """Of the block before: its last line of the file, and the line number that stands there (-1 = unreadable)."""
    lead: int = 0
    """Lines of the file before its first declaration line."""
    arabic_taken: Callable[[], bool] = lambda: False
    """Whether Arabic letters may stand in fixed columns: one byte each in the code page in use."""
    new_hires_refused: bool = False
    """Lines without an insured number: refused, by the switch in law/data/choices.toml, or accepted in reserve."""
    fixed: bool = True
    """Lines of fixed columns: they may be shifted, and Arabic script has no place in them."""

    def quarter_days(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and last day of each quarter as yyyymmdd, shape (4, 1)."""
        first = [[self.year * 10_000 + (3 * quarter - 2) * 100 + 1] for quarter in QUARTERS]
        last = [[self.year * 10_000 + 3 * quarter * 100 + 31] for quarter in QUARTERS]
        return np.array(first), np.array(last)


Check = Callable[[Cells, Against], "Mask | None"]
"""True where the rule is broken; shape (places, lines), or (lines,) for one place; None = nowhere."""
Expected = Callable[[Cells, Against, int, int], str]
"""(cells, against, place, row) -> what was expected there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the rule book. A rule says nothing of a line where a column it reads is broken: not decided."""

    code: str
    places: tuple[Place, ...]
    check: Check
    source: str
    """Text the rule rests on."""
    expected: str | Expected = ""
    breaks: bool = False
    """The cell cannot be used: later rules that read it say nothing of the line."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it reads."""
        return tuple(dict.fromkeys(column for place in self.places for column in place))


@dataclass(frozen=True, slots=True)
class Entry:
    """A code that is found while reading, or over a whole file: no check of one line."""

    code: str
    about: str
    """Columns, or "file"."""
    source: str


def depends_on(rule: Rule, rules: Iterable[Rule]) -> tuple[str, ...]:
    """Codes of the earlier rules that keep this one silent where they were broken."""
    codes = []
    for earlier in rules:
        if earlier is rule:
            break
        pointed = {place[0] if place else "" for place in earlier.places}
        if earlier.breaks and ("" in pointed or pointed & set(rule.columns)):
            codes.append(earlier.code)
    return tuple(codes)


@dataclass(slots=True)
class Verdicts:
    """Applies rules, in order, to block after block of one file."""

    file: str
    findings: Findings
    broken: dict[str, Mask] = field(default_factory=dict)
    """Cells of the present block that cannot be used; "" = the whole line."""

    def apply(self, rules: tuple[Rule, ...], cells: Cells, against: Against) -> None:
        """Adds a finding for every cell that breaks a rule and whose inputs are sound."""
        self.broken = dict(cells.block.broken)
        for rule in rules:
            hit = rule.check(cells, against)
            if hit is None or not np.count_nonzero(hit):
                continue
            for place, row_mask in enumerate(hit if hit.ndim == 2 else hit[None]):
                self._place(rule, place, row_mask, cells, against)

    def _place(self, rule: Rule, place: int, hit: Mask, cells: Cells, against: Against) -> None:
        if not np.count_nonzero(hit):
            return
        columns = rule.places[place]
        for column in ("", *columns):
            silent = self.broken.get(column)
            if silent is not None:
                hit = hit & ~silent
        rows = np.flatnonzero(hit)
        if not len(rows):
            return
        pointed = columns[0] if columns else ""
        self._report(rule, place, pointed, rows, cells, against)
        if rule.breaks:
            before = self.broken.get(pointed)
            self.broken[pointed] = hit if before is None else before | hit

    def _report(
        self, rule: Rule, place: int, column: str, rows: NDArray[np.intp], cells: Cells, against: Against
    ) -> None:
        first = int(not self.findings.counts[rule.code])
        room = min(max(self.findings.room, first), len(rows))
        if rule.code.startswith("W"):
            room = min(room, max(0, KEPT_WARNINGS - self.findings.counts[rule.code]))
        numbers = cells.numbers[rows[:room]].tolist()
        for row, number in zip(rows[:room].tolist(), numbers, strict=True):
            value = cells.text(row, column) if column else ""
            expected = rule.expected if isinstance(rule.expected, str) else rule.expected(cells, against, place, row)
            self.findings.add(Finding(rule.code, self.file, number, column, value, expected))
        self.findings.count_only(rule.code, len(rows) - room)

    def sound(self, *columns: str) -> Mask | None:
        """Lines of the present block in which none of these columns is broken; None = all."""
        masks = [self.broken[column] for column in ("", *columns) if column in self.broken]
        return ~np.logical_or.reduce(masks) if masks else None
