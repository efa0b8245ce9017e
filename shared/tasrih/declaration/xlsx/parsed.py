"""Rows of a sheet as the XML parser sees them: for those that are not written in the usual form."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasrih.declaration.xlsx.xml import Handlers, Walk, WorkbookRefused, local

_KINDS = frozenset({"", "n", "s", "str", "inlineStr", "b", "e", "d"})


def parsed_rows(fragment: str, part: str) -> list[tuple[dict[str, str], list[ParsedCell]]]:
    """The attributes and cells of each row. Raises WorkbookRefused for damaged XML."""
    found = Parsed(part)
    reading = Walk(part, Handlers(found.start, found.end, found.text))
    reading.feed(f"<data>{fragment}</data>", last=True)
    return found.rows


@dataclass
class ParsedCell:
    attributes: dict[str, str]
    formula: bool = False
    value: str = ""

    @property
    def form(self) -> str:
        style, kind = self.attributes.get("s", ""), self.attributes.get("t", "")
        return (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")


@dataclass
class Parsed:
    """Rows as the XML parser sees them."""

    part: str
    rows: list[tuple[dict[str, str], list[ParsedCell]]] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        plain = {local(key): value for key, value in attributes.items()}
        if name == "row":
            self.rows.append((plain, []))
        elif name == "c" and self.rows:
            style = plain.get("s", "")
            if plain.get("t", "") not in _KINDS or not (style.isdecimal() or not style):
                raise WorkbookRefused("E708", self.part)
            self.rows[-1][1].append(ParsedCell(plain))
        elif name == "f" and self.rows and self.rows[-1][1]:
            self.rows[-1][1][-1].formula = True

    def end(self, _name: str) -> None:
        self._path.pop()

    def text(self, data: str) -> None:
        stored = self._path[-1:] == ["v"] or (self._path[-1:] == ["t"] and "is" in self._path)
        if stored and "rPh" not in self._path and self.rows and self.rows[-1][1]:
            self.rows[-1][1][-1].value += data
