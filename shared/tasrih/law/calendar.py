"""Days on which offices are closed: what was announced, the weekend of the time, and the holidays as reckoned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tasrih.law.reckoned import reckoned
from tasrih.law.values import DayOff, Series, at

WEEKEND = "weekend"


@dataclass(frozen=True, slots=True)
class Announced:
    """What was announced of one day, against any reckoning."""

    name: str
    """As in `DayOff`."""
    off: bool
    source: str
    confidence: str
    published_on: date


@dataclass(frozen=True)
class Calendar:
    weekends: Series[tuple[int, ...]]
    """Days of the week, Monday is 0."""
    announced: Mapping[date, Announced]

    def day_off(self, day: date) -> DayOff | None:
        """None on a working day. An announcement goes before what is reckoned; a weekend stays one."""
        told = self.announced.get(day)
        if told and told.off:
            return DayOff(day, told.name, told.source, told.confidence)
        weekend = at(self.weekends, day)
        if weekend and weekend.value and day.weekday() in weekend.value:
            return DayOff(day, WEEKEND, weekend.basis.source, weekend.basis.confidence)
        return None if told else reckoned(day)

    def as_known_on(self, day: date) -> Calendar:
        """The weekend needs no publication: everybody lives by it."""
        return replace(self, announced={each: one for each, one in self.announced.items() if one.published_on <= day})
