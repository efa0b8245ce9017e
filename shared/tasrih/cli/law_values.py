"""Values of the law in words: rates, amounts, days."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tasrih.law import Rate, Scheme
from tasrih.messages import sentence
from tasrih.vocabulary.money import dinars, per_cent

_LATIN = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-zÀ-ÿ'%.,×=+\u2212 -]*[0-9A-Za-zÀ-ÿ%])?")
"""A run of figures or Latin words within an Arabic text."""


def leaf(subject: str, key: str, language: str) -> str:
    """A sentence that holds its figures itself: in Arabic they are isolated like inserted ones."""
    told = sentence(subject, key, language)
    return _LATIN.sub("\u2068\\g<0>\u2069", told) if language == "ar" else told


def note(text: str, language: str) -> str:
    """A source or a reason of the law data, in a language; what nobody translated stays as it is."""
    try:
        return leaf("law_notes", text, language)
    except KeyError:
        return text


def value_text(subject: str, value: Any, language: str) -> str:
    """As the loader made it, by subject of `LawBook.all_series`."""
    return _IN_WORDS[subject](value, language)


def _dinars(centimes: int, language: str) -> str:
    return _amount((centimes, "centimes"), language)


def _days(days: int, language: str) -> str:
    return _amount((days, "days"), language)


def _after_end(days: int, language: str) -> str:
    return sentence("law", "value_after_end", language, number=days)


def _rate(rate: Decimal, language: str) -> str:
    return sentence("law", "value_per_cent", language, number=per_cent(rate))


def _items(items: Sequence[str], language: str) -> str:
    return "\n".join(sentence("law", f"item_{item}", language) for item in items)


def _weekdays(weekdays: Sequence[int], language: str) -> str:
    return "\n".join(sentence("law", f"weekday_{weekday}", language) for weekday in weekdays)


def _rates(rates: Sequence[Rate], language: str) -> str:
    lines = []
    for rate in rates:
        told = {"branch": f"branch_{rate.branch}", "share": f"share_{rate.share}"}
        names = {name: sentence("dues", key, language) for name, key in told.items()}
        lines.append(sentence("law", "value_rate", language, rate=per_cent(rate.rate), **names))
    total = sum((rate.rate for rate in rates), Decimal(0))
    return "\n".join((*lines, sentence("law", "value_total", language, total=per_cent(total))))


def _amount(amount: tuple[int, str], language: str) -> str:
    number, unit = amount
    shown = dinars(number) if unit == "centimes" else per_cent(f"{number}") if unit == "per_cent" else f"{number}"
    return sentence("law", f"value_{unit}", language, number=shown)


def _scheme(scheme: Scheme, language: str) -> str:
    waived = [leaf("law", f"name_{name}", language) for name in scheme.waives]
    if scheme.waived_after_last_instalment:
        waived.append(sentence("law", "waived_at_end", language))
    if scheme.needs_current_paid:
        waived.append(sentence("law", "needs_current", language))
    return "\n".join(waived)


_IN_WORDS: dict[str, Callable[[Any, str], str]] = {
    "contributions": _rates,
    "minimum_wage": _dinars,
    "affiliation": _days,
    "deadlines": _after_end,
    "surcharges": _rate,
    "schemes": _scheme,
    "terms": _amount,
    "contents": _items,
    "days_off": _weekdays,
}
