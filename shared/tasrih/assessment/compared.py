"""What comparing a year's declaration with its DACs tells. Amounts are contribution bases, in centimes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tasrih import law
from tasrih.assessment.coded import assess_lines
from tasrih.assessment.proposal import Held
from tasrih.law import LawBook
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

if TYPE_CHECKING:  # a letter needs no arrays
    from tasrih.declaration.sent import Totals

NOT_DECIDED_REASONS = ("months_and_quarter", "dac_missing", "rate_changes_within")
"""Why a quarter cannot be told. Each has a sentence "compared_…" in messages/surcharges.toml."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What was declared of a month or quarter."""

    period: Period
    bases: tuple[tuple[str, int], ...]
    """Code ("" where lines tell none) and base."""
    workers: tuple[tuple[str, str, int], ...] | None = field(default=None, repr=False)
    """Worker ("" without a number), code and base; None where it is not nominal."""


@dataclass(frozen=True, slots=True)
class CodeCompared:
    code: str
    das_centimes: int
    dacs_centimes: int

    @property
    def difference(self) -> int:
        """Positive where the year has more."""
        return self.das_centimes - self.dacs_centimes


@dataclass(frozen=True, slots=True)
class WorkerCompared:
    """A worker whose bases differ."""

    worker: str = field(repr=False)
    """ "" = all who have no number yet, together: who is who is not told."""
    das_centimes: int
    dacs_centimes: int


@dataclass(frozen=True, slots=True)
class QuarterCompared:
    quarter: str
    das_centimes: int
    dacs_centimes: int
    by_code: tuple[CodeCompared, ...] = ()
    """R22 first; empty where nothing tells the code of a line."""
    workers: tuple[WorkerCompared, ...] | None = None
    """Those whose bases differ; None where one of the declarations is not nominal, or nothing is decided."""
    not_decided: tuple[Held, ...] = ()
    """Why nothing can be told; both bases stand there all the same."""

    @property
    def to_declare_centimes(self) -> int:
        return self.one_sided(1)

    @property
    def over_centimes(self) -> int:
        return self.one_sided(-1)

    @property
    def state(self) -> str:
        """ "equal", "still_to_declare", "over_declared", "both" (of different codes) or "not_decided"."""
        if self.not_decided:
            return "not_decided"
        if self.to_declare_centimes and self.over_centimes:
            return "both"
        if self.to_declare_centimes:
            return "still_to_declare"
        return "over_declared" if self.over_centimes else "equal"

    def one_sided(self, sign: int) -> int:
        """The differences in favour of the year (1) or of the DACs (-1), as an amount; 0 where nothing is decided."""
        differences = [code.difference for code in self.by_code] or [self.das_centimes - self.dacs_centimes]
        return 0 if self.not_decided else sum(max(0, sign * each) for each in differences)


@dataclass(frozen=True, slots=True)
class Comparison:
    year: int
    quarters: tuple[QuarterCompared, ...]
    law_version: str

    @property
    def undecided(self) -> tuple[QuarterCompared, ...]:
        return tuple(each for each in self.quarters if each.not_decided)

    @property
    def to_declare_centimes(self) -> int:
        return sum(each.to_declare_centimes for each in self.quarters)

    @property
    def over_centimes(self) -> int:
        return sum(each.over_centimes for each in self.quarters)


def dues_to_add(comparison: Comparison, codes: tuple[str, ...] | None, book: LawBook | None = None) -> Dues:
    """What the year adds to the contributions declared by month or quarter: the dues of the bases that are still to
    declare. Quarters that are not decided hold theirs ("comparison_not_decided"). `codes` as in `assess_lines`."""
    return _dues(comparison, _totals(comparison, 1), codes, book or law.book())


def dues_over(comparison: Comparison, codes: tuple[str, ...] | None, book: LawBook | None = None) -> Dues:
    """What was declared too much by month or quarter, as `dues_to_add`."""
    return _dues(comparison, _totals(comparison, -1), codes, book or law.book())


def _dues(comparison: Comparison, totals: Totals, codes: tuple[str, ...] | None, book: LawBook) -> Dues:
    none = Dues("computed", law_version=book.version, rounding=book.choice("rounding").value)
    dues = assess_lines(totals, comparison.year, codes, book) if totals.year else none
    if not comparison.undecided:
        return dues
    return replace(
        dues,
        state="partly_held" if dues.lines else "held",
        held_because=(*dues.held_because, "comparison_not_decided"),
        held_details=(*dues.held_details, ", ".join(each.quarter for each in comparison.undecided)),
    )


def _totals(comparison: Comparison, sign: int) -> Totals:
    """Bases on one side of the comparison (1: still to declare, -1: declared too much), in the form of a DAS."""
    from tasrih.declaration.sent import Totals

    told = [each.one_sided(sign) for each in comparison.quarters]
    codes = dict.fromkeys(code.code for each in comparison.quarters for code in each.by_code)
    by_code = ((code, _four(_of_code(each, code, sign) for each in comparison.quarters)) for code in codes)
    return Totals(_four(told), sum(told), tuple(pair for pair in by_code if any(pair[1])))


def _of_code(quarter: QuarterCompared, code: str, sign: int) -> int:
    if quarter.not_decided:
        return 0
    return sum(max(0, sign * each.difference) for each in quarter.by_code if each.code == code)


def _four(amounts: Iterable[int]) -> tuple[int, int, int, int]:
    first, second, third, fourth = amounts
    return first, second, third, fourth
