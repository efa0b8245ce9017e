"""Is a past year declared under its own law, and what is not known held?"""

from __future__ import annotations

from datetime import date

import pytest
from tasrih.settlement.past import past_year

TODAY = date(2026, 11, 25)
BASES = (1_000_000, 0, 0, 0)


def test_a_year_of_which_all_is_known() -> None:
    found = past_year(2024, BASES, ["R22"], TODAY)
    assert found.dues.state == "computed"
    assert found.dues.total_centimes == 350_000  # 34.50 % of R22 and 0.50 % of R98: 35 % of 10 000.00
    assert not found.held
    assert {(each.what, each.name) for each in found.applies} >= {
        ("rates", "R22"), ("deadline", "das"), ("deadline", "payment"),
        ("surcharge", "late_das"), ("surcharge", "late_payment_month"),
    }  # fmt: skip
    assert {each.day for each in found.applies if each.what == "surcharge"} == {date(2025, 2, 1)}
    late = next(each for each in found.proposals if each.kind == "late_das")
    # first late day 1 February 2025; whole months until 25 November 2026: 21; 15 % + 21 x 5 % = 120 % of 3 500.00
    assert late.total_centimes == 52_500 + 21 * 17_500
    assert found.prescription
    assert found.prescription.last_day == date(2029, 1, 31)
    assert not found.prescription.over_on(TODAY)


def test_each_value_is_that_of_its_own_day() -> None:
    found = past_year(2024, BASES, ["R22"], TODAY)
    rates = [each for each in found.applies if each.what == "rates"]
    assert {each.day for each in rates} == {date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1)}
    assert all(each.source and each.article and each.valid_from <= each.day for each in rates)


def test_a_year_without_known_rates_is_held_and_says_what_is_missing() -> None:
    found = past_year(1999, BASES, ["R22"], TODAY)
    assert (found.dues.state, found.dues.total_centimes) == ("held", 0)
    named = {dict(reason.values)["name"] for reason in found.held}
    assert {"late_das", "late_das_month", "late_payment"} <= named
    assert {reason.code for reason in found.held} == {"past_not_known"}
    assert sum(each.total_centimes for each in found.proposals) == 0


def test_a_reduced_code_is_held_whatever_the_year() -> None:
    found = past_year(2024, BASES, ["R07"], TODAY)
    assert found.dues.state == "held"
    assert {dict(reason.values)["name"] for reason in found.held} == {"R07"}


def test_an_old_year_may_be_prescribed() -> None:
    found = past_year(2019, BASES, ["R22"], TODAY)
    assert found.prescription
    assert found.prescription.last_day == date(2024, 1, 31)
    assert found.prescription.over_on(TODAY)


def test_a_year_that_is_not_over_is_no_past_one() -> None:
    for day in (date(2024, 12, 31), date(2024, 6, 1)):
        with pytest.raises(ValueError, match="not over"):
            past_year(2024, BASES, ["R22"], day)
    assert past_year(2024, BASES, ["R22"], date(2025, 1, 1)).proposals == ()
