"""What the bases of a DAC make due: computed code by code, and held code by code where the law is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tasrih import law
from tasrih.assessment.dues import GENERAL_SCHEME, due_of
from tasrih.assessment.rounding import share_of
from tasrih.law import LawBook, LawNotKnown
from tasrih.vocabulary.dues import HOUSING_FUND, Due, Dues, HeldBase
from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.period import Period

if TYPE_CHECKING:  # a letter needs no arrays
    from tasrih.declaration.sent import Dac

DAC_HELD_REASONS = ("code_not_in_use", "split_not_known", "rate_changes_within", "law_not_known")
"""In this order in `held_because`. Each has a sentence "held_…" and a next step "next_…" in messages/dues.toml."""


def assess_dac(
    bases_centimes: Iterable[tuple[str, int]],
    period: Period,
    codes: tuple[str, ...] | None = None,
    book: LawBook | None = None,
) -> Dues:
    """Dues of a declaration of contribution bases (DAC): for each code every branch and share.

    `bases_centimes` are pairs of code and base; bases of the same code are added, a base of zero makes no line.
    `period` is a month or a quarter: months are assessed by their own rates; a quarterly base across a change of rate
    is not decided. `codes` are the contribution codes in use, from the register: a code that it does not list is held;
    None or () = the register does not say, the declared codes count. `book` is another state of the law than today's.

    A code of which only the total is known (R06, R07) is held: no source tells its division over branches and shares,
    nor since when it holds. The total at the weakly sourced rate stands beside it as an indication. "partly_held" when
    some codes are computed and others held. Nothing is raised but ValueError for a period that is a year.
    """
    if not (period.month or period.quarter):
        raise ValueError(f"{period} is neither a month nor a quarter")
    book = book or law.book()
    lines: list[Due] = []
    held: list[HeldBase] = []
    for code, base in _added(bases_centimes):
        reason = _why_held(code, period, codes, book)
        if reason:
            held.append(_held(code, base, period, reason, book))
        else:
            lines += _lines(code, base, period, book)
    state = "computed" if not held else ("partly_held" if lines else "held")
    reasons = tuple(reason for reason in DAC_HELD_REASONS if any(each.reason == reason for each in held))
    details = tuple(", ".join(f"{e.code} {e.period}" for e in held if e.reason == reason) for reason in reasons)
    return Dues(state, tuple(lines), reasons, details, book.version, book.choice("rounding").value, tuple(held))


def still_to_pay(dues: Dues, paid_centimes: int) -> int:
    """What is computed less what the filer says was paid already; never below zero."""
    return max(0, dues.total_centimes - paid_centimes)


def compare_with_dues(dac: Dac, dues: Dues, file: str = "") -> tuple[Finding, ...]:
    """Warnings that need the dues: more paid than was owed (only where nothing is held), an amount reckoned
    otherwise."""
    return (*_overpaid(dac, dues, file), *_reckoned_otherwise(dac, dues, file))


def _overpaid(dac: Dac, dues: Dues, file: str) -> Iterator[Finding]:
    if dues.state == "computed" and dac.paid_centimes > dues.total_centimes:
        yield Finding("W630", file, 0, "paid", str(dac.paid_centimes), f"<= {dues.total_centimes}")


def _reckoned_otherwise(dac: Dac, dues: Dues, file: str) -> Iterator[Finding]:
    of_code: dict[str, int] = {}
    for due in dues.lines:
        of_code[due.code] = of_code.get(due.code, 0) + due.amount_centimes
    for base in dac.bases:
        rows = [other for other in dac.bases if other.code == base.code]
        if base.stated_centimes is None or base.code not in of_code or len(rows) > 1:
            continue
        if abs(base.stated_centimes - of_code[base.code]) > _roundings(dues, base.code):
            yield Finding("W631", file, base.line, "amount", str(base.stated_centimes), str(of_code[base.code]))


def _roundings(dues: Dues, code: str) -> int:
    """One rate for the whole code, rounded once, may differ by half a centime from each line here."""
    return (sum(due.code == code for due in dues.lines) + 1) // 2


def _added(bases: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """In the order of the first of each code."""
    sums: dict[str, int] = {}
    for code, base in bases:
        sums[code] = sums.get(code, 0) + base
    return [(code, base) for code, base in sums.items() if base]


def _why_held(code: str, period: Period, codes: tuple[str, ...] | None, book: LawBook) -> str:
    """ "" when nothing holds it."""
    if codes and code not in _in_use(codes, book):
        return "code_not_in_use"
    try:
        book.rates(code, period.first_day)
    except LawNotKnown:
        return "split_not_known" if code in book.totals else "law_not_known"
    return "rate_changes_within" if book.changes_within(code, period.first_day, period.last_day) else ""


def _in_use(codes: tuple[str, ...], book: LawBook) -> set[str]:
    """The register may name the scheme by R22 alone: the housing fund goes with it, as the law's choice says."""
    listed = set(codes)
    if GENERAL_SCHEME in listed and book.choice("housing_fund").value == "with_r22":
        listed.add(HOUSING_FUND)
    return listed


def _held(code: str, base: int, period: Period, reason: str, book: LawBook) -> HeldBase:
    rate = book.totals[code] if reason == "split_not_known" else None
    indicative = share_of(base, rate, book.choice("rounding").value) if rate is not None else None
    return HeldBase(str(period), code, base, reason, rate, indicative)


def _lines(code: str, base: int, period: Period, book: LawBook) -> list[Due]:
    rounding = book.choice("rounding").value
    return [due_of(rate, period, base, rounding) for rate in book.rates(code, period.first_day)]
