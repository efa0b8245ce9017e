"""Receipt numbers: `TR-00001234-56`, a prefix, the upload's rank and two check digits (ISO 7064, mod 97-10)."""

from __future__ import annotations

import re

PREFIX = "TR"
WITHDRAWAL_PREFIX = "TW"
"""Of the receipt that a withdrawal has of its own."""
_WRITTEN = re.compile(r"(?P<prefix>[A-Z]{2})-(?P<rank>[0-9]{8,})-(?P<check>[0-9]{2})", re.ASCII)


def _remainder(prefix: str, digits: str) -> int:
    """Letters count as in ISO 7064 (A = 10 … Z = 35), so papers of two kinds never share a number."""
    return int("".join(str(int(sign, 36)) for sign in prefix) + digits) % 97


def receipt_number(rank: int, prefix: str = PREFIX) -> str:
    """1234 -> "TR-00001234-18". Ranks are unique for ever, so numbers are. Raises ValueError below 1."""
    if rank < 1:
        raise ValueError("a rank counts from 1")
    digits = f"{rank:08d}"
    return f"{prefix}-{digits}-{98 - _remainder(prefix, digits + '00'):02d}"


def rank_of(number: str, prefix: str = PREFIX) -> int | None:
    """The rank in a receipt number; None when it is misspelt: every single wrong digit and every swap of two
    neighbours is noticed."""
    found = _WRITTEN.fullmatch(number)
    if not found or found["prefix"] != prefix:
        return None
    rank = int(found["rank"])
    return rank if rank and receipt_number(rank, prefix) == number else None
