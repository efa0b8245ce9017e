"""What a workbook says of itself before any cell is read: its sheets, its date system, its date formats, its texts."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from tasrih.declaration.xlsx.texts import shared_texts
from tasrih.declaration.xlsx.xml import Handlers, WorkbookRefused, walk

MAX_SHEETS, MAX_STYLES = 100, 65_536
"""Of a workbook; Excel writes some 65,490 cell formats at most."""
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that a program need not spell out (ECMA-376 part 1, 18.8.30): dates and times."""
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
_DATE_SIGNS = re.compile(r"[dmyhs]", re.IGNORECASE)
_ZEROS = re.compile(r"0{2,20}")
_TRUE = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Style:
    """What a cell's number format makes of a number."""

    date: bool = False
    zeros: int = 0
    """The format "0000000000" shows a number with so many digits."""


@dataclass(slots=True)
class Book:
    archive: zipfile.ZipFile
    sheets: list[Sheet] = field(default_factory=list)
    system_1904: bool = False
    linked: bool = False
    """Some values were taken from other workbooks."""
    styles: list[Style] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """The shared texts, by their number."""


def open_book(archive: zipfile.ZipFile) -> Book:
    """Raises WorkbookRefused: no workbook part, too many sheets, a sheet outside the file, damaged XML."""
    main = _main_part(archive)
    targets = _relations(archive, main)
    book = Book(archive, linked=any(name.startswith("xl/externalLinks/") for name in archive.namelist()))
    _read_workbook(book, main, targets)
    if part := _of_kind(targets, "styles"):
        book.styles = _styles(archive, part)
    if part := _of_kind(targets, "sharedStrings"):
        book.texts = shared_texts(archive, part)
    return book


def _main_part(archive: zipfile.ZipFile) -> str:
    targets = _relations(archive, "")
    main = _of_kind(targets, "officeDocument")
    if not main or main not in archive.namelist():
        raise WorkbookRefused("E706", main or "xl/workbook.xml")
    return main


def _of_kind(targets: dict[str, tuple[str, str]], kind: str) -> str:
    return next((part for found, part in targets.values() if found == kind), "")


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id -> (kind, part). Targets outside the file are left out: nothing is ever fetched."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode", "").lower() != "external":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (kind, target)

    walk(archive, posixpath.join(folder, "_rels", f"{name}.rels"), Handlers(start))
    return found


def _read_workbook(book: Book, main: str, targets: dict[str, tuple[str, str]]) -> None:
    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "workbookPr":
            book.system_1904 = attributes.get("date1904", "").lower() in _TRUE
        elif element == "sheet":
            reference = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            kind, part = targets.get(reference, ("", ""))
            if kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                book.sheets.append(Sheet(attributes.get("name", ""), part, hidden))
            elif not kind:
                raise WorkbookRefused("E711", attributes.get("name", ""))

    walk(book.archive, main, Handlers(start))
    if len(book.sheets) > MAX_SHEETS:
        raise WorkbookRefused("E712", str(len(book.sheets)), f"<= {MAX_SHEETS}")


def _styles(archive: zipfile.ZipFile, part: str) -> list[Style]:
    formats: dict[str, str] = {}
    numbers: list[str] = []
    inside: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        inside.append(element)
        if element == "numFmt" and "numFmts" in inside:
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element == "xf" and "cellXfs" in inside:
            numbers.append(attributes.get("numFmtId", "0"))
            if len(numbers) > MAX_STYLES:
                raise WorkbookRefused("E710", f"{part}: {len(numbers)}", f"<= {MAX_STYLES}")

    def end(_element: str) -> None:
        inside.pop()

    walk(archive, part, Handlers(start, end))
    known = {number: style_of(number, formats) for number in set(numbers)}
    return [known[number] for number in numbers]


def style_of(number: str, formats: dict[str, str]) -> Style:
    code = formats.get(number)
    if code is None:
        return Style(date=number.isdecimal() and int(number) in _BUILT_IN_DATES)
    shown = _LITERAL.sub("", code.partition(";")[0])
    zeros = len(code) if _ZEROS.fullmatch(code) else 0
    return Style(date="general" not in shown.lower() and bool(_DATE_SIGNS.search(shown)), zeros=zeros)
