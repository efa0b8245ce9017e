"""What is known of an employer's arrears: what he owes, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tasrih.assessment import Extension
from tasrih.settlement.appeal import Appeal
from tasrih.settlement.debts import Debt
from tasrih.settlement.notice import FormalNotice
from tasrih.settlement.plan_status import PlanStatus


@dataclass(frozen=True, slots=True)
class Reminder:
    day: date
    accounts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Recovery:
    """A means of forced recovery that was taken."""

    means: str
    day: date
    accounts: frozenset[str]
    officer: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An officer looked at an amount that rests on a weak source and stands for it."""

    account: str
    centimes: int
    """Up to which amount."""
    officer: str
    day: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All in any order. `extensions` are those that apply to the employer, `plans` stand as on the day asked for."""

    employer: str
    debts: tuple[Debt, ...]
    reminders: tuple[Reminder, ...] = ()
    notices: tuple[FormalNotice, ...] = ()
    plans: tuple[PlanStatus, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def is_confirmed(self, debt: Debt, day: date) -> bool:
        given = [one for one in self.confirmations if one.account == debt.account and one.day <= day]
        return any(one.officer.strip() and debt.open_centimes <= one.centimes for one in given)


@dataclass(frozen=True, slots=True)
class Happened:
    """To one debt, until the end of a day."""

    reminded: date | None
    made_on: date | None
    """The last notice."""
    notified: tuple[tuple[date, int], ...]
    """The notices that were: the day, and the centimes that each claims; in their order."""
    recovery: date | None
    """The first."""
    plan: PlanStatus | None
    """The last one granted."""


def happened(case: Case, account: str, day: date) -> Happened:
    notices = [one for one in case.notices if one.made_on <= day and one.claimed_of(account)]
    told = [(one.notified_on, one) for one in notices if one.notified_on and one.notified_on <= day]
    plans = [one for one in case.plans if one.plan.granted.day <= day and account in one.plan.accounts]
    return Happened(
        reminded=min((one.day for one in case.reminders if account in one.accounts and one.day <= day), default=None),
        made_on=max((one.made_on for one in notices), default=None),
        notified=tuple(sorted((on, one.claimed_of(account)) for on, one in told)),
        recovery=min((one.day for one in case.recoveries if account in one.accounts and one.day <= day), default=None),
        plan=max(plans, key=lambda one: (one.plan.granted.day, one.plan.number), default=None),
    )
