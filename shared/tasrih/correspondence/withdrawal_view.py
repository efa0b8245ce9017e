"""The page of a withdrawal's receipt: what no longer counts, why, and who vouches for that."""

from __future__ import annotations

from typing import Any

from tasrih.correspondence.facts import Facts, day
from tasrih.correspondence.view import (
    certified_part,
    employer_part,
    files_part,
    frame,
    grouped,
    labelled,
)
from tasrih.correspondence.words import known, pair, printable, right_to_left
from tasrih.vocabulary.money import dinars


def withdrawal_page(facts: Facts) -> dict[str, Any]:
    """All that the page template shows. Raises KeyError when the facts are no withdrawal's."""
    return {
        **frame(facts, "withdrawn_at", "withdrawal_title", "withdrawal_number"),
        "withdrawn": _effect(facts),
        "employer": employer_part(facts),
        "filing": _filing(facts),
        "certified": certified_part(facts, "withdrawal_certified"),
        "files": files_part(facts),
        "notes": [pair("verify"), pair("not_official")],
    }


def _effect(facts: Facts) -> dict[str, Any]:
    amount = facts["reversed_centimes"]
    dues = pair("withdrawal_no_dues") if amount is None else pair("withdrawal_dues", amount=dinars(amount))
    reason = printable(facts["reason"])
    return {
        "said": [pair("withdrawal_effect", number=facts["withdraws"], day=day(facts["withdrawn_at"])), dues],
        "label": pair("withdrawal_reason"),
        "reason": {"value": reason, "rtl": right_to_left(reason)},
    }


def _filing(facts: Facts) -> dict[str, Any]:
    cells = [
        labelled("withdraws", facts["withdraws"]),
        labelled("period", facts["period"]),
        labelled("type", facts["type"], words=known(f"type_{facts['type']}", "")),
        labelled("version", str(facts["version"])),
        labelled("lines", grouped(facts["lines"])),
        labelled("withdrawn_base", dinars(facts["base_centimes"])),
    ]
    return {"title": pair("withdrawn_filing_section"), "cells": cells}
