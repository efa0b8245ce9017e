"""Cash and cheques over the counter, as a cashier types them, and a cheque that bounces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasrih.ledger import Entry, Payment
from tasrih.ledger import taken_back as undone
from tasrih.payments.bank.limits import MAX_CENTIMES
from tasrih.vocabulary.identity import is_employer_number
from tasrih.vocabulary.period import Period

CASH, CHEQUE = "cash", "cheque"
_RECEIPT = re.compile(r"[0-9A-Z][0-9A-Z/-]{0,29}", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Z]{3,20}", re.ASCII)
_AGENCY = re.compile(r"[0-9]{5}", re.ASCII)
MAX_NAME = 100
STALE_DAYS = 3 * 366
"""A cheque drawn longer ago than three years is mistyped, or nobody pays it."""


class CannotBounce(Exception):
    """It is no payment by cheque."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheque:
    number: str
    bank: str
    drawn_on: date
    drawer: str = ""
    """When it is not the employer's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Money that an officer took at the counter. It counts from that day, whenever the cheque is paid."""

    agency: str
    receipt: str
    """Number of the paper receipt that the payer was given: one for each payment of an agency."""
    employer: str
    amount_centimes: int
    day: date
    officer: str
    cheque: Cheque | None = None
    """None: cash."""
    period: Period | None = None

    @property
    def means(self) -> str:
        return CHEQUE if self.cheque else CASH

    @property
    def identity(self) -> str:
        """The same typed twice is one payment."""
        return f"counter-{self.agency}-{self.receipt}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with what was typed: a key of `messages/payments.toml`, and the field."""

    code: str
    field: str
    value: str = ""


def faults(typed: Counted, today: date) -> tuple[Fault, ...]:
    """All that is wrong, in the order of the form; () when it can be posted."""
    wrong = [
        (not _AGENCY.fullmatch(typed.agency), "counter_agency", "agency", typed.agency),
        (not _RECEIPT.fullmatch(typed.receipt), "counter_receipt", "receipt", typed.receipt),
        (not is_employer_number(typed.employer), "counter_employer", "employer", typed.employer),
        (not 0 < typed.amount_centimes <= MAX_CENTIMES, "counter_amount", "amount_centimes", ""),
        (typed.day > today, "counter_day", "day", typed.day.isoformat()),
        (not _is_name(typed.officer), "counter_officer", "officer", ""),
        *_cheque_faults(typed),
    ]
    return tuple(Fault(code, field, value[:50]) for is_wrong, code, field, value in wrong if is_wrong)


def _cheque_faults(typed: Counted) -> list[tuple[bool, str, str, str]]:
    cheque = typed.cheque
    if not cheque:
        return []
    return [
        (not _NUMBER.fullmatch(cheque.number), "counter_cheque_number", "cheque.number", cheque.number),
        (not _is_name(cheque.bank), "counter_cheque_bank", "cheque.bank", ""),
        (cheque.drawn_on > typed.day, "counter_cheque_ahead", "cheque.drawn_on", cheque.drawn_on.isoformat()),
        ((typed.day - cheque.drawn_on).days > STALE_DAYS, "counter_cheque_stale", "cheque.drawn_on",
         cheque.drawn_on.isoformat()),
        (bool(cheque.drawer) and not _is_name(cheque.drawer), "counter_cheque_drawer", "cheque.drawer", ""),
    ]  # fmt: skip


def _is_name(text: str) -> bool:
    return bool(text.strip()) and len(text) <= MAX_NAME and text.isprintable()


def payment_of(typed: Counted) -> Payment:
    """For the ledger; of what has no faults."""
    cheque = typed.cheque
    paper = f"{typed.receipt} · {cheque.number} · {cheque.bank}" if cheque else typed.receipt
    return Payment(
        identity=typed.identity,
        means=typed.means,
        amount_centimes=typed.amount_centimes,
        value_date=typed.day,
        period=str(typed.period or ""),
        officer=typed.officer,
        source=paper,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """The bank did not pay a cheque."""

    day: date
    """On the bank's notice."""
    why: str
    """As the bank says it."""
    officer: str
    notice: str
    """Its number: names the bounce, so that the same notice twice is one."""


def bounced(paid: Entry, entries: Iterable[Entry], bounce: Bounce) -> Entry:
    """What takes exactly that payment back, wherever its money lies now; asked again, the first answer. `entries` are
    all of the employer. Raises CannotBounce for cash, the bank's or the gateway's money."""
    if paid.reason != "payment" or not any(leg.account == CHEQUE for leg in paid.legs):
        raise CannotBounce(paid.reason)
    return undone(paid, entries, bounce.notice, bounce.day, officer=bounce.officer, why=bounce.why)
