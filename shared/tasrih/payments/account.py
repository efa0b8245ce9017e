"""Bank and postal accounts of Algeria: twenty digits, the last two of them a key."""

from __future__ import annotations

import re

from stdnum.iso7064 import mod_97_10

from tasrih.payments.bank.line import account_key

_RIB = re.compile(r"[0-9]{20}", re.ASCII)
_IBAN = re.compile(r"DZ[0-9]{22}", re.ASCII)


class AccountWrong(Exception):
    """Not twenty digits with their key, nor such a number as an IBAN."""


def account_number(text: str) -> str:
    """The twenty digits of a RIB (bank 3, agency 5, account 10, key 2), of a RIP (007 99999, account 10, key 2), or of
    the IBAN around one. Raises AccountWrong when a digit is mistyped.

    Agency, account and key read as one number are a multiple of 97; the number of the bank is not part of that.
    """
    written = re.sub(r"[\s./-]", "", text).upper()
    if _IBAN.fullmatch(written) and not mod_97_10.is_valid(written[4:] + written[:4]):
        raise AccountWrong
    digits = account_key(written)
    if not _RIB.fullmatch(digits) or int(digits[3:]) % 97:
        raise AccountWrong
    return digits


def spaced_account(number: str) -> str:
    """ "001 00123 0123456789 38"."""
    return f"{number[:3]} {number[3:8]} {number[8:18]} {number[18:]}"
