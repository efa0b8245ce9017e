"""A finding as a sentence in the reader's language."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import category

from tasrih.messages import sentence
from tasrih.vocabulary.finding import Finding

_LONG_NUMBER = re.compile(r"[1-9][0-9]{4,}", re.ASCII)
_CENTIMES = re.compile(rf"(?:[<>]= )?{_LONG_NUMBER.pattern}", re.ASCII)
SHOWN_CHARACTERS = 60
"""Of a value from a file, in a sentence; whole in the report."""


def finding_sentence(finding: Finding, language: str) -> str:
    """Says what is wrong, with the value found and the one expected. Raises KeyError for an unknown code."""
    return sentence(
        _subject(finding.code),
        finding.code,
        language,
        file=printable(finding.file),
        line=finding.line or "…",
        column=column_name(finding.column, language),
        value=_grouped(_shown(finding.value), finding.column) or sentence("columns", "blank", language),
        expected=_grouped(printable(finding.expected), finding.column).replace("<=", "≤").replace(">=", "≥") or "…",
    )


def summary_sentence(code: str, language: str) -> str:
    """The same sentence for all findings of a code: values give way to an ellipsis."""
    return finding_sentence(Finding(code, value="…", expected="…", column="", file="…"), language)


@cache
def column_name(column: str, language: str) -> str:
    """The layout's column in the reader's words; a column that is the filer's own stays as it is."""
    try:
        return sentence("columns", column, language)
    except KeyError:
        return column or "…"


def _subject(code: str) -> str:
    return {"8": "register", "9": "bank"}.get(code[1], "findings")


def _grouped(text: str, column: str) -> str:
    """Centimes in groups of three, as people read amounts: "36000000" -> "36 000 000" (no-break spaces)."""
    if not column.startswith("base_") or not _CENTIMES.fullmatch(text):
        return text
    return _LONG_NUMBER.sub(lambda digits: f"{int(digits[0]):,}".replace(",", "\u00a0"), text)


def _shown(value: str) -> str:
    cut = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
    return printable(cut)


def printable(text: str) -> str:
    """Nothing that could steer a terminal or turn the writing around; blanks of any width stay."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or category(sign) == "Zs" else "·" for sign in text)
