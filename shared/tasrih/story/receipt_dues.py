"""The dues that a receipt's fixed payload holds, as values again."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from tasrih.story.records import Receipt
from tasrih.vocabulary.dues import Due, Dues


def dues_of(receipt: Receipt) -> Dues:
    facts = json.loads(receipt.payload)
    dues = facts["dues"]
    return Dues(
        state=dues["state"],
        lines=tuple(
            Due(**{**due, "rate": Decimal(due["rate"]), "valid_from": date.fromisoformat(due["valid_from"])})
            for due in dues["lines"]
        ),
        held_because=tuple(each["reason"] for each in dues["held_because"]),
        held_details=tuple(each["detail"] for each in dues["held_because"]),
        law_version=facts["law_version"],
        rounding=dues["rounding"],
    )
