"""From a signed case, as an accountant reads it, to values; and its hand arithmetic, done once more."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from tasrih import law
from tasrih.assessment import Extension, Proposal, SurchargeLine
from tasrih.law import LawBook
from tasrih.vocabulary.dues import Due, Dues

FOLDER = Path(__file__).parent / "cases"
WORK = re.compile(
    r"(?P<name>\w+)(?: (?P<since>[\d-]+) to (?P<until>[\d-]+))? : "
    r"(?P<base>\d+\.\d\d) x +(?P<rate>\d+\.\d\d) %(?: x (?P<months>\d+))? = +(?P<amount>\d+\.\d\d)"
)


def cases(name: str, table: str = "case") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))[table]
    return found


def centimes(dinars: str) -> int:
    return int(Decimal(dinars) * 100)


def book_of(case: dict[str, Any]) -> LawBook:
    return law.book().choosing(**case.get("choices", {}))


def extensions_of(case: dict[str, Any], what: str) -> tuple[Extension, ...]:
    return tuple(
        Extension(
            each.get("scope", "all"),
            each.get("kind", "extension"),
            tuple(each.get("what", [what])),
            each["first"],
            each["until"],
            "decision 12",
            date(2026, 1, 15),
        )
        for each in case.get("extensions", [])
    )


def dues_of(**shares_centimes: int) -> Dues:
    """One line for each share."""
    book = law.book()
    lines = tuple(
        Due("2025", "R22", "retirement", share, 0, Decimal(0), amount, "", date(2024, 1, 1), "firm")
        for share, amount in shares_centimes.items()
        if amount
    )
    return Dues("computed", lines, law_version=book.version)


def worked(lines: Iterable[str]) -> list[dict[str, Any]]:
    told = []
    for line in lines:
        found = WORK.fullmatch(line)
        assert found, line
        told.append(found.groupdict())
    return told


def as_worked(lines: Iterable[SurchargeLine]) -> list[dict[str, Any]]:
    """Lines in the form of the hand arithmetic."""
    return [
        {
            "name": line.name,
            "since": line.since.isoformat() if line.months else None,
            "until": line.until.isoformat() if line.months else None,
            "base": f"{Decimal(line.base_centimes) / 100:.2f}",
            "rate": f"{line.rate}",
            "months": str(line.months) if line.months else None,
            "amount": f"{Decimal(line.amount_centimes) / 100:.2f}",
        }
        for line in lines
    ]


def check_proposal(proposal: Proposal | None, case: dict[str, Any]) -> None:
    """It is what was done by hand; none where nothing was."""
    assert (proposal is None) == (not case["work"] and not case.get("held"))
    if proposal is not None:
        assert as_worked(proposal.lines) == worked(case["work"])
        assert [list(each) for each in proposal.held] == case.get("held", [])
        assert proposal.total_centimes == centimes(case["total"])


def check_arithmetic(case: dict[str, Any]) -> None:
    """The signed figures are right in themselves."""
    half = Fraction(0 if case.get("choices", {}).get("rounding_surcharge") == "down" else 1, 2)
    total = 0
    for line in worked(case["work"]):
        part = floor(Fraction(centimes(line["base"])) * Fraction(line["rate"]) / 100 + half)
        assert part * int(line["months"] or 1) == centimes(line["amount"]), line
        total += centimes(line["amount"])
    assert total == centimes(case["total"])
