"""What is owed, each amount with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HOUSING_FUND = "R98"
"""Code of FNPOS: rests on the base of every worker, which stands under another code already."""


@dataclass(frozen=True, slots=True)
class Due:
    """One amount by code, branch and share, and why it is what it is."""

    period: str
    """The stretch the base belongs to ("2025-Q1")."""
    code: str
    """Contribution code ("R22", "R98")."""
    branch: str
    """"social_insurance", "work_accidents", "retirement", "unemployment", "early_retirement", "social_housing"."""
    share: str
    """"employer", "worker" or "social_works"; FNPOS stands on its own code."""
    base_centimes: int
    rate: Decimal
    """In per cent: Decimal("11.50")."""
    amount_centimes: int
    article: str
    """The text the rate rests on."""
    valid_from: date
    confidence: str
    """"firm", or "provisional" (press, vendor, recalled): used, and labelled."""


NO_CODE = "—"


@dataclass(frozen=True, slots=True)
class HeldBase:
    """A declared base from which no amount is computed yet, while others beside it may be."""

    period: str
    code: str
    """`NO_CODE` for lines that tell none."""
    base_centimes: int
    reason: str
    """One of `held_because`."""
    total_rate: Decimal | None = None
    """In per cent, where a weak source gives the whole of the code and nothing gives its division."""
    indicative_centimes: int | None = None
    """That rate of the base: shown as a mark, never posted and never claimed."""


@dataclass(frozen=True, slots=True)
class Dues:
    """Dues have a state of their own: held dues never refuse a file."""

    state: str
    """"computed", "held", or "partly_held": `lines` and `held` side by side."""
    lines: tuple[Due, ...] = ()
    held_because: tuple[str, ...] = ()
    """Codes of `messages` ("codes_not_known", "law_not_known", …), empty when computed."""
    held_details: tuple[str, ...] = ()
    """Beside each reason, what exactly is missing, language-free ("R22 2015-Q3")."""
    law_version: str = ""
    rounding: str = ""
    """Name of the rounding rule that was applied, as the law data names it."""
    held: tuple[HeldBase, ...] = ()
    """Base by base, what is held; a DAS whose lines tell no codes is held as a whole."""

    @property
    def total_centimes(self) -> int:
        return sum(due.amount_centimes for due in self.lines)

    @property
    def provisional(self) -> bool:
        return any(due.confidence != "firm" for due in self.lines)
