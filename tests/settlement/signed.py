"""From a signed case, as an accountant reads it, to values."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tasrih import law
from tasrih.assessment import Extension
from tasrih.law import LawBook
from tasrih.ledger import Entry, dues_entry
from tasrih.settlement.debts import Debt, due_day
from tasrih.settlement.policy import Policy, policy
from tasrih.vocabulary.dues import Due, Dues

FOLDER = Path(__file__).parent / "cases"
EMPLOYER = "1699999901"
RULES = set(policy().choices)


def cases(name: str, table: str = "case") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))[table]
    return found


def title(case: dict[str, Any]) -> str:
    return str(case["title"])


def centimes(dinars: str) -> int:
    whole = Decimal(dinars) * 100
    assert whole == int(whole), dinars
    return int(whole)


def book_of(case: dict[str, Any]) -> LawBook:
    return law.book().choosing(**{name: value for name, value in case.get("choices", {}).items() if name not in RULES})


def rules_of(case: dict[str, Any]) -> Policy:
    return policy().choosing(**{name: value for name, value in case.get("choices", {}).items() if name in RULES})


def extensions_of(case: dict[str, Any]) -> tuple[Extension, ...]:
    return tuple(
        Extension("all", "outage", ("payment",), first, until, "the portal was away", until)
        for first, until in case.get("outages", [])
    )


def account_of(period: str, name: str = "") -> str:
    return f"surcharge:{period}:{name}" if name else f"receivable:{period}"


def debt_of(told: dict[str, Any], extensions: Iterable[Extension] = ()) -> Debt:
    """ "2026-06" or "2026-06 late_payment", amount, worker share ("unknown" where it is not told), confidence."""
    period, _, name = told["debt"].partition(" ")
    worker = told.get("worker", "0.00")
    return Debt(
        account=account_of(period, name),
        period=period,
        name=name,
        open_centimes=centimes(told["amount"]),
        worker_centimes=None if worker == "unknown" else centimes(worker),
        due=due_day(period, extensions, law.book()),
        articles=("law 83-14, article 24",) if name else ("executive decree 94-187",),
        confidence=told.get("confidence", "provisional" if name else "firm"),
    )


def owed_for(period: str, amount: int, arrived: date, confidence: str = "firm") -> Entry:
    """What a declaration makes owed, a quarter of it as worker share."""
    worker = amount // 4
    lines = tuple(
        Due(period, "R22", "retirement", share, 0, Decimal(0), part, "law 83-16", date(2024, 1, 1), confidence)
        for share, part in (("employer", amount - worker), ("worker", worker))
    )
    return dues_entry(EMPLOYER, f"declared {period}", period, arrived, Dues("computed", lines))
