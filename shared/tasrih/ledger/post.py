"""All that is written for one cause, in one transaction: its entries, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tasrih.ledger.accounts import CLEARING, CREDITED, Rules, kind_of
from tasrih.ledger.allocation import allocate
from tasrih.ledger.clearing import CLEARED, UNCLEARED, Cause, Compared, clear, compared, declared, granted_in
from tasrih.ledger.decisions import Decision, NotDecided, TooMuch
from tasrih.ledger.holdings import holdings
from tasrih.ledger.journal import Entry
from tasrih.ledger.money import taken_back
from tasrih.ledger.opening import PAST
from tasrih.ledger.posting import DUES, REVERSAL, WITHDRAWAL, DoublePosting, check_balanced, iso
from tasrih.ledger.provisional import replaced

ALLOCATION = "allocation"
FILED = (DUES, PAST, REVERSAL, WITHDRAWAL)


class NotCleared(Exception):
    """A clearing account of a standing declaration is not at zero."""


def post(before: Sequence[Entry], new: Sequence[Entry], rules: Rules) -> tuple[Entry, ...]:
    """`new`, whose last entry is the cause, with what follows; () where they were posted before.

    `before` are all entries of the employer. What follows: a provisional assessment is replaced by what was declared,
    the year's annual declaration is cleared anew against the periodic ones, money is allocated. Raises DoublePosting
    where the cause was posted with other amounts, or in part.
    """
    causes = {entry.upload for entry in new}
    known = {_identity(entry): entry for entry in before if entry.upload in causes}
    there = [entry for entry in new if _identity(entry) in known]
    if there:
        if len(there) < len(new) or any(known[_identity(entry)].legs != entry.legs for entry in there):
            raise DoublePosting("posted before, with other amounts or in part")
        return ()
    entries = [check_balanced(entry) for entry in new]
    entries += replaced([*before, *entries], new)
    entries += _clearing([*before, *entries], new, rules)
    entries += _allocated([*before, *entries], new[-1], rules)
    return tuple(entries)


def _identity(entry: Entry) -> tuple[str, ...]:
    return (entry.upload, entry.reason, entry.part, entry.corrects)


def _clearing(entries: Sequence[Entry], new: Sequence[Entry], rules: Rules) -> Iterator[Entry]:
    last = new[-1]
    for year in sorted({entry.period[:4] for entry in new if entry.reason in FILED}):
        yield from _cleared_anew(entries, year, Cause(last.upload, last.reason, last.value_date), rules)


def _cleared_anew(
    entries: Sequence[Entry], year: str, cause: Cause, rules: Rules, granted: Mapping[str, int] | None = None
) -> Iterator[Entry]:
    """The clearing that stands is taken back and another takes its place, unless it would say the same."""
    annual, periodic = of_year(entries, year)
    old = standing_clearing(entries, year)
    grant = granted_in(old, annual) if granted is None else granted
    fresh = clear(annual, periodic, rules, cause, grant) if annual else None
    if old and fresh and old.about == fresh.about and _said(old) == _said(fresh):
        return
    day = max(cause.value_date, old.value_date if old else "")
    if old:
        back = taken_back(old, entries, cause.upload, _day(day), UNCLEARED, part=cause.reason, why=cause.why)
        yield replace(back, officer=cause.officer)
    if fresh:
        yield replace(fresh, value_date=max(day, fresh.value_date))


def _allocated(entries: Sequence[Entry], cause: Entry, rules: Rules) -> Iterator[Entry]:
    """Not before anything that it settles: money counts from its own day whenever it was allocated (`settlements`)."""
    legs = allocate(entries, rules)
    if legs:
        yield check_balanced(
            Entry(
                employer=cause.employer,
                upload=cause.upload,
                reason=ALLOCATION,
                part=cause.reason,
                period="",
                value_date=max(entry.value_date for entry in entries),
                legs=legs,
            )
        )


def of_year(entries: Sequence[Entry], year: str) -> tuple[Entry | None, list[Entry]]:
    """The annual declaration that counts, and the periodic ones of its year."""
    standing = [entry for entry in declared(entries) if entry.period[:4] == year]
    annual = next((entry for entry in standing if entry.period == year), None)
    return annual, [entry for entry in standing if entry.period != year]


def standing_clearing(entries: Sequence[Entry], year: str) -> Entry | None:
    corrected = {entry.corrects for entry in entries}
    found = (entry for entry in entries if entry.reason == CLEARED and entry.period == year)
    return next((entry for entry in found if entry.key.sort not in corrected), None)


def over_declared(entries: Sequence[Entry], year: str) -> tuple[Compared, ...]:
    """What the periodic declarations of the year declared too much, line by line, credited or not. Empty without an
    annual declaration."""
    annual, periodic = of_year(entries, year)
    return tuple(line for line in compared(annual, periodic) if line.over_centimes) if annual else ()


def credit_over_declared(entries: Sequence[Entry], year: str, decision: Decision, rules: Rules) -> tuple[Entry, ...]:
    """An officer credits all that was declared too much in a year, to be given to `post`. It holds as long as the
    annual declaration does: what further corrections add is proposed anew. Raises NotDecided without an officer,
    TooMuch where nothing is to be credited."""
    known = [entry for entry in entries if entry.upload == decision.number and entry.reason in (UNCLEARED, CLEARED)]
    if known:
        return tuple(known)
    if not decision.officer.strip():
        raise NotDecided("officer")
    granted = {line.annual.account: line.over_centimes for line in over_declared(entries, year)}
    cause = Cause(decision.number, CREDITED, iso(decision.day), decision.officer, decision.why)
    new = tuple(_cleared_anew(entries, year, cause, rules, granted))
    if not granted or not new:
        raise TooMuch(CREDITED)
    return new


def check_cleared(entries: Iterable[Entry]) -> None:
    """Raises NotCleared unless every clearing account is at zero."""
    for account, of_lots in holdings(entries).items():
        if kind_of(account) == CLEARING and sum(of_lots.values()) != 0:
            raise NotCleared(account)


def _said(clearing: Entry) -> list[tuple[str, int, int, bool]]:
    return [(leg.account, leg.amount_centimes, leg.base_centimes, bool(leg.lot)) for leg in clearing.legs]


def _day(written: str) -> date:
    return date.fromisoformat(written)
