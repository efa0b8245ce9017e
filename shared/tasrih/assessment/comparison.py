"""What a year's declaration (DAS) says against what was declared by month or quarter (DAC): by base first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from tasrih import law
from tasrih.assessment.coded import quarter_bases
from tasrih.assessment.compared import CodeCompared, Comparison, Declared, QuarterCompared, WorkerCompared
from tasrih.assessment.dues import GENERAL_SCHEME, due_codes
from tasrih.assessment.proposal import Held
from tasrih.law import LawBook
from tasrih.vocabulary.dues import HOUSING_FUND
from tasrih.vocabulary.period import Period

if TYPE_CHECKING:  # a letter needs no arrays
    from tasrih.declaration.sent import Dac, Totals

Workers = Sequence[tuple[str, str, int]]
"""Worker, code ("" where none is told), base in centimes. A worker may stand there several times."""


def declared_by_das(totals: Totals, year: int, workers: Sequence[Workers] | None = None) -> tuple[Declared, ...]:
    """The four quarters; `workers` are those of each."""
    return tuple(
        Declared(quarter, tuple(quarter_bases(totals, place).items()), tuple(workers[place]) if workers else None)
        for place, quarter in enumerate(Period(year).quarters())
    )


def declared_by_dac(dac: Dac, period: Period, workers: Workers | None = None) -> Declared:
    """`workers` are those of a nominal one."""
    bases = tuple((base.code, base.base_centimes) for base in dac.bases)
    return Declared(period, bases, tuple(workers) if workers is not None else None)


def compare_with_dacs(
    das: Sequence[Declared],
    dacs: Iterable[Declared],
    *,
    codes: tuple[str, ...] | None = None,
    expected: Collection[Period] | None = None,
    book: LawBook | None = None,
) -> Comparison:
    """Quarter by quarter; in each by code where both tell it, and worker by worker where both are nominal.

    `das` are the four quarters of a declaration, `dacs` all that count of its year, in any order; those of one period
    are added. `codes` are the contribution codes in use, from the register: they tell what lines without a code are
    under. `expected` are the months and quarters that the employer had to declare, from the register; None = of each
    quarter the quarter itself or its three months. The housing fund rests on bases that stand under another code
    already: it is not compared. Raises ValueError for a DAC of another year or of a whole one.
    """
    book = book or law.book()
    year, told = das[0].period.year, tuple(dacs)
    wrong = [each.period for each in told if each.period.year != year or not (each.period.month or each.period.quarter)]
    if wrong:
        raise ValueError(f"{wrong[0]} is no month or quarter of {year}")
    quarters = (
        _quarter(each, [dac for dac in told if dac.period.in_quarter == each.period], codes, expected, book)
        for each in das
    )
    return Comparison(year, tuple(quarters), book.version)


def _quarter(
    das: Declared,
    dacs: Sequence[Declared],
    codes: tuple[str, ...] | None,
    expected: Collection[Period] | None,
    book: LawBook,
) -> QuarterCompared:
    general = due_codes(codes, book) is not None
    ours, theirs = _bases([das], general), _bases(dacs, general)
    by_code: tuple[CodeCompared, ...] = ()
    if "" not in ours.keys() | theirs.keys():
        by_code = tuple(CodeCompared(each, ours.get(each, 0), theirs.get(each, 0)) for each in _ordered(ours, theirs))
    held = _not_comparable(das.period, {dac.period for dac in dacs}, expected)
    if not held:
        differing = [each.code for each in by_code if each.difference] if by_code else sorted({*ours, *theirs} - {""})
        differs = bool(differing) if by_code else sum(ours.values()) != sum(theirs.values())
        held = _rate_changes(das.period, differing, book) if differs else ()
    workers = None if held else _workers(das, dacs)
    return QuarterCompared(str(das.period), sum(ours.values()), sum(theirs.values()), by_code, workers, held)


def _bases(declared: Iterable[Declared], general: bool) -> dict[str, int]:
    """Code -> base, without the housing fund unless there is nothing else; "" = under a code that nothing tells."""
    told = [pair for each in declared for pair in each.bases]
    sums: dict[str, int] = {}
    for code, base in [pair for pair in told if pair[0] != HOUSING_FUND] or told:
        known = code or (GENERAL_SCHEME if general else "")
        sums[known] = sums.get(known, 0) + base
    return {code: base for code, base in sums.items() if base}


def _ordered(*bases: dict[str, int]) -> list[str]:
    return sorted({code for each in bases for code in each}, key=lambda code: (code != GENERAL_SCHEME, code))


def _not_comparable(quarter: Period, told: set[Period], expected: Collection[Period] | None) -> tuple[Held, ...]:
    if quarter in told and len(told) > 1:
        return (("months_and_quarter", ", ".join(map(str, sorted(told, key=str)))),)
    if quarter in told or told.issuperset(quarter.months()):
        return ()
    if expected is None:
        needed = quarter.months() if told else (quarter,)
    else:
        needed = tuple(each for each in expected if each.in_quarter == quarter)
    missing = sorted(str(each) for each in needed if each not in told)
    return (("dac_missing", ", ".join(missing)),) if missing else ()


def _rate_changes(quarter: Period, codes: Iterable[str], book: LawBook) -> tuple[Held, ...]:
    """The DAS has one base for the quarter: to which side of the change the difference belongs is not told."""
    changing = [
        f"{code} {quarter}"
        for code in (*codes, HOUSING_FUND)
        if book.changes_within(code, quarter.first_day, quarter.last_day)
    ]
    return (("rate_changes_within", ", ".join(dict.fromkeys(changing))),) if changing else ()


def _workers(das: Declared, dacs: Sequence[Declared]) -> tuple[WorkerCompared, ...] | None:
    if das.workers is None or not dacs or any(dac.workers is None for dac in dacs):
        return None
    ours, theirs = _by_worker([das]), _by_worker(dacs)
    return tuple(
        WorkerCompared(worker, ours.get(worker, 0), theirs.get(worker, 0))
        for worker in sorted(ours.keys() | theirs.keys())
        if ours.get(worker, 0) != theirs.get(worker, 0)
    )


def _by_worker(declared: Iterable[Declared]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in declared:
        for worker, code, base in each.workers or ():
            if code != HOUSING_FUND:
                sums[worker] = sums.get(worker, 0) + base
    return sums
