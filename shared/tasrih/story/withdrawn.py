"""The receipt that a withdrawal has of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tasrih.story.records import Receipt
from tasrih.vocabulary.record import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalReceipt(Receipt):
    """Beside the receipt of what it withdraws, which stays as it is."""

    KIND: ClassVar[str] = "withdrawal_receipt"

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", "WITHDRAWAL")
