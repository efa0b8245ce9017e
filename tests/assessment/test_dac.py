"""Dues of a DAC: each code by itself; what is known is computed, what is not is held beside it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tasrih import law
from tasrih.assessment import (
    DAC_HELD_REASONS,
    assess_dac,
    assess_das,
    compare_with_dues,
    explain,
    held_sentences,
    still_to_pay,
)
from tasrih.declaration.sent import CodeBase, Dac
from tasrih.messages import LANGUAGES, sentence
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(FOLDER.glob("dac_*.toml"))
WORK = re.compile(r"(R\d\d) (\w+) (\w+) +: +(\d+\.\d\d) x +(\d+\.\d\d) % = +(\d+\.\d\d)")
MARCH = Period.parse("2026-03")
QUARTER = Period.parse("2026-Q1")
codes_and_bases = st.lists(
    st.tuples(st.sampled_from(["R22", "R98", "R06", "R07", "R08", "R11"]), st.integers(0, 10**13)), max_size=8
)


def centimes(dinars: str) -> int:
    return int(Decimal(dinars) * 100)


def of_case(case: dict[str, Any]) -> Dues:
    bases = [(code, centimes(base)) for code, base in case["bases"]]
    return assess_dac(bases, Period.parse(case["period"]), tuple(case["codes"]) if "codes" in case else None)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_dues_are_those_done_by_hand(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    dues = of_case(case)
    assert dues.state == case["state"]
    worked = [found.groups() for found in map(WORK.fullmatch, case.get("work", [])) if found]
    assert len(worked) == len(case.get("work", []))
    assert [
        (due.code, due.branch, due.share, due.base_centimes, due.rate, due.amount_centimes) for due in dues.lines
    ] == [
        (code, branch, share, centimes(base), Decimal(rate), centimes(amount))
        for code, branch, share, base, rate, amount in worked
    ]
    assert {due.period for due in dues.lines} <= {case["period"]}
    assert {due.confidence for due in dues.lines} <= {case["confidence"]}
    assert dues.total_centimes == centimes(case["total"])
    assert [
        (held.code, held.base_centimes, held.reason, held.total_rate, held.indicative_centimes) for held in dues.held
    ] == [
        (
            held["code"],
            centimes(held["base"]),
            held["reason"],
            Decimal(held["rate"]) if "rate" in held else None,
            centimes(held["indicative"]) if "indicative" in held else None,
        )
        for held in case.get("held", [])
    ]
    assert (list(dues.held_because), list(dues.held_details)) == (case.get("reasons", []), case.get("details", []))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_hand_arithmetic_is_right_in_itself(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    total = 0
    for *_, base, rate, amount in (found.groups() for found in map(WORK.fullmatch, case.get("work", [])) if found):
        assert floor(Fraction(centimes(base)) * Fraction(rate) / 100 + Fraction(1, 2)) == centimes(amount)
        total += centimes(amount)
    assert total == centimes(case["total"])
    for held in case.get("held", []):
        if "rate" in held:
            assert floor(Fraction(centimes(held["base"])) * Fraction(held["rate"]) / 100 + Fraction(1, 2)) == centimes(
                held["indicative"]
            )


def test_a_quarter_of_a_dac_is_that_of_a_das() -> None:
    das = assess_das((123_456_789, 0, 0, 0), 2026, ("R22", "R98"))
    dac = assess_dac([("R22", 123_456_789), ("R98", 123_456_789)], QUARTER)
    assert dac.lines == das.lines


def test_a_nil_declaration_owes_nothing() -> None:
    assert assess_dac([], MARCH) == Dues("computed", law_version=law.LAW_VERSION, rounding="half_up")
    assert assess_dac([("R22", 0)], MARCH).state == "computed"


def test_a_year_is_no_period_of_a_dac() -> None:
    with pytest.raises(ValueError, match="neither a month nor a quarter"):
        assess_dac([("R22", 1)], Period(2026))


def changed_on(day: date) -> law.LawBook:
    """A law whose general scheme has another rate from a day on."""
    held = law.book().contributions["R22"][-1]
    assert held.value is not None
    dearer = tuple(replace(rate, rate=rate.rate + 1, valid_from=day) for rate in held.value)
    series = (*law.book().contributions["R22"], replace(held, valid_from=day, value=dearer))
    return replace(law.book(), contributions={**law.book().contributions, "R22": series})


@pytest.mark.parametrize(
    ("period", "state", "rate"),
    [
        ("2026-01", "computed", "11.50"),
        ("2026-02", "computed", "12.50"),
        ("2026-03", "computed", "12.50"),
        ("2025-Q4", "computed", "11.50"),
        ("2026-Q1", "partly_held", ""),
        ("2026-Q2", "computed", "12.50"),
    ],
)
def test_a_quarter_across_a_change_of_rate_is_not_decided_and_its_months_are(
    period: str, state: str, rate: str
) -> None:
    dues = assess_dac([("R22", 100_00), ("R98", 100_00)], Period.parse(period), None, changed_on(date(2026, 2, 1)))
    assert dues.state == state
    if state == "computed":
        assert str(dues.lines[0].rate) == rate
    else:
        assert {due.code for due in dues.lines} == {"R98"}
        assert (dues.held_because, dues.held_details) == (("rate_changes_within",), ("R22 2026-Q1",))


def test_a_change_within_a_month_is_not_decided() -> None:
    assert assess_dac([("R22", 100_00)], MARCH, None, changed_on(date(2026, 3, 15))).state == "held"


@given(codes_and_bases, st.sampled_from([MARCH, QUARTER, Period.parse("1999-Q1")]))
def test_every_base_is_either_computed_or_held(bases: list[tuple[str, int]], period: Period) -> None:
    dues = assess_dac(bases, period)
    sums = {code: sum(base for other, base in bases if other == code) for code, _ in bases}
    found = {due.code: due.base_centimes for due in dues.lines} | {held.code: held.base_centimes for held in dues.held}
    assert found == {code: base for code, base in sums.items() if base}
    assert {due.code for due in dues.lines} & {held.code for held in dues.held} == set()
    assert (dues.state == "computed") == (not dues.held)
    assert dues.state != "held" or not dues.lines
    assert {held.reason for held in dues.held} == set(dues.held_because)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_told_with_the_next_step(language: str) -> None:
    dues = Dues("held", held_because=DAC_HELD_REASONS, held_details=("R11 2026-03",) * len(DAC_HELD_REASONS))
    told = held_sentences(dues, language)
    assert len(told) == len(DAC_HELD_REASONS)
    assert all("R11" in why for why, _ in told)
    for state in ("computed", "held", "partly_held"):
        assert sentence("dues", f"state_{state}", language)
    assert "2026-03" in explain(assess_dac([("R22", 100)], MARCH).lines[0], language)


def test_more_paid_than_owed_is_told_and_nothing_below_zero_is_to_pay() -> None:
    dues = assess_dac([("R22", 1000_00)], MARCH)
    assert dues.total_centimes == 345_00
    assert still_to_pay(dues, 300_00) == 45_00
    assert still_to_pay(dues, 400_00) == 0
    dac = Dac((CodeBase("R22", 1000_00, 2),), paid_centimes=345_00)
    assert compare_with_dues(dac, dues) == ()
    (told,) = compare_with_dues(replace(dac, paid_centimes=345_01), dues, "dac.csv")
    assert (told.code, told.file, told.column, told.value, told.expected) == (
        "W630", "dac.csv", "paid", "34501", "<= 34500",
    )  # fmt: skip
    partly = assess_dac([("R22", 1000_00), ("R07", 1000_00)], MARCH)
    assert compare_with_dues(replace(dac, paid_centimes=400_00), partly) == ()


def test_an_amount_reckoned_otherwise_is_told() -> None:
    """One rounding for the whole code may differ from ten by five centimes."""
    dues = assess_dac([("R22", 60000_33)], MARCH)
    assert dues.total_centimes == 2070010
    for stated, codes in ((2070011, []), (2070015, []), (2070016, ["W631"]), (2070004, ["W631"])):
        dac = Dac((CodeBase("R22", 60000_33, 2, (), stated), CodeBase("R07", 1, 3, (), 5)))
        assert [told.code for told in compare_with_dues(dac, dues)] == codes, stated
