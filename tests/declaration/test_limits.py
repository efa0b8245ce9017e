"""The figures that lines are compared with are dated and sourced, and only warn."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import tasrih.declaration
from tasrih.declaration.limits import by_unit, lowest_wages

from tests.declaration.pairs import FIRST, HEADER, SECOND, detail, examined, found, put

FIGURES = tomllib.loads((Path(tasrih.declaration.__file__).parent / "limits.toml").read_text("utf-8"))


def test_every_figure_has_its_day_its_source_and_how_sure_it_is() -> None:
    for name, entries in FIGURES.items():
        for entry in entries:
            assert set(entry) == {"unit", "from", "value", "source", "read_on", "confidence"}, name
            assert isinstance(entry["from"], date)
            assert len(entry["source"]) > 10
            assert entry["confidence"] in ("firm", "provisional")


def test_no_unit_has_two_figures_from_one_day() -> None:
    for entries in FIGURES.values():
        days = [(entry["unit"], entry["from"]) for entry in entries]
        assert len(days) == len(set(days))


def test_the_starting_caps_of_a_quarter() -> None:
    assert by_unit("duration_cap", 2019) == {"J": 90, "H": 520, "M": 3}


def test_the_lowest_minimum_wage_of_each_quarter_is_taken() -> None:
    """It rose on 1 June 2020, inside the second quarter."""
    assert lowest_wages(2020) == (1_800_000, 1_800_000, 2_000_000, 2_000_000)


def test_where_the_minimum_wage_is_not_known_nothing_is_said_of_it() -> None:
    assert lowest_wages(1950) is None


def test_the_minimum_wage_for_a_full_quarter_of_hours_is_enough() -> None:
    """520 hours are a little more than three months of 173.33: a full quarter owes three months, not more."""
    header = HEADER.replace("14400000        14400000", "10800000        14400000", 1).replace("54000000", "50400000")
    line = put(FIRST, duration_q1="520", unit_q1="H", base_q1="5400000", base_year="32400000")
    assert found(examined(header, detail(line, SECOND))) == []
    below = put(line, base_q1="5399999", base_year="32399999")
    assert ("W304", "S", 1, "base_q1") in found(examined(header, detail(below, SECOND)))
