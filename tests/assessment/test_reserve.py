"""Until when is a line without a number to be completed?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tasrih import law
from tasrih.assessment.reserve import complete_by
from tasrih.law import LawNotKnown

ARRIVED, DECIDED = date(2020, 2, 25), date(2020, 3, 3)


def test_ten_days_are_counted_from_the_arrival() -> None:
    assert complete_by(ARRIVED, DECIDED) == date(2020, 3, 6)
    assert law.book().days_to_affiliate(ARRIVED) == 10


def test_the_choice_may_count_them_from_the_verdict() -> None:
    chosen = replace(law.choice("complete_from"), value="verdict")
    book = replace(law.book(), choices={**law.book().choices, "complete_from": chosen})
    assert complete_by(ARRIVED, DECIDED, book) == date(2020, 3, 13)
    assert set(chosen.may_be) == {"arrival", "verdict"}


def test_before_the_law_nothing_is_guessed() -> None:
    with pytest.raises(LawNotKnown):
        complete_by(date(1983, 7, 1), date(1983, 7, 1))
