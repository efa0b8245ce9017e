"""Makes the templates that are workbooks: `python -m tests.declaration.workbook_templates` writes them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from tasrih.declaration.csv.headings import Heading
from tasrih.declaration.csv.headings import heading as das_heading
from tasrih.declaration.dac.headings import heading as dac_heading

FOLDER = resources.files("tasrih.declaration") / "templates"
FORMATTED_ROWS = 500
"""Rows below the heading that are ready to be filled in."""
TEXTS = (
    *("employer", "centre", "nss", "type", "surname", "first_name", "function", "code"),
    *("period", "nil", "decision", "place"),
)
DAYS = ("birth", "entry", "exit", "decision_start", "decision_end", "certified_on")
CHOICES = {"type": "N,C,R", "nil": "oui,non", **{f"unit_q{quarter}": "J,H,M" for quarter in (1, 2, 3, 4)}}
AS_IT_IS = (
    "Remplissez la feuille « {title} », enregistrez et envoyez ce classeur tel quel (.xlsx) : pas besoin de CSV.",
    "املأ الورقة «{title}»، واحفظ المصنف وأرسله كما هو (xlsx): لا حاجة إلى CSV.",
    "Fill in the sheet '{title}', save, and send this workbook as it is (.xlsx): no CSV is needed.",
)


NAMES = ("das", "dac", "dac_nominal")


def made(name: str) -> bytes:
    """The sheet to fill in, with the rows of the CSV of the same name, and the instructions of `README.md` in three
    languages."""
    book, title = Workbook(), "DAS" if name == "das" else "DAC"
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001 - openpyxl takes no zone
    book.active.title = title
    _fill(book.active, (FOLDER / f"{name}.csv").read_text("utf-8-sig"), das_heading if name == "das" else dac_heading)
    _instruct(book.create_sheet("Mode d'emploi"), (FOLDER / "README.md").read_text("utf-8"), title)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _fill(sheet: Any, table: str, heading: Callable[[str], Heading]) -> None:
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    for place, text in enumerate(rows[0], 1):
        column = heading(text).column
        head = sheet.cell(1, place, text)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
        head.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = max(9, min(18, len(text) + 2))
        if column in CHOICES:
            letter = get_column_letter(place)
            choice = DataValidation(type="list", formula1=f'"{CHOICES[column]}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{FORMATTED_ROWS + 1}")
            sheet.add_data_validation(choice)
        for line in range(2, FORMATTED_ROWS + 2):
            written = rows[line - 1][place - 1] if line <= len(rows) else ""
            _cell(sheet.cell(line, place), column, written)
    sheet.freeze_panes = "A2"


def _cell(cell: Any, column: str, written: str) -> None:
    if column in TEXTS or column.startswith("unit_"):
        cell.number_format = "@"
        cell.value = written or None
    elif column in DAYS:
        cell.number_format = "dd/mm/yyyy"
        cell.value = date(*map(int, reversed(written.split("/")))) if written else None
    elif column.startswith("base") or column in ("paid", "amount"):
        cell.number_format = "#,##0.00"
        cell.value = float(written.replace(",", ".")) if written else None
    else:
        cell.value = int(written) if written else None


def _instruct(sheet: Any, guide: str, title: str) -> None:
    sheet.column_dimensions["A"].width = 120
    line = 0
    for language, as_it_is in zip(("Français", "العربية", "English"), AS_IT_IS, strict=True):
        section = re.split(r"^## ", guide, flags=re.MULTILINE)
        wanted = f"{language} (DAC)\n" if title == "DAC" else f"{language}\n"
        text = next(part for part in section if part.startswith(wanted))
        rules = re.findall(r"^[0-9]+\. .*(?:\n   .*)*", text, flags=re.MULTILINE)
        rules = [rule for rule in rules if "CSV UTF-8" not in rule]
        for written in (
            language,
            as_it_is.format(title=title),
            *(f"{n}. {_plain(rule)}" for n, rule in enumerate(rules, 1)),
            "",
        ):
            line += 1
            cell = sheet.cell(line, 1, written)
            cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=2 if language == "العربية" else 1)
            cell.font = Font(bold=written == language)


def _plain(rule: str) -> str:
    """Without its number and its marks, in one line."""
    return re.sub(r"\n *", " ", re.sub(r"^[0-9]+\. |[*`]", "", rule))


if __name__ == "__main__":
    for name in NAMES:
        Path(str(FOLDER / f"{name}.xlsx")).write_bytes(made(name))
