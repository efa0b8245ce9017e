"""What is due, or why it is held, as the page shows it."""

from __future__ import annotations

from typing import Any

from tasrih.assessment.explain import article_name
from tasrih.correspondence.facts import Facts, day
from tasrih.correspondence.words import Pair, known, pair, printable
from tasrih.messages import sentence, table
from tasrih.vocabulary.money import dinars, per_cent
from tasrih.vocabulary.period import Period

_SHARES = ("employer", "worker", "social_works")


def _months(periods: list[str]) -> str:
    """["2025-Q1", "2025-Q2", "2025-Q4"] -> "01/2025–06/2025, 10/2025–12/2025"."""
    spans: list[tuple[int, int]] = []
    for period in map(Period.parse, periods):
        first, last = (period.year * 12 + month - 1 for month in (period.first_day.month, period.last_month))
        if spans and spans[-1][1] + 1 == first:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return ", ".join("–".join(f"{at % 12 + 1:02d}/{at // 12}" for at in span) for span in spans)


def _due_rows(lines: list[Facts]) -> list[dict[str, Any]]:
    """One row per code, branch, share and rate with its reasons; stretches of the same rate are added up."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in lines:
        key = tuple(line[name] for name in ("code", "branch", "share", "rate", "article", "valid_from", "confidence"))
        row = rows.setdefault(key, {**line, "periods": [], "base_centimes": 0, "amount_centimes": 0})
        row["periods"].append(line["period"])
        row["base_centimes"] += line["base_centimes"]
        row["amount_centimes"] += line["amount_centimes"]
    return list(rows.values())


def _caption(row: dict[str, Any], whole: bool) -> dict[str, Any]:
    """Which code, months (unless it is the whole time) and base the rows below are for, and the text they rest on."""
    since = day(row["valid_from"])
    source = {
        language: sentence(
            "receipt", "source_note", language, article=article_name(printable(row["article"]), language), since=since
        )
        for language in ("fr", "ar")
    }
    doubt = None if row["confidence"] == "firm" else known(f"confidence_{row['confidence']}", row["confidence"])
    return {
        "code": row["code"],
        "months": "" if whole else _months(row["periods"]),
        "base": dinars(row["base_centimes"]),
        "name": known(f"code_{row['code']}", ""),
        "source": source,
        "provisional": doubt,
    }


def _blocks(lines: list[Facts]) -> list[dict[str, Any]]:
    """Rows that share code, stretch, base and reasons stand under one caption that tells them."""
    blocks: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in _due_rows(lines):
        shared = ("code", "base_centimes", "article", "valid_from", "confidence")
        key = (*(row[name] for name in shared), tuple(row["periods"]))
        blocks.setdefault(key, []).append(row)
    whole = list(dict.fromkeys(line["period"] for line in lines))
    return [
        {**_caption(rows[0], rows[0]["periods"] == whole), "rows": [_due_cells(row) for row in rows]}
        for rows in blocks.values()
    ]


def _due_cells(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "branch": known(f"branch_{row['branch']}", row["branch"]),
        "share": known(f"share_{row['share']}", row["share"]),
        "rate": per_cent(row["rate"]),
        "amount": dinars(row["amount_centimes"]),
    }


def _by_share(lines: list[Facts], whole: str) -> list[dict[str, Any]]:
    """A subtotal per share, the housing fund (FNPOS) by itself, and the total last."""
    sums: dict[str, int] = {}
    for line in lines:
        name = line["share"] if line["branch"] != "social_housing" else "social_housing"
        sums[name] = sums.get(name, 0) + line["amount_centimes"]
    ordered = [name for name in _SHARES if name in sums] + [name for name in sums if name not in _SHARES]
    total = {"label": pair(f"dues_{whole}"), "value": dinars(sum(sums.values()))}
    return [*({"label": known(f"share_{name}", name), "value": dinars(sums[name])} for name in ordered), total]


def held_reasons(dues: Facts, language: str) -> list[tuple[str, str]]:
    """(what holds the dues, what to do next) for each reason, in a language."""
    told = []
    for held in dues["held_because"]:
        reason, detail = held["reason"], printable(held["detail"])
        if f"held_{reason}" in table("dues"):
            said = sentence("dues", f"held_{reason}", language, details=detail)
            told.append((said, sentence("dues", f"next_{reason}", language, details=detail)))
        else:
            told.append((sentence("receipt", "held_other", language, reason=reason, detail=detail), ""))
    return told


def _held(dues: Facts, effect: str) -> dict[str, Any]:
    """What holds them, and of a DAC which bases, each perhaps with an amount that is an indication only."""
    french, arabic = (held_reasons(dues, language) for language in ("fr", "ar"))
    reasons = [
        {"said": {"fr": fr[0], "ar": ar[0]}, "next": {"fr": fr[1], "ar": ar[1]}}
        for fr, ar in zip(french, arabic, strict=True)
    ]
    bases = [_held_base(base) for base in dues.get("held", ())]
    return {"effect": pair(effect), "reasons": reasons, "bases": bases}


def _held_base(base: Facts) -> Pair:
    told = {"code": base["code"], "period": base["period"], "base": dinars(base["base_centimes"])}
    if base["indicative_centimes"] is None:
        return pair("held_base", "dues", **told)
    rate, amount = per_cent(base["total_rate"]), dinars(base["indicative_centimes"])
    return pair("indication", "dues", **told, rate=rate, amount=amount)


def dues_part(dues: Facts, paid: list[dict[str, Any]]) -> dict[str, Any]:
    """What is due, what is held, or both, side by side. `paid` stands behind the total."""
    if dues["state"] == "held":
        return {"title": pair("dues_held"), "held": _held(dues, "dues_held_effect"), "due": None}
    held = _held(dues, "dues_partly_held_effect") if dues["state"] == "partly_held" else None
    return {"title": pair("dues_section"), "held": held, "due": _due(dues, paid)}


def _due(dues: Facts, paid: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "columns": [pair(key) for key in ("branch", "share", "rate", "amount")],
        "base": pair("base"),
        "blocks": _blocks(dues["lines"]),
        "shares": [*_by_share(dues["lines"], "computed" if dues["state"] == "partly_held" else "total"), *paid],
    }
