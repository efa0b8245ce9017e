"""The stretch of time that a declaration speaks of: a year, a quarter or a month."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year ("2025"), a quarter ("2025-Q3") or a month ("2025-07")."""

    year: int
    quarter: int | None = None
    month: int | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Raises ValueError when the text is none of the three forms."""
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(f"not a period: {text!r}")
        year, quarter, month = (int(part) if part else None for part in found.group("year", "quarter", "month"))
        assert year is not None
        return cls(year, quarter, month)

    def __str__(self) -> str:
        if self.month:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-Q{self.quarter}" if self.quarter else f"{self.year:04d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 3 * (self.quarter or 1) - 2, 1)

    @property
    def last_month(self) -> int:
        return self.month or 3 * (self.quarter or 4)

    @property
    def last_day(self) -> date:
        return date(self.year, self.last_month, monthrange(self.year, self.last_month)[1])

    def quarters(self) -> tuple[Period, ...]:
        """The four quarters of a year. Raises ValueError for anything but a year."""
        if self.quarter or self.month:
            raise ValueError(f"{self} is not a year")
        return tuple(Period(self.year, quarter=q) for q in (1, 2, 3, 4))

    def months(self) -> tuple[Period, ...]:
        """The three months of a quarter. Raises ValueError for anything but a quarter."""
        if not self.quarter:
            raise ValueError(f"{self} is not a quarter")
        return tuple(Period(self.year, month=3 * self.quarter + place) for place in (-2, -1, 0))

    @property
    def in_quarter(self) -> Period:
        """The quarter that a month is in; a quarter itself, the last of a year."""
        return Period(self.year, quarter=(self.last_month + 2) // 3)
