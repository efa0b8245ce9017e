"""Lines of made-up people, in the columns of the layout, as many as wanted."""

from __future__ import annotations

import numpy as np
from tasrih.declaration.sent import Lines

SEED = 20261123
_TEXT = {"nss": 12, "surname": 25, "first_name": 25, "birth": 8, "entry": 8, "exit": 8, "function": 20}
COLUMNS = np.dtype(
    [("number", "<i4")]
    + [(name, f"S{width}") for name, width in _TEXT.items()]
    + [(f"duration_q{quarter}", "<i2") for quarter in range(1, 5)]
    + [(f"unit_q{quarter}", "S1") for quarter in range(1, 5)]
    + [(f"base_q{quarter}", "<i8") for quarter in range(1, 5)]
    + [("base_year", "<i8")]
)


def insured(number: int) -> str:
    return f"99{number:010d}"


def made_lines(count: int, first: int = 0) -> Lines:
    """Persons `first`, `first + 1`, …; wages and names vary as they do among people."""
    chance = np.random.default_rng(SEED + first)
    rows = np.zeros(count, COLUMNS)
    rows["number"] = np.arange(1, count + 1)
    rows["nss"] = np.char.mod(b"99%010d", np.arange(first, first + count))
    for name, kinds in (("surname", 5000), ("first_name", 800), ("function", 60)):
        words = np.array([f"{name.upper()[:5]}{number}" for number in range(kinds)], "S20")
        rows[name] = words[chance.integers(0, kinds, count)]
    days, years = chance.integers(101, 2812, count), chance.integers(1960, 2006, count)
    rows["birth"] = np.char.mod(b"%08d", 10_000 * days + years)
    for quarter in range(1, 5):
        rows[f"duration_q{quarter}"] = 90
        rows[f"unit_q{quarter}"] = b"J"
        rows[f"base_q{quarter}"] = chance.integers(60_000_00, 400_000_00, count)
        rows["base_year"] += rows[f"base_q{quarter}"]
    return Lines(rows)
