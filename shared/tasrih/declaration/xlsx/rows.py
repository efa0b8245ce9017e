"""The rows of one sheet, one after another in bounded memory, whatever program wrote them.

Rows in the form that nearly all programs write are cut by patterns: one made for rows alike (`usual`), or one for all.
Every other row goes through the XML parser. Each gives the same cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from tasrih.declaration.xlsx.book import Sheet
from tasrih.declaration.xlsx.parsed import ParsedCell, parsed_rows
from tasrih.declaration.xlsx.usual import OWN_ROW, Shape, Usual
from tasrih.declaration.xlsx.xml import Handlers, Walk, WorkbookRefused, texts

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""Of a sheet, by its definition."""
MAX_ROW_CHARACTERS = 4 * 1024 * 1024
"""Of the XML of one row, or of what stands above the first one."""
MAX_MERGES = 10_000
_KEPT_SHAPES = 4096

_OPENING = re.compile(r"<((?:[\w.-]+:)?)sheetData\s*(/?)>")
_ROW = re.compile(r'\s*<row((?:\s+[\w:.-]+="[^"<>&]*")*)\s*>')
_CELL = re.compile(r'<c r="([A-Z]++#"[^<>/]*+)(?:/>|>(?:<v>([^<]*+)</v>)?+</c>)')
_FORMULA_CELL = re.compile(
    r'<c r="([A-Z]++#"[^<>/]*+)'
    r"(?:/>|>(?:<v>([^<]*+)</v>)?+</c>|>(<f(?:\s[^<>/]*+)?+(?:/>|>[^<]*+</f>))(?:<v>([^<]*+)</v>)?+</c>)"
)
_INLINE = re.compile(r'<is><t(?: xml:space="preserve")?>')
_FORM = re.compile(r'(?:\s+(?:s="[0-9]{0,6}"|t="(?:n|s|str|inlineStr|b|e|d)"|(?:cm|vm|ph)="[0-9]{0,9}"))*\s*')
_NUMBER = re.compile(r'\sr="([0-9]{1,9})"')
_HIDDEN = re.compile(r'\shidden="(?:1|true|on)"')
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,9})", re.ASCII)


class SheetRow(NamedTuple):
    number: int
    """As Excel shows it, from 1."""
    hidden: bool
    columns: tuple[int, ...]
    """Ascending, from 0."""
    forms: tuple[str, ...]
    """The other attributes of each cell as written: ` s="1" t="s"`."""
    values: tuple[str, ...]
    """What the file stores: a number, the number of a shared text, a text; "" = nothing."""
    formulas: tuple[bool, ...] = ()
    """Where a formula stands; () = nowhere."""


def column_number(letters: str) -> int:
    """ "A" -> 0. Raises WorkbookRefused outside the sheet."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) - 64
    if number > MAX_COLUMNS:
        raise WorkbookRefused("E716", letters[:10], "A1:XFD1048576")
    return number - 1


def column_letters(number: int) -> str:
    """0 -> "A"."""
    letters, rest = "", number + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(65 + last) + letters
    return letters


@dataclass
class SheetRows:
    """`rows` may be walked once; hidden columns are known once it has begun, merged cells once it is exhausted."""

    archive: zipfile.ZipFile
    sheet: Sheet
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last, from 0."""
    merged: list[str] = field(default_factory=list)
    """References such as "A2:A9"."""
    _last: int = 0
    _prefix: str = ""
    _inside: bool = False
    _shapes: dict[tuple[str, ...], Shape] = field(default_factory=dict)
    _usual: Usual = field(default_factory=Usual)

    def rows(self) -> Iterator[SheetRow]:
        """Raises WorkbookRefused: damaged XML, rows out of order, a cell outside the sheet, an endless row."""
        pieces = texts(self.archive, self.sheet.part)
        around = Walk(self.sheet.part, Handlers(self._around))
        rest = yield from self._data(self._open(pieces, around), pieces)
        around.feed(rest)
        for piece in pieces:
            around.feed(piece)
        around.feed("", last=True)

    def _around(self, name: str, attributes: dict[str, str]) -> None:
        """What stands before and behind the rows."""
        if name == "sheetData":
            self._inside = True
        elif name == "col" and attributes.get("hidden", "") in ("1", "true", "on"):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self.hidden_columns.append((int(first[:6]) - 1, int(last[:6]) - 1))
        elif name == "mergeCell" and len(self.merged) < MAX_MERGES:
            self.merged.append(attributes.get("ref", ""))

    def _open(self, pieces: Iterator[str], around: Walk) -> str:
        """Feeds all that stands before the rows; returns what was read beyond it."""
        head = ""
        for piece in pieces:
            head += piece
            if found := _OPENING.search(head):
                around.feed(head[: found.end()])
                if not self._inside:
                    raise WorkbookRefused("E708", self.sheet.part)
                self._prefix = found[1]
                return f"</{found[1]}sheetData>" * bool(found[2]) + head[found.end() :]
            if len(head) > MAX_ROW_CHARACTERS:
                raise WorkbookRefused("E734", self.sheet.part, f"<= {MAX_ROW_CHARACTERS}")
        raise WorkbookRefused("E708", self.sheet.part)

    def _data(self, rest: str, pieces: Iterator[str]) -> Generator[SheetRow, None, str]:
        """The rows; returns what stands behind them."""
        row_end, data_end = f"</{self._prefix}row>", f"</{self._prefix}sheetData>"
        while True:
            *whole, rest = rest.split(row_end)
            for fragment in whole:
                yield from self._rows(fragment, row_end)
            end = rest.find(data_end)
            if end >= 0:
                yield from self._parsed(rest[:end])
                return rest[end:]
            if len(rest) > MAX_ROW_CHARACTERS:
                raise WorkbookRefused("E734", str(self._last + 1), f"<= {MAX_ROW_CHARACTERS}")
            piece = next(pieces, None)
            if piece is None:
                raise WorkbookRefused("E708", self.sheet.part)
            rest += piece

    def _rows(self, fragment: str, row_end: str) -> Iterator[SheetRow]:
        if cut := self._usual.cut(fragment):
            number, attributes, shape, values = cut
            yield SheetRow(self._numbered(int(number)), _is_hidden(attributes), *shape, values)
        elif row := self._cut(fragment):
            yield row
        else:
            yield from self._parsed(fragment + row_end)

    def _cut(self, fragment: str) -> SheetRow | None:
        """None for a row in any other form than the usual one: every sign "<" must be one that the pattern took."""
        opened = _ROW.match(fragment)
        number = _NUMBER.search(opened[1]) if opened else None
        if not opened or not number:
            return None
        body = fragment[opened.end() :]
        if "&" in body or OWN_ROW in body:
            return None
        if "<is>" in body:
            body = _INLINE.sub("<v>", body).replace("</t></is>", "</v>")
        body = body.replace(number[1] + '"', OWN_ROW + '"')
        cells = (_FORMULA_CELL if "<f" in body else _CELL).findall(body)
        if not cells:
            return None
        heads, values, *more = zip(*cells, strict=True)
        formulas = more[0] if more else ()
        if more:
            values = tuple(map(max, values, more[1]))
        if body.count("<") != _signs(body, values, "".join(formulas)):
            return None
        shape = self._shapes.get(heads) or self._shape(heads, int(number[1]))
        if shape is None:
            return None
        if not formulas:
            self._usual.learn(heads, shape)
        line = self._numbered(int(number[1]))
        return SheetRow(line, _is_hidden(opened[1]), *shape, values, tuple(map(bool, formulas)))

    def _shape(self, heads: tuple[str, ...], line: int) -> Shape | None:
        """Columns and forms of the cells; None where a form is not one of the usual."""
        letters, forms = zip(*(head.split(OWN_ROW + '"', 1) for head in heads), strict=True)
        if not all(map(_FORM.fullmatch, forms)):
            return None
        shape = self._ordered(letters, line), forms
        if len(self._shapes) < _KEPT_SHAPES:
            self._shapes[heads] = shape
        return shape

    def _numbered(self, number: int) -> int:
        if number > MAX_ROWS or not number:
            raise WorkbookRefused("E716", str(number), "A1:XFD1048576")
        if number <= self._last:
            raise WorkbookRefused("E717", str(number), f"> {self._last}", line=number)
        self._last = number
        return number

    def _ordered(self, letters: tuple[str, ...], line: int) -> tuple[int, ...]:
        columns = tuple(map(column_number, letters))
        if any(after <= before for before, after in pairwise(columns)):
            raise WorkbookRefused("E717", str(line), line=line)
        return columns

    def _parsed(self, fragment: str) -> Iterator[SheetRow]:
        if not fragment.strip():
            return
        for attributes, cells in parsed_rows(fragment, self.sheet.part):
            line = self._numbered(_whole(attributes.get("r", str(self._last + 1))))
            hidden = attributes.get("hidden", "") in ("1", "true", "on")
            letters, forms, values, formulas = self._placed(cells, line)
            yield SheetRow(line, hidden, self._ordered(letters, line), forms, values, formulas if any(formulas) else ())

    def _placed(
        self, cells: list[ParsedCell], line: int
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[bool, ...]]:
        letters: list[str] = []
        for cell in cells:
            reference = cell.attributes.get("r", "")
            found = _REFERENCE.fullmatch(reference)
            if reference and (not found or int(found[2]) != line):
                raise WorkbookRefused("E717", reference, str(line), line=line)
            following = column_letters(column_number(letters[-1]) + 1) if letters else "A"
            letters.append(found[1] if found else following)
        forms = tuple(cell.form for cell in cells)
        return tuple(letters), forms, tuple(cell.value for cell in cells), tuple(cell.formula for cell in cells)


def _is_hidden(attributes: str) -> bool:
    return "hidden" in attributes and bool(_HIDDEN.search(attributes))


def _whole(text: str) -> int:
    return int(text[:9]) if text.isdecimal() and text.isascii() else 0


def _signs(body: str, values: tuple[str, ...], formulas: str) -> int:
    """How many signs "<" the cells have: four with a value, one closed at once, two empty; and those of formulas."""
    empty = values.count("")
    closed = body.count("/>") - formulas.count("/>")
    return 4 * (len(values) - empty) + closed + 2 * (empty - closed) + formulas.count("<")
