"""What other programs read of the rule book and the layouts is all that the engine has, and true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tasrih.declaration
from tasrih.declaration import rules as das
from tasrih.declaration.csv.headings import heading
from tasrih.declaration.dac import headings as dac_headings
from tasrih.declaration.dac import rules as dac
from tasrih.declaration.das.header import FIELDS
from tasrih.declaration.layout import FIXED
from tasrih.declaration.published.layouts import layouts
from tasrih.declaration.published.rules import rule_book
from tasrih.messages import LANGUAGES, table

from tests.declaration.pairs import HEADER

RULES = rule_book()["rules"]
LAYOUTS = layouts()["layouts"]
TABLES = {"das_csv": heading, "dac_csv": dac_headings.heading, "dac_nominal_csv": dac_headings.heading}


def test_every_finding_that_has_a_sentence_is_told() -> None:
    assert {rule["code"] for rule in RULES} == set(table("findings")) - set(dac.RETIRED)


def test_every_finding_that_the_code_can_give_is_told() -> None:
    sources = Path(tasrih.declaration.__file__).parent.rglob("*.py")
    used = {code for path in sources for code in re.findall(r'"([EW]\d{3})"', path.read_text("utf-8"))}
    assert used - {rule["code"] for rule in RULES} == set(dac.RETIRED)


@pytest.mark.parametrize(
    ("modules", "forms"),
    [
        (("das/*.py", "checks.py", "tally.py"), {"das"}),
        (("dac/*.py",), {"dac"}),
        (("csv/*.py", "handshake.py"), {"das", "dac"}),
    ],
)
def test_each_is_told_for_every_kind_of_declaration_that_can_get_it(modules: tuple[str, ...], forms: set[str]) -> None:
    folder = Path(tasrih.declaration.__file__).parent
    told: dict[str, set[str]] = {}
    for rule in RULES:
        told.setdefault(rule["code"], set()).update(forms if rule["form"] == "any" else {rule["form"]})
    sources = [path.read_text("utf-8") for module in modules for path in folder.glob(module)]
    used = {code for text in sources for code in re.findall(r'"([EW]\d{3})"', text)} - set(dac.RETIRED)
    of_lines_and_total_of_a_das = {"E405", "E541"}
    assert {code for code in used if not forms <= told[code]} <= of_lines_and_total_of_a_das


def test_each_stands_once_for_each_kind_of_declaration() -> None:
    told = [(rule["code"], rule["form"]) for rule in RULES]
    assert len(told) == len(set(told))
    assert {code for code, form in told if form == "any"}.isdisjoint(code for code, form in told if form != "any")


def test_each_has_a_source_and_sentences_and_depends_on_what_is_there() -> None:
    codes = {rule["code"] for rule in RULES}
    for rule in RULES:
        assert rule["source"]
        assert tuple(rule["sentences"]) == LANGUAGES
        assert set(rule["depends_on"]) < codes


def test_each_column_that_a_rule_reads_stands_in_a_layout() -> None:
    columns = {column["name"] for layout in LAYOUTS.values() for column in layout["columns"]}
    assert {column for rule in RULES for column in rule["columns"]} <= columns


def test_what_keeps_a_rule_silent_is_told() -> None:
    silent = {(rule["code"], rule["form"]): rule["depends_on"] for rule in RULES}
    assert silent["E306", "das"] == ["E204", "E207", "E203", "E302", "E301"]
    assert silent["E606", "dac"] == ["E601"]


def test_the_versions_are_those_of_the_verdicts() -> None:
    assert rule_book()["versions"] == {"das": das.RULES_VERSION, "dac": dac.RULES_VERSION}


def test_every_column_of_the_fixed_files_is_told_where_it_stands() -> None:
    for name, places in (("das_header", FIELDS), ("das_detail", FIXED.columns)):
        told = {each["name"]: (each["offset"], each["length"]) for each in LAYOUTS[name]["columns"]}
        assert told == {column: tuple(place) for column, place in places.items()}
        assert all(each["position"] == each["offset"] + 1 for each in LAYOUTS[name]["columns"])


def test_a_header_taken_apart_by_the_layout_says_what_it_says() -> None:
    line = HEADER
    told = {
        each["name"]: line[each["offset"] : each["offset"] + each["length"]].strip()
        for each in LAYOUTS["das_header"]["columns"]
    }
    assert (told["employer"], told["type"], len(line)) == (line[:10], line[10], LAYOUTS["das_header"]["length"])
    assert told["workers"].isdigit()


@pytest.mark.parametrize("name", TABLES)
def test_every_heading_told_is_taken_for_its_column(name: str) -> None:
    for column in LAYOUTS[name]["columns"]:
        for text in column["headings"].values():
            taken = TABLES[name](text)
            assert (taken.column, taken.scale) == (column["name"], 100 if column["unit"] else 0), text


def test_every_column_of_a_dac_is_told() -> None:
    told = {column["name"] for name in ("dac_csv", "dac_nominal_csv") for column in LAYOUTS[name]["columns"]}
    assert {column for column, _ in dac_headings.known().values()} <= told | {"birth", *dac_headings.STATED}
