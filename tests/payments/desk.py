"""A register, ledgers and lines of the bank, told by few words. Invented employers only."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tasrih.ledger import OpenItem
from tasrih.payments.bank.line import BankLine
from tasrih.payments.matching.facts import Deposit, Past, open_of
from tasrih.payments.reference import reference
from tasrih.vocabulary.period import Period

DAY = date(2026, 11, 3)
RIB = "00200016000000123457"
RIP = "00799999000123456762"
"""A postal account."""
ONE, TWO, THREE, STRANGER = "1699999901", "1699999902", "2599999903", "3199999904"
"""The register knows the first three."""
CALLBACK: dict[str, Any] = {
    "event": "e1",
    "transaction": "t1",
    "attempt": "gateway-1",
    "state": "paid",
    "amount_centimes": 3_500_000,
    "currency": "DZD",
    "at": "2026-11-03T23:30:00Z",
}
"""What a gateway sends."""
_WRITTEN = re.compile(r"\{(\d{10}) ?([^}]*)\}")


def written(text: str) -> str:
    """ "{1699999901 2026-07}" stands for the reference of that order, "{1699999901}" for that of all that is owed."""
    return _WRITTEN.sub(lambda found: reference(found[1], Period.parse(found[2]) if found[2] else None), text)


def owed(period: str, centimes: int, kind: str = "receivable", settled: int = 0) -> OpenItem:
    account = f"{kind}:{period}" + (":late_payment" if kind == "surcharge" else "")
    name = "late_payment" if kind == "surcharge" else ""
    return OpenItem(account, kind, period, name, centimes + settled, settled, worker_centimes=None)


def line(amount: int, text: str = "", **more: Any) -> BankLine:
    facts = {"account": RIB, "booked_on": DAY, "value_date": DAY, "identity": "line-1", "file": "r.csv", "line": 3}
    return BankLine(amount_centimes=amount, text=written(text), **(facts | more))


@dataclass(frozen=True)
class Desk:
    """The directory of matching, in memory."""

    known: Collection[str] = (ONE, TWO, THREE)
    debts: Mapping[str, Sequence[OpenItem]] = field(default_factory=dict)
    history: Mapping[str, Sequence[Past]] = field(default_factory=dict)
    accounts: Mapping[str, Collection[str]] = field(default_factory=dict)
    deposits: Mapping[str, Any] = field(default_factory=dict)
    """By number, in centimes, or with more that is known of it."""
    gateways: Collection[str] = ()

    def is_employer(self, number: str) -> bool:
        return number in self.known

    def open_items(self, employer: str) -> Sequence[OpenItem]:
        return self.debts.get(employer, ())

    def past(self, employer: str) -> Sequence[Past]:
        return self.history.get(employer, ())

    def paid_from(self, account: str) -> Collection[str]:
        return self.accounts.get(account, ())

    def owing(self, amount_centimes: int) -> Collection[str]:
        return [each for each, items in self.debts.items() if open_of(items).equals(amount_centimes)]

    def deposit(self, number: str) -> Deposit | None:
        if number not in self.deposits:
            return None
        told = self.deposits[number]
        more = {"centimes": told} if isinstance(told, int) else told
        return Deposit(number, more["centimes"], **{name: more[name] for name in more if name != "centimes"})

    def is_gateway(self, account: str) -> bool:
        return account in self.gateways


def desk(told: Mapping[str, Any]) -> Desk:
    """Of a case: `debts` and `past` by employer."""
    return Desk(
        debts={employer: [owed(**each) for each in held] for employer, held in told.get("debts", {}).items()},
        history={employer: _past(held) for employer, held in told.get("past", {}).items()},
        accounts=told.get("accounts", {}),
        deposits=told.get("deposits", {}),
        gateways=told.get("gateways", ()),
    )


def _past(held: Iterable[Mapping[str, Any]]) -> list[Past]:
    return [
        Past(
            identity=each.get("identity", "p1"),
            kind=each.get("kind", "payment"),
            amount_centimes=each["centimes"],
            value_date=DAY,
            reference=written(each.get("reference", "")),
        )
        for each in held
    ]
