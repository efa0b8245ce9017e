"""Numbers that name employers and insured persons (domain: 10 digits; 12 digits = 10 + 2-digit key)."""

import re

_EMPLOYER = re.compile(r"[0-9]{10}", re.ASCII)


def is_employer_number(text: str) -> bool:
    """Ten ASCII digits; the first two name a wilaya, 01 to 69. No public check digit is known."""
    return bool(_EMPLOYER.fullmatch(text)) and 1 <= int(text[:2]) <= 69


def spaced_employer(number: str) -> str:
    """1699999901 -> "16 999 999 01"."""
    return f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"
