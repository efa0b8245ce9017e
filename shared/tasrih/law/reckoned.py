"""Holidays as the package `holidays` reckons them: those of the sun are certain, those of the moon are estimates."""

from __future__ import annotations

from datetime import date
from functools import cache

from tasrih.law.values import FIRM, PROVISIONAL, DayOff

NAMES = {
    "New Year's Day": "new_year",
    "Amazigh New Year": "yennayer",
    "Labor Day": "labour_day",
    "Independence Day": "independence_day",
    "Independence and National Liberation Front Day": "independence_day",
    "Revolution Day": "revolution_day",
    "Islamic New Year": "islamic_new_year",
    "Ashura": "ashura",
    "Prophet's Birthday": "mawlid",
    "Eid al-Fitr": "eid_al_fitr",
    "Eid al-Adha": "eid_al_adha",
}
"""The package's name -> ours."""
ESTIMATED = " (estimated)"
CERTAIN_SOURCE = "Law 63-278 as amended by laws 05-06, 18-12 and 23-10; the package holidays"
ESTIMATED_SOURCE = "Estimated by the package holidays; the day is announced shortly before"


def reckoned(day: date) -> DayOff | None:
    """None where the package knows no holiday."""
    told = _of_year(day.year).get(day)
    if told is None:
        return None
    certain = [each for each in told if not each.endswith(ESTIMATED)]
    name = NAMES[(certain or told)[0].removesuffix(ESTIMATED)]
    return DayOff(day, name, *((CERTAIN_SOURCE, FIRM) if certain else (ESTIMATED_SOURCE, PROVISIONAL)))


@cache
def _of_year(year: int) -> dict[date, list[str]]:
    """Loaded here: the import takes a tenth of a second, and few need it."""
    from holidays.countries.algeria import Algeria

    found = Algeria(years=year, expand=False, language="en_US")
    return {day: found.get_list(day) for day in found}
