"""What does the law say on a day, and does it refuse to guess?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tasrih import law
from tasrih.law import LawNotKnown, loader

SPLIT = {
    ("social_insurance", "employer"): "11.50",
    ("social_insurance", "worker"): "1.50",
    ("work_accidents", "employer"): "1.25",
    ("retirement", "employer"): "11.00",
    ("retirement", "worker"): "6.75",
    ("retirement", "social_works"): "0.50",
    ("unemployment", "employer"): "1.00",
    ("unemployment", "worker"): "0.50",
    ("early_retirement", "employer"): "0.25",
    ("early_retirement", "worker"): "0.25",
}


@pytest.mark.parametrize(
    ("day", "confidence"),
    [
        (date(2015, 10, 1), "provisional"),
        (date(2023, 12, 31), "provisional"),
        (date(2024, 1, 1), "firm"),
        (date(2026, 7, 1), "firm"),
    ],
)
def test_the_general_scheme_splits_as_the_table_of_the_domain(day: date, confidence: str) -> None:
    rates = law.rates("R22", day)
    assert {(rate.branch, rate.share): str(rate.rate) for rate in rates} == SPLIT
    assert sum(rate.rate for rate in rates) == Decimal("34.50")
    assert {rate.confidence for rate in rates} == {confidence}
    assert all(rate.source and rate.article == "executive decree 94-187" for rate in rates)


def test_the_shares_add_up_as_the_table_of_the_domain() -> None:
    totals: dict[str, Decimal] = {}
    for rate in law.rates("R22", date(2025, 1, 1)):
        totals[rate.share] = totals.get(rate.share, Decimal(0)) + rate.rate
    assert totals == {"employer": Decimal("25.00"), "worker": Decimal("9.00"), "social_works": Decimal("0.50")}


def test_the_housing_fund_stands_on_its_own_code() -> None:
    (rate,) = law.rates("R98", date(2025, 1, 1))
    assert (rate.branch, rate.share, rate.rate) == ("social_housing", "employer", Decimal("0.50"))


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("R22", date(2015, 9, 30)),
        ("R98", date(2015, 9, 30)),
        ("R06", date(2025, 1, 1)),
        ("R07", date(2025, 1, 1)),
        ("R08", date(2025, 1, 1)),
        ("R99", date(2025, 1, 1)),
    ],
)
def test_an_unknown_split_raises_and_names_what_is_missing(code: str, day: date) -> None:
    with pytest.raises(LawNotKnown) as raised:
        law.rates(code, day)
    assert (raised.value.what, raised.value.day) == (code, day)


def test_only_trusted_totals_of_reduced_codes_are_held() -> None:
    assert law.book().totals == {"R06": Decimal("24.50"), "R07": Decimal("14.50")}


@pytest.mark.parametrize(
    ("day", "dinars", "confidence"),
    [
        (date(1990, 1, 1), 1000, "provisional"),
        (date(1991, 12, 31), 1000, "provisional"),
        (date(1992, 1, 1), 2500, "provisional"),
        (date(1997, 1, 1), 4800, "provisional"),
        (date(2001, 1, 1), 8000, "provisional"),
        (date(2004, 1, 1), 10000, "provisional"),
        (date(2007, 1, 1), 12000, "provisional"),
        (date(2010, 1, 1), 15000, "provisional"),
        (date(2012, 1, 1), 18000, "provisional"),
        (date(2019, 12, 31), 18000, "provisional"),
        (date(2020, 5, 31), 18000, "provisional"),
        (date(2020, 6, 1), 20000, "firm"),
        (date(2025, 12, 31), 20000, "firm"),
        (date(2026, 1, 1), 24000, "firm"),
    ],
)
def test_the_minimum_wage_of_a_day(day: date, dinars: int, confidence: str) -> None:
    wage = law.minimum_wage(day)
    assert (wage.centimes, wage.confidence) == (dinars * 100, confidence)
    assert law.minimum_wage_centimes(day) == dinars * 100
    assert wage.valid_from <= day


def test_the_minimum_wage_before_the_first_one_held_is_not_known() -> None:
    with pytest.raises(LawNotKnown):
        law.minimum_wage(date(1989, 12, 31))


def test_a_better_source_for_the_same_rates_is_no_change() -> None:
    assert not law.changes_within("R22", date(2023, 12, 1), date(2024, 1, 31))


def test_a_rate_becoming_known_is_a_change() -> None:
    assert law.changes_within("R22", date(2015, 9, 30), date(2015, 10, 1))
    assert not law.changes_within("R22", date(2015, 7, 1), date(2015, 9, 30))


def test_a_value_written_unknown_ends_what_was_known() -> None:
    texts = loader.texts()
    texts["minimum_wage"] += (
        '\n[[SNMG.values]]\nfrom = 2030-01-01\nfrom_known_to = "day"\ndinars = "unknown"\nsource = "planted"\n'
        'article = "unknown"\nread_on = 2026-11-23\nconfidence = "provisional"\n'
    )
    book = loader.read(texts, "planted")
    assert book.minimum_wage(date(2029, 12, 31)).centimes == 2_400_000
    with pytest.raises(LawNotKnown):
        book.minimum_wage(date(2030, 1, 1))


def test_a_choice_that_nobody_decided_is_no_default() -> None:
    with pytest.raises(KeyError):
        law.choice("no_such_choice")


def test_a_rate_written_without_decimals_is_refused() -> None:
    texts = loader.texts()
    texts["contributions"] = texts["contributions"].replace("rate = 11.50", "rate = 12")
    with pytest.raises(ValueError, match="not a rate"):
        loader.read(texts, "planted")
