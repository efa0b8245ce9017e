"""Contributions that the fund sets itself where nothing was declared (law 83-14, article 15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from tasrih.assessment.proposal import Proposal
from tasrih.ledger.accounts import CONTRIBUTION, receivable
from tasrih.ledger.clearing import declared
from tasrih.ledger.decisions import Decision, decided, legs_of, posted
from tasrih.ledger.journal import Entry
from tasrih.ledger.opening import PAST
from tasrih.ledger.posting import DUES, reversal
from tasrih.vocabulary.period import Period

PROVISIONAL, REPLACED = "provisional", "replaced"


class AlreadyOwed(Exception):
    """The period is declared, or was set before."""


def provisional(entries: Sequence[Entry], employer: str, proposal: Proposal, decision: Decision) -> Entry:
    """The contributions of a proposal, owed until the period is declared: then they are taken back. The surcharge on
    them stays with the fund for good: it is an entry of its own (`surcharged`). Raises AlreadyOwed, NotDecided without
    an officer, TooMuch without an amount."""
    known, period = posted(entries, decision.number, PROVISIONAL), proposal.period
    if known:
        return known
    if any(_within(period, entry.period) for entry in (*declared(entries), *_standing(entries))):
        raise AlreadyOwed(period)
    legs = [
        leg
        for line in proposal.contributions
        for leg in legs_of(line, receivable(period), f"{CONTRIBUTION}:{PROVISIONAL}:all:{line.name}:{period}")
    ]
    return replace(decided(employer, PROVISIONAL, period, legs, decision), law_version=proposal.law_version)


def replaced(entries: Sequence[Entry], new: Sequence[Entry]) -> Iterator[Entry]:
    """Whoever declares a period takes back what the fund had set for it, or for a part of it."""
    for cause in new:
        for entry in _standing(entries) if cause.reason in (DUES, PAST) else ():
            if _within(entry.period, cause.period):
                day = date.fromisoformat(max(entry.value_date, cause.value_date))
                back = reversal(entry, cause.upload, day, REPLACED)
                yield replace(back, part=entry.period, officer="", why="", source="")


def _standing(entries: Sequence[Entry]) -> list[Entry]:
    corrected = {entry.corrects for entry in entries}
    return [entry for entry in entries if entry.reason == PROVISIONAL and entry.key.sort not in corrected]


def _within(inner: str, outer: str) -> bool:
    one, other = Period.parse(inner), Period.parse(outer)
    return other.first_day <= one.first_day and one.last_day <= other.last_day
