"""On which days are offices closed, and how sure is that?"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tasrih import law
from tasrih.law import LawBook, loader
from tasrih.law.reckoned import NAMES
from tasrih.law.values import Series
from tasrih.messages import LANGUAGES, table
from tasrih.vocabulary.period import Period

ANNOUNCED = """
[[announced]]
day = {day}
name = "{name}"
off = {off}
published_on = {published_on}
source = "planted announcement"
read_on = 2026-11-25
confidence = "firm"
"""


def announcing(day: date, off: bool, name: str = "eid_al_fitr", published_on: date = date(2027, 3, 1)) -> LawBook:
    texts = loader.texts()
    texts["days_off"] += ANNOUNCED.format(day=day, name=name, off=str(off).lower(), published_on=published_on)
    return loader.read(texts, "planted")


@pytest.mark.parametrize(
    ("day", "name", "confidence"),
    [
        (date(2026, 1, 1), "new_year", "firm"),
        (date(2026, 1, 12), "yennayer", "firm"),
        (date(2017, 1, 12), None, None),  # law 18-12 came later
        (date(2026, 5, 3), None, None),
        (date(2025, 5, 1), "labour_day", "firm"),
        (date(2026, 7, 5), "independence_day", "firm"),
        (date(2004, 7, 5), "independence_day", "firm"),
        (date(2026, 11, 1), "revolution_day", "firm"),
        (date(2026, 6, 16), "islamic_new_year", "provisional"),
        (date(2026, 6, 25), "ashura", "provisional"),
        (date(2026, 8, 25), "mawlid", "provisional"),
        (date(2026, 3, 22), "eid_al_fitr", "provisional"),  # a Sunday: the third day, since law 23-10
        (date(2022, 5, 4), None, None),  # before that law the third day was worked
        (date(2026, 5, 27), "eid_al_adha", "provisional"),
    ],
)
def test_a_holiday_is_certain_or_estimated(day: date, name: str | None, confidence: str | None) -> None:
    off = law.book().day_off(day)
    assert (off and off.name, off and off.confidence) == (name, confidence)
    assert law.book().is_working_day(day) == (name is None)
    if off:
        assert (off.confidence == "provisional") == off.source.startswith("Estimated")


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2009, 8, 6), True),  # Thursday
        (date(2009, 8, 7), True),  # Friday
        (date(2009, 8, 8), False),  # Saturday
        (date(2009, 8, 13), True),  # the last Thursday
        (date(2009, 8, 14), True),
        (date(2009, 8, 15), True),  # the first Saturday
        (date(2009, 8, 20), False),
    ],
)
def test_the_weekend_changed_on_14_august_2009(day: date, off: bool) -> None:
    found = law.book().day_off(day)
    assert (found is not None) == off
    assert not found or (found.name, found.confidence) == ("weekend", "firm")


def test_an_announced_day_is_off_and_a_day_announced_as_worked_is_not() -> None:
    day = date(2027, 3, 8)  # a Monday that nothing else closes
    assert law.book().is_working_day(day)
    off = announcing(day, off=True).day_off(day)
    assert off
    assert (off.name, off.source, off.confidence) == ("eid_al_fitr", "planted announcement", "firm")
    estimated = date(2027, 3, 10)
    assert not law.book().is_working_day(estimated)
    assert announcing(estimated, off=False).is_working_day(estimated)


def test_an_announcement_opens_no_weekend() -> None:
    assert not announcing(date(2027, 3, 12), off=False).is_working_day(date(2027, 3, 12))


def test_an_announcement_is_known_from_its_publication() -> None:
    day = date(2027, 3, 8)
    book = announcing(day, off=True, published_on=date(2027, 3, 6))
    assert book.as_known_on(date(2027, 3, 5)).is_working_day(day)
    assert not book.as_known_on(date(2027, 3, 6)).is_working_day(day)


def test_the_next_working_day_is_the_day_itself_or_the_first_after_all_days_off() -> None:
    book = law.book()
    assert book.next_working_day(date(2026, 3, 19)) == date(2026, 3, 19)
    assert book.next_working_day(date(2026, 3, 20)) == date(2026, 3, 23)  # weekend and the days of Eid
    assert book.next_working_day(date(2026, 12, 31)) == date(2026, 12, 31)
    assert book.next_working_day(date(2027, 1, 1)) == date(2027, 1, 3)


def test_a_deadline_that_moves_over_an_estimate_is_provisional() -> None:
    firm = {"dac": tuple(replace(one, basis=replace(one.basis, confidence="firm")) for one in _dac_days())}
    book = replace(law.book(), deadline_days={**law.book().deadline_days, **firm})
    book = book.choosing(deadline_on_day_off="next_working_day")
    moved = book.deadline("dac", Period.parse("2025-02"))
    assert (moved.nominal, moved.day, moved.confidence) == (date(2025, 3, 30), date(2025, 4, 2), "provisional")
    over_a_weekend = book.deadline("dac", Period.parse("2025-12"))
    assert (over_a_weekend.nominal, over_a_weekend.day) == (date(2026, 1, 30), date(2026, 2, 1))
    assert over_a_weekend.confidence == "firm"


def _dac_days() -> Series[int]:
    return law.book().deadline_days["dac"]


def test_every_name_that_the_package_gives_is_ours_in_three_languages() -> None:
    day, names = date(1984, 1, 1), {"weekend"}
    while day < date(2060, 1, 1):
        off = law.book().day_off(day)
        names |= {off.name} if off else set()
        day += timedelta(days=1)
    assert names == {*NAMES.values(), "weekend"}
    for name in names:
        assert set(table("law")[f"day_{name}"]) == set(LANGUAGES)


def test_what_asks_for_no_day_off_does_not_load_the_package() -> None:
    asked = (
        "import sys; from tasrih import law; from tasrih.vocabulary.period import Period;"
        "law.book().deadline('das', Period(2025)); sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
