"""Money is integer centimes, everywhere."""

from decimal import Decimal
from typing import NewType

Centimes = NewType("Centimes", int)
"""An amount in centimes of dinar (1 DA = 100 centimes). Never a float."""


def dinars(amount: int) -> str:
    """1234567 -> "12 345,67" (no-break spaces, decimal comma: readable in ar, fr and en alike)."""
    sign = "-" if amount < 0 else ""
    whole, cents = divmod(abs(amount), 100)
    return f"{sign}{whole:,}".replace(",", "\u00a0") + f",{cents:02d}"


def per_cent(rate: Decimal | str) -> str:
    """11.50 -> "11,50 %"."""
    return f"{rate}".replace(".", ",") + "\u00a0%"
