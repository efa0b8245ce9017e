"""Who holds what: what lies on each account, and of which lot, on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tasrih.ledger.accounts import CREDIT, MEANS, TRANSFER, is_debt, kind_of
from tasrih.ledger.journal import Entry
from tasrih.ledger.posting import iso

Holdings = dict[str, dict[str, int]]
"""Account -> lot ("" for what is no lot's) -> centimes, debit positive."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Money that came, or relief that was granted: what it is and since when it counts."""

    name: str
    value_date: str
    period: str
    """That it was meant for; "" for none."""


def until(entries: Iterable[Entry], day: date | None) -> Iterator[Entry]:
    """Those that count on the day; all of them for None."""
    last = iso(day) if day else "9999"
    return (entry for entry in entries if entry.value_date <= last)


def holdings(entries: Iterable[Entry]) -> Holdings:
    sums: dict[tuple[str, str], int] = {}
    for entry in entries:
        for leg in entry.legs:
            place = (leg.account, leg.lot)
            sums[place] = sums.get(place, 0) + leg.amount_centimes
    held: Holdings = {}
    for (account, lot), amount in sums.items():
        held.setdefault(account, {})[lot] = amount
    return held


def lots(entries: Iterable[Entry]) -> dict[str, Lot]:
    """By name. A lot that came back to a ledger that it had left counts as when it came first."""
    found: dict[str, Lot] = {}
    for entry in entries:
        known = found.get(entry.opens)
        if entry.opens and (known is None or entry.value_date < known.value_date):
            found[entry.opens] = Lot(entry.opens, entry.value_date, entry.period)
    return found


def balance_at(entries: Iterable[Entry], day: date | None = None) -> int:
    """What the employer owes in all, in centimes, on a day: debts of every kind less what lies on credit. Negative when
    the fund owes."""
    held = holdings(until(entries, day))
    return sum(sum(lots.values()) for account, lots in held.items() if is_debt(account) or account == CREDIT)


def credit_at(entries: Iterable[Entry], day: date | None = None) -> int:
    """What of the employer's money settles nothing, in centimes, never negative."""
    return -sum(holdings(until(entries, day)).get(CREDIT, {}).values())


def settlements(entries: Iterable[Entry], account: str, day: date | None = None) -> tuple[tuple[date, int], ...]:
    """What settles a debt: the day each lot of money counts from and its centimes, oldest first. Without relief:
    a waiver pays nothing. A payment made before the debt was declared keeps its own day."""
    kept = list(until(entries, day))
    known = lots(kept)
    paid = [(lot, -amount) for lot, amount in holdings(kept).get(account, {}).items() if lot and amount < 0]
    money = [(known[lot].value_date, lot, amount) for lot, amount in paid if not is_relief(lot)]
    return tuple((date.fromisoformat(on), amount) for on, _, amount in sorted(money))


def is_relief(lot: str) -> bool:
    return lot.startswith(("waiver:", "write_off:"))


def came_in(entry: Entry) -> int:
    """The money that an entry brought, in centimes."""
    return sum(leg.amount_centimes for leg in entry.legs if kind_of(leg.account) in (*MEANS, TRANSFER))
