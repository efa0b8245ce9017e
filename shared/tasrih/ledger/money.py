"""Money that comes, goes back, bounces or was booked in the wrong place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasrih.ledger.accounts import CREDIT, MEANS, REFUND, REPAYABLE, TRANSFER, is_debt, period_of
from tasrih.ledger.decisions import Decision, TooMuch, decided, posted
from tasrih.ledger.holdings import holdings, lots
from tasrih.ledger.journal import Entry, Leg
from tasrih.ledger.posting import check_balanced, iso
from tasrih.vocabulary.period import Period

PAYMENT, BOUNCE = "payment", "bounce"
REFUNDED = "refund"
MOVED = "moved"
SENT, BROUGHT = "transfer_out", "transfer_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money of one employer."""

    identity: str
    """Of the bank line, the cashier's receipt, the gateway's transaction: the same again is the same payment."""
    means: str
    """"bank", "cash", "cheque" or "gateway"."""
    amount_centimes: int
    value_date: date
    """Of the bank, or the day at the counter: never that of our processing."""
    period: str = ""
    """That it is meant for, where its reference tells one: it settles that one first."""
    officer: str = ""
    """The cashier."""
    source: str = ""
    """The statement and line, or the receipt."""


def lot_of(identity: str) -> str:
    return f"{PAYMENT}:{identity}"


def payment(employer: str, paid: Payment) -> Entry:
    """Money received: it lies on credit until it is allocated. Raises TooMuch unless it is positive, ValueError for
    means or a period that there are not."""
    if paid.amount_centimes <= 0:
        raise TooMuch(PAYMENT)
    if paid.means not in MEANS:
        raise ValueError(paid.means)
    lot = lot_of(paid.identity)
    return check_balanced(
        Entry(
            employer=employer,
            upload=paid.identity,
            reason=PAYMENT,
            period=str(Period.parse(paid.period)) if paid.period else "",
            value_date=iso(paid.value_date),
            legs=_across(paid.means, CREDIT, paid.amount_centimes, lot),
            opens=lot,
            officer=paid.officer,
            source=paid.source,
        )
    )


def taken_back(
    entry: Entry,
    entries: Iterable[Entry],
    cause: str,
    day: date,
    reason: str = BOUNCE,
    *,
    part: str = "",
    officer: str = "",
    why: str = "",
) -> Entry:
    """What takes an entry back whatever happened since: exactly what its lot settles now is owed again, and nothing of
    the lot is left anywhere. What of it was refunded is to be paid back (`repayable:{lot}`).

    A cheque that bounces, a waiver that is withdrawn, a clearing that is made anew. The legs that move no lot are
    reversed as they are. Taken back once: asked again, the first answer. `entries` are all of the employer.
    Raises TooMuch where nothing is left of it: a waiver of what is owed no longer.
    """
    kept, key = list(entries), entry.key.sort
    known = next((each for each in kept if each.corrects == key), None)
    own = [leg.of(-leg.amount_centimes, leg.base_centimes) for leg in entry.legs if not leg.lot]
    legs = [leg for leg in (*own, *_undone(kept, entry.opens)) if leg.amount_centimes]
    if known:
        return known
    if not legs:
        raise TooMuch(reason)
    return check_balanced(
        replace(
            entry,
            revision=0,
            upload=cause,
            reason=reason,
            part=part,
            value_date=max(iso(day), entry.value_date),
            legs=tuple(legs),
            corrects=key,
            opens="",
            officer=officer,
            second="",
            why=why,
        )
    )


def _undone(entries: Sequence[Entry], lot: str) -> list[Leg]:
    if not lot:
        return []
    on: dict[str, int] = {}
    for leg in (leg for entry in entries for leg in entry.legs if leg.lot == lot):
        on[leg.account] = on.get(leg.account, 0) + leg.amount_centimes
    refunded = on.pop(REFUND, 0)
    legs = [Leg(account=account, amount_centimes=-amount, lot=lot) for account, amount in sorted(on.items())]
    return [*legs, Leg(account=f"{REPAYABLE}:{lot}", amount_centimes=-refunded, lot=lot)]


def refund(entries: Sequence[Entry], employer: str, amount_centimes: int, decision: Decision) -> Entry:
    """Free money goes back to the employer, that which came first before the rest. Raises NotDecided without an
    officer, TooMuch for more than is free."""
    known = posted(entries, decision.number, REFUNDED)
    return known or _moving(decided(employer, REFUNDED, "", _refunded(entries, amount_centimes), decision), entries)


def _refunded(entries: Sequence[Entry], amount_centimes: int) -> list[Leg]:
    legs: list[Leg] = []
    left = amount_centimes
    free, known = holdings(entries).get(CREDIT, {}), lots(entries)
    for lot in sorted(free, key=lambda each: (known[each].value_date, each)):
        part = min(left, -free[lot])
        if part > 0:
            legs += _across(CREDIT, REFUND, part, lot)
            left -= part
    if left:
        raise TooMuch(REFUNDED)
    return legs


def moved(
    entries: Sequence[Entry], employer: str, payment_made: Entry, amounts: tuple[str, str, int], decision: Decision
) -> Entry:
    """What a payment settles by mistake settles another debt instead: `amounts` are from which account, to which, and
    centimes. Raises NotDecided without an officer, TooMuch for more than it settles there or than is open here."""
    known = posted(entries, decision.number, MOVED)
    if known:
        return known
    source, target, amount = amounts
    held, lot = holdings(entries), payment_made.opens
    settled, still_open = -held.get(source, {}).get(lot, 0), sum(held.get(target, {}).values())
    if not (is_debt(target) and 0 < amount <= min(settled, still_open)):
        raise TooMuch(MOVED)
    return _moving(decided(employer, MOVED, period_of(target), _across(source, target, amount, lot), decision), entries)


def sent_over(entries: Sequence[Entry], received: Entry, amount_centimes: int, decision: Decision) -> Entry:
    """Money of a payment that was another employer's leaves this ledger: what is free of it first, then what settles
    the latest debt. It counts from the payment's own day, here and there (`brought_over`): both are written together.
    Raises NotDecided without an officer, TooMuch for more than this ledger has of it."""
    known = posted(entries, decision.number, SENT)
    if known:
        return known
    lot, left, legs = received.opens, amount_centimes, list[Leg]()
    on = {account: -of_lots.get(lot, 0) for account, of_lots in holdings(entries).items()}
    for account in sorted(on, key=_latest_first):
        part = min(left, on[account]) if account == CREDIT or is_debt(account) else 0
        if part > 0:
            legs += _across(account, f"{TRANSFER}:{decision.number}", part, lot)
            left -= part
    if left:
        raise TooMuch(SENT)
    entry = decided(received.employer, SENT, received.period, legs, decision)
    return replace(entry, value_date=received.value_date, decided_on=iso(decision.day))


def brought_over(employer: str, sent: Entry) -> Entry:
    """The other half of `sent_over`, in the ledger of the employer whose money it is. It bounces with the payment."""
    lot = sent.legs[0].lot
    account = f"{TRANSFER}:{sent.upload}"
    amount = -sum(leg.amount_centimes for leg in sent.legs if leg.account == account)
    legs = _across(account, CREDIT, amount, lot)
    return replace(sent, revision=0, employer=employer, reason=BROUGHT, period="", legs=legs, opens=lot)


def _moving(entry: Entry, entries: Sequence[Entry]) -> Entry:
    """Money moves on no day on which it had not come: banks give value dates that lie ahead."""
    known = lots(entries)
    day = max(entry.value_date, *(known[leg.lot].value_date for leg in entry.legs))
    return entry if day == entry.value_date else replace(entry, value_date=day, decided_on=entry.value_date)


def _latest_first(account: str) -> tuple[bool, int, str]:
    period = period_of(account)
    return (account != CREDIT, -Period.parse(period).last_day.toordinal() if period else 0, account)


def _across(out_of: str, into: str, amount: int, lot: str) -> tuple[Leg, Leg]:
    return (
        Leg(account=out_of, amount_centimes=amount, lot=lot),
        Leg(account=into, amount_centimes=-amount, lot=lot),
    )
