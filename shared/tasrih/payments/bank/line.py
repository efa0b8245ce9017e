"""One movement on an account of the fund, as the bank booked it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

CURRENCY = "DZD"
_NOT_IN_ACCOUNT = re.compile(r"[\s./-]+")
_IBAN_OF_RIB = re.compile(r"DZ[0-9]{2}([0-9]{20})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """What moved the balance of one account; of a batch that the bank lists one by one, each payment in it."""

    account: str
    """Ours, as `account_key` writes it."""
    booked_on: date
    value_date: date
    """From which the money counts: never later by our doing."""
    amount_centimes: int
    """Positive: credited to us. Negative: debited (charges, a payment taken back). Never zero."""
    currency: str = CURRENCY
    bank_reference: str = ""
    """The bank's own number of the movement; "" where it gives none."""
    reference: str = ""
    """Of the payment order, as the payer typed it."""
    payer_name: str = ""
    payer_account: str = ""
    """As `account_key` writes it."""
    text: str = ""
    """Whatever else the bank tells."""
    reversal: bool = False
    """The bank says that this takes an earlier movement back."""
    file: str = ""
    line: int = 0
    """Of the file, from 1."""
    place: str = ""
    """Within a file whose lines tell nothing: "Stmt[1]/Ntry[3]/TxDtls[2]"."""
    identity: str = ""
    """The same however often and in whichever format the line arrives; "" until it was told apart."""


def account_key(text: str) -> str:
    """One spelling for an account: "DZ58 00799999001234567890" and "007 99999 0012345678 90" are the same RIB."""
    plain = _NOT_IN_ACCOUNT.sub("", text).upper()
    iban = _IBAN_OF_RIB.fullmatch(plain)
    return iban[1] if iban else plain
