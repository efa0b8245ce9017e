"""From a receipt's facts to the words and figures on its page, Arabic and French side by side."""

from __future__ import annotations

import re
from typing import Any

from tasrih.assessment.explain import article_name
from tasrih.correspondence.facts import Facts, day
from tasrih.messages import sentence, table
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars
from tasrih.vocabulary.period import Period

Pair = dict[str, str]
"""{"fr": …, "ar": …}"""

_UNPRINTABLE = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u0377\u038e-\u03a1\u03a3-\u03e1\u0400-\u052f\u1e00-\u1eff\u200c\u200d"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u0606-\u061b\u061e-\u06ff\u0750-\u077f\ufb50-\ufbc1\ufbd3-\ufd3f"
    "\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdfd\ufe70-\ufe74\ufe76-\ufefc\ufffd]"
)
"""What the four fonts have no glyph for; the page shows U+FFFD there, the facts keep the name as it is."""
_LONG_WORD = re.compile(r"\S{25,}")
_JOINT = re.compile(r"(?<=[_.,;()-])(?=\w)")
_BREAK = "\u200b"
_SHARES = ("employer", "worker", "social_works")


def _pair(key: str, subject: str = "receipt", **values: object) -> Pair:
    return {language: sentence(subject, key, language, **values) for language in ("fr", "ar")}


def _known(key: str, otherwise: str) -> Pair:
    """The receipt's own short words, else those of the dues; the code itself when law or forms bring a new one."""
    for subject in ("receipt", "dues"):
        if key in table(subject):
            return _pair(key, subject)
    return {"fr": otherwise, "ar": otherwise}


def printable(text: str) -> str:
    """Fit for the page: signs without a glyph replaced, long words breakable."""
    shown = _UNPRINTABLE.sub("\ufffd", text)
    return _LONG_WORD.sub(lambda word: _breakable(word[0]), shown)


def _breakable(word: str) -> str:
    pieces = _JOINT.split(word)
    return _BREAK.join(piece[at : at + 20] for piece in pieces for at in range(0, len(piece), 20))


def right_to_left(text: str) -> bool:
    """By its first letter, as Unicode tells a paragraph's direction."""
    first = next((sign for sign in text if sign.isalpha()), "")
    return "\u0590" <= first <= "\u08ff" or "\ufb1d" <= first <= "\ufefc"


def _cell(key: str, value: str, **words: Pair) -> dict[str, Any]:
    shown = printable(value)
    return {"label": _pair(key), "value": shown, "rtl": right_to_left(shown), **words}


def _employer(facts: Facts) -> dict[str, Any]:
    names = [printable(facts[key]) for key in ("entity_name", "entity_name_ar") if facts[key]]
    cells = [
        _cell("employer", spaced_employer(facts["employer"])),
        _cell("agency", facts["agency"]),
        _cell("centre", facts["centre"]),
    ]
    return {
        "title": _pair("employer_section"),
        "names": [{"value": name, "rtl": right_to_left(name)} for name in names],
        "cells": [cell for cell in cells if cell["value"]],
    }


def _filing(facts: Facts) -> dict[str, Any]:
    cells = [
        _cell("period", facts["period"]),
        _cell("type", facts["type"], words=_known(f"type_{facts['type']}", "")),
        _cell("version", str(facts["version"])),
        _cell("lines", _grouped(facts["lines"])),
        _cell("replaces", facts["replaces"]),
    ]
    return {"title": _pair("filing_section"), "cells": [cell for cell in cells if cell["value"]]}


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _totals(facts: Facts) -> dict[str, Any]:
    quarters = facts["quarters_centimes"]
    cells = [{"label": _pair("quarter", quarter=n), "value": dinars(base)} for n, base in enumerate(quarters, 1)]
    return {
        "title": _pair("totals_section"),
        "cells": [*cells, {"label": _pair("year"), "value": dinars(facts["base_centimes"])}],
    }


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
    doubt = None if row["confidence"] == "firm" else _known(f"confidence_{row['confidence']}", "")
    return {
        "code": row["code"],
        "months": "" if whole else _months(row["periods"]),
        "base": dinars(row["base_centimes"]),
        "name": _known(f"code_{row['code']}", ""),
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
        "branch": _known(f"branch_{row['branch']}", row["branch"]),
        "share": _known(f"share_{row['share']}", row["share"]),
        "rate": row["rate"].replace(".", ",") + "\u00a0%",
        "amount": dinars(row["amount_centimes"]),
    }


def _by_share(lines: list[Facts]) -> list[dict[str, Any]]:
    """A subtotal per share, the housing fund (FNPOS) by itself, and the total last."""
    sums: dict[str, int] = {}
    for line in lines:
        name = line["share"] if line["branch"] != "social_housing" else "social_housing"
        sums[name] = sums.get(name, 0) + line["amount_centimes"]
    ordered = [name for name in _SHARES if name in sums] + [name for name in sums if name not in _SHARES]
    total = {"label": _pair("dues_total"), "value": dinars(sum(sums.values()))}
    return [*({"label": _known(f"share_{name}", name), "value": dinars(sums[name])} for name in ordered), total]


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


def _dues(dues: Facts) -> dict[str, Any]:
    if dues["state"] != "computed":
        french, arabic = (held_reasons(dues, language) for language in ("fr", "ar"))
        reasons = [
            {"said": {"fr": fr[0], "ar": ar[0]}, "next": {"fr": fr[1], "ar": ar[1]}}
            for fr, ar in zip(french, arabic, strict=True)
        ]
        return {"held": True, "title": _pair("dues_held"), "effect": _pair("dues_held_effect"), "reasons": reasons}
    return {
        "held": False,
        "title": _pair("dues_section"),
        "columns": [_pair(key) for key in ("branch", "share", "rate", "amount")],
        "base": _pair("base"),
        "blocks": _blocks(dues["lines"]),
        "shares": _by_share(dues["lines"]),
    }


def _files(facts: Facts) -> dict[str, Any]:
    return {
        "title": _pair("files_section"),
        "columns": [_pair(key) for key in ("file_name", "fingerprint", "file_lines", "file_size")],
        "rows": [
            {
                "name": printable(file["name"]),
                "rtl": right_to_left(file["name"]),
                "lines": _grouped(file["lines"]),
                "size": _grouped(file["size"]),
                "sha256": file["sha256"],
            }
            for file in facts["files"]
        ],
    }


def _notes(facts: Facts) -> list[Pair]:
    notes = []
    if facts["assumed_code"]:
        notes.append(_pair("assumed_code", code=facts["assumed_code"]))
    versions = {"rules": facts["rules_version"], "law": facts["law_version"]}
    rounding = facts["dues"]["rounding"]
    if rounding:
        words = _known(f"rounding_{rounding}", rounding)
        notes.append(
            {
                language: sentence("receipt", "versions", language, rounding=words[language], **versions)
                for language in ("fr", "ar")
            }
        )
    else:
        notes.append(_pair("versions_held", **versions))
    return [*notes, _pair("verify"), _pair("not_official")]


def page(facts: Facts) -> dict[str, Any]:
    """All that the page template shows. Raises KeyError when the facts are no receipt's."""
    arrived = facts["arrived_at"]
    return {
        "title": _pair("title"),
        "kind": _known(f"kind_{facts['kind']}", facts["kind"]),
        "period": facts["period"],
        "number": {"label": _pair("number"), "value": facts["number"]},
        "arrived": {"label": _pair("arrived_at"), "value": f"{day(arrived)}  {arrived[11:19]}"},
        "day": [int(part) for part in arrived[:10].split("-")],
        "alt": " / ".join(_pair("qr_alt", number=facts["number"]).values()),
        "employer": _employer(facts),
        "filing": _filing(facts),
        "totals": _totals(facts),
        "dues": _dues(facts["dues"]),
        "files": _files(facts),
        "notes": _notes(facts),
        "page": _pair("page", page="{page}", pages="{pages}"),
    }
