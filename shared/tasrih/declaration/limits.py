"""Dated, sourced figures that lines are compared with."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from tasrih.law import LawNotKnown, choice, minimum_wage_centimes


@cache
def tables() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(resources.files(__package__).joinpath("limits.toml").read_text("utf-8"))


def by_unit(name: str, year: int) -> dict[str, Any]:
    """The value of each unit ("J", "H", "M") that was in force at the end of a year."""
    entries = [entry for entry in tables()[name] if entry["from"].year <= year]
    return {entry["unit"]: entry["value"] for entry in sorted(entries, key=lambda entry: entry["from"])}


def dac_declarations(year: int) -> int:
    """Declarations (employers and periods) that one deposit of a DAC may hold."""
    return int(by_unit("dac_declarations", year)["deposit"])


@cache
def lowest_wages(year: int) -> tuple[int, int, int, int] | None:
    """The lowest monthly minimum wage of each quarter, centimes; None where the law is not known."""
    try:
        months = [int(minimum_wage_centimes(date(year, month, 1))) for month in range(1, 13)]
    except LawNotKnown:
        return None
    return min(months[:3]), min(months[3:6]), min(months[6:9]), min(months[9:])


def new_hires_refused() -> bool:
    """The switch: whether a line without an insured number refuses its declaration. Else it is accepted in reserve."""
    return choice("new_hire").value == "refuse"
