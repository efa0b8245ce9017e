"""What an employer needs to pay: how much, to whom, by when, and the reference that finds its debt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasrih.ledger import OpenItem
from tasrih.messages import sentence
from tasrih.payments.account import account_number, spaced_account
from tasrih.payments.reference import reference, spaced
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars
from tasrih.vocabulary.period import Period

SUBJECT = "payments"


class NothingOwed(Exception):
    """There is nothing to pay."""


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """The agency's account. Raises AccountWrong for one that has a mistyped digit: money would go elsewhere."""

    name: str
    account: str
    bank: str = ""

    def __post_init__(self) -> None:
        account_number(self.account)


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of the amount is for."""

    kind: str
    """"receivable" (contributions), "surcharge", "repayable" (refunded, and then the payment bounced)."""
    period: str
    name: str
    """Of a surcharge, as the law data have it."""
    amount_centimes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """The contents of an order, for a receipt, a page of dues, a notice."""

    employer: str
    period: Period | None
    """None: all that is owed."""
    reference: str
    beneficiary: Beneficiary
    parts: tuple[Part, ...]
    as_of: date
    """What was owed at the end of that day."""
    due: date | None = None
    provisional: bool = False
    """Some amount rests on a weak source."""

    @property
    def amount_centimes(self) -> int:
        return sum(part.amount_centimes for part in self.parts)


def order(
    employer: str,
    items: Iterable[OpenItem],
    beneficiary: Beneficiary,
    as_of: date,
    *,
    period: Period | None = None,
    due: date | None = None,
    provisional: bool = False,
) -> PaymentOrder:
    """For what is open of one period, or for all of it, in the order in which money settles it. Raises NothingOwed."""
    parts = tuple(
        Part(item.kind, item.period, item.name, item.open_centimes)
        for item in items
        if item.open_centimes > 0 and (period is None or item.period == str(period))
    )
    if not parts:
        raise NothingOwed(employer)
    return PaymentOrder(
        employer=employer,
        period=period,
        reference=reference(employer, period),
        beneficiary=beneficiary,
        parts=parts,
        as_of=as_of,
        due=due,
        provisional=provisional,
    )


def order_rows(made: PaymentOrder, language: str) -> tuple[tuple[str, str], ...]:
    """(label, what to write), in the order of a transfer form. The parts of the amount stand in `part_rows`."""
    beneficiary = made.beneficiary
    rows = [
        ("order_beneficiary", beneficiary.name),
        ("order_account", spaced_account(account_number(beneficiary.account))),
        ("order_bank", beneficiary.bank),
        ("order_amount", f"{dinars(made.amount_centimes)} DA"),
        ("order_reference", spaced(made.reference)),
        ("order_employer", spaced_employer(made.employer)),
        ("order_period", str(made.period) if made.period else sentence(SUBJECT, "order_all_periods", language)),
        ("order_as_of", f"{made.as_of:%d/%m/%Y}"),
        ("order_due", f"{made.due:%d/%m/%Y}" if made.due else ""),
    ]
    return tuple((sentence(SUBJECT, label, language), text) for label, text in rows if text)


def part_rows(made: PaymentOrder, language: str) -> tuple[tuple[str, str], ...]:
    """(what a part is for, its amount)."""
    return tuple(
        (
            sentence(SUBJECT, f"part_{part.kind}", language, period=part.period or "—"),
            f"{dinars(part.amount_centimes)} DA",
        )
        for part in made.parts
    )


def advice(made: PaymentOrder, language: str) -> tuple[str, ...]:
    """What to mind when paying, one sentence each."""
    keys = ["advice_reference", "advice_value_date", "advice_part"]
    if made.provisional:
        keys.append("advice_provisional")
    return tuple(sentence(SUBJECT, key, language, reference=spaced(made.reference)) for key in keys)
