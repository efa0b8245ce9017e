"""Formal notices (law 08-08, article 46): refused when a mandatory content is missing; days run once notified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tasrih.law import LawBook
from tasrih.settlement.appeal import Remedy, first_stage, remedy
from tasrih.settlement.debts import Debt
from tasrih.settlement.why import Why, why
from tasrih.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that is claimed."""

    account: str
    period: str
    name: str
    """Its nature: a surcharge of the law, or "" for contributions."""
    centimes: int
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalNotice:
    number: str
    employer: str
    debtor_name: str
    sums: tuple[Sum, ...]
    sanctions: tuple[str, ...]
    """Means of recovery that may follow, as the data name them."""
    officer: str
    """Who signs."""
    made_on: date
    days: int = 0
    """That it gives, from the notification."""
    notified_on: date | None = None
    evidence: str = ""
    """Of the notification: what the officer who recorded it saw."""
    recorded_by: str = ""

    @property
    def total_centimes(self) -> int:
        return sum(each.centimes for each in self.sums)

    @property
    def last_day(self) -> date | None:
        """Of the days that it gives, before suspensions; None as long as no notification is recorded."""
        return self.notified_on + timedelta(days=self.days) if self.notified_on else None

    def claimed_of(self, account: str) -> int:
        return sum(each.centimes for each in self.sums if each.account == account)


class NoticeRefused(Exception):
    """The notice would be void, or may not be made: `because` says what is missing."""

    def __init__(self, because: Sequence[Why]) -> None:
        super().__init__(", ".join(reason.code for reason in because))
        self.because = tuple(because)


def sums_of(debts: Iterable[Debt]) -> tuple[Sum, ...]:
    return tuple(Sum(debt.account, debt.period, debt.name, debt.open_centimes, debt.articles) for debt in debts)


def formal_notice(draft: FormalNotice, book: LawBook) -> FormalNotice:
    """The notice that may be signed. Raises NoticeRefused where it lacks what the law of its day asks for, an officer
    or an amount, and LawNotKnown."""
    contents = book.contents_of("formal_notice", draft.made_on)
    missing = [
        why("notice_lacks", item=item, article=contents.article)
        for item in contents.items
        if item not in STATES or not STATES[item](draft, book)
    ]
    if not draft.officer.strip():
        missing.append(why("officer_missing"))
    if any(each.centimes <= 0 for each in draft.sums):
        missing.append(why("nothing_owed"))
    if missing:
        raise NoticeRefused(missing)
    return replace(draft, days=book.term("formal_notice", draft.made_on).value)


def notified(notice: FormalNotice, day: date, evidence: str, recorded_by: str) -> FormalNotice:
    """With its notification recorded. Raises NoticeRefused for a day before it was made, without evidence, and for one
    that was notified before."""
    wrong = [
        why("notified_before_made", day=day, made_on=notice.made_on) if day < notice.made_on else None,
        why("evidence_missing") if not evidence.strip() else None,
        why("officer_missing") if not recorded_by.strip() else None,
        why("notified_already", day=notice.notified_on) if notice.notified_on else None,
    ]
    if any(wrong):
        raise NoticeRefused([each for each in wrong if each])
    return replace(notice, notified_on=day, evidence=evidence, recorded_by=recorded_by)


def remedy_against(notice: FormalNotice, notified_on: date, book: LawBook) -> Remedy:
    """The first appeal, with its last day. Raises LawNotKnown."""
    of_surcharges = all(each.name for each in notice.sums)
    stage = first_stage(notice.total_centimes if of_surcharges else None, notified_on, book)
    return remedy(stage, notified_on, book)


def _has_period(each: Sum) -> bool:
    try:
        Period.parse(each.period)
    except ValueError:
        return False
    return True


STATES: dict[str, Callable[[FormalNotice, LawBook], bool]] = {
    "debtor_name": lambda draft, _: bool(draft.debtor_name.strip()),
    "sums_by_nature": lambda draft, book: (
        bool(draft.sums) and all(not each.name or each.name in book.surcharges for each in draft.sums)
    ),
    "sums_by_period": lambda draft, _: bool(draft.sums) and all(_has_period(each) for each in draft.sums),
    "legal_provisions": lambda draft, _: bool(draft.sums) and all(any(each.articles) for each in draft.sums),
    "sanctions": lambda draft, _: any(name.strip() for name in draft.sanctions),
}
"""Mandatory content -> whether a draft states it. What the law asks for and is not here is missing."""
