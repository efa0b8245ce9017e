"""What a plan asks for: each condition by its name, with the text it rests on, and why it is not met."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from tasrih.law import FIRM, PROVISIONAL, LawBook, LawNotKnown, Scheme
from tasrih.settlement.debts import Debt
from tasrih.settlement.policy import Policy
from tasrih.settlement.why import Why, why
from tasrih.vocabulary.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a debtor asks for."""

    employer: str
    day: date
    """Of the request."""
    accounts: frozenset[str]
    """The debts to be settled."""
    instalments: int
    first: date
    """Day of the first one."""


@dataclass(frozen=True, slots=True)
class Condition:
    name: str
    article: str
    """"" for a choice of the agency."""
    confidence: str
    unmet: Why | None
    """None where it is met."""


def conditions(
    asked: Asked,
    debts: Sequence[Debt],
    total_centimes: int,
    taken: Collection[str],
    scheme: Scheme | None,
    book: LawBook,
    rules: Policy,
    *,
    needs_scheme: bool,
) -> tuple[Condition, ...]:
    """In the order in which they are read. `taken` are debts in a plan that runs."""
    found = [_of_scheme(asked, scheme)] if needs_scheme else []
    found.append(Condition("debts_are_due", "", FIRM, _not_due(asked, debts)))
    found.append(_worker_share(asked, debts, book))
    if scheme.needs_current_paid if scheme else rules.choice("plan_needs_current").value == "yes":
        text = (scheme.article, scheme.confidence) if scheme else ("", PROVISIONAL)
        unpaid = current_unpaid(asked.accounts, debts, asked.day, book, rules)
        found.append(Condition("current_paid", *text, unpaid))
    found.append(Condition("instalments_allowed", "", PROVISIONAL, _instalments(asked, total_centimes, book)))
    found.append(Condition("no_other_plan", "", FIRM, _in_another(asked, debts, taken)))
    return tuple(found)


def current_unpaid(
    covered: Collection[str], debts: Sequence[Debt], day: date, book: LawBook, rules: Policy
) -> Why | None:
    """Why current contributions are not paid on a day: what is due and not covered is; by the choice also the period
    that fell due last, covered or not."""
    last_too = rules.choice("current_contributions").value == "last_due_period"
    late = [debt for debt in debts if not debt.name and debt.period and debt.late_on(day)]
    unpaid = [debt for debt in late if debt.account not in covered or (last_too and _fell_due_last(debt, day, book))]
    if not unpaid:
        return None
    amount = sum(debt.open_centimes for debt in unpaid)
    return why("current_not_paid", period=min(debt.period for debt in unpaid), amount_centimes=amount)


def _fell_due_last(debt: Debt, day: date, book: LawBook) -> bool:
    """The period after it, of the same length, is not late yet."""
    return book.deadline("payment", _period_after(Period.parse(debt.period))).day >= day


def _period_after(period: Period) -> Period:
    if period.month:
        return Period(period.year + period.month // 12, month=period.month % 12 + 1)
    if period.quarter:
        return Period(period.year + period.quarter // 4, quarter=period.quarter % 4 + 1)
    return Period(period.year + 1)


def _of_scheme(asked: Asked, scheme: Scheme | None) -> Condition:
    if scheme:
        return Condition("scheme_open", scheme.article, scheme.confidence, None)
    return Condition("scheme_open", "", FIRM, why("no_scheme_open", day=asked.day))


def _not_due(asked: Asked, debts: Sequence[Debt]) -> Why | None:
    chosen = [debt for debt in debts if debt.account in asked.accounts]
    if not chosen:
        return why("nothing_owed")
    early = [debt for debt in chosen if not debt.late_on(asked.day)]
    if not early:
        return None
    due = early[0].due
    return why("not_due", due=due) if due else why("due_day_not_known", period=early[0].period)


def _worker_share(asked: Asked, debts: Sequence[Debt], book: LawBook) -> Condition:
    """Of all that is late, in the plan or not."""
    try:
        term = book.term("deferral_worker_share", asked.day)
    except LawNotKnown as unknown:
        return Condition("worker_share_paid", "", PROVISIONAL, why("law_not_known", name=unknown.what, day=unknown.day))
    late = [debt for debt in debts if debt.late_on(asked.day) or debt.account in asked.accounts]
    unknown_of = [debt for debt in late if debt.worker_centimes is None]
    unpaid = sum(debt.worker_centimes or 0 for debt in late)
    unmet: Why | None = None
    if unpaid:
        unmet = why("worker_share_not_paid", amount_centimes=unpaid)
    elif unknown_of:
        unmet = why("worker_share_not_known", period=unknown_of[0].period)
    return Condition("worker_share_paid", term.article, term.confidence, unmet)


def _in_another(asked: Asked, debts: Sequence[Debt], taken: Collection[str]) -> Why | None:
    both = [debt for debt in debts if debt.account in asked.accounts and debt.account in taken]
    return why("in_another_plan", debt=both[0].name, period=both[0].period) if both else None


def _instalments(asked: Asked, total: int, book: LawBook) -> Why | None:
    most = book.choice("plan_most_instalments").number
    if not 2 <= asked.instalments <= most:
        return why("instalments_out_of_range", number=asked.instalments, least=2, most=most)
    if asked.instalments > total:
        return why("nothing_owed")
    return why("first_before_request", first=asked.first, day=asked.day) if asked.first < asked.day else None
