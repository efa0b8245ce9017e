"""Where each debt of an employer stands on a day: which step, what may come next, from when, by whom, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tasrih import law
from tasrih.law import FIRM, LawBook, LawNotKnown
from tasrih.settlement.appeal import Stretch, suspensions
from tasrih.settlement.case import Case, Happened, happened
from tasrih.settlement.debts import Debt
from tasrih.settlement.plan_status import COMPLETED, ENDED, IN_DEFAULT, PlanStatus
from tasrih.settlement.policy import FORCED_RECOVERY, FORMAL_NOTICE, REMINDER, Policy, Step, policy
from tasrih.settlement.prescription import Prescription, prescription
from tasrih.settlement.schedule import moved
from tasrih.settlement.waiting import DAY, first_free_day, last_waiting_day
from tasrih.settlement.why import Why, why

NOT_DUE, OVERDUE, HELD, PLAN, PRESCRIBED = "not_due", "overdue", "held", "plan", "prescribed"
NOTICE_MADE = "notice_made"
NOTIFICATION, END_OF_PLAN, WAIVER, WRITE_OFF = "notification", "end_of_plan", "waiver", "write_off"
Resting = tuple[Stretch, ...]
OFFICER, TWO_PEOPLE = "officer", "two_people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    debt: Debt
    step: str
    """ "not_due", "overdue", "reminder", "notice_made", "formal_notice", "forced_recovery"; "plan", "prescribed";
    "held" where the law is not known."""
    since: date | None = None
    next: str = ""
    """A step of the ladder, "notification", "end_of_plan", "waiver" or "write_off"; "" for none."""
    from_day: date | None = None
    """First day of what comes next; None where that is not known yet."""
    by: str = ""
    """Who decides on it: "standing_decision", "officer", "director" or "two_people"."""
    centimes: int = 0
    """What it may be about: of recovery no more than the notice claimed."""
    why_not: tuple[Why, ...] = ()
    """Why it may not come on this day."""
    claimable_until: date | None = None
    """Last day before prescription; None where it is not known, or nothing is late."""

    @property
    def may(self) -> bool:
        return bool(self.next) and not self.why_not


def standings(
    case: Case, day: date, *, book: LawBook | None = None, rules: Policy | None = None
) -> tuple[Standing, ...]:
    """Debt by debt, in the order given, by what had happened until the end of that day."""
    book, rules = book or law.book(), rules or policy()
    return tuple(_standing(debt, case, day, book, rules) for debt in case.debts)


def may_come(found: Iterable[Standing], step: str) -> tuple[Debt, ...]:
    """The debts for which a step may be taken now."""
    return tuple(one.debt for one in found if one.may and one.next == step)


def _standing(debt: Debt, case: Case, day: date, book: LawBook, rules: Policy) -> Standing:
    if debt.due is None:
        return Standing(debt=debt, step=HELD, why_not=(why("due_day_not_known", period=debt.period),))
    events = happened(case, debt.account, day)
    try:
        limit = prescription(debt.due, [on for on, _ in events.notified], book)
        resting = suspensions(case.appeals, debt.account, day, book, rules)
    except LawNotKnown as unknown:
        return Standing(debt=debt, step=HELD, why_not=(why("law_not_known", name=unknown.what, day=unknown.day),))
    if limit.over_on(day):
        return _prescribed(debt, limit)
    found = _planned(debt, events.plan, day) if events.plan else None
    found = found or _on_the_ladder(debt, case, events, resting, day, book, rules)
    return replace(found, claimable_until=limit.last_day if debt.late_on(day) else None)


def _prescribed(debt: Debt, limit: Prescription) -> Standing:
    return Standing(
        debt=debt,
        step=PRESCRIBED,
        since=limit.last_day + DAY,
        next=WRITE_OFF,
        from_day=limit.last_day + DAY,
        by=TWO_PEOPLE,
        centimes=debt.open_centimes,
        claimable_until=limit.last_day,
    )


def _planned(debt: Debt, plan: PlanStatus, day: date) -> Standing | None:
    """None where the plan has ended, or is paid and forgives nothing of this debt."""
    number, granted = plan.plan.number, plan.plan.granted.day
    if plan.protects:
        kept = why("plan_kept" if not plan.arrears_centimes else "plan_behind", number=number)
        return Standing(debt=debt, step=PLAN, since=granted, why_not=(kept,))
    if plan.state == IN_DEFAULT:
        return Standing(debt=debt, step=PLAN, since=granted, next=END_OF_PLAN, from_day=day, by=OFFICER)
    forgiven = any(each.account == debt.account for each in plan.plan.waived)
    if plan.state == COMPLETED and forgiven:
        return Standing(debt=debt, step=PLAN, since=granted, next=WAIVER, from_day=day, by=TWO_PEOPLE)
    assert plan.state in (COMPLETED, ENDED)
    return None


def _on_the_ladder(
    debt: Debt, case: Case, events: Happened, resting: Resting, day: date, book: LawBook, rules: Policy
) -> Standing:
    if events.recovery:
        return Standing(debt=debt, step=FORCED_RECOVERY, since=events.recovery, why_not=_pending(resting, day))
    if events.notified:
        step, name, since = FORMAL_NOTICE, FORCED_RECOVERY, events.notified[0][0]
    elif events.made_on:
        lacks = (why("notification_not_recorded", made_on=events.made_on),)
        return Standing(debt=debt, step=NOTICE_MADE, since=events.made_on, next=NOTIFICATION, by=OFFICER, why_not=lacks)
    elif events.reminded:
        step, name, since = REMINDER, FORMAL_NOTICE, events.reminded
    else:
        step, name, since = OVERDUE if debt.late_on(day) else NOT_DUE, REMINDER, debt.due or day
    stands_since = since + DAY if step == OVERDUE else since
    standing = Standing(
        debt=debt,
        step=step,
        since=stands_since if debt.late_on(day) else None,
        next=name,
        centimes=debt.open_centimes,
    )
    try:
        standing = _next(standing, since, case, resting, day, book, rules)
        return _within_notices(standing, events, case, resting, day, book, rules) if events.notified else standing
    except LawNotKnown as unknown:
        reason = why("law_not_known", name=unknown.what, day=unknown.day)
        return replace(standing, next="", why_not=(reason,))


def _next(
    standing: Standing, since: date, case: Case, resting: Resting, day: date, book: LawBook, rules: Policy
) -> Standing:
    debt, step = standing.debt, rules.step(standing.next, day)
    from_day = _from_day(since, step, case, resting, book, rules)
    why_not = list(_pending(resting, day))
    if not debt.late_on(day):
        why_not.append(why("not_due", due=debt.due or day))
    elif from_day and day < from_day:
        _, article = rules.days_of(step, max(since, step.valid_from), book)
        why_not.append(_running(article, from_day))
    elif from_day and why_not:
        from_day = first_free_day(day, resting)
    if step.coercive and debt.confidence != FIRM and not case.is_confirmed(debt, day):
        why_not.append(why("provisional_not_confirmed"))
    by = OFFICER if debt.imported and step.by == "standing_decision" else step.by
    return replace(standing, from_day=from_day, by=by, why_not=tuple(why_not))


def _within_notices(
    standing: Standing, events: Happened, case: Case, resting: Resting, day: date, book: LawBook, rules: Policy
) -> Standing:
    """No more than a notice claims whose own days are over; until then, than the first one does."""
    step = rules.step(standing.next, day)
    over = [
        claimed
        for on, claimed in events.notified
        if (since := _from_day(on, step, case, resting, book, rules)) and since <= day
    ]
    claimed = max(over, default=events.notified[0][1])
    return replace(standing, centimes=min(standing.centimes, claimed))


def _from_day(since: date, step: Step, case: Case, resting: Resting, book: LawBook, rules: Policy) -> date | None:
    """The day after the days that run from an event, which rest while an appeal is open; an extension or an outage on
    the last of them moves it."""
    days, _ = rules.days_of(step, max(since, step.valid_from), book)
    last = last_waiting_day(since, days, resting)
    return first_free_day(moved(last, case.extensions) + DAY, resting) if last else None


def _running(article: str, from_day: date) -> Why:
    if article:
        return why("days_running", from_day=from_day, article=article)
    return why("days_running_here", from_day=from_day)


def _pending(resting: Iterable[Stretch], day: date) -> tuple[Why, ...]:
    now = [(first, until) for first, until in resting if first <= day and (until is None or day <= until)]
    if not now:
        return ()
    ends = [until for _, until in now]
    last = None if None in ends else max(each for each in ends if each)
    return (why("appeal_open_until", until=last) if last else why("appeal_open"),)
