"""Every finding there is: where it is looked for, what it rests on, what keeps it silent, its sentences.

Read from the rule books and the sentences themselves; nothing is written a second time. Codes that only a reader can
give (of intake, archives, tables, workbooks) stand in no rule book: their first digits say where they belong.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from tasrih.declaration import rules as das
from tasrih.declaration.checks import AMOUNTS
from tasrih.declaration.dac import rules as dac
from tasrih.declaration.rulebook import Entry, depends_on
from tasrih.messages import table
from tasrih.vocabulary.finding import Finding

READERS = {
    "0": ("intake", "what a deposit may hold"),
    "49": ("archive", "an archive of many declarations"),
    "5": ("table", "our own documented tables (CSV); the templates explain them"),
    "7": ("workbook", "xlsx (ECMA-376), and what a spreadsheet does to figures"),
}
"""First digits of a code -> (stage, source)."""

_QUARTERS_TO_YEAR = "base_q1..base_year"


@cache
def rule_book() -> dict[str, Any]:
    """{"versions": {"das", "dac"}, "rules": [...]}; a code that both kinds know stands once for each."""
    found = [*_das(), *_dac()]
    known = {rule["code"] for rule in found}
    found += [_reader(code) for code in table("findings") if code not in known and code not in dac.RETIRED]
    found.sort(key=lambda rule: (rule["code"][1:], rule["code"], rule["form"]))
    return {"versions": {"das": das.RULES_VERSION, "dac": dac.RULES_VERSION}, "rules": found}


def _das() -> Iterator[dict[str, Any]]:
    for stage, entries in (("reading", das.READING), ("file", das.FILE_RULES), ("handshake", das.HANDSHAKE)):
        yield from (_entry("das", stage, entry) for entry in entries)
    for rule in das.RULES:
        expected = rule.expected if isinstance(rule.expected, str) else ""
        silent = depends_on(rule, das.RULES)
        yield _rule("das", "line", rule.code, rule.columns, rule.source, expected=expected, depends_on=silent)


def _dac() -> Iterator[dict[str, Any]]:
    for stage, entries in (
        ("reading", dac.READING),
        ("file", dac.COMPARED),
        ("handshake", dac.HANDSHAKE),
        ("dues", dac.WITH_DUES),
    ):
        yield from (_entry("dac", stage, entry) for entry in entries)
    unreadable = {entry.code: _columns(entry) for entry in dac.READING if entry.code.startswith("E")}
    for rule in dac.RULES:
        silent = tuple(code for code, columns in unreadable.items() if set(columns) & set(rule.columns))
        yield _rule("dac", "declaration", rule.code, rule.columns, rule.source, depends_on=silent)


def _entry(form: str, stage: str, entry: Entry) -> dict[str, Any]:
    return _rule(form, stage, entry.code, _columns(entry), entry.source)


def _columns(entry: Entry) -> tuple[str, ...]:
    """Of "base_q1..base_year, workers"; none for a whole line or file."""
    about = entry.about.replace(_QUARTERS_TO_YEAR, ", ".join(AMOUNTS))
    return tuple(column for column in about.split(", ") if column not in ("file", "line"))


def _reader(code: str) -> dict[str, Any]:
    digits = next(digits for digits in READERS if code[1:].startswith(digits))
    stage, source = READERS[digits]
    return _rule("any", stage, code, (), source)


def _rule(
    form: str,
    stage: str,
    code: str,
    columns: tuple[str, ...],
    source: str,
    *,
    expected: str = "",
    depends_on: tuple[str, ...] = (),
) -> dict[str, Any]:
    return {
        "code": code,
        "form": form,
        "stage": stage,
        "severity": Finding(code).severity,
        "columns": list(columns),
        "expected": expected,
        "depends_on": list(depends_on),
        "source": source,
        "sentences": dict(table("findings")[code]),
    }
