"""What was there before: opening balances, and declarations of past years. Imported, dated, sourced; they cause no
letter and no surcharge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tasrih.ledger.accounts import CREDIT, OPENING, UNTOLD, WORKER, receivable, surcharge
from tasrih.ledger.journal import Entry, Leg
from tasrih.ledger.posting import check_balanced, dues_entry, iso
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

OPENED = "opening"
PAST = "past"


class NoSource(Exception):
    """An imported amount rests on nothing that could be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One amount of an opening balance: owed for a period, or, negative and of no period, the employer's."""

    amount_centimes: int
    period: str = ""
    name: str = ""
    """Of a surcharge; "" for contributions."""
    worker_centimes: int | None = None
    """How much of contributions is the worker share; None where the source does not tell."""


def opening(employer: str, cause: str, day: date, brought: Iterable[Brought], source: str) -> Entry:
    """An opening balance. Raises NoSource, Unbalanced without an amount, ValueError for a debt without a period."""
    if not source.strip():
        raise NoSource(cause)
    lot = f"{OPENED}:{cause}"
    legs = [leg for each in brought for leg in _legs(each, lot) if leg.amount_centimes]
    with_credit = any(leg.lot for leg in legs)
    return check_balanced(
        Entry(
            employer=employer,
            upload=cause,
            reason=OPENED,
            period="",
            value_date=iso(day),
            legs=tuple(legs),
            opens=lot if with_credit else "",
            source=source,
        )
    )


def _legs(each: Brought, lot: str) -> tuple[Leg, ...]:
    amount, worker = each.amount_centimes, each.worker_centimes
    if amount < 0:
        credit = Leg(account=CREDIT, amount_centimes=amount, lot=lot)
        return (Leg(account=OPENING, amount_centimes=-amount, lot=lot), credit)
    period = str(Period.parse(each.period))
    if each.name:
        surcharged = Leg(account=surcharge(period, each.name), amount_centimes=amount)
        return (surcharged, Leg(account=OPENING, amount_centimes=-amount))
    debt = Leg(account=receivable(period), amount_centimes=amount)
    shares = {UNTOLD: amount} if worker is None else {WORKER: worker, "employer": amount - worker}
    return (
        debt,
        *(Leg(account=f"{OPENING}:{share}:{period}", amount_centimes=-part) for share, part in shares.items()),
    )


def past_declaration(employer: str, upload: str, period: str, value_date: date, dues: Dues, source: str) -> Entry:
    """Dues of a declaration that was made before this system was. Raises NoSource, NothingToPost."""
    if not source.strip():
        raise NoSource(upload)
    return replace(dues_entry(employer, upload, period, value_date, dues), reason=PAST, source=source)


def is_quiet(entry: Entry) -> bool:
    """Whether the entry causes no letter and no surcharge."""
    return entry.reason in (OPENED, PAST)
