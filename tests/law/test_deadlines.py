"""Until which day does one declare and pay?"""

from __future__ import annotations

from datetime import date

import pytest
from tasrih import law
from tasrih.law import LawNotKnown
from tasrih.vocabulary.period import Period


@pytest.mark.parametrize(
    ("what", "period", "day", "article", "confidence"),
    [
        ("das", "2018", "2019-01-31", "law 83-14, article 14", "provisional"),  # before the press of 2020
        ("das", "2019", "2020-01-31", "law 83-14, article 14", "firm"),  # a Friday: it was kept
        ("das", "2025", "2026-01-31", "law 83-14, article 14", "firm"),
        ("dac", "2025-12", "2026-01-30", "law 83-14, article 21", "provisional"),
        ("dac", "2026-01", "2026-03-02", "law 83-14, article 21", "provisional"),
        ("dac", "2028-01", "2028-03-01", "law 83-14, article 21", "provisional"),  # 29 February counts
        ("dac", "2026-02", "2026-03-30", "law 83-14, article 21", "provisional"),
        ("dac", "2026-Q1", "2026-04-30", "law 83-14, article 21", "provisional"),
        ("dac", "2026-Q2", "2026-07-30", "law 83-14, article 21", "provisional"),
        ("dac", "2026-Q4", "2027-01-30", "law 83-14, article 21", "provisional"),
        ("payment", "2026-06", "2026-07-30", "law 83-14, article 21", "provisional"),
        ("payment", "2026-Q3", "2026-10-30", "law 83-14, article 21", "provisional"),
        ("payment", "2025", "2026-01-31", "law 83-14, article 14", "provisional"),  # of what the DAS adds
    ],
)
def test_the_last_day_of_a_period(what: str, period: str, day: str, article: str, confidence: str) -> None:
    deadline = law.book().deadline(what, Period.parse(period))
    assert (deadline.what, deadline.day, deadline.nominal) == (what, date.fromisoformat(day), date.fromisoformat(day))
    assert (deadline.article, deadline.confidence) == (article, confidence)
    assert deadline.valid_from <= deadline.day
    assert deadline.source


def test_thirty_days_of_a_year_end_on_30_january() -> None:
    book = law.book().choosing(das_deadline="thirty_days")
    thirty = book.deadline("das", Period(2025))
    assert (thirty.day, thirty.confidence) == (date(2026, 1, 30), "provisional")  # the campaigns end on the 31st
    assert book.deadline("payment", Period(2025)).day == date(2026, 1, 30)


@pytest.mark.parametrize(
    ("what", "period", "nominal", "day"),
    [
        ("das", "2019", date(2020, 1, 31), date(2020, 2, 2)),  # Friday to Sunday
        ("das", "2025", date(2026, 1, 31), date(2026, 2, 1)),  # Saturday to Sunday
        ("das", "2026", date(2027, 1, 31), date(2027, 1, 31)),  # a Sunday is worked
        ("payment", "2025", date(2026, 1, 31), date(2026, 2, 1)),
    ],
)
def test_a_deadline_on_a_day_off_moves_where_that_is_chosen(what: str, period: str, nominal: date, day: date) -> None:
    moved = law.book().choosing(deadline_on_day_off="next_working_day").deadline(what, Period.parse(period))
    assert (moved.nominal, moved.day) == (nominal, day)


def test_what_the_das_adds_has_no_day_of_payment_where_that_is_chosen() -> None:
    with pytest.raises(LawNotKnown):
        law.book().choosing(difference_due="not_known").deadline("payment", Period(2025))


@pytest.mark.parametrize(("what", "period"), [("das", "2025-Q1"), ("das", "2025-01"), ("dac", "2025")])
def test_a_period_of_another_kind_has_no_deadline(what: str, period: str) -> None:
    with pytest.raises(ValueError, match="no deadline"):
        law.book().deadline(what, Period.parse(period))


def test_before_the_law_there_is_no_deadline() -> None:
    with pytest.raises(LawNotKnown):
        law.book().deadline("dac", Period.parse("1983-05"))
