"""Is every value of the law dated, sourced and without hole, and does the version follow it?"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tasrih import law
from tasrih.assessment.rounding import ROUNDINGS
from tasrih.law import loader

from tests.law.data_faults import faults

VERSION_DAY = date.fromisoformat(law.LAW_VERSION.partition(".")[0])
TABLES = {name: tomllib.loads(text, parse_float=Decimal) for name, text in loader.texts().items()}


def test_the_data_has_no_fault() -> None:
    assert faults(TABLES, VERSION_DAY) == []


def test_the_version_names_the_digest_of_the_data() -> None:
    digest = loader.digest(loader.texts())
    assert law.LAW_VERSION.endswith(f".{digest}"), (
        f"the law data changed: set LAW_VERSION to the day of the change and .{digest}"
    )


def test_any_changed_character_changes_the_digest() -> None:
    texts = loader.texts()
    for name in texts:
        assert loader.digest({**texts, name: texts[name] + " "}) != loader.digest(texts)


def test_the_loader_reads_every_file_of_the_folder() -> None:
    from importlib import resources

    names = {item.name for item in resources.files("tasrih.law").joinpath("data").iterdir()}
    assert names == {f"{name}.toml" for name in loader.FILES}


def test_each_rounding_that_may_be_chosen_exists() -> None:
    assert set(law.choice("rounding").may_be) == set(ROUNDINGS)


def _values(tables: dict[str, Any]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = tables["contributions"]["R22"]["values"]
    return blocks


PLANTED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "source": (lambda t: _values(t)[0].update(source=" "), "no source"),
    "source missing": (lambda t: _values(t)[0].pop("source"), "keys"),
    "placeholder": (lambda t: t["minimum_wage"]["SNMG"]["values"][0].update({"from": date(1970, 1, 1)}), "placeholder"),
    "far future": (lambda t: _values(t)[1].update({"from": date(9999, 12, 31)}), "placeholder"),
    "read_on": (lambda t: _values(t)[0].update(read_on=date(2000, 1, 1)), "read_on"),
    "read later": (lambda t: _values(t)[0].update(read_on=date(2099, 1, 1)), "read_on"),
    "overlap": (lambda t: _values(t)[0].update({"from": _values(t)[1]["from"]}), "two values from"),
    "order": (lambda t: _values(t).reverse(), "order"),
    "gap": (lambda t: t["contributions"]["R22"].pop("before"), "gap"),
    "float": (lambda t: _values(t)[0]["rates"][0].update(rate=11.5), "rate"),
    "doubled": (lambda t: _values(t)[0]["rates"].append(_values(t)[0]["rates"][0]), "twice"),
    "share": (lambda t: _values(t)[0]["rates"][0].update(share="state"), "no branch and share"),
    "weak but firm": (lambda t: _values(t)[0].update(confidence="firm"), "firm on"),
    "confidence": (lambda t: _values(t)[0].update(confidence="sure"), "confidence"),
    "article": (lambda t: _values(t)[0].update(article="see above"), "article"),
    "no reason": (lambda t: t["choices"]["rounding"].update(reason=""), "no reason"),
    "choice": (lambda t: t["choices"]["rounding"].update(value="up"), "choice"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_refused(name: str) -> None:
    plant, expected = PLANTED[name]
    tables = copy.deepcopy(TABLES)
    plant(tables)
    assert any(expected in fault for fault in faults(tables, VERSION_DAY))
