"""Plans of payment: which ways are open to a debtor on a day, with every condition and its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tasrih import law
from tasrih.law import LawBook, Scheme
from tasrih.ledger import Decision, Entry, holdings
from tasrih.settlement.appeal import first_stage
from tasrih.settlement.debts import Debt
from tasrih.settlement.notice import Sum, sums_of
from tasrih.settlement.plan_conditions import Asked, Condition, conditions
from tasrih.settlement.policy import Policy, policy
from tasrih.settlement.schedule import Instalment, schedule

WITH_WAIVER, WITHOUT_WAIVER = "plan_with_waiver", "plan_without_waiver"

Settled = tuple[tuple[str, str, int], ...]
"""Debt, lot of money, centimes that it settles."""


@dataclass(frozen=True, slots=True)
class Way:
    """A plan as it would be."""

    kind: str
    """ "plan_with_waiver" or "plan_without_waiver"."""
    conditions: tuple[Condition, ...]
    covered: tuple[Sum, ...]
    """To be paid in instalments."""
    waived: tuple[Sum, ...] = ()
    """Forgiven after the last instalment."""
    instalments: tuple[Instalment, ...] = ()
    """None where they cannot be reckoned."""
    scheme: Scheme | None = None

    @property
    def is_open(self) -> bool:
        return not any(condition.unmet for condition in self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    number: str
    employer: str
    asked_on: date
    granted: Decision
    covered: tuple[Sum, ...]
    instalments: tuple[Instalment, ...]
    waived: tuple[Sum, ...] = ()
    """After the last instalment; none without a scheme."""
    scheme: str = ""
    article: str = ""
    source: str = ""
    needs_current_paid: bool = True
    settled_before: Settled = ()
    """What was settled of these debts when it was granted: it counts for no instalment."""
    ended: Decision | None = None
    """By an officer, after default."""

    @property
    def total_centimes(self) -> int:
        return sum(each.centimes for each in self.covered)

    @property
    def accounts(self) -> frozenset[str]:
        return frozenset(each.account for each in (*self.covered, *self.waived))


class NotGranted(Exception):
    """A condition is not met, or nobody decided: `conditions` are those that are not met."""

    def __init__(self, unmet: Sequence[Condition]) -> None:
        super().__init__(", ".join(condition.name for condition in unmet) or "officer")
        self.conditions = tuple(unmet)


@dataclass(frozen=True, slots=True)
class CommissionRequest:
    """To cut surcharges and penalties on a documented request (law 08-08, article 7)."""

    stage: str
    """Which commission: "local" or "national"."""
    surcharges_centimes: int
    threshold_centimes: int
    most_cut_centimes: int
    """Never more than the part that the article names: less than a centime is dropped."""
    article: str
    confidence: str


def ways(
    asked: Asked,
    debts: Sequence[Debt],
    plans: Iterable[Plan] = (),
    *,
    book: LawBook | None = None,
    rules: Policy | None = None,
) -> tuple[Way, Way]:
    """With a waiver, and without. `debts` are all that the employer owes on that day, `plans` those that run."""
    book, rules, running = book or law.book(), rules or policy(), tuple(plans)
    return tuple(_way(kind, asked, debts, running, book, rules) for kind in (WITH_WAIVER, WITHOUT_WAIVER))  # type: ignore[return-value]


def commission_request(debts: Iterable[Debt], day: date, book: LawBook) -> CommissionRequest | None:
    """None where no surcharge is owed. Raises LawNotKnown."""
    surcharges = sum(debt.open_centimes for debt in debts if debt.name)
    if not surcharges:
        return None
    threshold, cut = book.term("commission_threshold", day), book.term("commission_cut", day)
    most = surcharges * cut.value // 100
    stage = first_stage(surcharges, day, book)
    return CommissionRequest(stage, surcharges, threshold.value, most, cut.article, cut.confidence)


def grant(way: Way, asked: Asked, number: str, decision: Decision, entries: Iterable[Entry]) -> Plan:
    """`entries` are those of the ledger that the debts were read from. Raises NotGranted."""
    unmet = [condition for condition in way.conditions if condition.unmet]
    if unmet or not decision.officer.strip():
        raise NotGranted(unmet)
    scheme = way.scheme
    accounts = {each.account for each in (*way.covered, *way.waived)}
    return Plan(
        number=number,
        employer=asked.employer,
        asked_on=asked.day,
        granted=decision,
        covered=way.covered,
        instalments=way.instalments,
        waived=way.waived,
        scheme=scheme.name if scheme else "",
        article=scheme.article if scheme else "",
        source=scheme.source if scheme else "",
        needs_current_paid=any(condition.name == "current_paid" for condition in way.conditions),
        settled_before=settled(accounts, entries),
    )


def settled(accounts: Iterable[str], entries: Iterable[Entry]) -> Settled:
    """What settles these debts, lot by lot."""
    held = holdings(entries)
    return tuple(
        (account, lot, -amount)
        for account in sorted(accounts)
        for lot, amount in sorted(held.get(account, {}).items())
        if lot and amount < 0
    )


def _way(kind: str, asked: Asked, debts: Sequence[Debt], running: Sequence[Plan], book: LawBook, rules: Policy) -> Way:
    open_ones = book.schemes(asked.day) if kind == WITH_WAIVER else ()
    scheme = open_ones[0] if open_ones else None
    chosen = [debt for debt in debts if debt.account in asked.accounts]
    waived = [debt for debt in chosen if scheme and debt.name in scheme.waives]
    covered = [debt for debt in chosen if debt not in waived]
    total = sum(debt.open_centimes for debt in covered)
    taken = frozenset(account for plan in running for account in plan.accounts)
    met = conditions(asked, debts, total, taken, scheme, book, rules, needs_scheme=kind == WITH_WAIVER)
    parts = schedule(total, asked.first, asked.instalments, book=book, rules=rules) if _can(asked, total) else ()
    return Way(kind, met, sums_of(covered), sums_of(waived), parts, scheme)


def _can(asked: Asked, total: int) -> bool:
    return 1 <= asked.instalments <= total
