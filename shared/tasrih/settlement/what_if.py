"""What would be owed: on a day of payment, or when paid in instalments. Proposes nothing and posts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tasrih.assessment import Proposal, SurchargeLine
from tasrih.law import FIRM
from tasrih.law.values import weakest
from tasrih.ledger import Entry
from tasrih.ledger.accounts import PENALTY, kind_of
from tasrih.ledger.holdings import until
from tasrih.settlement.debts import Debt
from tasrih.settlement.schedule import Instalment

Paid = tuple[tuple[date, int], ...]
"""Payments that might come: value day, centimes."""
Growth = Callable[[Paid, date], Iterable[Proposal]]
"""The surcharges of the employer, period by period, as they would be at the end of a day if these payments came too."""
Posted = dict[tuple[str, str], int]
"""Period and name of a surcharge -> centimes posted of it so far, settled or not."""


@dataclass(frozen=True, slots=True)
class Growing:
    """A surcharge that would be there, less what is posted of it."""

    period: str
    name: str
    centimes: int
    lines: tuple[SurchargeLine, ...]
    posted_centimes: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    day: date
    """Of the payment, or of the last instalment."""
    debts: tuple[Debt, ...]
    """Owed today."""
    growing: tuple[Growing, ...]
    """Not owed before an officer posts it."""
    held: tuple[tuple[str, str], ...] = ()
    """Why a part is not known, as of proposals."""
    instalments: tuple[Instalment, ...] = ()

    @property
    def owed_centimes(self) -> int:
        return sum(debt.open_centimes for debt in self.debts)

    @property
    def growing_centimes(self) -> int:
        return sum(each.centimes for each in self.growing)

    @property
    def total_centimes(self) -> int:
        """What would settle everything by that day."""
        return self.owed_centimes + self.growing_centimes

    @property
    def provisional(self) -> bool:
        sure = [debt.confidence for debt in self.debts]
        sure += [line.confidence for each in self.growing for line in each.lines]
        return weakest(sure) != FIRM


def posted_surcharges(entries: Iterable[Entry], day: date) -> Posted:
    """As the ledger has them at the end of a day; what was taken back is none."""
    posted: Posted = {}
    for leg in (leg for entry in until(entries, day) for leg in entry.legs if kind_of(leg.account) == PENALTY):
        _, period, name = leg.account.split(":")
        posted[period, name] = posted.get((period, name), 0) - leg.amount_centimes
    return posted


def if_paid_on(day: date, debts: Sequence[Debt], posted: Posted, growth: Growth) -> WhatIf:
    """All that is owed, paid on one day: lateness runs until then."""
    growing, held = _growing(growth((), day), posted)
    return WhatIf(day, tuple(debts), growing, held)


def if_paid_in(instalments: Sequence[Instalment], debts: Sequence[Debt], posted: Posted, growth: Growth) -> WhatIf:
    """Paid as scheduled: each portion is late until its own day. Raises ValueError without an instalment."""
    if not instalments:
        raise ValueError("no instalment")
    last = max(each.day for each in instalments)
    growing, held = _growing(growth(tuple((each.day, each.centimes) for each in instalments), last), posted)
    return WhatIf(last, tuple(debts), growing, held, tuple(instalments))


def _growing(proposals: Iterable[Proposal], posted: Posted) -> tuple[tuple[Growing, ...], tuple[tuple[str, str], ...]]:
    lines: dict[tuple[str, str], list[SurchargeLine]] = {}
    held: list[tuple[str, str]] = []
    for proposal in proposals:
        held += proposal.held
        for line in proposal.lines:
            lines.setdefault((proposal.period, line.name), []).append(line)
    growing = []
    for (period, name), each in sorted(lines.items()):
        whole, before = sum(line.amount_centimes for line in each), posted.get((period, name), 0)
        if whole > before:
            growing.append(Growing(period, name, whole - before, tuple(each), before))
    return tuple(growing), tuple(held)
