"""Reasons as codes with their values; the sentences stand in messages/settlement.toml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tasrih.assessment import article_name
from tasrih.messages import sentence
from tasrih.vocabulary.money import dinars

Value = str | int | date


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is not so, or not yet."""

    code: str
    """Has a sentence "why_…"."""
    values: tuple[tuple[str, Value], ...] = ()
    """What it speaks of, language-free: amounts end in "centimes"."""


def why(code: str, **values: Value) -> Why:
    return Why(code, tuple(values.items()))


def why_sentence(reason: Why, language: str) -> str:
    """Raises KeyError for a code without a sentence."""
    values = {name.removesuffix("_centimes"): _shown(name, value, language) for name, value in reason.values}
    return sentence("settlement", f"why_{reason.code}", language, **values)


def debt_name(name: str, language: str) -> str:
    """Of a surcharge as the law calls it; "" are contributions."""
    return sentence("law", f"name_{name}", language) if name else sentence("settlement", "contributions", language)


def law_name(name: str, language: str) -> str:
    """What the law data or the ladder calls so ("prescription", "R22", "reminder"), in a language."""
    try:
        return sentence("law", f"name_{name}", language)
    except KeyError:
        return sentence("settlement", f"step_{name}", language)


def _shown(name: str, value: Value, language: str) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if name.endswith("centimes"):
        return dinars(int(value))
    text = str(value)
    return _NAMES[name](text, language) if name in _NAMES else text


_NAMES: dict[str, Callable[[str, str], str]] = {
    "article": article_name,
    "debt": debt_name,
    "item": lambda item, language: sentence("law", f"item_{item}", language),
    "name": law_name,
}
"""Values that are names in themselves."""
