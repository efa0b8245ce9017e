"""The statement: every line with what it rests on, what it corrects, and the balance after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tasrih.law import LawBook, LawNotKnown
from tasrih.ledger.accounts import CONTRIBUTION, CREDIT, is_debt, kind_of
from tasrih.ledger.holdings import balance_at, until
from tasrih.ledger.journal import Entry, Leg


@dataclass(frozen=True, slots=True)
class Detail:
    """One leg, and where the law stands that it rests on."""

    leg: Leg
    source: str
    """"" of a leg that rests on no law: money, or an imported balance, whose entry has a source."""


@dataclass(frozen=True, slots=True)
class Line:
    """One journal entry. Amounts in centimes."""

    entry: Entry
    amount_centimes: int
    """What it adds to what the employer owes; 0 where it only says what settles what."""
    balance_centimes: int
    """After it; negative when the fund owes."""
    details: tuple[Detail, ...]
    corrects: Entry | None
    """The entry that it takes back, whenever that was."""


@dataclass(frozen=True, slots=True)
class Statement:
    first: date
    last: date
    before_centimes: int
    """The balance at the end of the day before."""
    lines: tuple[Line, ...]
    after_centimes: int


def statement(entries: Iterable[Entry], first: date, last: date, book: LawBook) -> Statement:
    """Of the days between the two, inclusive, by the days that entries count from; `entries` are all of the employer,
    in any order. `book` is the law whose sources are told."""
    kept = list(entries)
    by_key = {entry.key.sort: entry for entry in kept}
    before = balance = balance_at(kept, first - timedelta(1))
    lines = []
    shown = (entry for entry in until(kept, last) if entry.value_date >= first.isoformat())
    for entry in sorted(shown, key=lambda each: _place(each, by_key)):
        amount = owed_by(entry)
        balance += amount
        details = tuple(Detail(leg, source_of(leg, book)) for leg in entry.legs)
        lines.append(Line(entry, amount, balance, details, by_key.get(entry.corrects)))
    return Statement(first, last, before, tuple(lines), balance)


def owed_by(entry: Entry) -> int:
    """What an entry adds to the balance."""
    return sum(leg.amount_centimes for leg in entry.legs if is_debt(leg.account) or leg.account == CREDIT)


def source_of(leg: Leg, book: LawBook) -> str:
    """Where the law stands that an amount rests on; "" of what rests on none, or on none that the book knows."""
    if leg.source or not leg.valid_from or kind_of(leg.account) != CONTRIBUTION:
        return leg.source
    _, code, branch, share, _ = leg.account.split(":")
    try:
        rates = book.rates(code, date.fromisoformat(leg.valid_from))
    except LawNotKnown:
        return ""
    return next((rate.source for rate in rates if (rate.branch, rate.share) == (branch, share)), "")


def _place(entry: Entry, by_key: Mapping[str, Entry]) -> tuple[str, int, bool, bool, str]:
    """Day by day; what corrects another of the same day stands after it, and what follows after its cause: allocations
    at the end."""
    depth, other = 0, by_key.get(entry.corrects)
    while other and other.value_date == entry.value_date:
        depth, other = depth + 1, by_key.get(other.corrects)
    return (entry.value_date, depth, bool(entry.part), entry.reason == "allocation", entry.key.sort)
