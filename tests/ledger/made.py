"""Entries for these tests, of one employer, mostly under R98: half a per cent, one line."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tasrih.assessment import Proposal, SurchargeLine, assess_dac
from tasrih.ledger import Decision, Entry, Payment, Rules, das_entry, dues_entry, payment, post, reversal
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

EMPLOYER, OTHER = "1699999901", "1699999902"
DAY = date(2026, 1, 20)
RULES = Rules()
TWO = {"officer": "officer-1", "second": "officer-2", "why": "Documented request"}


def cases(name: str) -> list[dict[str, Any]]:
    text = (Path(__file__).parent / "cases" / f"{name}.toml").read_text("utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["case"]
    return found


def centimes(dinars: str) -> int:
    return int(Decimal(dinars) * 100)


def dac(period: str, base: int, upload: str = "", day: date = DAY, code: str = "R98") -> Entry:
    return dues_entry(
        EMPLOYER, upload or f"dac-{period}", period, day, assess_dac([(code, base)], Period.parse(period))
    )


def annual_dues(bases: Sequence[int], code: str = "R98", year: int = 2025) -> Dues:
    parts = [
        assess_dac([(code, base)], quarter)
        for base, quarter in zip(bases, Period(year).quarters(), strict=True)
        if base
    ]
    return Dues("computed", tuple(line for part in parts for line in part.lines))


def das(
    bases: Sequence[int], upload: str = "das-1", day: date = DAY, held: Sequence[str] = (), code: str = "R98"
) -> Entry:
    return replace(das_entry(EMPLOYER, upload, "2025", day, annual_dues(bases, code)), held=tuple(held))


def pay(amount: int, identity: str = "p1", day: date = DAY, period: str = "", means: str = "cheque") -> Entry:
    paid = Payment(identity=identity, means=means, amount_centimes=amount, value_date=day, period=period)
    return payment(EMPLOYER, paid)


def proposal(period: str, **amounts: int) -> Proposal:
    """Surcharges by name."""
    lines = tuple(line(name, amount) for name, amount in amounts.items())
    return Proposal("late_payment", period, DAY, None, lines, law_version="2026.11")


def line(name: str, amount: int) -> SurchargeLine:
    article, source = "law 83-14, article 24", "El Moudjahid"
    rate = Decimal("5.00")
    return SurchargeLine(name, 20 * amount, rate, 0, amount, article, source, DAY, "firm", DAY, DAY, DAY)


def decision(number: str = "d1", day: date = DAY, **more: str) -> Decision:
    return Decision(number=number, day=day, **{"officer": "officer-1", **more})


def ledger(*causes: Entry | Sequence[Entry], rules: Rules = RULES) -> list[Entry]:
    """All entries after each cause was posted with what follows from it."""
    entries: list[Entry] = []
    for cause in causes:
        entries += post(entries, [cause] if isinstance(cause, Entry) else cause, rules)
    return entries


def then(entries: list[Entry], *new: Entry, rules: Rules = RULES) -> list[Entry]:
    return [*entries, *post(entries, new, rules)]


def withdrawn(entry: Entry, day: date = DAY) -> Entry:
    return reversal(entry, entry.upload, day, "withdrawal")


def replaced_by(old: Entry, new: Entry) -> list[Entry]:
    """A correction, as the story of its filing makes it."""
    return [reversal(old, new.upload, date.fromisoformat(new.value_date)), new]
