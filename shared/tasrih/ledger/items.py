"""What is open: each debt by itself, and how much of it is the worker share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tasrih.ledger.accounts import (
    CONTRIBUTION,
    IN_PROPORTION,
    OPENING,
    RECEIVABLE,
    REFUND_PROPOSED,
    SURCHARGE,
    UNTOLD,
    WORKER,
    Rules,
    is_debt,
    kind_of,
    period_of,
    settled_in,
)
from tasrih.ledger.holdings import Holdings, credit_at, holdings, until
from tasrih.ledger.journal import Entry, Leg

AS_LAW_STANDS = Rules()


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A debt that is not settled. Amounts in centimes."""

    account: str
    kind: str
    """"receivable", "surcharge" or "repayable"."""
    period: str
    name: str
    """Of a surcharge; else ""."""
    owed_centimes: int
    settled_centimes: int
    """By money or by relief."""
    worker_centimes: int | None
    """How much of what is open is worker share (law 08-08, article 88); None where an imported balance does not
    tell."""

    @property
    def open_centimes(self) -> int:
        return self.owed_centimes - self.settled_centimes


def open_items(entries: Iterable[Entry], day: date | None = None, rules: Rules = AS_LAW_STANDS) -> tuple[OpenItem, ...]:
    """In the order in which money will settle them."""
    kept = list(until(entries, day))
    held = holdings(kept)
    debts = [account for account, of_lots in held.items() if is_debt(account) and sum(of_lots.values()) > 0]
    return tuple(_item(account, held, kept, rules) for account in sorted(debts, key=settled_in(rules)))


def worker_share_open(entries: Iterable[Entry], day: date | None = None, rules: Rules = AS_LAW_STANDS) -> int | None:
    """The worker share that is not paid, in centimes; None where an imported balance does not tell."""
    shares = [item.worker_centimes for item in open_items(entries, day, rules)]
    return None if None in shares else sum(share or 0 for share in shares)


def refund_proposed(entries: Sequence[Entry], day: date | None = None, rules: Rules = AS_LAW_STANDS) -> int:
    """What the rules propose to pay back, in centimes: money that settles nothing while nothing is owed."""
    if rules.excess != REFUND_PROPOSED or open_items(entries, day, rules):
        return 0
    return credit_at(entries, day)


def _item(account: str, held: Holdings, entries: Sequence[Entry], rules: Rules) -> OpenItem:
    settled = -sum(amount for lot, amount in held[account].items() if lot and amount < 0)
    owed = sum(held[account].values()) + settled
    name = account.rpartition(":")[2] if kind_of(account) == SURCHARGE else ""
    worker = _worker_open(account, owed, settled, entries, rules)
    return OpenItem(account, kind_of(account), period_of(account), name, owed, settled, worker)


def _worker_open(account: str, owed: int, settled: int, entries: Sequence[Entry], rules: Rules) -> int | None:
    worker = _worker_owed(period_of(account), entries) if kind_of(account) == RECEIVABLE else 0
    if worker is None:
        return None
    if rules.worker_share == IN_PROPORTION:
        return worker - settled * worker // owed
    return max(0, worker - settled)


def _worker_owed(period: str, entries: Sequence[Entry]) -> int | None:
    """Of the contributions owed for a period: the other side of what was posted for it."""
    worker = untold = 0
    for entry in entries:
        for leg in entry.legs if entry.period in (period, "") else ():
            kind, *rest = leg.account.split(":")
            if kind == OPENING and rest == [UNTOLD, period]:
                untold -= leg.amount_centimes
            elif (kind == OPENING and rest == [WORKER, period]) or _of_worker(kind, rest, leg, entry):
                worker -= leg.amount_centimes
    return None if untold else worker


def _of_worker(kind: str, rest: list[str], leg: Leg, entry: Entry) -> bool:
    return kind == CONTRIBUTION and bool(entry.period) and rest[2] == WORKER and not leg.lot
