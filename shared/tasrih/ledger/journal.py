"""Journal entries: one record holding all its legs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tasrih.vocabulary.record import Key, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One side of a journal entry: debit positive, credit negative, in centimes."""

    account: str
    amount_centimes: int
    base_centimes: int = 0
    rate: str = ""
    """Per cent, as written in the law data; "" when the leg is no product."""
    article: str = ""
    valid_from: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """A journal entry: one item with all its legs, which add up to zero. Append-only; a correction names its object."""

    KIND: ClassVar[str] = "entry"
    employer: str
    upload: str
    reason: str
    """"dues", "reversal" or "withdrawal"."""
    period: str
    value_date: str
    """ISO date it counts from: the arrival, Africa/Algiers."""
    legs: tuple[Leg, ...]
    corrects: str = ""
    """Sort key of the entry that this one reverses."""
    law_version: str = ""

    @property
    def key(self) -> Key:
        return Key(f"LEDGER#{self.employer}", f"ENTRY#{self.value_date}#{self.upload}#{self.reason}")
