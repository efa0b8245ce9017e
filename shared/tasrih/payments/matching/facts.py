"""What is so of a movement of the bank: each fact by its name in rules.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from tasrih.ledger import OpenItem
from tasrih.payments.bank.line import BankLine
from tasrih.payments.reference import Found, Reference, beside, find
from tasrih.vocabulary.identity import is_employer_number

_EMPLOYER = re.compile(r"(?<![0-9])[0-9]{2}[ .-]?[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{2}(?![0-9])", re.ASCII)
_DEPOSIT = re.compile(r"(?<![0-9])[0-9]{4,12}(?![0-9])", re.ASCII)
"""Numbers of cheques and of deposit slips."""
_MOST_NUMBERS = 20
"""Of a text, looked up in the register: a list of more is no label."""
_BETWEEN = " | "
"""Parts one column of the bank from the next: no number runs over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A payment or a refund that stands in an employer's ledger."""

    identity: str
    kind: str
    """"payment" or "refund"."""
    amount_centimes: int
    value_date: date
    reference: str = ""
    """That of the order, where the payment told one."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """What the cashier brought to the bank under one number: a cheque, or a slip of several, or cash."""

    number: str
    amount_centimes: int
    employer: str = ""
    """Of a single cheque: whose payment it was, and its identity in the ledger."""
    identity: str = ""
    credited: bool = False
    """By a movement (`Foreign.carries_out`): named again, it may have bounced."""


class Directory(Protocol):
    """What is asked of the register and of the ledgers, to match a movement."""

    def is_employer(self, number: str) -> bool: ...

    def open_items(self, employer: str) -> Sequence[OpenItem]: ...

    def past(self, employer: str) -> Sequence[Past]:
        """What stands; not what was taken back, and no refund that a movement carried out (`Foreign.carries_out`)."""
        ...

    def paid_from(self, account: str) -> Collection[str]:
        """Employers whose payments came from that account before."""
        ...

    def owing(self, amount_centimes: int) -> Collection[str]:
        """Employers who owe exactly so much, for one period or in all: as many as are worth proposing."""
        ...

    def deposit(self, number: str) -> Deposit | None: ...

    def is_gateway(self, account: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Open:
    """What an employer owes, in centimes."""

    by_period: dict[str, int]
    all: int

    def of(self, reference: Reference) -> int:
        """What its order is for."""
        return self.by_period.get(str(reference.period), 0) if reference.period else self.all

    def equals(self, amount: int) -> bool:
        return amount > 0 and (amount == self.all or amount in self.by_period.values())


def open_of(items: Sequence[OpenItem]) -> Open:
    by_period: dict[str, int] = {}
    for item in items:
        by_period[item.period] = by_period.get(item.period, 0) + item.open_centimes
    return Open({period: owed for period, owed in by_period.items() if period}, sum(by_period.values()))


@dataclass(frozen=True, slots=True)
class Facts:
    """All that rules ask, each answered when it is asked."""

    line: BankLine
    directory: Directory
    found: Found
    named: tuple[str, ...]
    """Known employers whose number stands in the text, beside references."""
    deposits: tuple[Deposit, ...]
    _owed: dict[str, Open] = field(default_factory=dict, compare=False)
    """Each ledger is asked once."""

    def so(self, fact: str) -> bool:
        return _FACTS[fact](self)

    @property
    def reference(self) -> Reference | None:
        """The one that counts."""
        return self.found.references[0] if len(self.found.references) == 1 else None

    @property
    def amount(self) -> int:
        """In either direction."""
        return abs(self.line.amount_centimes)

    def employers(self) -> tuple[str, ...]:
        """Whom the movement itself names."""
        told = [each.employer for each in self.found.references if self.directory.is_employer(each.employer)]
        return tuple(dict.fromkeys([*told, *self.named]))

    def earlier(self, kind: str) -> tuple[tuple[str, Past], ...]:
        """(employer, what) of the same sum, of whoever is named, or else has used that account."""
        line = self.line
        whose = self.employers() or (sorted(self.directory.paid_from(line.payer_account)) if line.payer_account else ())
        return tuple(
            (employer, past)
            for employer in whose
            for past in self.directory.past(employer)
            if past.kind == kind and past.amount_centimes == self.amount
        )

    def refund(self) -> tuple[str, ...]:
        """The identity of the refund that this carries out: of several, the first that was decided."""
        known = sorted((past.value_date, past.identity) for _, past in self.earlier("refund"))
        return tuple(identity for _, identity in known[:1])

    def open(self, employer: str) -> Open:
        if employer not in self._owed:
            self._owed[employer] = open_of(self.directory.open_items(employer))
        return self._owed[employer]

    def order_open(self) -> int:
        """Centimes open of what the reference is for."""
        return self.open(self.reference.employer).of(self.reference) if self.reference else 0

    def all_open(self) -> int:
        return self.open(self.reference.employer).all if self.reference else 0


def facts(line: BankLine, directory: Directory) -> Facts:
    written = _BETWEEN.join((line.reference, line.text, line.payer_name))
    rest = beside(written, _BETWEEN)
    numbers = dict.fromkeys(re.sub(r"[ .-]", "", each) for each in _EMPLOYER.findall(rest))
    known = [each for each in list(numbers)[:_MOST_NUMBERS] if is_employer_number(each) and directory.is_employer(each)]
    slips = list(dict.fromkeys(_DEPOSIT.findall(rest)))[:_MOST_NUMBERS]
    deposits = tuple(deposit for each in slips if (deposit := directory.deposit(each)))
    return Facts(line, directory, find(written), tuple(known), deposits)


def _paid_before(of: Facts) -> bool:
    return any(past.reference == str(of.reference) for _, past in of.earlier("payment"))


def _deposit_exact(of: Facts) -> bool:
    return not any(each.credited for each in of.deposits) and sum(d.amount_centimes for d in of.deposits) == of.amount


def _another_damaged(of: Facts) -> bool:
    """Banks repeat a reference and cut it off: its beginning is no other one."""
    return any(not str(of.reference).startswith(each) for each in of.found.damaged)


def _touches_employer(of: Facts) -> bool:
    return bool(of.found.references or of.found.damaged or of.named or _payer_known(of))


def _payer_known(of: Facts) -> bool:
    return bool(of.line.payer_account and of.directory.paid_from(of.line.payer_account))


def _equals_open(of: Facts) -> bool:
    return len(of.named) == 1 and of.open(of.named[0]).equals(of.amount)


_FACTS: dict[str, Callable[[Facts], bool]] = {
    "received": lambda of: of.line.amount_centimes > 0,
    "reversal": lambda of: of.line.reversal,
    "deposit_named": lambda of: bool(of.deposits),
    "deposit_exact": _deposit_exact,
    "from_gateway": lambda of: bool(of.line.payer_account) and of.directory.is_gateway(of.line.payer_account),
    "refund_known": lambda of: not of.line.reversal and bool(of.earlier("refund")),
    "taken_back_known": lambda of: bool(of.earlier("payment")),
    "touches_employer": _touches_employer,
    "several_references": lambda of: len(of.found.references) > 1,
    "reference": lambda of: of.reference is not None,
    "reference_employer_known": lambda of: bool(of.reference and of.directory.is_employer(of.reference.employer)),
    "reference_misread": lambda of: of.reference in of.found.misread,
    "another_damaged": _another_damaged,
    "another_employer_named": lambda of: bool(of.reference and {*of.named} - {of.reference.employer}),
    "paid_before": _paid_before,
    "reference_open": lambda of: of.order_open() > 0,
    "equals_reference": lambda of: of.order_open() == of.amount,
    "less_than_reference": lambda of: of.amount < of.order_open(),
    "something_open": lambda of: of.all_open() > 0,
    "more_than_all": lambda of: of.amount > of.all_open(),
    "employer_named": lambda of: bool(of.named),
    "several_employers": lambda of: len(of.named) > 1,
    "equals_open": _equals_open,
    "reference_damaged": lambda of: bool(of.found.damaged),
    "payer_known": _payer_known,
    "amount_owed_by_some": lambda of: bool(of.directory.owing(of.amount)),
}
NAMES = tuple(_FACTS)
