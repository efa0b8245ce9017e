"""`tasrih law`: what the law holds for a day, on a screen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tasrih import law
from tasrih.assessment import article_name
from tasrih.cli.law_values import leaf, note, value_text
from tasrih.law import Basis, Choice, LawBook, ReducedCode, Scheme
from tasrih.law.values import Dated, at
from tasrih.messages import sentence
from tasrih.vocabulary.money import per_cent

Row = tuple[str, ...]
VALUE_COLUMNS = ("column_what", "column_value", "column_from", "column_basis", "column_note")
UNKNOWN_COLUMNS = ("column_what", "column_known")
CHOICE_COLUMNS = ("column_what", "column_value", "column_reason")
PIPED_WIDTH = 160
LONGEST_WORD = 18
"""Of the names of branches: a narrow screen breaks none of them."""
RIGHT_TO_LEFT = "\u200f"


def run(options: argparse.Namespace) -> int:
    book, language = law.book(options.known_on), options.lang
    day = options.on or datetime.now(ZoneInfo("Africa/Algiers")).date()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
    with console.capture() as captured:
        for line in _head(book, day, options.known_on, language):
            console.print(Text(line))
        for subject, held in _held(book, day).items():
            notes = _notes((one for _, one in held), language)
            rows = [_row(subject, name, one, notes, language) for name, one in held]
            _print(console, subject, VALUE_COLUMNS, rows, language)
            for told, number in notes.items():
                console.print(Text(f"{number}. {told}"))
            console.print()
        if not book.schemes(day):
            console.print(Text(sentence("law", "no_scheme", language)))
        _print(console, "unknown", UNKNOWN_COLUMNS, [*_unknown(book, day, language)], language)
        _print(console, "choices", CHOICE_COLUMNS, [*_choices(book, language)], language)
    _write(captured.get(), language)
    return 0


def _write(told: str, language: str) -> None:
    """A line of Arabic begins on the right, whatever its first word is."""
    start = RIGHT_TO_LEFT if language == "ar" else ""
    for line in told.splitlines():
        print(f"{start}{line.rstrip()}" if line.strip() else "")


def _print(console: Console, subject: str, columns: tuple[str, ...], rows: list[Row], language: str) -> None:
    title = Text(sentence("law", f"subject_{subject}", language), "bold")
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        least = LONGEST_WORD if column == "column_value" else None
        table.add_column(Text(sentence("law", column, language)), overflow="fold", min_width=least)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _head(book: LawBook, day: date, known_on: date | None, language: str) -> Iterator[str]:
    yield sentence("law", "head", language, day=day, version=law.LAW_VERSION)
    yield sentence("law", "known_on" if known_on else "known_today", language, day=known_on)
    off = book.day_off(day)
    name = off and leaf("law", f"day_{off.name}", language)
    sure = off and sentence("dues", f"confidence_{off.confidence}", language)
    yield sentence("law", "day_off" if off else "working_day", language, name=name, confidence=sure)
    yield ""


def _held(book: LawBook, day: date) -> dict[str, list[tuple[str, Dated[Any]]]]:
    """What is held for the day: subject -> names with their values."""
    found: dict[str, list[tuple[str, Dated[Any]]]] = {}
    for subject, name, series in book.all_series():
        one = at(series, day)
        if one and one.value is not None and not (subject == "schemes" and one.value.open_until < day):
            found.setdefault(subject, []).append((name, one))
    return found


def _notes(held: Iterable[Dated[Any]], language: str) -> dict[str, int]:
    """Publication and source of each, told once -> its number."""
    told = dict.fromkeys(_note(one.basis, language) for one in held)
    return {text: number for number, text in enumerate(told, 1)}


def _note(basis: Basis, language: str) -> str:
    published = "not_published"
    if basis.published_on:
        published = "published" if basis.gazette == "unknown" else "published_in"
    return sentence(
        "law",
        "note",
        language,
        published=sentence("law", published, language, day=basis.published_on, gazette=basis.gazette),
        source=note(basis.source, language).rstrip("."),
        day=basis.read_on,
    )


def _row(subject: str, name: str, one: Dated[Any], notes: dict[str, int], language: str) -> Row:
    basis, last = one.basis, one.value.open_until if isinstance(one.value, Scheme) else None
    known_to = leaf("law", f"from_{basis.from_known_to}", language)
    sure = sentence("dues", f"confidence_{basis.confidence}", language)
    return (
        leaf("law", f"name_{name}", language),
        value_text(subject, one.value, language),
        sentence("law", "until" if last else "from", language, day=one.valid_from, last=last, known_to=known_to),
        sentence("law", "text", language, article=article_name(basis.article, language), confidence=sure),
        f"{notes[_note(basis, language)]}",
    )


def _unknown(book: LawBook, day: date, language: str) -> Iterator[Row]:
    for _, name, series in book.all_series():
        dated = at(series, day)
        if name in book.reduced_codes:
            yield leaf("law", f"name_{name}", language), _reduced(book.reduced(name), language)
        elif (dated is None or dated.value is None) and name not in book.scheme_windows:
            yield leaf("law", f"name_{name}", language), sentence("law", "nothing_known", language)
    for name, searched in book.not_found.items():
        yield leaf("law", f"unknown_{name}", language), sentence("law", "searched", language, day=searched)


def _reduced(code: ReducedCode, language: str) -> str:
    comma = "، " if language == "ar" else ", "
    parts = comma.join(sentence("law", f"part_{part}", language) for part in code.unknown)
    told = {"unknown": parts, "source": note(code.source, language)}
    if code.total is None:
        return sentence("law", "reduced", language, **told)
    return sentence("law", "reduced_total", language, total=per_cent(code.total), **told)


def _choices(book: LawBook, language: str) -> Iterator[Row]:
    for choice in book.choices.values():
        reason = sentence(
            "law",
            "reason",
            language,
            reason=note(choice.reason, language),
            source=note(choice.source, language).rstrip("."),
            confidence=sentence("dues", f"confidence_{choice.confidence}", language),
        )
        yield leaf("law_choices", choice.name, language), _decided(choice, language), reason


def _decided(choice: Choice, language: str) -> str:
    """The value in use, and what else it may be."""
    value, may_be = choice.value, choice.may_be
    if value.isdecimal():
        others = sentence("law", "range", language, least=may_be[0], most=may_be[-1])
    else:
        value = leaf("law_choices", f"{choice.name}_{value}", language)
        others = " / ".join(
            leaf("law_choices", f"{choice.name}_{each}", language) for each in may_be if each != choice.value
        )
    return f"{value}\n{sentence('law', 'otherwise', language, others=others)}"
