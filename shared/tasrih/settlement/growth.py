"""How surcharges for late payment would grow, by what the ledger of an employer says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from tasrih import law
from tasrih.assessment import Extension, Proposal, late_payment
from tasrih.law import LawBook
from tasrih.ledger import Entry, holdings, open_items, rules, settlements
from tasrih.ledger.accounts import RECEIVABLE, kind_of, period_of
from tasrih.ledger.holdings import until
from tasrih.settlement.debts import is_imported
from tasrih.settlement.what_if import Growth, Paid
from tasrih.vocabulary.period import Period


def late_payments(
    entries: Iterable[Entry], today: date, *, extensions: Iterable[Extension] = (), book: LawBook | None = None
) -> Growth:
    """For `what_if`: the proposals of article 24 for every period of the ledger as it is today. What might be paid
    settles debts in the order of the choices; what was imported makes no surcharge."""
    book, moved = book or law.book(), tuple(extensions)
    kept = list(until(entries, today))
    periods = [account for account in sorted(holdings(kept)) if _may_grow(account, kept)]

    def growth(paid: Paid, day: date) -> Iterator[Proposal]:
        coming = _allocated(kept, paid, book)
        for account in periods:
            came = settlements(kept, account)
            principal = sum(holdings(kept)[account].values()) + sum(amount for _, amount in came)
            all_of_it = [*came, *coming.get(account, ())]
            period = Period.parse(period_of(account))
            proposal = late_payment(period, principal, all_of_it, day, extensions=moved, book=book)
            if proposal:
                yield proposal

    return growth


def _may_grow(account: str, entries: Sequence[Entry]) -> bool:
    return kind_of(account) == RECEIVABLE and not is_imported(account, entries)


def _allocated(entries: Sequence[Entry], paid: Paid, book: LawBook) -> dict[str, list[tuple[date, int]]]:
    """Debt -> what would settle it, and when."""
    open_ones = {item.account: item.open_centimes for item in open_items(entries, None, rules(book))}
    settled: dict[str, list[tuple[date, int]]] = {}
    for day, amount in sorted(paid):
        left = amount
        for account, still in open_ones.items():
            part = min(left, still)
            if part:
                settled.setdefault(account, []).append((day, part))
                open_ones[account], left = still - part, left - part
    return settled
