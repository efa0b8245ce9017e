"""Surcharges as proposed: nothing of them is owed before an officer, or a standing decision of the agency, posts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasrih.assessment.extension import LastDay
from tasrih.law import LawBook, LawNotKnown
from tasrih.vocabulary.period import Period

LATE_DAS, LATE_PAYMENT, PROVISIONAL_ASSESSMENT = "late_das", "late_payment", "provisional_assessment"
LAW_NOT_KNOWN = "law_of_lateness_not_known"
SURCHARGE_HELD_REASONS = (
    LAW_NOT_KNOWN,
    "difference_not_given",
    "previous_not_declared",
    "comparison_not_decided",
)
"""Beside those of dues. Each has a sentence "held_…" and a next step "next_…" in messages/dues.toml."""

Held = tuple[str, str]
"""Why an amount, or a part of it, is not known: a code of `messages/dues.toml`; what exactly, language-free."""


@dataclass(frozen=True, slots=True)
class SurchargeLine:
    """base x rate (x months) = amount, and why."""

    name: str
    """As the law data has it ("late_das", "late_payment_month"); of contributions set provisionally their share."""
    base_centimes: int
    rate: Decimal
    """In per cent; for each month where there are months."""
    months: int
    """0 for what is due once."""
    amount_centimes: int
    """The part of one month is rounded, then taken so many times."""
    article: str
    source: str
    valid_from: date
    confidence: str
    """Firm only where the rate, the deadline and the choices behind the amount are."""
    first_late: date
    """First day of lateness."""
    since: date
    until: date
    """The months of delay that it is for, inclusive; `first_late` twice for what is due once."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What lateness, or silence, would cost."""

    kind: str
    """ "late_das", "late_payment" or "provisional_assessment"."""
    period: str
    day: date
    """Of the arrival, or the day on which it is reckoned."""
    last_day: LastDay | None
    """None where the deadline is not known."""
    lines: tuple[SurchargeLine, ...] = ()
    contributions: tuple[SurchargeLine, ...] = ()
    """Set provisionally, share by share: owed until the period is declared. `lines` stay."""
    owed_centimes: int = 0
    """Contributions that were to be declared, or paid, in time."""
    paid: tuple[tuple[date, int], ...] = ()
    """Value days and centimes until `day`, in that order."""
    held: tuple[Held, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    """What the sources leave open and how it was decided: ("started_month", "whole_months")."""
    law_version: str = ""
    rounding: str = ""

    @property
    def total_centimes(self) -> int:
        """Of the surcharges alone."""
        return sum(line.amount_centimes for line in self.lines)

    @property
    def contributions_centimes(self) -> int:
        return sum(line.amount_centimes for line in self.contributions)

    @property
    def state(self) -> str:
        """ "computed", "held" or "partly_held", as of dues."""
        if not self.held:
            return "computed"
        return "partly_held" if self.lines else "held"

    @property
    def provisional(self) -> bool:
        return any(line.confidence != "firm" for line in (*self.lines, *self.contributions))


def proposal(
    kind: str, period: Period, day: date, owed_centimes: int, book: LawBook, choices: Sequence[str] = ()
) -> Proposal:
    """Without any line yet; with the choices of these names as the law has them now."""
    return Proposal(
        kind,
        str(period),
        day,
        None,
        owed_centimes=owed_centimes,
        choices=tuple((name, book.choice(name).value) for name in choices),
        law_version=book.version,
        rounding=book.choice("rounding_surcharge").value,
    )


def unknown_law(unknown: LawNotKnown) -> Held:
    return LAW_NOT_KNOWN, f"{unknown.what} {unknown.day.isoformat()}"
