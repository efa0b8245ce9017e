"""Makes the workbooks and the README of the templates: `python -m tests.declaration.workbook_templates` writes them."""

from __future__ import annotations

import csv
import io
import math
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from tasrih.declaration.csv.headings import heading as das_heading
from tasrih.declaration.dac.headings import heading as dac_heading

from tests.declaration import template_texts as texts
from tests.declaration.template_texts import FOLDER, TEXTS

NAMES = texts.FORMS
SHEETS = {"fr": "Mode d'emploi", "ar": "كيفية الملء", "en": "How to fill it in"}
"""The reader passes over sheets of these names without a word (`xlsx.table.INSTRUCTIONS`)."""
TEXT, AMOUNT, DAY = "@", "#,##0.00", "dd/mm/yyyy"
DAYS = ("entry", "exit", "decision_start", "decision_end", "certified_on")
FIGURES = ("year", "headcount", "entries", "exits")
CHOICES = {"type": "N,C,R", "nil": "oui,non,نعم,لا,yes,no", **{f"unit_q{quarter}": "J,H,M" for quarter in (1, 2, 3, 4)}}
WIDTHS = {"surname": 29, "first_name": 20, "nss": 16, "function": 20, "place": 29, "decision": 18}
"""In digits of the font, at least; each column holds a line of its heading."""
FONT = "Arial"
"""Holds Latin and Arabic letters on every system."""
FROZEN = {"das": "H2", "dac": "C2", "dac_nominal": "G2"}
"""The heading, and whose row it is, stay in sight."""
LAST_ROW = 1_048_576
HEAD, EXAMPLE = PatternFill("solid", fgColor="DDEBF7"), PatternFill("solid", fgColor="FFF8DC")
THIN = Side(style="thin", color="BFBFBF")
LINE = Border(bottom=THIN)
GRID = (28, 26, 14, 34, 72)
"""Widths of the instructions: heading in French, the same in this language, whether, when, what."""
LETTERS_IN_A_DIGIT, LINE_POINTS = 1.0, 14.5
"""How many letters stand in the width of one digit, with some room; the height of a line."""


def made(name: str) -> bytes:
    """The sheet to fill in, with the rows of the CSV of the same name; a sheet of instructions for each language."""
    book, title = Workbook(), "DAS" if name == "das" else "DAC"
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001 - openpyxl takes no zone
    book.active.title = title
    rows = list(csv.reader(io.StringIO((FOLDER / f"{name}.csv").read_text("utf-8-sig")), delimiter=";"))
    _fill(book.active, rows, name)
    shown = {column for text in rows[0] for column in [_column(name, text)]}
    for language in texts.LANGUAGES:
        _instruct(book.create_sheet(SHEETS[language]), name, language, {"sheet": title, "last": str(len(rows))}, shown)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _column(form: str, text: str) -> str:
    return (das_heading if form == "das" else dac_heading)(text).column


def _fill(sheet: Any, rows: list[list[str]], form: str) -> None:
    known = {column["name"]: column for column in texts.columns(form)}
    lines = 1
    for place, text in enumerate(rows[0], 1):
        column, letter = _column(form, text), get_column_letter(place)
        quarter = column[-1] if "_q" in column else ""
        head = sheet.cell(1, place, texts.heading(known[re.sub("_q[1-4]$", "_q#", column)], quarter))
        head.font, head.fill, head.border = Font(FONT, 10, bold=True), HEAD, LINE
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center", readingOrder=1)
        parts = head.value.split(" / ")
        width = max(WIDTHS.get(column, 12), min(19, max(map(len, parts)) + 3))
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = _format(column)
        lines = max(lines, _lines(head.value, width, parts))
        if column in CHOICES:
            choice = DataValidation(type="list", formula1=f'"{CHOICES[column]}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(choice)
        for line, row in enumerate(rows[1:], 2):
            _example(sheet.cell(line, place), column, row[place - 1])
    sheet.row_dimensions[1].height = lines * LINE_POINTS
    sheet.freeze_panes = FROZEN[form]
    _print(sheet)


def _print(sheet: Any) -> None:
    """On A4, as wide as the page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0


def _format(column: str) -> str:
    if column.startswith("base") or column in ("paid", "amount"):
        return AMOUNT
    if column in DAYS:
        return DAY
    return "General" if column.startswith("duration_") or column in FIGURES else TEXT


def _example(cell: Any, column: str, written: str) -> None:
    form = _format(column)
    cell.number_format, cell.font, cell.fill = form, Font(FONT, 10, italic=True, color="7F6000"), EXAMPLE
    if not written:
        return
    if form == DAY:
        cell.value = date(*map(int, reversed(written.split("/"))))
    elif form == AMOUNT:
        cell.value = float(written.replace(",", "."))
    else:
        cell.value = written if form == TEXT else int(written)


def _instruct(sheet: Any, form: str, language: str, facts: dict[str, str], shown: set[str]) -> None:
    for place, width in enumerate(_grid(language), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.sheet_view.rightToLeft = language == "ar"
    _print(sheet)
    line = _line(sheet, 1, [_plain(texts.told(TEXTS["forms"][form][language], language))], language, size=14)
    found = list(texts.rules(form, "xlsx", language))
    for each in TEXTS["topics"]:
        told = [text for topic, text in found if topic == each]
        if told or each == "columns":
            topic = _plain(texts.told(TEXTS["topics"][each][language], language))
            line = _line(sheet, line + 1, [topic], language, size=12)
        for number, text in enumerate(told, 1):
            line = _line(sheet, line, [f"{number}. {_plain(text.format(**facts))}"], language)
        if each == "columns":
            line = _key(sheet, line, form, language, shown)


def _key(sheet: Any, line: int, form: str, language: str, shown: set[str]) -> int:
    """The heading as the sheet to fill in has it first, then in this language, and what goes below it."""
    head, *others = texts.PAGE["table"][language]
    named = [head] if language == "fr" else [f"{head} ({texts.NAMES['fr']})", head]
    line = _line(sheet, line, [*named, *others], language, bold=True)
    for column in texts.columns(form):
        if column["name"].replace("#", "1") not in shown:
            continue
        named = [texts.quarters(texts.headed(column, each)) for each in dict.fromkeys(("fr", language))]
        told = (
            texts.presence(column, form, language),
            texts.when(column, language),
            texts.told(column[language], language),
        )
        line = _line(sheet, line, [*named, *map(_plain, told)], language)
        sheet.cell(line - 1, 1).alignment = Alignment(
            wrap_text=True, vertical="top", horizontal="right" if language == "ar" else "left", readingOrder=1
        )
    return line


def _grid(language: str) -> tuple[int, ...]:
    return GRID[:1] + GRID[2:] if language == "fr" else GRID


def _line(sheet: Any, line: int, cells: list[str], language: str, size: int = 10, *, bold: bool = False) -> int:
    """One row, as high as its longest cell; a single cell goes over the whole width. Gives the next row."""
    grid = _grid(language)
    widths = grid if len(cells) > 1 else (sum(grid),)
    for place, text in enumerate(cells, 1):
        cell = sheet.cell(line, place, text)
        right = language == "ar"
        cell.alignment = Alignment(
            wrap_text=True, vertical="top", horizontal="right" if right else "left", readingOrder=2 if right else 1
        )
        cell.font = Font(FONT, size, bold=bold or size > 10)
        if len(cells) > 1:
            cell.border = LINE
            cell.fill = HEAD if bold else PatternFill()
    if len(cells) == 1:
        sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=len(grid))
    high = max(_lines(text, width * LETTERS_IN_A_DIGIT, [text]) for text, width in zip(cells, widths, strict=True))
    sheet.row_dimensions[line].height = high * LINE_POINTS * size / 10 + 3
    return line + 1


def _lines(text: str, letters: float, parts: list[str]) -> int:
    """At most: no line is filled to its end, as words are not broken."""
    longest = max(map(len, text.split()))
    return sum(math.ceil(len(part) / max(letters - min(longest, letters / 4), 4)) for part in parts)


def _plain(text: str) -> str:
    """Without its marks."""
    return re.sub(r"[*`]", "", text)


if __name__ == "__main__":
    Path(str(FOLDER / "README.md")).write_text(texts.readme(), "utf-8")
    for name in NAMES:
        Path(str(FOLDER / f"{name}.xlsx")).write_bytes(made(name))
