"""Can a person follow each amount from the sentence that explains it, in three languages?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from string import Formatter

import pytest
from tasrih import law
from tasrih.assessment import (
    NOT_DECIDED_REASONS,
    SURCHARGE_HELD_REASONS,
    AssessedYear,
    Comparison,
    Declared,
    Extension,
    Proposal,
    Refused,
    assess_dac,
    compare_with_dacs,
    contributor_class,
    explain_class,
    explain_comparison,
    explain_employer,
    explain_last_day,
    explain_proposal,
    explain_year,
    last_day,
    late_declaration,
    late_payment,
    provisional,
)
from tasrih.messages import LANGUAGES, sentence, table
from tasrih.vocabulary.period import Period

from tests.assessment.signed import dues_of

MARCH, JUNE = Period.parse("2026-03"), Period.parse("2026-06")
WORKER = "990000000042"
SPACE = "\u00a0"


def plain(told: list[str]) -> list[str]:
    return [text.replace(SPACE, " ") for text in told]


def payment() -> Proposal:
    paid = [(date(2026, 9, 10), 50_000_00), (date(2026, 7, 30), 30_000_00), (date(2027, 1, 1), 1)]
    found = late_payment(JUNE, 100_000_00, paid, date(2026, 12, 31))
    assert found
    return found


def comparison() -> Comparison:
    quarters = Period(2025).quarters()
    das = [Declared(quarter, (("R22", base),), ((WORKER, "R22", base),)) for quarter, base in zip(
        quarters, (100_00, 80_00, 90_00, 90_00), strict=True)]  # fmt: skip
    dacs = [Declared(quarters[n], (("R22", 90_00),), ((WORKER, "R22", 90_00),)) for n in (0, 1, 3)]
    return compare_with_dacs(das, dacs)


def test_a_late_payment_is_told_step_by_step() -> None:
    assert plain(explain_proposal(payment(), "en")) == [
        "Payment of the contributions of 2026-06, as on 2026-12-31: what counts is the value date at the bank or the "
        "day at the counter.",
        "Deadline: 2026-07-30. Law 83-14, article 21 (provisional: weak source, to be confirmed).",
        "First day of lateness: 2026-07-31.",
        "Contributions concerned: 100 000,00 DA.",
        "Paid on 2026-07-30: 30 000,00 DA.",
        "Paid on 2026-09-10: 50 000,00 DA.",
        "Surcharge, late payment, once: 70 000,00 DA × 5,00 % = 3 500,00 DA, rounded to the centime, half a centime "
        "upwards. Law 83-14, article 24, rate held here from 2020-01-01 (provisional: weak source, to be confirmed).",
        "Surcharge, late payment, per further month, from 2026-07-31 to 2026-08-30, number of months 1: 70 000,00 DA × "
        "1,00 % × 1 = 700,00 DA, the amount of each month rounded to the centime, half a centime upwards. Law 83-14, "
        "article 24, rate held here from 2020-01-01 (provisional: weak source, to be confirmed).",
        "Surcharge, late payment, per further month, from 2026-08-31 to 2026-12-30, number of months 4: 20 000,00 DA × "
        "1,00 % × 4 = 800,00 DA, the amount of each month rounded to the centime, half a centime upwards. Law 83-14, "
        "article 24, rate held here from 2020-01-01 (provisional: weak source, to be confirmed).",
        "Source: El Moudjahid, January 2020; the article was not read, nor what held before.",
        "Source: Recalled; the article was not read. The day is that of the 5 % beside it.",
        "No known text settles this point; decided here: Month of delay that has started: only whole months count.",
        "No known text settles this point; decided here: Base of the monthly surcharge: the contributions alone.",
        "Surcharges proposed in all: 5 000,00 DA. This is a proposal: nothing of it is owed before an officer, or a "
        "standing decision of the agency, decides so.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_amount_stands_in_every_language(language: str) -> None:
    told = "\n".join(plain(explain_proposal(payment(), language)))
    for amount in ("100 000,00", "30 000,00", "70 000,00", "3 500,00", "700,00", "800,00", "5 000,00", "5,00 %"):
        assert amount in told
    assert ("\u2068" in told) == (language == "ar")


@pytest.mark.parametrize("key", table("surcharges"))
def test_every_sentence_stands_in_three_languages_with_the_same_values(key: str) -> None:
    entry = table("surcharges")[key]
    assert set(entry) == set(LANGUAGES)
    fields = [sorted({name for _, name, _, _ in Formatter().parse(form) if name}) for form in entry.values()]
    assert fields[0] == fields[1] == fields[2]
    assert re.search(r"[\u0600-\u06ff]", entry["ar"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", SURCHARGE_HELD_REASONS)
def test_what_holds_an_amount_is_told_with_the_next_step(reason: str, language: str) -> None:
    held = replace(payment(), lines=(), held=((reason, "late_payment 2019-10-31"),), last_day=None)
    _, why, then = explain_proposal(held, language)
    assert "2019-10-31" in why or reason == "difference_not_given"
    assert then == sentence("dues", f"next_{reason}", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_surcharge_that_is_not_known_is_called_by_its_name(language: str) -> None:
    found = late_payment(Period.parse("2019-Q3"), 100_00, [], date(2026, 1, 1))
    assert found
    told = "\n".join(explain_proposal(found, language))
    assert sentence("law", "name_late_payment", language) in told
    assert "late_payment" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_behind_a_surcharge_is_told(language: str) -> None:
    """Under any value that it may have."""
    refused = Refused(date(2026, 2, 1), date(2026, 2, 1))
    for name in ("late_das_base", "started_month", "monthly_base", "refused_then_mended"):
        for value in law.book().choice(name).may_be:
            found = late_declaration(
                Period(2025), dues_of(employer=100_00), date(2026, 3, 5), difference=dues_of(employer=50_00),
                refused=refused, book=law.book().choosing(**{name: value}),
            )  # fmt: skip
            assert found
            told = "\n".join(explain_proposal(found, language))
            assert sentence("law_choices", f"{name}_{value}", language) in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_moved_a_deadline_is_told_in_its_order(language: str) -> None:
    moved = [
        Extension("agency:16000", "outage", ("das",), date(2026, 2, 14), date(2026, 2, 17), "R-2", date(2026, 2, 16)),
        Extension("all", "extension", ("das",), date(2026, 1, 31), date(2026, 2, 15), "R-1", date(2026, 1, 20)),
        Extension("employer:16", "extension", ("das",), date(2026, 2, 17), date(2026, 2, 20), "R-3", date(2026, 2, 17)),
    ]
    book = law.book().choosing(deadline_on_day_off="next_working_day")
    deadline, *told = explain_last_day(last_day("das", Period(2025), moved, book), language)
    assert "2026-02-01" in deadline
    assert "2026-01-31" in deadline  # the Saturday that it was
    assert [re.findall(r"R-\d", text) for text in told] == [["R-1"], ["R-2"], ["R-3"]]
    assert all(day in text for day, text in zip(("2026-01-20", "2026-02-16", "2026-02-17"), told, strict=True))
    assert "16000" in told[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_tells_its_quarters_and_names_no_worker(language: str) -> None:
    told = explain_comparison(comparison(), language)
    assert len(told) == 4 + 2 + 1 + 2  # quarters, codes that differ, what is missing, numbers of workers
    assert WORKER not in "\n".join(told)
    for reason in NOT_DECIDED_REASONS:
        assert "Q9" in sentence("surcharges", f"compared_{reason}", language, details="Q9")
    assert sentence("surcharges", "compared_both", language, quarter="Q1", das=1, dacs=2, more=3, less=4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_and_an_employer_tell_all_that_was_assessed(language: str) -> None:
    silence = provisional(MARCH, {Period.parse("2026-02"): dues_of(employer=25_00, worker=9_00)}, date(2026, 6, 1))
    assert silence
    year = AssessedYear(
        2026, (("2026-01", assess_dac([("R22", 100_00), ("R07", 7_00)], Period.parse("2026-01"))),), comparison(),
        (payment(), silence),
    )  # fmt: skip
    told = explain_year(year, language)
    for part in (explain_comparison(comparison(), language), explain_proposal(silence, language)):
        assert set(part) <= set(told)
    assert any("R07" in text for text in told)
    assert sum("94-187" in text for text in told) == 10
    every = explain_employer("1699999901", [year, AssessedYear(2025)], language)
    assert every[1 : len(told) + 1] == told
    assert "16 999 999 01" in every[0]
    assert "2025" in every[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_class_is_told_with_its_threshold(language: str) -> None:
    for headcount in (9, 12):
        told = explain_class(contributor_class(headcount, date(2026, 1, 1)), language)
        assert str(headcount) in told
        assert "10" in told
