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


def _values(tables: dict[str, Any], file: str = "contributions", name: str = "R22") -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = tables[file][name]["values"]
    return blocks


def _scheme(tables: dict[str, Any]) -> list[dict[str, Any]]:
    return _values(tables, "schemes", "complementary_finance_law_2015")


def _late(tables: dict[str, Any]) -> dict[str, Any]:
    return _values(tables, "surcharges", "late_das")[0]


def _announce(tables: dict[str, Any], times: int = 1, **facts: object) -> None:
    told = {"day": date(2026, 3, 19), "name": "eid_al_fitr", "off": True, "published_on": date(2026, 3, 18)}
    basis = {"source": "an announcement", "read_on": date(2026, 11, 25), "confidence": "firm"}
    tables["days_off"]["announced"] = times * [{**told, **basis, **facts}]


PLANTED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "source": (lambda t: _values(t)[0].update(source=" "), "no source"),
    "source missing": (lambda t: _values(t)[0].pop("source"), "keys"),
    "affiliation": (lambda t: _values(t, "affiliation", "AFFILIATION")[0].update(days=0), "amount 0"),
    "wage": (lambda t: _values(t, "minimum_wage", "SNMG")[0].update(dinars=-1), "amount -1"),
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
    "choice of a number": (lambda t: t["choices"]["certificate_days"].update(value=0), "choice"),
    "choice unsourced": (lambda t: t["choices"]["started_month"].update(source=""), "no source"),
    "deadline": (lambda t: _values(t, "deadlines", "das")[0].update(days=0), "amount 0"),
    "deadline in words": (lambda t: _values(t, "deadlines", "dac")[0].update(days="thirty"), "amount 'thirty'"),
    "deadlines overlap": (lambda t: _values(t, "deadlines", "das")[1].update({"from": date(1983, 7, 5)}), "two values"),
    "deadline gap": (lambda t: t["deadlines"]["das"].pop("before"), "gap"),
    "surcharge": (lambda t: _late(t).update(rate=15), "rate 15"),
    "surcharge of all": (lambda t: _late(t).update(rate=Decimal(100)), "rate"),
    "surcharge unsourced": (lambda t: _late(t).update(source="tbd"), "no source"),
    "published on another day": (lambda t: _late(t).update(published_on=date(2004, 11, 12)), "not the day of pub"),
    "gazette alone": (lambda t: _late(t).pop("published_on"), "gazette without"),
    "gazette in words": (lambda t: _late(t).update(gazette="the journal"), "gazette without"),
    "not found": (lambda t: t["not_found"]["code_list"].update(read_on=date(2000, 1, 1)), "read_on"),
    "not found, no meaning": (lambda t: t["not_found"]["code_list"].update(meaning=""), "no meaning"),
    "published later": (lambda t: _late(t).update(published_on=date(2099, 1, 1)), "published after"),
    "placeholder publication": (lambda t: _late(t).update(published_on=date(1970, 1, 1)), "placeholder"),
    "unknown key": (lambda t: _late(t).update(form="2004-11-13"), "keys"),
    "no meaning": (lambda t: t["surcharges"]["late_das"].update(meaning=""), "no meaning"),
    "scheme without end": (lambda t: _scheme(t)[0].update(until=date(9999, 12, 31)), "until"),
    "scheme ends first": (lambda t: _scheme(t)[0].update(until=date(2015, 7, 22)), "until"),
    "schemes overlap": (lambda t: _scheme(t)[0].update(until=date(2016, 4, 1)), "overlaps"),
    "scheme gap": (lambda t: _scheme(t)[0].update(until=date(2016, 3, 30)), "a gap after"),
    "scheme waives": (lambda t: _scheme(t)[0].update(waives=["contributions"]), "waives"),
    "scheme key": (lambda t: _scheme(t)[0].pop("needs_current_paid"), "keys"),
    "signature": (lambda t: _scheme(t)[0].update(signed_on=date(2015, 7, 22)), "not the day of signature"),
    "signed later": (lambda t: _values(t, "minimum_wage", "SNMG")[-1].update(signed_on=date(2026, 1, 9)), "before it"),
    "unit": (lambda t: _values(t, "terms", "formal_notice")[0]["value"].update(unit="weeks"), "unit"),
    "term": (lambda t: _values(t, "terms", "formal_notice")[0]["value"].update(amount=-1), "amount"),
    "term article": (lambda t: _values(t, "terms", "prescription")[0].update(article="law 08-08 art 79"), "article"),
    "contents": (lambda t: _values(t, "contents", "formal_notice")[0].pop("items"), "keys"),
    "weekend": (lambda t: t["days_off"]["weekend"]["values"][0].update(source=""), "no source"),
    "weekend overlap": (lambda t: t["days_off"]["weekend"]["values"].reverse(), "order"),
    "mistyped": (lambda t: t["days_off"].update(announce=[]), "days_off"),
    "announced twice": (lambda t: _announce(t, times=2), "twice"),
    "announced unsourced": (lambda t: _announce(t, source=""), "no source"),
    "announced placeholder": (lambda t: _announce(t, day=date(1970, 1, 1)), "1970-01-01"),
    "announced in words": (lambda t: _announce(t, off="yes"), "yes"),
    "announced later": (lambda t: _announce(t, published_on=date(2099, 1, 1)), "published on"),
    "total and split": (lambda t: t["contributions"]["R06"].update(values=_values(t)), "beside a split"),
    "total unknown": (lambda t: t["contributions"]["R06"]["total"].update(rate="unknown"), "does not agree"),
    "total known": (lambda t: t["contributions"]["R08"]["total"].update(rate=Decimal("19.50")), "does not agree"),
}


@pytest.mark.parametrize(
    ("file", "written", "wrong"),
    [
        ("choices", 'value = "kept"', 'value = "moved"'),
        ("choices", "value = 90", "value = 900"),
        ("surcharges", "rate = 15.00", "rate = 15"),
        ("deadlines", "from = 2020-01-01", 'from = "2020-01-01"'),
    ],
)
def test_the_loader_takes_nothing_that_is_not_of_the_form(file: str, written: str, wrong: str) -> None:
    texts = loader.texts()
    assert written in texts[file]
    with pytest.raises(ValueError, match=r"none of the values|not a rate|not a day"):
        loader.read({**texts, file: texts[file].replace(written, wrong)}, "planted")


def test_what_is_planted_below_has_no_other_fault() -> None:
    tables = copy.deepcopy(TABLES)
    _announce(tables)
    assert faults(tables, VERSION_DAY) == []


def test_every_file_has_a_planted_fault() -> None:
    touched = set()
    for plant, _ in PLANTED.values():
        tables = copy.deepcopy(TABLES)
        plant(tables)
        touched |= {name for name in TABLES if tables[name] != TABLES[name]}
    assert touched == set(loader.FILES)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_refused(name: str) -> None:
    plant, expected = PLANTED[name]
    tables = copy.deepcopy(TABLES)
    plant(tables)
    assert any(expected in fault for fault in faults(tables, VERSION_DAY))
