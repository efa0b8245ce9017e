"""Dues of a DAS whose lines tell contribution codes: each quarter as if it were declared code by code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasrih import law
from tasrih.assessment.dac import DAC_HELD_REASONS, assess_dac
from tasrih.assessment.dues import GENERAL_SCHEME, assess_das, due_codes
from tasrih.law import LawBook
from tasrih.vocabulary.dues import HOUSING_FUND, NO_CODE, Dues, HeldBase
from tasrih.vocabulary.period import Period

if TYPE_CHECKING:  # a letter needs no arrays
    from tasrih.declaration.sent import Totals

WITHOUT_CODE = "lines_without_code"
"""Why the lines without a code are held where others beside them tell one."""
CODED_HELD_REASONS = (*DAC_HELD_REASONS, WITHOUT_CODE)
"""In this order in `held_because`. Each has a sentence "held_…" and a next step "next_…" in messages/dues.toml."""


def assess_lines(totals: Totals, year: int, codes: tuple[str, ...] | None, book: LawBook | None = None) -> Dues:
    """Dues of an annual declaration (DAS), with the codes that its lines tell.

    Where no line tells one, `assess_das` decides as a whole. Else each quarter is assessed code by code as in a DAC:
    reduced and unknown codes are held, so is a code that the register (`codes`) does not list. Lines without a code
    are under R22 where the register says the general scheme only, else held. The housing fund (R98) is on the whole
    base of all lines whose scheme is known, reduced or not.
    """
    if not totals.by_code:
        return assess_das(totals.quarters, year, codes, book)
    book = book or law.book()
    quarters = enumerate(Period(year).quarters())
    parts = [_quarter(quarter_bases(totals, place), quarter, codes, book) for place, quarter in quarters]
    lines = tuple(due for part in parts for due in part.lines)
    held = tuple(base for part in parts for base in part.held)
    state = "computed" if not held else ("partly_held" if lines else "held")
    reasons = tuple(reason for reason in CODED_HELD_REASONS if any(base.reason == reason for base in held))
    details = tuple(", ".join(_detail(base) for base in held if base.reason == reason) for reason in reasons)
    return Dues(state, lines, reasons, details, book.version, book.choice("rounding").value, held)


def assumed_code(totals: Totals, codes: tuple[str, ...] | None, book: LawBook | None = None) -> str:
    """The code that lines without one are under, as the register has it; "" where every line tells its own, or where
    none can be assumed."""
    untold = any(quarter_bases(totals, place)[""] for place in range(len(totals.quarters)))
    return GENERAL_SCHEME if untold and due_codes(codes, book or law.book()) else ""


def quarter_bases(totals: Totals, place: int) -> dict[str, int]:
    """Code -> base of one quarter; "" = what no line with a code accounts for."""
    told = {code: quarters[place] for code, quarters in totals.by_code}
    return told | {"": totals.quarters[place] - sum(told.values())}


def _quarter(bases: dict[str, int], quarter: Period, codes: tuple[str, ...] | None, book: LawBook) -> Dues:
    untold, general = bases.pop(""), due_codes(codes, book) is not None
    if general:
        bases[GENERAL_SCHEME] = bases.get(GENERAL_SCHEME, 0) + untold
    ordered = sorted(bases.items(), key=lambda each: (each[0] != GENERAL_SCHEME, each[0]))
    if _with_housing_fund(codes, book):
        ordered.append((HOUSING_FUND, sum(base for code, base in ordered if code in book.contributions)))
    dues = assess_dac(ordered, quarter, codes, book)
    if general or not untold:
        return dues
    return Dues(dues.state, dues.lines, held=(*dues.held, HeldBase(str(quarter), NO_CODE, untold, WITHOUT_CODE)))


def _with_housing_fund(codes: tuple[str, ...] | None, book: LawBook) -> bool:
    """Listed, or going with a general scheme that nothing says is not in use."""
    listed = set(codes or (GENERAL_SCHEME,))
    return HOUSING_FUND in listed or (GENERAL_SCHEME in listed and book.choice("housing_fund").value == "with_r22")


def _detail(base: HeldBase) -> str:
    return base.period if base.code == NO_CODE else f"{base.code} {base.period}"
