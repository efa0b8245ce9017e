"""What makes law data unfit: looked for in the TOML itself, so that no loader can hide it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

PLACEHOLDERS = {date(1, 1, 1), date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1), date(9999, 12, 31)}
NEEDED = {"from", "from_known_to", "source", "article", "read_on", "confidence"}
BLOCK_KEYS = NEEDED | {"published_on", "signed_on", "gazette"}
FIGURES = {
    "affiliation": {"days"},
    "contents": {"items"},
    "contributions": {"rates"},
    "deadlines": {"days"},
    "minimum_wage": {"dinars"},
    "schemes": {"until", "waives", "waived_after_last_instalment", "needs_current_paid"},
    "surcharges": {"rate"},
    "terms": {"value"},
    "weekend": {"weekdays"},
}
"""File -> what a block says beside what it rests on."""
NUMBERS = ("affiliation", "deadlines", "minimum_wage", "surcharges", "terms")
KNOWN_TO = {"day", "publication", "signature", "year", "at_least", "recalled"}
ARTICLE = re.compile(
    r"unknown|(law|ordinance|(legislative |executive |presidential )?decree) \d\d-\d+"
    r"(, article \d+|, articles \d+ (to|and) \d+)?"
)
GAZETTE = re.compile(r"JO \d+(, p\. \d+)?")
UNITS = {"days", "years", "workers", "centimes", "per_cent"}
SHARES = {"employer", "worker", "social_works"}
BRANCHES = {"social_insurance", "work_accidents", "retirement", "unemployment", "early_retirement", "social_housing"}


def faults(tables: dict[str, dict[str, Any]], version_day: date) -> list[str]:
    """One sentence for each fault; `version_day` is the day the data was last changed."""
    found: list[str] = []
    series = {**tables, "weekend": {"weekend": tables["days_off"]["weekend"]}}
    for file, figures in FIGURES.items():
        for name, table in series[file].items():
            found += [f"{name}: {fault}" for fault in _series_faults(table, figures, version_day)]
    for name, table in tables["contributions"].items():
        for block in table["values"]:
            found += [f"{name}: {fault}" for fault in _rate_faults(block.get("rates", "unknown"))]
        if "total" in table:
            found += [f"{name} total: {fault}" for fault in _total_faults(table, version_day)]
    numbers = [pair for file in NUMBERS for pair in tables[file].items()]
    for name, table in numbers:
        found += [f"{name}: {fault}" for block in table["values"] for fault in _figure_faults(block)]
    for name, table in tables["schemes"].items():
        found += [f"{name}: {fault}" for fault in _scheme_faults(table["values"], set(tables["surcharges"]))]
    found += [f"days_off: {fault}" for fault in _announced_faults(tables["days_off"], version_day)]
    for name, table in tables["not_found"].items():
        found += [f"{name}: {fault}" for fault in _not_found_faults(table, version_day)]
    for name, choice in tables["choices"].items():
        found += [f"{name}: {fault}" for fault in _choice_faults(choice, version_day)]
    return found


def _series_faults(table: dict[str, Any], figures: set[str], version_day: date) -> list[str]:
    found = [] if table.get("before") == "unknown" else ["a gap before the first day that is not written unknown"]
    if len(table.get("meaning", "")) < 10:
        found.append("no meaning")
    days = Counter(block.get("from") for block in table["values"])
    found += [f"two values from {day}" for day, times in days.items() if times > 1]
    if list(days) != sorted(days):
        found.append("blocks are not in the order of their days")
    for block in table["values"]:
        if not NEEDED | figures <= set(block) <= BLOCK_KEYS | figures:
            found.append(f"keys: {sorted(set(block) ^ (NEEDED | figures))}")
        else:
            found += _basis_faults(block, version_day) + _dating_faults(block, version_day)
    return found


def _dating_faults(block: dict[str, Any], version_day: date) -> list[str]:
    found = []
    first, published, signed = block["from"], block.get("published_on"), block.get("signed_on")
    for day in (first, published or first, signed or first):
        if day in PLACEHOLDERS or not date(1983, 7, 2) <= day <= date(2100, 1, 1):
            found.append(f"placeholder day {day}")
    if not ARTICLE.fullmatch(block["article"]):
        found.append(f"article {block['article']!r} has no known form")
    if block["from_known_to"] not in KNOWN_TO:
        found.append(f"from_known_to {block['from_known_to']!r}")
    if block["from_known_to"] == "recalled" and block["confidence"] == "firm":
        found.append("firm on a recalled day")
    return found + _publication_faults(block, version_day)


def _publication_faults(block: dict[str, Any], version_day: date) -> list[str]:
    found = []
    first, published, signed = block["from"], block.get("published_on"), block.get("signed_on")
    if block["from_known_to"] == "publication" and published != first:
        found.append("from is not the day of publication")
    if block["from_known_to"] == "signature" and signed != first:
        found.append("from is not the day of signature")
    if published and published > version_day:
        found.append("published after the data was written")
    if published and signed and signed > published:
        found.append("published before it was signed")
    if "gazette" in block and not (published and GAZETTE.fullmatch(block["gazette"])):
        found.append("a gazette without its number and day")
    return found


def _not_found_faults(table: dict[str, Any], version_day: date) -> list[str]:
    found = [] if len(table["meaning"]) > 10 and set(table) == {"meaning", "read_on"} else ["no meaning"]
    return found + _read_faults(table, version_day)


def _basis_faults(block: dict[str, Any], version_day: date) -> list[str]:
    found = _read_faults(block, version_day)
    if len(block.get("source", "").strip()) < 5 or block["source"].strip().lower() in {"unknown", "todo", "tbd"}:
        found.append("no source")
    if block.get("confidence") not in {"firm", "provisional"}:
        found.append(f"confidence {block.get('confidence')!r}")
    if re.search("recalled|one weak|vendor$", block.get("source", "").lower()) and block.get("confidence") == "firm":
        found.append("firm on a weak source")
    return found


def _read_faults(block: dict[str, Any], version_day: date) -> list[str]:
    read_on = block.get("read_on")
    read = isinstance(read_on, date) and read_on not in PLACEHOLDERS and date(2024, 1, 1) <= read_on <= version_day
    return [] if read else [f"read_on {read_on}"]


def _rate_faults(rates: Any) -> list[str]:
    if rates == "unknown":
        return []
    found = []
    if len({(row["branch"], row["share"]) for row in rates}) != len(rates):
        found.append("a branch and share twice")
    for row in rates:
        if row["branch"] not in BRANCHES or row["share"] not in SHARES:
            found.append(f"{row['branch']}/{row['share']} is no branch and share")
        found += _per_cent_faults(row["rate"])
    return found


def _total_faults(table: dict[str, Any], version_day: date) -> list[str]:
    total = table["total"]
    found = _basis_faults(total, version_day)
    if table["values"] or not set(total["unknown"]) <= {"total", "split", "from"}:
        found.append("a total beside a split, or unknown what is not")
    if ("total" in total["unknown"]) != (total["rate"] == "unknown"):
        found.append("what is unknown of it does not agree with its rate")
    return found + (_per_cent_faults(total["rate"]) if total["rate"] != "unknown" else [])


def _figure_faults(block: dict[str, Any]) -> list[str]:
    (figure,) = (block[key] for key in ("rate", "days", "dinars", "value") if key in block)
    if figure == "unknown":
        return []
    if "rate" in block:
        return _per_cent_faults(figure)
    amount = figure
    if isinstance(figure, dict):
        if figure.get("unit") not in UNITS:
            return [f"unit {figure.get('unit')!r}"]
        amount = figure.get("amount")
    return [] if type(amount) is int and amount > 0 else [f"amount {amount!r}"]


def _per_cent_faults(rate: Any) -> list[str]:
    return [] if isinstance(rate, Decimal) and 0 < rate < 100 else [f"rate {rate!r}"]


def _scheme_faults(blocks: list[dict[str, Any]], surcharges: set[str]) -> list[str]:
    found = []
    for block in blocks:
        if not block["from"] <= block["until"] <= date(2100, 1, 1):
            found.append(f"until {block['until']}")
        if not block["waives"] or not set(block["waives"]) <= surcharges:
            found.append(f"waives {block['waives']}")
    for before, after in pairwise(blocks):
        if after["from"] <= before["until"]:
            found.append(f"overlaps until {before['until']}")
        elif (after["from"] - before["until"]).days > 1:
            found.append(f"a gap after {before['until']}")
    return found


def _announced_faults(days_off: dict[str, Any], version_day: date) -> list[str]:
    announced = days_off.get("announced", [])
    found = [] if set(days_off) <= {"weekend", "announced"} else [f"keys: {sorted(days_off)}"]
    days = Counter(each["day"] for each in announced)
    found += [f"{day} twice" for day, times in days.items() if times > 1]
    for each in announced:
        found += _basis_faults(each, version_day)
        if not date(1983, 7, 2) <= each["day"] <= date(2100, 1, 1) or not isinstance(each["off"], bool):
            found.append(f"{each['day']} {each['off']}")
        if not date(1983, 7, 2) < each["published_on"] <= version_day:
            found.append(f"published on {each['published_on']}")
    return found


def _choice_faults(choice: dict[str, Any], version_day: date) -> list[str]:
    found, may_be = _basis_faults(choice, version_day), choice["may_be"]
    allowed = range(may_be["least"], may_be["most"] + 1) if isinstance(may_be, dict) else may_be
    if choice["value"] not in allowed or len(allowed) < 2:
        found.append("a choice without a choice")
    if len(choice.get("reason", "")) < 20:
        found.append("no reason")
    return found
