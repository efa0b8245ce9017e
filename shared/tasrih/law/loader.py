"""From the dated, sourced TOML files to a `LawBook`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any, TypeVar

from tasrih.law.book import Amount, LawBook
from tasrih.law.calendar import Announced, Calendar
from tasrih.law.values import Basis, Choice, Dated, Rate, ReducedCode, Scheme, Series
from tasrih.vocabulary.money import Centimes

T = TypeVar("T")

FILES = (
    "affiliation",
    "choices",
    "contents",
    "contributions",
    "days_off",
    "deadlines",
    "minimum_wage",
    "not_found",
    "schemes",
    "surcharges",
    "terms",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNKNOWN = "unknown"

Table = Mapping[str, Any]
"""What TOML gives; tests hold its content to the written form."""


def texts() -> dict[str, str]:
    """The data files as they lie in the package: name -> text."""
    folder = resources.files(__package__).joinpath("data")
    return {name: folder.joinpath(f"{name}.toml").read_text("utf-8") for name in FILES}


def digest(files: Mapping[str, str]) -> str:
    """Eight hexadecimal digits that change with any character of the data."""
    return hashlib.sha256("\x00".join(f"{name}\x00{files[name]}" for name in FILES).encode()).hexdigest()[:8]


def read(files: Mapping[str, str], version: str) -> LawBook:
    """Raises KeyError or ValueError when a file does not have the written form."""
    tables = {name: tomllib.loads(text, parse_float=Decimal) for name, text in files.items()}
    codes = tables["contributions"]
    return LawBook(
        version=version,
        contributions={code: _series(table, _rates(code)) for code, table in codes.items()},
        reduced_codes={code: _reduced(code, table["total"]) for code, table in codes.items() if "total" in table},
        minimum_wages=_series(tables["minimum_wage"]["SNMG"], _wage),
        affiliation_days=_series(tables["affiliation"]["AFFILIATION"], _days),
        deadline_days={what: _series(table, _days) for what, table in tables["deadlines"].items()},
        surcharges={name: _series(table, _rate) for name, table in tables["surcharges"].items()},
        terms={name: _series(table, _amount) for name, table in tables["terms"].items()},
        contents={name: _series(table, _items) for name, table in tables["contents"].items()},
        scheme_windows={name: _series(table, _scheme(name)) for name, table in tables["schemes"].items()},
        calendar=_calendar(tables["days_off"]),
        not_found={name: _day(table["read_on"]) for name, table in tables["not_found"].items()},
        choices={name: choice_of(name, table) for name, table in tables["choices"].items()},
    )


def _series(table: Table, value_of: Callable[[Table, Basis], T | None]) -> Series[T]:
    dated = []
    for block in table["values"]:
        basis = _basis(block)
        dated.append(Dated(_day(block["from"]), value_of(block, basis), basis))
    return tuple(sorted(dated, key=lambda one: one.valid_from))


def _basis(block: Table) -> Basis:
    return Basis(
        source=block["source"],
        article=block["article"],
        confidence=block["confidence"],
        read_on=_day(block["read_on"]),
        published_on=_day(block["published_on"]) if "published_on" in block else None,
        gazette=block.get("gazette", UNKNOWN),
        from_known_to=block["from_known_to"],
        signed_on=_day(block["signed_on"]) if "signed_on" in block else None,
    )


def _rates(code: str) -> Callable[[Table, Basis], tuple[Rate, ...] | None]:
    def rates(block: Table, basis: Basis) -> tuple[Rate, ...] | None:
        if block["rates"] == UNKNOWN:
            return None
        return tuple(
            Rate(
                code=code,
                branch=row["branch"],
                share=row["share"],
                rate=_decimal(row["rate"]),
                article=basis.article,
                source=basis.source,
                valid_from=_day(block["from"]),
                confidence=basis.confidence,
            )
            for row in block["rates"]
        )

    return rates


def _wage(block: Table, _: Basis) -> Centimes | None:
    return None if block["dinars"] == UNKNOWN else Centimes(int(block["dinars"]) * 100)


def _days(block: Table, _: Basis) -> int | None:
    return None if block["days"] == UNKNOWN else int(block["days"])


def _rate(block: Table, _: Basis) -> Decimal | None:
    return None if block["rate"] == UNKNOWN else _decimal(block["rate"])


def _amount(block: Table, _: Basis) -> Amount | None:
    value = block["value"]
    return None if value == UNKNOWN else (int(value["amount"]), str(value["unit"]))


def _items(block: Table, _: Basis) -> tuple[str, ...] | None:
    return None if block["items"] == UNKNOWN else tuple(block["items"])


def _scheme(name: str) -> Callable[[Table, Basis], Scheme]:
    def scheme(block: Table, basis: Basis) -> Scheme:
        return Scheme(
            name=name,
            article=basis.article,
            open_from=_day(block["from"]),
            open_until=_day(block["until"]),
            waives=tuple(block["waives"]),
            waived_after_last_instalment=bool(block["waived_after_last_instalment"]),
            needs_current_paid=bool(block["needs_current_paid"]),
            source=basis.source,
            confidence=basis.confidence,
        )

    return scheme


def _calendar(table: Table) -> Calendar:
    return Calendar(
        weekends=_series(table["weekend"], _weekdays),
        announced={_day(each["day"]): _announced(each) for each in table.get("announced", ())},
    )


def _weekdays(block: Table, _: Basis) -> tuple[int, ...]:
    return tuple(WEEKDAYS.index(name) for name in block["weekdays"])


def _announced(each: Table) -> Announced:
    return Announced(each["name"], bool(each["off"]), each["source"], each["confidence"], _day(each["published_on"]))


def _reduced(code: str, total: Table) -> ReducedCode:
    rate = None if total["rate"] == UNKNOWN else _decimal(total["rate"])
    return ReducedCode(
        code, rate, tuple(total["unknown"]), total["source"], _day(total["read_on"]), total["confidence"]
    )


def choice_of(name: str, table: Table) -> Choice:
    """Raises ValueError for a value that it may not have."""
    may_be = table["may_be"]
    if isinstance(may_be, Mapping):
        may_be = range(may_be["least"], may_be["most"] + 1)
    allowed, value = tuple(str(each) for each in may_be), str(table["value"])
    choice = Choice(name, value, allowed, table["reason"], table["source"], table["confidence"])
    return choice.being(value)


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(f"not a day: {value!r}")
    return value


def _decimal(value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise ValueError(f"not a rate with its decimals: {value!r}")
    return value
