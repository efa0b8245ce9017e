"""A print batch of formal notices: what an officer signs in one go, and what is kept out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasrih.law import LawBook
from tasrih.settlement.ladder import Standing
from tasrih.settlement.notice import FormalNotice, NoticeRefused, Sum, formal_notice
from tasrih.settlement.policy import FORMAL_NOTICE
from tasrih.settlement.why import Why, why


@dataclass(frozen=True, slots=True)
class PrintBatch:
    number: str
    day: date
    officer: str
    notices: tuple[FormalNotice, ...]
    kept_out: tuple[tuple[FormalNotice, tuple[Why, ...]], ...]
    """Drafts that may not be made, and why."""


def print_batch(
    number: str,
    officer: str,
    day: date,
    drafts: Iterable[tuple[FormalNotice, Sequence[Standing]]],
    book: LawBook,
) -> PrintBatch:
    """Each draft with where the debts of its employer stand on that day. The officer and the day are those of the
    batch. Raises LawNotKnown."""
    made: list[FormalNotice] = []
    kept_out: list[tuple[FormalNotice, tuple[Why, ...]]] = []
    for draft, found in drafts:
        signed = replace(draft, officer=officer, made_on=day)
        may_not = _may_not(signed.sums, found)
        try:
            notice = formal_notice(signed, book)
        except NoticeRefused as refused:
            may_not += refused.because
        if may_not:
            kept_out.append((signed, may_not))
        else:
            made.append(notice)
    return PrintBatch(number, day, officer, tuple(made), tuple(kept_out))


def _may_not(sums: Iterable[Sum], found: Sequence[Standing]) -> tuple[Why, ...]:
    """Why a notice may not claim these sums now: the step does not come next, or less is owed."""
    standing = {one.debt.account: one for one in found}
    reasons: list[Why] = []
    for each in sums:
        one = standing.get(each.account)
        if one is None or one.next != FORMAL_NOTICE:
            reasons.append(why("step_not_next", debt=each.name, period=each.period))
        elif each.centimes > one.centimes:
            reasons.append(why("more_than_owed", debt=each.name, period=each.period, amount_centimes=one.centimes))
        else:
            reasons += one.why_not
    return tuple(reasons)
