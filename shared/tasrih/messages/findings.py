"""A finding as a sentence in the reader's language."""

from __future__ import annotations

from tasrih.messages import sentence
from tasrih.vocabulary.finding import Finding

SHOWN_CHARACTERS = 60
"""Of a value from a file, in a sentence; whole in the report."""


def finding_sentence(finding: Finding, language: str) -> str:
    """Says what is wrong, with the value found and the one expected. Raises KeyError for an unknown code."""
    return sentence(
        _subject(finding.code),
        finding.code,
        language,
        file=finding.file,
        line=finding.line or "…",
        column=column_name(finding.column, language),
        value=_shown(finding.value),
        expected=finding.expected,
    )


def summary_sentence(code: str, language: str) -> str:
    """The same sentence for all findings of a code: values give way to an ellipsis."""
    return finding_sentence(Finding(code, value="…", expected="…", column="", file="…"), language)


def column_name(column: str, language: str) -> str:
    """The layout's column in the reader's words; a column that is the filer's own stays as it is."""
    try:
        return sentence("columns", column, language)
    except KeyError:
        return column or "…"


def _subject(code: str) -> str:
    return "register" if code[1:].startswith("8") else "findings"


def _shown(value: str) -> str:
    cut = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
    return "".join(sign if sign.isprintable() else "·" for sign in cut)
