"""What a soak tells: percentiles, and tables whose last column compares with the first row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

PERCENTILES = (50, 95, 99, 100)


def percentiles(values: Sequence[float]) -> tuple[float, ...]:
    """Of PERCENTILES, each a value that occurred. Raises IndexError for none."""
    ordered = sorted(values)
    return tuple(ordered[max(0, -(-len(ordered) * each // 100) - 1)] for each in PERCENTILES)


@dataclass(frozen=True)
class Row:
    """`ratio`: what is compared, in the unit of the table."""

    what: str
    values: tuple[float, ...]
    ratio: float
    count: int


def show(title: str, unit: str, rows: Sequence[Row]) -> None:
    table = Table(title=title, title_justify="left")
    for heading in ("", "count", *(f"p{each}" if each < 100 else "most" for each in PERCENTILES), "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in rows:
        told = [f"{value:,.1f} {unit}" for value in row.values]
        table.add_row(row.what, f"{row.count:,}", *told, f"{row.ratio / rows[0].ratio:.2f}")
    Console(width=120).print(table)
