"""What was the law, as far as it had been published by a day, and what is it as known today?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tasrih import law
from tasrih.assessment import assess_das
from tasrih.law import LawNotKnown, loader
from tasrih.vocabulary.period import Period

ONE_DAY = timedelta(days=1)


def test_a_wage_is_known_from_the_journal_on() -> None:
    day = date(2026, 1, 5)  # the decree of 7 January counts from the 1st
    assert law.book().minimum_wage(day).centimes == 2_400_000
    assert law.book(date(2026, 1, 7)).minimum_wage(day).centimes == 2_000_000
    assert law.book(date(2026, 1, 8)).minimum_wage(day).centimes == 2_400_000


def test_what_no_journal_is_known_of_is_not_known_before_it_was_signed() -> None:
    day = date(2020, 7, 1)  # signed on 7 April 2021, in force from 1 June 2020
    assert law.book(date(2021, 4, 6)).minimum_wage(day).centimes == 1_800_000
    assert law.book(date(2021, 4, 7)).minimum_wage(day).centimes == 2_000_000
    assert law.book().minimum_wage(day).centimes == 2_000_000


def test_what_has_no_day_of_publication_is_known_from_its_first_day_and_says_so() -> None:
    (wage,) = (one for one in law.book().minimum_wages if one.valid_from == date(2012, 1, 1))
    assert wage.basis.published_on is None
    assert wage.basis.known_from(wage.valid_from) == wage.valid_from
    assert law.book(date(2011, 12, 31)).minimum_wage(date(2012, 1, 1)).centimes == 1_500_000
    assert law.book(date(2012, 1, 1)).minimum_wage(date(2012, 1, 1)).centimes == 1_800_000


@pytest.mark.parametrize("name", ["late_das", "late_das_month", "provisional_assessment"])
def test_a_surcharge_is_not_known_before_its_journal(name: str) -> None:
    published = date(2004, 11, 13)
    assert law.book(published).surcharge(name, date(2026, 2, 1)).valid_from == published
    with pytest.raises(LawNotKnown):
        law.book(published - ONE_DAY).surcharge(name, date(2026, 2, 1))


def test_a_term_is_not_known_before_its_journal() -> None:
    with pytest.raises(LawNotKnown):
        law.book(date(2008, 3, 1)).term("formal_notice", date(2026, 1, 1))
    assert law.book(date(2008, 3, 2)).term("formal_notice", date(2026, 1, 1)).value == 30


def test_an_extended_scheme_was_known_with_its_first_end_only() -> None:
    day = date(2016, 6, 1)
    assert law.book(date(2016, 3, 31)).schemes(day) == ()
    assert law.book(date(2016, 4, 1)).schemes(day) == law.book().schemes(day)
    assert law.book(date(2015, 7, 22)).schemes(date(2015, 12, 1)) == ()


def test_the_deadline_of_a_year_rests_on_what_was_known() -> None:
    assert law.book(date(2019, 6, 1)).deadline("das", Period(2019)).confidence == "provisional"
    assert law.book(date(2020, 1, 1)).deadline("das", Period(2019)).confidence == "firm"


def test_an_assessment_can_be_replayed_with_what_was_known() -> None:
    quarters = (10_000_000, 0, 0, 0)
    then = assess_das(quarters, 2025, ("R22",), law.book(date(2015, 9, 30)))
    assert (then.state, then.held_because) == ("held", ("law_not_known",))
    assert then.law_version == f"{law.LAW_VERSION}@2015-09-30"
    assert assess_das(quarters, 2025, ("R22",), law.book(date(2025, 12, 31))).total_centimes == 3_500_000


def test_a_replay_takes_nothing_that_was_published_later_and_drops_nothing_else() -> None:
    today = {(subject, name): series for subject, name, series in law.book().all_series()}
    days = {one.basis.known_from(one.valid_from) for series in today.values() for one in series}
    for day in sorted(days | {each - ONE_DAY for each in days}):
        for subject, name, series in law.book(day).all_series():
            if subject == "days_off":  # everybody lives by the weekend
                continue
            known = tuple(one for one in today[subject, name] if one.basis.known_from(one.valid_from) <= day)
            assert series == known


def test_what_is_known_today_is_all_that_is_held() -> None:
    far = law.book(date(2100, 1, 1))
    assert [*far.all_series()] == [*law.book().all_series()]
    assert law.book() is law.book(None)
    assert law.book(date(2026, 1, 8)) is law.book(date(2026, 1, 8))


def test_choices_and_indications_stay() -> None:
    then = law.book(date(1990, 1, 1))
    assert (then.choices, then.reduced_codes) == (law.book().choices, law.book().reduced_codes)


def test_an_earlier_value_published_later_is_the_one_that_counts_from_then_on() -> None:
    texts = loader.texts()
    texts["surcharges"] += (
        '\n[[late_das.values]]\nfrom = 2023-01-01\nfrom_known_to = "day"\npublished_on = 2024-06-30\nrate = 7.50\n'
        'source = "planted"\narticle = "law 83-14, article 16"\nread_on = 2026-11-25\nconfidence = "firm"\n'
    )
    book = loader.read(texts, "planted")
    day = date(2023, 5, 1)
    assert str(book.surcharge("late_das", day).rate) == "7.50"
    assert str(book.as_known_on(date(2024, 6, 29)).surcharge("late_das", day).rate) == "15.00"
    assert str(book.as_known_on(date(2024, 6, 30)).surcharge("late_das", day).rate) == "7.50"
