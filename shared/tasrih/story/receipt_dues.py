"""The dues that a receipt's fixed payload holds, or the outcome of a test, as values again."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from tasrih.story.records import Outcome, Receipt
from tasrih.vocabulary.dues import Due, Dues, HeldBase


def dues_of(receipt: Receipt) -> Dues:
    facts = json.loads(receipt.payload)
    return _dues(facts["dues"], facts["law_version"])


def dues_of_test(outcome: Outcome) -> Dues:
    return _dues(json.loads(outcome.dues), outcome.law_version)


def _dues(dues: dict[str, Any], law_version: str) -> Dues:
    return Dues(
        state=dues["state"],
        lines=tuple(
            Due(**{**due, "rate": Decimal(due["rate"]), "valid_from": date.fromisoformat(due["valid_from"])})
            for due in dues["lines"]
        ),
        held_because=tuple(each["reason"] for each in dues["held_because"]),
        held_details=tuple(each["detail"] for each in dues["held_because"]),
        law_version=law_version,
        rounding=dues["rounding"],
        held=tuple(_held(base) for base in dues.get("held", ())),
    )


def _held(base: dict[str, Any]) -> HeldBase:
    rate = base["total_rate"]
    return HeldBase(**{**base, "total_rate": None if rate is None else Decimal(rate)})
