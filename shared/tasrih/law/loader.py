"""From the dated, sourced TOML files to a `LawBook`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any, TypeVar

from tasrih.law.book import Basis, Choice, Dated, LawBook, Rate, Series
from tasrih.vocabulary.money import Centimes

T = TypeVar("T")

FILES = ("affiliation", "choices", "contributions", "minimum_wage")
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
        totals={code: table["total"]["rate"] for code, table in codes.items() if _total_known(table)},
        minimum_wages=_series(tables["minimum_wage"]["SNMG"], _wage),
        affiliation_days=_series(tables["affiliation"]["AFFILIATION"], _days),
        choices={name: _choice(name, table) for name, table in tables["choices"].items()},
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


def _total_known(table: Table) -> bool:
    return "total" in table and table["total"]["rate"] != UNKNOWN


def _choice(name: str, table: Table) -> Choice:
    if table["value"] not in table["may_be"]:
        raise ValueError(f"{name}: {table['value']!r} is none of the values it may have")
    return Choice(name, table["value"], tuple(table["may_be"]), table["reason"], table["source"], table["confidence"])


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(f"not a day: {value!r}")
    return value


def _decimal(value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise ValueError(f"not a rate with its decimals: {value!r}")
    return value
