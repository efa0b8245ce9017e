"""The texts that the cells of a workbook share, each stored once."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

from tasrih.declaration.xlsx.xml import Handlers, Walk, WorkbookRefused, check_size, texts

MAX_TEXTS_BYTES = 320 * 1024 * 1024
MAX_TEXTS = 4_000_000
"""Texts that differ: names, first names and numbers of a million workers stay below."""
_MAX_CHARACTERS = 4 * 1024 * 1024
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OPENING = re.compile(r"<((?:[\w.-]+:)?)sst(?:\s[^<>]*)?>")
_PLAIN = re.compile(r"<si><t(?: xml:space=\"preserve\")?>([^<]*)</t></si>")


def unescaped(text: str) -> str:
    """ "_x000D_" is how a workbook writes a sign that XML cannot hold."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def shared_texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    """By their number. Texts in the usual form are cut by one pattern, others go through the XML parser.

    Raises WorkbookRefused: damaged, too many.
    """
    check_size(archive, part, MAX_TEXTS_BYTES)
    around = Walk(part, Handlers())
    found: list[str] = []
    rest = end = ""
    for piece in texts(archive, part):
        rest += piece
        if not end and (opened := _OPENING.search(rest)):
            around.feed(rest[: opened.end()])
            rest, end = rest[opened.end() :], f"</{opened[1]}si>"
        if end and end in rest:
            cut = rest.rindex(end) + len(end)
            found += _cut(rest[:cut], part)
            rest = rest[cut:]
        if len(found) > MAX_TEXTS or len(rest) > _MAX_CHARACTERS:
            raise WorkbookRefused("E710", f"{part}: > {MAX_TEXTS}", f"<= {MAX_TEXTS}")
    around.feed(rest, last=True)
    return found


def _cut(fragment: str, part: str) -> list[str]:
    plain = _PLAIN.findall(fragment)
    if "&" in fragment or fragment.count("<") != 4 * len(plain):
        reading = _Parsed()
        Walk(part, Handlers(reading.start, reading.end, reading.text)).feed(f"<sst>{fragment}</sst>", last=True)
        return reading.found
    return [unescaped(text) for text in plain] if "_x" in fragment else plain


@dataclass
class _Parsed:
    """Each text in one piece, whatever fonts it is written in; readings for Japanese (rPh) are no part of it."""

    found: list[str] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _inside: list[str] = field(default_factory=list)

    def start(self, element: str, _attributes: dict[str, str]) -> None:
        self._inside.append(element)
        if element == "si":
            self._pieces.clear()

    def end(self, element: str) -> None:
        self._inside.pop()
        if element == "si":
            self.found.append(unescaped("".join(self._pieces)))

    def text(self, data: str) -> None:
        if self._inside[-1:] == ["t"] and "rPh" not in self._inside:
            self._pieces.append(data)
