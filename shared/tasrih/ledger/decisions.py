"""What an officer decides: surcharges, waivers, write-offs.

Each takes the entries of the employer until now; the same decision again is answered with what it was answered first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasrih.assessment.proposal import Proposal, SurchargeLine
from tasrih.ledger.accounts import (
    PENALTY,
    SURCHARGE,
    WAIVED,
    WRITTEN_OFF,
    is_debt,
    kind_of,
    surcharge,
)
from tasrih.ledger.holdings import holdings
from tasrih.ledger.journal import Entry, Leg
from tasrih.ledger.posting import check_balanced, iso

SURCHARGED = "surcharge"
WAIVER, WRITE_OFF = "waiver", "write_off"


class NotDecided(Exception):
    """A decision lacks what it needs: `what` is "officer", "second" (another person) or "why"."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class TooMuch(Exception):
    """Nothing, or more than there is, would be taken off, moved or paid back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided, when and why. No two decisions share a number."""

    number: str
    day: date
    officer: str
    """The account of a person, or the standing decision of an agency."""
    second: str = ""
    why: str = ""
    article: str = ""
    source: str = ""


def posted(entries: Iterable[Entry], cause: str, reason: str) -> Entry | None:
    """What the cause was answered with when it came before."""
    return next((entry for entry in entries if (entry.upload, entry.reason) == (cause, reason)), None)


def surcharged(entries: Iterable[Entry], employer: str, proposal: Proposal, decision: Decision) -> Entry:
    """The surcharges of a proposal become owed. Raises NotDecided without an officer, TooMuch without an amount."""
    known, period = posted(entries, decision.number, SURCHARGED), proposal.period
    legs = [
        leg
        for line in proposal.lines
        for leg in legs_of(line, surcharge(period, line.name), f"{PENALTY}:{period}:{line.name}")
    ]
    return known or replace(decided(employer, SURCHARGED, period, legs, decision), law_version=proposal.law_version)


def legs_of(line: SurchargeLine, debt: str, other: str) -> tuple[Leg, Leg]:
    """What is owed, and its other side with all reasons."""
    reasons = Leg(
        account=other,
        amount_centimes=-line.amount_centimes,
        base_centimes=line.base_centimes,
        rate=str(line.rate),
        article=line.article,
        valid_from=iso(line.valid_from),
        confidence=line.confidence,
        months=line.months,
        since=iso(line.since),
        until=iso(line.until),
        source=line.source,
    )
    return Leg(account=debt, amount_centimes=line.amount_centimes), reasons


def waiver(entries: Sequence[Entry], employer: str, amounts: Mapping[str, int], decision: Decision) -> Entry:
    """Surcharges are forgiven: account -> centimes. Raises NotDecided without a reason and two different people,
    TooMuch for more than is open or for what is no surcharge."""
    if any(kind_of(account) != SURCHARGE for account in amounts):
        raise TooMuch("a waiver forgives surcharges alone")
    return _relief(entries, employer, amounts, decision, WAIVER, WAIVED)


def write_off(entries: Sequence[Entry], employer: str, amounts: Mapping[str, int], decision: Decision) -> Entry:
    """Debts of any kind are given up as lost. Raises as `waiver` does."""
    return _relief(entries, employer, amounts, decision, WRITE_OFF, WRITTEN_OFF)


def _relief(
    entries: Sequence[Entry], employer: str, amounts: Mapping[str, int], decision: Decision, reason: str, home: str
) -> Entry:
    known = posted(entries, decision.number, reason)
    if known:
        return known
    check_two_people(decision)
    held = holdings(entries)
    for account, amount in amounts.items():
        if not (is_debt(account) and 0 < amount <= sum(held.get(account, {}).values())):
            raise TooMuch(f"{reason} of {account}")
    lot = f"{reason}:{decision.number}"
    legs = [Leg(account=account, amount_centimes=-amount, lot=lot) for account, amount in sorted(amounts.items())]
    given = Leg(account=home, amount_centimes=sum(amounts.values()), article=decision.article, lot=lot)
    return decided(employer, reason, "", [given, *legs], decision, opens=lot)


def check_two_people(decision: Decision) -> None:
    """Raises NotDecided unless there is a reason, and a second person who is not the first."""
    if not decision.why.strip():
        raise NotDecided("why")
    first, second = (" ".join(name.split()).casefold() for name in (decision.officer, decision.second))
    if not second or first == second:
        raise NotDecided("second")


def decided(
    employer: str, reason: str, period: str, legs: Sequence[Leg], decision: Decision, *, opens: str = ""
) -> Entry:
    """The entry of a decision. Raises NotDecided without an officer, TooMuch without an amount."""
    if not decision.officer.strip():
        raise NotDecided("officer")
    if not legs or not any(leg.amount_centimes for leg in legs):
        raise TooMuch(reason)
    return check_balanced(
        Entry(
            employer=employer,
            upload=decision.number,
            reason=reason,
            period=period,
            value_date=iso(decision.day),
            legs=tuple(legs),
            opens=opens,
            officer=decision.officer,
            second=decision.second,
            why=decision.why,
            source=decision.source,
        )
    )
