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
    months: int = 0
    """Of a surcharge that grows with time: how many months it counts."""
    since: str = ""
    until: str = ""
    """ISO dates: the delay that a surcharge is for, inclusive."""
    source: str = ""
    """Where the law stood, of an amount that an officer decided; that of contributions is found by article and day."""
    lot: str = ""
    """Whose money the leg moves: the lot that an entry opened ("payment:…"). "" where it moves none. Within an entry
    the legs of one lot add up to zero."""

    def of(self, amount_centimes: int, base_centimes: int = 0, lot: str = "") -> Leg:
        """The same account and reasons, another amount."""
        return Leg(
            account=self.account,
            amount_centimes=amount_centimes,
            base_centimes=base_centimes,
            rate=self.rate,
            article=self.article,
            valid_from=self.valid_from,
            confidence=self.confidence,
            months=self.months,
            since=self.since,
            until=self.until,
            source=self.source,
            lot=lot,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """A journal entry: one item with all its legs, which add up to zero. Append-only; a correction names its object."""

    KIND: ClassVar[str] = "entry"
    employer: str
    upload: str
    """What caused it: an upload, or the identity of a payment, the number of a decision."""
    reason: str
    """"dues", "reversal", "withdrawal", … (README.md lists them)."""
    period: str
    """"" where it speaks of none in particular. Of a payment: the period that it is meant for."""
    value_date: str
    """ISO date it counts from: the arrival, the bank's value date, the cashier's day; Africa/Algiers."""
    legs: tuple[Leg, ...]
    corrects: str = ""
    """Sort key of the entry that this one reverses."""
    law_version: str = ""
    part: str = ""
    """Tells apart entries of one cause and reason: what made them follow from it."""
    opens: str = ""
    """The lot of money, or of relief, that begins with it."""
    about: str = ""
    """Of a clearing: the upload of the annual declaration that it settles."""
    held: tuple[str, ...] = ()
    """Stretch and code of each base that was declared and not computed ("2025-Q1 R06", "2025-Q2 —")."""
    officer: str = ""
    second: str = ""
    """The other person that a waiver or a write-off needs."""
    why: str = ""
    source: str = ""
    """The document that an imported entry or a decision rests on."""
    decided_on: str = ""
    """ISO date of the decision, where it is not that of the value."""

    @property
    def key(self) -> Key:
        part = f"#{self.part}" if self.part else ""
        return Key(f"LEDGER#{self.employer}", f"ENTRY#{self.value_date}#{self.upload}#{self.reason}{part}")
