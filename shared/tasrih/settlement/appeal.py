"""Appeals (law 08-08): who hears them, until when, what silence means, and how long they suspend recovery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tasrih.law import LawBook
from tasrih.settlement.policy import Policy

LOCAL, NATIONAL, COURT = STAGES = ("local", "national", "court")
ONWARDS = {LOCAL: NATIONAL, NATIONAL: COURT}

Stretch = tuple[date, date | None]
"""First and last day, inclusive; None for an end that is not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Raises ValueError for one to the local commission after silence."""

    number: str
    stage: str
    filed_on: date
    accounts: frozenset[str]
    """The debts that it is about."""
    runs_from: date
    """The day what it attacks was notified; where the stage before was silent, the day of the appeal to that one."""
    after_silence: bool = False
    remedies_named: bool = True
    """By what it attacks: else it is never late (article 80)."""
    notified_on: date | None = None
    """The decision on it."""

    def __post_init__(self) -> None:
        if self.stage == LOCAL and self.after_silence:
            raise ValueError("nothing is before the local commission that could be silent")

    def known_on(self, day: date) -> Appeal:
        """As one knows it on a day."""
        return self if self.notified_on is None or self.notified_on <= day else replace(self, notified_on=None)


@dataclass(frozen=True, slots=True)
class Remedy:
    stage: str
    days: int
    last_day: date
    article: str
    confidence: str


def first_stage(surcharges_centimes: int | None, day: date, book: LawBook) -> str:
    """Who hears a dispute first: of surcharges from the threshold on the national commission, the local one else (None:
    contributions are disputed too). Raises LawNotKnown."""
    if surcharges_centimes is None:
        return LOCAL
    return LOCAL if surcharges_centimes < book.term("commission_threshold", day).value else NATIONAL


def remedy(stage: str, runs_from: date, book: LawBook, *, after_silence: bool = False) -> Remedy:
    """Until when one may go to a stage, inclusive: days after the notification, or after the appeal to a stage that is
    silent. Raises LawNotKnown."""
    term = book.term(f"{stage}_appeal_if_silent" if after_silence else f"{stage}_appeal", runs_from)
    return Remedy(stage, term.value, runs_from + timedelta(days=term.value), term.article, term.confidence)


def is_late(appeal: Appeal, book: LawBook) -> bool:
    """Whether it may be refused for its day alone."""
    last = remedy(appeal.stage, appeal.runs_from, book, after_silence=appeal.after_silence).last_day
    return appeal.remedies_named and appeal.filed_on > last


def answer_due(appeal: Appeal, book: LawBook) -> date | None:
    """The last day on which a commission decides, and the local one notifies; then it is silent. None for a court."""
    if appeal.stage == COURT:
        return None
    names = ("local_decision", "local_notification") if appeal.stage == LOCAL else ("national_decision",)
    return appeal.filed_on + timedelta(days=sum(book.term(name, appeal.filed_on).value for name in names))


def onwards(appeal: Appeal, book: LawBook) -> Remedy | None:
    """How it may be taken further: from the notification of the decision, or from the appeal while there is none. None
    after a court."""
    if appeal.stage == COURT:
        return None
    if appeal.notified_on:
        return remedy(ONWARDS[appeal.stage], appeal.notified_on, book)
    return remedy(ONWARDS[appeal.stage], appeal.filed_on, book, after_silence=True)


def suspends(appeal: Appeal, book: LawBook, rules: Policy) -> Stretch | None:
    """The days on which recovery rests, by the choice `suspended_through`; None for a late appeal.

    Without an answer: until the days to go on from silence are over, or until the answer was due; before a court until
    it decides.
    """
    if is_late(appeal, book):
        return None
    further = onwards(appeal, book)
    if further is None:
        return appeal.filed_on, appeal.notified_on
    if rules.choice("suspended_through").value == "time_to_appeal":
        return appeal.filed_on, further.last_day
    return appeal.filed_on, appeal.notified_on or answer_due(appeal, book)


def suspensions(
    appeals: Iterable[Appeal], account: str, day: date, book: LawBook, rules: Policy
) -> tuple[Stretch, ...]:
    """Of one debt, as one knows them on a day, in their order."""
    known = [one.known_on(day) for one in appeals if account in one.accounts and one.filed_on <= day]
    found = [stretch for one in known if (stretch := suspends(one, book, rules))]
    return tuple(sorted(found, key=lambda stretch: (stretch[0], stretch[1] or date.max)))
