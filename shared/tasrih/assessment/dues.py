"""What a year's declared bases make due, branch by branch and share by share."""

from __future__ import annotations

from collections.abc import Iterable

from tasrih import law
from tasrih.assessment.rounding import share_of
from tasrih.law import LawBook, LawNotKnown, Rate
from tasrih.vocabulary.dues import HOUSING_FUND, Due, Dues
from tasrih.vocabulary.period import Period

GENERAL_SCHEME = "R22"

HELD_REASONS = ("codes_not_known", "codes_not_general", "rate_changes_within", "law_not_known")
"""Each has a sentence "held_…" and a next step "next_…" in messages/dues.toml."""

Missing = dict[str, list[str]]
"""Reason -> what exactly is missing ("R22 2015-Q1")."""


def assess_das(
    quarters_centimes: tuple[int, int, int, int],
    year: int,
    codes: tuple[str, ...] | None,
    book: LawBook | None = None,
) -> Dues:
    """Dues of an annual declaration (DAS): per quarter, every branch and share of R22, and the housing fund as R98.

    `quarters_centimes` are the four contribution bases; a quarter of zero makes no line. `codes` are the contribution
    codes in use, from the register; a DAS line carries none, so anything but the general scheme is not decided.
    Held dues say why; nothing is raised. `book` is another state of the law than today's.
    """
    book = book or law.book()
    due = due_codes(codes, book)
    if due is None:
        return _held(_codes_missing(codes), book)
    lines: list[Due] = []
    missing: Missing = {}
    for quarter, base in zip(Period(year).quarters(), quarters_centimes, strict=True):
        for code in due if base else ():
            lines += _quarter(code, quarter, base, book, missing)
    if missing:
        return _held(missing, book)
    return Dues("computed", tuple(lines), law_version=book.version, rounding=book.choice("rounding").value)


def totals_by_share(dues: Dues) -> dict[str, int]:
    """Share -> centimes, in the order of the lines. The housing fund stands by itself, as "social_housing"."""
    return _totals((due.branch if due.code == HOUSING_FUND else due.share, due.amount_centimes) for due in dues.lines)


def totals_by_branch(dues: Dues) -> dict[str, int]:
    """Branch -> centimes, in the order of the lines."""
    return _totals((due.branch, due.amount_centimes) for due in dues.lines)


def due_codes(codes: tuple[str, ...] | None, book: LawBook) -> tuple[str, ...] | None:
    """Of lines that tell no code themselves; None where it cannot be told."""
    listed = set(codes or ())
    if listed not in ({GENERAL_SCHEME}, {GENERAL_SCHEME, HOUSING_FUND}):
        return None
    with_housing = HOUSING_FUND in listed or book.choice("housing_fund").value == "with_r22"
    return (GENERAL_SCHEME, HOUSING_FUND) if with_housing else (GENERAL_SCHEME,)


def _codes_missing(codes: tuple[str, ...] | None) -> Missing:
    return {"codes_not_general": sorted(set(codes))} if codes else {"codes_not_known": []}


def _held(missing: Missing, book: LawBook) -> Dues:
    reasons = tuple(reason for reason in HELD_REASONS if reason in missing)
    details = tuple(", ".join(missing[reason]) for reason in reasons)
    return Dues("held", held_because=reasons, held_details=details, law_version=book.version)


def _quarter(code: str, quarter: Period, base: int, book: LawBook, missing: Missing) -> list[Due]:
    """The lines of one code and quarter; what prevents them goes into `missing`."""
    try:
        rates = book.rates(code, quarter.first_day)
    except LawNotKnown:
        missing.setdefault("law_not_known", []).append(f"{code} {quarter}")
        return []
    if book.changes_within(code, quarter.first_day, quarter.last_day):
        missing.setdefault("rate_changes_within", []).append(f"{code} {quarter}")
        return []
    return [due_of(rate, quarter, base, book.choice("rounding").value) for rate in rates]


def due_of(rate: Rate, period: Period, base: int, rounding: str) -> Due:
    """One rate applied to a base in centimes, with its reasons."""
    return Due(
        period=str(period),
        code=rate.code,
        branch=rate.branch,
        share=rate.share,
        base_centimes=base,
        rate=rate.rate,
        amount_centimes=share_of(base, rate.rate, rounding),
        article=rate.article,
        valid_from=rate.valid_from,
        confidence=rate.confidence,
    )


def _totals(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for name, amount in amounts:
        totals[name] = totals.get(name, 0) + amount
    return totals
