"""What an employer needs to pay: how much, to whom, by when, and the reference that finds its debt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tasrih.ledger import Entry, OpenItem
from tasrih.messages import sentence, table
from tasrih.payments.account import account_number, spaced_account
from tasrih.payments.reference import reference, spaced
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars
from tasrih.vocabulary.period import Period

SUBJECT = "payments"
WEAK = "provisional"


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
    worker_centimes: int | None = None
    """Of contributions, how much of it is the workers' share; None where an imported balance does not tell."""
    provisional: bool = False
    """It rests on a weak source."""


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

    @property
    def provisional(self) -> bool:
        """Some amount rests on a weak source."""
        return any(part.provisional for part in self.parts)

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
    provisional: Collection[str] = (),
) -> PaymentOrder:
    """For what is open of one period, or for all of it, in the order in which money settles it. `provisional`: the
    accounts that rest on a weak source (`weakly_sourced`). Raises NothingOwed."""
    parts = tuple(
        Part(
            kind=item.kind,
            period=item.period,
            name=item.name,
            amount_centimes=item.open_centimes,
            worker_centimes=item.worker_centimes,
            provisional=item.account in provisional,
        )
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
    )


def weakly_sourced(entries: Iterable[Entry]) -> frozenset[str]:
    """Accounts of debts in which a rate or an amount counts that is provisional. `entries` are all of one employer."""
    kept = list(entries)
    undone = {entry.corrects for entry in kept}
    standing = (entry for entry in kept if not entry.corrects and entry.key.sort not in undone)
    return frozenset(_debt(entry, leg.account) for entry in standing for leg in entry.legs if leg.confidence == WEAK)


def _debt(entry: Entry, account: str) -> str:
    """Of a leg with its reasons, the other side: "penalty:2026-07:late_payment" is owed as "surcharge:…"."""
    kind, _, rest = account.partition(":")
    return f"surcharge:{rest}" if kind == "penalty" else f"receivable:{entry.period}"


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
    """(what a part is for, its amount); behind contributions, how much of them is the workers' share."""
    return tuple(row for part in made.parts for row in _rows(part, language))


def _rows(part: Part, language: str) -> Iterator[tuple[str, str]]:
    told = sentence(SUBJECT, f"part_{part.kind}", language, period=part.period, name=_surcharge(part.name, language))
    mark = f" ({sentence('dues', 'confidence_provisional', language)})" if part.provisional else ""
    yield told + mark, f"{dinars(part.amount_centimes)} DA"
    if part.kind == "receivable":
        untold = sentence(SUBJECT, "part_worker_untold", language)
        share = untold if part.worker_centimes is None else f"{dinars(part.worker_centimes)} DA"
        yield sentence(SUBJECT, "part_worker", language), share


def _surcharge(name: str, language: str) -> str:
    """In words; as it stands where it was imported under a name that the law data do not have."""
    return sentence("law", f"name_{name}", language) if f"name_{name}" in table("law") else name


def advice(made: PaymentOrder, language: str) -> tuple[str, ...]:
    """What to mind when paying, one sentence each."""
    keys = ["advice_reference", "advice_value_date", "advice_part"]
    if made.provisional:
        keys.append("advice_provisional")
    return tuple(sentence(SUBJECT, key, language, reference=spaced(made.reference)) for key in keys)
