"""From dues to journal entries, and from journal entries to a balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tasrih.ledger.journal import Entry, Leg
from tasrih.vocabulary.dues import Due, Dues

DUES = "dues"
REVERSAL = "reversal"
WITHDRAWAL = "withdrawal"
"""A reversal too: a filing that replaced another one may be withdrawn on the very day."""
RECEIVABLE = "receivable"
CONTRIBUTION = "contribution"


class Unbalanced(Exception):
    """The legs of an entry do not add up to zero."""


class NothingToPost(Exception):
    """Held dues, or dues without any line: they have no entry."""


class OpenedALot(Exception):
    """What such an entry brought may lie anywhere by now: `taken_back` finds it, a plain reversal does not."""


class DoublePosting(Exception):
    """An upload was posted twice, or an entry was reversed twice, or a reversal has nothing that it reverses."""


def dues_entry(employer: str, upload: str, period: str, value_date: date, dues: Dues) -> Entry:
    """The entry that makes computed dues owed: one debit on the period, one credit per line with its reasons. Of dues
    that are partly held, what is computed; what is held is posted nowhere.

    `employer` is the employer number, `period` the declaration's ("2025", "2026-03"), `value_date` the day of arrival
    in Africa/Algiers. Raises NothingToPost for held or empty dues, Unbalanced never but by a fault of this module.
    """
    if dues.state == "held" or not dues.lines:
        raise NothingToPost(f"{upload}: dues are {dues.state}, {len(dues.lines)} lines")
    credits = tuple(_credit(due) for due in dues.lines)
    debit = Leg(account=f"{RECEIVABLE}:{period}", amount_centimes=dues.total_centimes)
    return check_balanced(
        Entry(
            employer=employer,
            upload=upload,
            reason=DUES,
            period=period,
            value_date=iso(value_date),
            legs=(debit, *credits),
            law_version=dues.law_version,
        )
    )


def reversal(entry: Entry, upload: str, value_date: date, reason: str = REVERSAL) -> Entry:
    """The entry that takes another back, leg by leg. `upload` is the one that causes it: the later filing, or the
    withdrawn one itself. Raises Unbalanced when the entry to reverse does not add up to zero, OpenedALot for one whose
    money may have moved since."""
    if entry.opens:
        raise OpenedALot(entry.key.sort)
    legs = tuple(leg.of(-leg.amount_centimes, leg.base_centimes, leg.lot) for leg in entry.legs)
    return check_balanced(
        replace(
            entry,
            revision=0,
            upload=upload,
            reason=reason,
            value_date=iso(value_date),
            legs=legs,
            corrects=entry.key.sort,
        )
    )


def check_balanced(entry: Entry) -> Entry:
    """The entry itself. Raises Unbalanced unless it has two legs or more and they add up to zero."""
    if len(entry.legs) < 2 or sum(leg.amount_centimes for leg in entry.legs) != 0:
        raise Unbalanced(f"{entry.key.partition} {entry.key.sort}")
    return entry


def balance(entries: Iterable[Entry], period: str | None = None) -> int:
    """What is owed, in centimes, for a period ("2025") or for all: positive when the employer owes."""
    owed = 0
    for entry in entries:
        owed += sum(leg.amount_centimes for leg in check_balanced(entry).legs if _receivable(leg, period))
    return owed


def check_posted_once(entries: Iterable[Entry]) -> None:
    """Over all entries of one employer, in any order. Raises DoublePosting."""
    kept = list(entries)
    keys = [entry.key.sort for entry in kept]
    postings = [(entry.upload, entry.reason, entry.part, entry.corrects) for entry in kept]
    corrected = [entry.corrects for entry in kept if entry.corrects]
    for seen in (keys, postings, corrected):
        if len(set(seen)) != len(seen):
            raise DoublePosting("posted or reversed twice")
    if set(corrected) - set(keys):
        raise DoublePosting("reversed, but never posted")


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """The dues entries that no other has reversed, in the order given. Raises DoublePosting."""
    kept = list(entries)
    check_posted_once(kept)
    corrected = {entry.corrects for entry in kept}
    return [entry for entry in kept if entry.reason == DUES and entry.key.sort not in corrected]


def _credit(due: Due) -> Leg:
    return Leg(
        account=":".join((CONTRIBUTION, due.code, due.branch, due.share, due.period)),
        amount_centimes=-due.amount_centimes,
        base_centimes=due.base_centimes,
        rate=str(due.rate),
        article=due.article,
        valid_from=due.valid_from.isoformat(),
        confidence=due.confidence,
    )


def _receivable(leg: Leg, period: str | None) -> bool:
    return leg.account == f"{RECEIVABLE}:{period}" if period else leg.account.startswith(f"{RECEIVABLE}:")


def iso(day: date) -> str:
    """Of a moment too: its day."""
    return f"{day:%Y-%m-%d}"
