"""What the page of a DAC shows in place of a year's quarters: bases, reductions, workers, what was paid."""

from __future__ import annotations

from typing import Any

from tasrih.correspondence.facts import Facts, day
from tasrih.correspondence.words import known, pair, printable
from tasrih.vocabulary.money import dinars

Cells = list[dict[str, Any]]


def base_parts(facts: Facts) -> dict[str, Any]:
    """Sections of the page, under their names. Raises KeyError when the facts are no DAC's."""
    dac = facts["dac"]
    shown: dict[str, Any] = {"nil": [pair("nil")]} if dac["nil"] else {}
    if dac["bases"]:
        shown["bases"] = _bases(dac["bases"], facts["base_centimes"])
    if dac["paid_centimes"] and dac["still_to_pay_centimes"] is None:
        shown["paid"] = [_amount("paid", dac["paid_centimes"])]
    return shown


def worker_cells(dac: Facts) -> Cells:
    return [{"label": pair(name), "value": str(dac[name])} for name in ("headcount", "entries", "exits")]


def paid_cells(dac: Facts) -> Cells:
    """Beside the sum of what is computed."""
    if not dac["paid_centimes"] or dac["still_to_pay_centimes"] is None:
        return []
    return [_amount("paid", dac["paid_centimes"]), _amount("still_to_pay", dac["still_to_pay_centimes"])]


def _amount(key: str, centimes: int) -> dict[str, Any]:
    return {"label": pair(key), "value": dinars(centimes)}


def _bases(bases: list[Facts], whole: int) -> dict[str, Any]:
    columns = [pair(key) for key in ("code", "decision", "base")]
    rows = [_base(base) for base in bases]
    return {"title": pair("totals_section"), "columns": columns, "rows": rows, "total": _amount("base_of_all", whole)}


def _base(base: Facts) -> dict[str, Any]:
    return {
        "code": printable(base["code"]),
        "name": known(f"code_{base['code']}", ""),
        "decisions": [_decision(decision) for decision in base["decisions"]],
        "base": dinars(base["base_centimes"]),
    }


def _decision(decision: Facts) -> str:
    days = " – ".join(day(decision[name]) for name in ("start", "end") if decision[name])
    return "  ".join(filter(None, (printable(decision["number"]), days)))
