"""The up-to-date certificate: plain facts, ready to be signed like a receipt; or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tasrih import law
from tasrih.law import LawBook
from tasrih.settlement.ladder import PLAN, PRESCRIBED, Standing
from tasrih.settlement.plan_status import HONOURED, PlanStatus
from tasrih.settlement.why import Why, why

CERTIFICATE_FORMAT = "tasrih.certificate.1"
CHOICES = ("certificate_with_plan", "certificate_days")

Facts = dict[str, Any]
"""JSON values only; amounts in centimes, days as ISO text."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A declaration that is expected of the employer."""

    kind: str
    """ "das" or "dac"."""
    period: str
    last_day: date
    """In time, extensions and outages counted."""
    state: str
    """ "in", "missing", or "held": it is there, and its dues are not computed, or not all."""
    receipt: str = ""
    """Number of the receipt, where it is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who gets the certificate; names are cleaned by who writes the paper."""

    employer: str
    entity_name: str
    entity_name_ar: str
    agency: str


@dataclass(frozen=True, slots=True)
class Certified:
    """The answer on a day."""

    day: date
    until: date | None
    """Last day on which it holds, inclusive; None where there is none."""
    facts: Facts | None
    why_not: tuple[Why, ...]
    owed_centimes: int
    """Of debts that stand against it."""


def certificate(
    holder: Holder,
    filings: Sequence[Filing],
    standings: Sequence[Standing],
    plans: Iterable[PlanStatus],
    day: date,
    *,
    book: LawBook | None = None,
) -> Certified:
    """At the end of a day: all expected filings in, none held, nothing owed whose day has passed.

    A debt in a plan that is honoured counts as the choice `certificate_with_plan` says; one that is prescribed cannot
    be claimed and does not count. What is due later is no debt yet.
    """
    book = book or law.book()
    honoured = _honoured(plans) if book.choice("certificate_with_plan").value == "counts_as_up_to_date" else {}
    against = [one for one in standings if _stands_against(one, honoured, day)]
    reasons = [*_of_filings(filings, day), *(_of_debt(one) for one in against)]
    owed = sum(one.debt.open_centimes for one in against)
    if reasons:
        return Certified(day, None, None, tuple(reasons), owed)
    until = day + timedelta(days=book.choice("certificate_days").number - 1)
    kept = sorted({honoured[one.debt.account] for one in standings if one.debt.account in honoured})
    return Certified(day, until, _facts(holder, filings, kept, day, until, book), (), 0)


def _honoured(plans: Iterable[PlanStatus]) -> dict[str, str]:
    """Debt -> number of the plan that it is in; one that is behind is not honoured."""
    kept = [plan.plan for plan in plans if plan.state == HONOURED]
    return {account: plan.number for plan in kept for account in plan.accounts}


def _stands_against(standing: Standing, honoured: dict[str, str], day: date) -> bool:
    debt = standing.debt
    if standing.step == PRESCRIBED or debt.account in honoured:
        return False
    return debt.due is None or debt.late_on(day)


def _of_filings(filings: Iterable[Filing], day: date) -> list[Why]:
    told = []
    for filing in sorted(filings, key=lambda each: (each.last_day, each.kind, each.period)):
        if filing.state == "missing" and day > filing.last_day:
            told.append(why("filing_missing", name=filing.kind, period=filing.period, last_day=filing.last_day))
        elif filing.state == "held":
            told.append(why("filing_held", name=filing.kind, period=filing.period))
    return told


def _of_debt(standing: Standing) -> Why:
    debt = standing.debt
    code = "debt_in_plan" if standing.step == PLAN else "debt_open"
    return why(code, debt=debt.name, period=debt.period, amount_centimes=debt.open_centimes)


def _facts(
    holder: Holder, filings: Iterable[Filing], plans: Sequence[str], day: date, until: date, book: LawBook
) -> Facts:
    """`number` is given when it is signed. A plan that is honoured stands in it, so that who reads it knows."""
    there = sorted((each for each in filings if each.state == "in"), key=lambda each: (each.period, each.kind))
    return {
        "format": CERTIFICATE_FORMAT,
        "employer": holder.employer,
        "entity_name": holder.entity_name,
        "entity_name_ar": holder.entity_name_ar,
        "agency": holder.agency,
        "day": day.isoformat(),
        "until": until.isoformat(),
        "filings": [{"kind": each.kind, "period": each.period, "receipt": each.receipt} for each in there],
        "plans": list(plans),
        "choices": {name: book.choice(name).value for name in CHOICES},
        "law_version": book.version,
    }
