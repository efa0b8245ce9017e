"""Surcharges, terms of disputes, schemes, choices: what does the law say on a day?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tasrih import law
from tasrih.law import LawNotKnown, Scheme

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("name", "rate", "article", "since", "confidence"),
    [
        ("late_das", "15.00", "law 83-14, article 16", date(2004, 11, 13), "firm"),
        ("late_das_month", "5.00", "law 83-14, article 16", date(2004, 11, 13), "firm"),
        ("provisional_assessment", "5.00", "law 83-14, article 15", date(2004, 11, 13), "firm"),
        ("late_payment", "5.00", "law 83-14, article 24", date(2020, 1, 1), "provisional"),
        ("late_payment_month", "1.00", "law 83-14, article 24", date(2020, 1, 1), "provisional"),
    ],
)
def test_a_surcharge_from_its_first_day(name: str, rate: str, article: str, since: date, confidence: str) -> None:
    for day in (since, TODAY):
        surcharge = law.book().surcharge(name, day)
        assert (surcharge.name, surcharge.rate, surcharge.article) == (name, Decimal(rate), article)
        assert (surcharge.valid_from, surcharge.confidence) == (since, confidence)
    with pytest.raises(LawNotKnown):
        law.book().surcharge(name, date.fromordinal(since.toordinal() - 1))


@pytest.mark.parametrize(
    ("name", "value", "unit", "articles"),
    [
        ("local_appeal", 15, "days", "articles 6 to 9"),
        ("local_decision", 30, "days", "articles 6 to 9"),
        ("local_notification", 10, "days", "articles 6 to 9"),
        ("commission_cut", 50, "per_cent", "article 7"),
        ("commission_threshold", 100_000_000, "centimes", "article 12"),
        ("national_appeal", 15, "days", "articles 10 to 14"),
        ("national_appeal_if_silent", 60, "days", "articles 10 to 14"),
        ("national_decision", 30, "days", "articles 10 to 14"),
        ("court_appeal", 30, "days", "articles 15 and 16"),
        ("court_appeal_if_silent", 60, "days", "articles 15 and 16"),
        ("formal_notice", 30, "days", "article 46"),
        ("tax_roll_visa", 8, "days", "articles 45 to 66"),
        ("tax_roll_appeal", 30, "days", "articles 45 to 66"),
        ("writ_visa", 10, "days", "articles 45 to 66"),
        ("writ_appeal", 30, "days", "articles 45 to 66"),
        ("account_title", 15, "days", "articles 45 to 66"),
        ("prescription", 4, "years", "article 79"),
        ("deferral_worker_share", 100, "per_cent", "article 88"),
    ],
)
def test_a_term_of_the_law_on_disputes(name: str, value: int, unit: str, articles: str) -> None:
    term = law.book().term(name, TODAY)
    assert (term.value, term.unit, term.article) == (value, unit, f"law 08-08, {articles}")
    assert (term.valid_from, term.confidence) == (date(2008, 3, 2), "firm")
    with pytest.raises(LawNotKnown):
        law.book().term(name, date(2008, 3, 1))


@pytest.mark.parametrize(
    ("name", "value", "unit", "since"),
    [
        ("first_warning", 30, "days", date(2025, 1, 1)),
        ("monthly_workers", 10, "workers", date(2018, 1, 1)),
    ],
)
def test_a_term_that_rests_on_a_weak_source(name: str, value: int, unit: str, since: date) -> None:
    term = law.book().term(name, TODAY)
    assert (term.value, term.unit, term.valid_from, term.confidence) == (value, unit, since, "provisional")


def test_a_formal_notice_states_what_article_46_asks_for() -> None:
    notice = law.book().contents_of("formal_notice", TODAY)
    assert notice.items == ("debtor_name", "sums_by_nature", "sums_by_period", "legal_provisions", "sanctions")
    assert (notice.article, notice.confidence) == ("law 08-08, article 46", "firm")
    with pytest.raises(LawNotKnown):
        law.book().contents_of("reminder", TODAY)


@pytest.mark.parametrize(
    ("day", "name", "confidence"),
    [
        (date(2015, 7, 22), "", ""),
        (date(2015, 7, 23), "complementary_finance_law_2015", "firm"),
        (date(2016, 3, 31), "complementary_finance_law_2015", "firm"),
        (date(2016, 4, 1), "complementary_finance_law_2015", "firm"),
        (date(2016, 12, 31), "complementary_finance_law_2015", "firm"),
        (date(2017, 1, 1), "", ""),
        (date(2021, 8, 24), "", ""),
        (date(2021, 8, 25), "ordinance_21_12", "provisional"),
        (date(2022, 1, 31), "ordinance_21_12", "provisional"),
        (date(2022, 2, 1), "", ""),
        (TODAY, "", ""),
    ],
)
def test_a_scheme_is_open_on_its_days_alone(day: date, name: str, confidence: str) -> None:
    found = [(each.name, each.confidence) for each in law.book().schemes(day)]
    assert found == ([(name, confidence)] if name else [])


def test_a_scheme_says_what_it_waives_and_when() -> None:
    (scheme,) = law.book().schemes(date(2021, 12, 1))
    assert isinstance(scheme, Scheme)
    assert scheme.waives == ("late_das", "late_das_month", "late_payment", "late_payment_month")
    assert scheme.waived_after_last_instalment
    assert scheme.needs_current_paid
    assert (scheme.open_from, scheme.open_until) == (date(2021, 8, 25), date(2022, 1, 31))


DECIDED = {
    "das_deadline": "31_january",
    "deadline_on_day_off": "kept",
    "difference_due": "with_das",
    "exactly_ten": "monthly",
    "late_das_base": "contributions_of_the_year",
    "started_month": "whole_months",
    "monthly_base": "contributions",
    "refused_then_mended": "late",
    "refused_then_mended_days": "10",
    "allocation_order": "oldest_period_first",
    "allocation_within": "contributions_first",
    "excess": "credit_kept",
    "certificate_with_plan": "debt",
    "certificate_days": "90",
    "plan_most_instalments": "36",
    "over_declared": "proposed",
    "rounding_surcharge": "half_up",
    "rounding": "half_up",
    "housing_fund": "with_r22",
    "new_hire": "in_reserve",
    "complete_from": "arrival",
}


def test_what_the_sources_leave_open_is_decided_by_name_with_a_reason() -> None:
    choices = law.book().choices
    assert {name: choice.value for name, choice in choices.items()} == DECIDED
    assert all(choice.reason and choice.value in choice.may_be for choice in choices.values())


def test_a_choice_may_be_another_one_of_its_values() -> None:
    book = law.book().choosing(started_month="counts", certificate_days=30)
    assert book.choice("started_month").value == "counts"
    assert book.choice("certificate_days").number == 30
    assert law.choice("started_month").value == "whole_months"
    for wrong in ({"started_month": "half"}, {"certificate_days": 0}, {"certificate_days": "many"}):
        with pytest.raises(ValueError, match="none of the values"):
            law.book().choosing(**wrong)
    with pytest.raises(KeyError):
        law.book().choosing(no_such_choice="x")


@pytest.mark.parametrize(
    ("code", "total", "unknown"),
    [
        ("R06", "24.50", ("split", "from")),
        ("R07", "14.50", ("split", "from")),
        ("R08", None, ("total", "split", "from")),
    ],
)
def test_a_reduced_code_says_what_is_unknown_of_it(code: str, total: str | None, unknown: tuple[str, ...]) -> None:
    reduced = law.book().reduced(code)
    assert reduced.total == (Decimal(total) if total else None)
    assert (reduced.unknown, reduced.confidence) == (unknown, "provisional")
    assert "vendor" in reduced.source
