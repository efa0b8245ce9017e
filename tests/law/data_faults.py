"""What makes law data unfit: looked for in the TOML itself, so that no loader can hide it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

PLACEHOLDERS = {date(1, 1, 1), date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1), date(9999, 12, 31)}
BLOCK_KEYS = {"from", "from_known_to", "published_on", "source", "article", "gazette", "read_on", "confidence"}
NEEDED = {"from", "from_known_to", "source", "article", "read_on", "confidence"}
ARTICLE = re.compile(r"unknown|(law|ordinance|(legislative |executive |presidential )?decree) \d\d-\d+")
SHARES = {"employer", "worker", "social_works"}
BRANCHES = {"social_insurance", "work_accidents", "retirement", "unemployment", "early_retirement", "social_housing"}


def faults(tables: dict[str, dict[str, Any]], version_day: date) -> list[str]:
    """One sentence for each fault; `version_day` is the day the data was last changed."""
    found: list[str] = []
    for name, table in {**tables["contributions"], **tables["minimum_wage"], **tables["affiliation"]}.items():
        found += [f"{name}: {fault}" for fault in _series_faults(table, version_day)]
    for name, table in tables["contributions"].items():
        for block in table["values"]:
            found += [f"{name}: {fault}" for fault in _rate_faults(block["rates"])]
        if "total" in table:
            found += [f"{name} total: {fault}" for fault in _basis_faults(table["total"], version_day)]
    for name, choice in tables["choices"].items():
        found += [f"{name}: {fault}" for fault in _choice_faults(choice, version_day)]
    return found


def _series_faults(table: dict[str, Any], version_day: date) -> list[str]:
    found = [] if table.get("before") == "unknown" else ["a gap before the first day that is not written unknown"]
    days = Counter(block.get("from") for block in table["values"])
    found += [f"two values from {day}" for day, times in days.items() if times > 1]
    if list(days) != sorted(days):
        found.append("blocks are not in the order of their days")
    for block in table["values"]:
        figure = set(block) - BLOCK_KEYS
        if not set(block) >= NEEDED or len(figure) != 1:
            found.append(f"keys: {sorted(set(block) ^ NEEDED)}")
            continue
        found += _basis_faults(block, version_day)
        if block["from"] in PLACEHOLDERS or not date(1983, 7, 2) <= block["from"] <= date(2100, 1, 1):
            found.append(f"placeholder day {block['from']}")
        if not ARTICLE.fullmatch(block["article"]):
            found.append(f"article {block['article']!r} has no known form")
        if block["from_known_to"] not in {"day", "year", "at_least", "recalled"}:
            found.append(f"from_known_to {block['from_known_to']!r}")
        if block["from_known_to"] == "recalled" and block["confidence"] == "firm":
            found.append("firm on a recalled day")
        if block.get("published_on", version_day) > version_day:
            found.append("published after the data was written")
    return found


def _basis_faults(block: dict[str, Any], version_day: date) -> list[str]:
    found = []
    if len(block.get("source", "").strip()) < 5 or block["source"].strip().lower() in {"unknown", "todo", "tbd"}:
        found.append("no source")
    if block.get("confidence") not in {"firm", "provisional"}:
        found.append(f"confidence {block.get('confidence')!r}")
    if re.search("recalled|one weak|vendor$", block.get("source", "").lower()) and block.get("confidence") == "firm":
        found.append("firm on a weak source")
    read_on = block.get("read_on")
    if not isinstance(read_on, date) or read_on in PLACEHOLDERS or not date(2024, 1, 1) <= read_on <= version_day:
        found.append(f"read_on {read_on}")
    return found


def _rate_faults(rates: Any) -> list[str]:
    if rates == "unknown":
        return []
    found = []
    if len({(row["branch"], row["share"]) for row in rates}) != len(rates):
        found.append("a branch and share twice")
    for row in rates:
        if row["branch"] not in BRANCHES or row["share"] not in SHARES:
            found.append(f"{row['branch']}/{row['share']} is no branch and share")
        if not isinstance(row["rate"], Decimal) or not 0 < row["rate"] < 100:
            found.append(f"rate {row['rate']!r}")
    return found


def _choice_faults(choice: dict[str, Any], version_day: date) -> list[str]:
    found = _basis_faults(choice, version_day)
    if choice["value"] not in choice["may_be"] or len(choice["may_be"]) < 2:
        found.append("a choice without a choice")
    if len(choice.get("reason", "")) < 20:
        found.append("no reason")
    return found
