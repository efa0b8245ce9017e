"""What an officer decides, as values that cannot be half made: waivers, write-offs, contributions set by the fund.

The ledger makes them entries (`waiver`, `write_off`, `provisional`, `surcharged`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasrih.assessment import Proposal
from tasrih.ledger import Decision, NotDecided
from tasrih.ledger.decisions import check_two_people
from tasrih.settlement.debts import Debt
from tasrih.settlement.plan_status import COMPLETED, PlanStatus
from tasrih.settlement.why import Why, why

WAIVER, WRITE_OFF, PROVISIONAL_ASSESSMENT = "waiver", "write_off", "provisional_assessment"

Amounts = tuple[tuple[str, int], ...]
"""Debt, centimes; in the order of the debts."""


@dataclass(frozen=True, slots=True)
class Relief:
    """A waiver or a write-off as proposed: nothing is forgiven yet."""

    kind: str
    amounts: Amounts
    because: Why
    article: str = ""
    source: str = ""
    why_not: tuple[Why, ...] = ()

    @property
    def total_centimes(self) -> int:
        return sum(centimes for _, centimes in self.amounts)


@dataclass(frozen=True, slots=True)
class Decided:
    kind: str
    """ "waiver", "write_off" or "provisional_assessment"."""
    decision: Decision
    amounts: Amounts = ()
    proposal: Proposal | None = None
    """Of contributions that the fund sets."""


class NotProposed(Exception):
    """It may not be decided: `because` says why."""

    def __init__(self, because: Sequence[Why]) -> None:
        super().__init__(", ".join(reason.code for reason in because))
        self.because = tuple(because)


def waiver_after(status: PlanStatus, debts: Iterable[Debt]) -> Relief:
    """What is forgiven after the last instalment of a plan under a scheme: the surcharges that are still open, up to
    what the plan names. Lost where the last instalment was missed, or current contributions are not paid."""
    plan, last = status.plan, status.instalments[-1]
    why_not = [
        None if plan.scheme else why("no_scheme", number=plan.number),
        None if status.state == COMPLETED else why("plan_not_completed", amount_centimes=status.still_centimes),
        why("last_instalment_missed", day=last.last_day) if status.waiver_lost else None,
        *(reason for reason in status.why if reason.code == "current_not_paid"),
    ]
    named = {each.account: each.centimes for each in plan.waived}
    amounts = tuple(
        (debt.account, min(debt.open_centimes, named[debt.account])) for debt in debts if debt.account in named
    )
    because = why("plan_paid", number=plan.number, day=last.paid_on or status.day)
    return Relief(WAIVER, amounts, because, plan.article, plan.source, tuple(each for each in why_not if each))


def write_off_of(debts: Iterable[Debt], because: Why, article: str = "", source: str = "") -> Relief:
    """Debts that are given up, whole: prescribed, or beyond recovery."""
    return Relief(WRITE_OFF, tuple((debt.account, debt.open_centimes) for debt in debts), because, article, source)


def decide(relief: Relief, decision: Decision) -> Decided:
    """Raises NotProposed where something stands against it or there is no amount, NotDecided without an officer, a
    reason and a second person."""
    if relief.why_not or not relief.total_centimes:
        raise NotProposed(relief.why_not or (why("nothing_owed"),))
    _check_officer(decision)
    check_two_people(decision)
    return Decided(relief.kind, decision, relief.amounts)


def decide_provisional(proposal: Proposal, decision: Decision) -> Decided:
    """Contributions set for want of a declaration (law 83-14, article 15), with their surcharge: an officer's decision.

    Raises NotProposed where the proposal has no amount, NotDecided without an officer and a reason.
    """
    if not proposal.contributions:
        raise NotProposed([why("nothing_to_set", period=proposal.period)])
    if decision.day < proposal.day:
        raise NotProposed([why("decided_before_reckoned", day=decision.day, reckoned=proposal.day)])
    _check_officer(decision)
    if not decision.why.strip():
        raise NotDecided("why")
    return Decided(PROVISIONAL_ASSESSMENT, decision, proposal=proposal)


def _check_officer(decision: Decision) -> None:
    if not decision.officer.strip():
        raise NotDecided("officer")
