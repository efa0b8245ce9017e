"""What a receipt says of a DAC beside employer, period and dues."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tasrih.assessment.dac import still_to_pay
from tasrih.correspondence.canonical import clean
from tasrih.vocabulary.dues import Dues, HeldBase

if TYPE_CHECKING:  # that module loads numpy, which verifying a receipt has no use for
    from tasrih.declaration.sent import CodeBase, Dac, Decision


def dac_facts(dac: Dac, dues: Dues) -> dict[str, Any]:
    """As JSON values. What remains to be paid is None where nothing is computed: nobody shall read it as nothing owed.
    What the filer says was paid already stands beside it; nothing is posted of it."""
    return {
        "bases": [_base(base) for base in dac.bases],
        "headcount": dac.headcount,
        "entries": dac.entries,
        "exits": dac.exits,
        "nil": dac.nil,
        "nominal": dac.nominal,
        "paid_centimes": dac.paid_centimes,
        "still_to_pay_centimes": None if dues.state == "held" else still_to_pay(dues, dac.paid_centimes),
        "place": clean(dac.place),
        "certified_on": _day(dac.certified_on),
    }


def held_facts(dues: Dues) -> list[dict[str, Any]]:
    """Bases from which nothing is computed yet; an indication is a mark, never claimed."""
    return [_held(base) for base in dues.held]


def _base(base: CodeBase) -> dict[str, Any]:
    return {
        "code": base.code,
        "base_centimes": base.base_centimes,
        "decisions": [_decision(decision) for decision in base.decisions],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {"number": clean(decision.number), "start": _day(decision.start), "end": _day(decision.end)}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _held(base: HeldBase) -> dict[str, Any]:
    return {
        "period": base.period,
        "code": base.code,
        "base_centimes": base.base_centimes,
        "reason": base.reason,
        "total_rate": None if base.total_rate is None else format(base.total_rate, "f"),
        "indicative_centimes": base.indicative_centimes,
    }
