"""How a plan stands on a day: what was paid of each instalment, whether it is honoured, and what follows at its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tasrih import law
from tasrih.assessment import Extension
from tasrih.law import LawBook
from tasrih.ledger import Entry
from tasrih.ledger.holdings import is_relief, lots
from tasrih.settlement.debts import Debt
from tasrih.settlement.plan import Plan, settled
from tasrih.settlement.plan_conditions import current_unpaid
from tasrih.settlement.policy import Policy, policy
from tasrih.settlement.schedule import Instalment, moved
from tasrih.settlement.why import Why, why

PAID, PAID_LATE, COMING, LATE, MISSED = "paid", "paid_late", "coming", "late", "missed"
HONOURED, BEHIND, IN_DEFAULT, COMPLETED, ENDED = "honoured", "behind", "in_default", "completed", "ended"

Payments = Iterable[tuple[date, int]]
"""What counts for a plan: value day, centimes; in any order."""


@dataclass(frozen=True, slots=True)
class InstalmentStatus:
    instalment: Instalment
    last_day: date
    """In time, extensions and outages counted."""
    missed_from: date
    state: str
    """ "paid", "paid_late", "coming", "late" (within the days of grace) or "missed"."""
    paid_centimes: int
    paid_on: date | None
    """The day on which the whole of it was there."""


@dataclass(frozen=True, slots=True)
class PlanStatus:
    plan: Plan
    day: date
    state: str
    """ "honoured"; "behind": late or missed, and no default; "in_default"; "completed"; "ended" by an officer."""
    instalments: tuple[InstalmentStatus, ...]
    paid_centimes: int
    why: tuple[Why, ...]
    """What is late, missed or not kept."""

    @property
    def still_centimes(self) -> int:
        return max(0, self.plan.total_centimes - self.paid_centimes)

    @property
    def arrears_centimes(self) -> int:
        """What should be there and is not."""
        late = [each for each in self.instalments if each.state in (LATE, MISSED)]
        return sum(each.instalment.centimes - each.paid_centimes for each in late)

    @property
    def waiver_lost(self) -> bool:
        """With the last instalment."""
        last = self.instalments[-1]
        return last.state == MISSED or (last.paid_on is not None and last.paid_on >= last.missed_from)

    @property
    def protects(self) -> bool:
        """Whether recovery rests."""
        return self.state in (HONOURED, BEHIND)


def set_aside(plans: Iterable[PlanStatus]) -> frozenset[str]:
    """The debts that no money settles (`Rules.aside`): what a plan forgives at its end, as long as it may."""
    kept = [each for each in plans if each.state != ENDED and not each.waiver_lost]
    return frozenset(one.account for each in kept for one in each.plan.waived)


def plan_payments(plan: Plan, entries: Iterable[Entry]) -> tuple[tuple[date, int], ...]:
    """What counts for a plan: money that settles one of its debts and did not when it was granted. Money that was there
    before and was freed since counts from the day of the plan."""
    kept = list(entries)
    before = {(account, lot): amount for account, lot, amount in plan.settled_before}
    known = lots(kept)
    paid = []
    for account, lot, amount in settled(plan.accounts, kept):
        more = amount - before.get((account, lot), 0)
        if more > 0 and not is_relief(lot):
            value_day = date.fromisoformat(known[lot].value_date)
            counts_from = max(value_day, plan.granted.day) if (account, lot) in before else value_day
            paid.append((counts_from, more))
    return tuple(sorted(paid))


def status(
    plan: Plan,
    payments: Payments,
    day: date,
    debts: Sequence[Debt] = (),
    *,
    extensions: Iterable[Extension] = (),
    book: LawBook | None = None,
    rules: Policy | None = None,
) -> PlanStatus:
    """At the end of a day. Money goes to the instalments in their order, whatever it was meant for; what comes early
    counts for the next ones. `debts` are all that the employer owes then, `extensions` those that apply to him."""
    book, rules, excused = book or law.book(), rules or policy(), tuple(extensions)
    came = _by_day(payments, day)
    grace = timedelta(days=rules.choice("grace_days").number)
    parts, before = [], 0
    for instalment in plan.instalments:
        parts.append(_part(instalment, before, came, day, moved(instalment.day, excused), grace))
        before += instalment.centimes
    reasons = [_reason(part) for part in parts if part.state in (LATE, MISSED)]
    unpaid = current_unpaid(plan.accounts, debts, day, book, rules) if plan.needs_current_paid else None
    reasons += [unpaid] if unpaid else []
    return PlanStatus(plan, day, _state(plan, parts, day, rules), tuple(parts), sum(came.values()), tuple(reasons))


def _by_day(payments: Payments, day: date) -> dict[date, int]:
    came: dict[date, int] = {}
    for on, centimes in sorted(payments):
        if on <= day:
            came[on] = came.get(on, 0) + centimes
    return came


def _part(
    instalment: Instalment, before: int, came: dict[date, int], day: date, last: date, grace: timedelta
) -> InstalmentStatus:
    there = 0
    paid_on = None
    for on, centimes in came.items():
        there += centimes
        if paid_on is None and there >= before + instalment.centimes:
            paid_on = on
    missed_from = last + grace + timedelta(days=1)
    if paid_on:
        state = PAID if paid_on <= last else PAID_LATE
    else:
        state = COMING if day <= last else LATE if day < missed_from else MISSED
    paid = min(instalment.centimes, max(0, there - before))
    return InstalmentStatus(instalment, last, missed_from, state, paid, paid_on)


def _state(plan: Plan, parts: Sequence[InstalmentStatus], day: date, rules: Policy) -> str:
    if all(part.state in (PAID, PAID_LATE) for part in parts):
        return COMPLETED
    if plan.ended and plan.ended.day <= day:
        return ENDED
    missed = sum(1 for part in parts if part.state == MISSED)
    if parts[-1].state == MISSED or missed >= rules.choice("default_after_missed").number:
        return IN_DEFAULT
    return BEHIND if any(part.state in (LATE, MISSED) for part in parts) else HONOURED


def _reason(part: InstalmentStatus) -> Why:
    still = part.instalment.centimes - part.paid_centimes
    code = f"instalment_{part.state}"
    return why(code, number=part.instalment.number, day=part.last_day, amount_centimes=still)
