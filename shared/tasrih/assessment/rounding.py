"""From a product to whole centimes, in integers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal


def half_up(numerator: int, denominator: int) -> int:
    """Half goes away from zero: 5/10 -> 1, -5/10 -> -1. The denominator is positive."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def down(numerator: int, denominator: int) -> int:
    """The rest is dropped: 19/10 -> 1, -19/10 -> -1. The denominator is positive."""
    whole = abs(numerator) // denominator
    return whole if numerator >= 0 else -whole


ROUNDINGS: dict[str, Callable[[int, int], int]] = {"half_up": half_up, "down": down}
"""By the name that the law's choice "rounding" gives."""


def share_of(base_centimes: int, rate: Decimal, rounding: str) -> int:
    """`rate` per cent of a base, in centimes, rounded once. Raises KeyError for an unknown rounding."""
    numerator, denominator = rate.as_integer_ratio()
    return ROUNDINGS[rounding](base_centimes * numerator, 100 * denominator)
