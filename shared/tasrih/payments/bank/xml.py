"""XML from a bank, read without trust: no document types, no entities, bounded depth, values and elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

CHUNK_BYTES = 64 * 1024
MAX_DEPTH = 40
"""The deepest path of the norm has two dozen elements."""
MAX_ELEMENTS = 500_000
"""Of one movement: a batch with all its payments."""
MAX_VALUE = 4_000
"""Characters of one element or attribute; the norm allows a few hundred."""
MAX_TOKEN_BYTES = 1024 * 1024
"""Of one tag or comment: an endless one is looked at again with each piece."""
ENCODINGS = ("utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "windows-1252")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NO_MEMORY, _NO_ELEMENTS, _UNCLOSED, _PARTIAL, _JUNK_BEHIND, _UNCLOSED_CDATA = 1, 3, 5, 6, 9, 20


class XmlRefused(Exception):
    """The file cannot be read on. `code` is the finding's; nothing of the file in the text."""

    def __init__(self, code: str, line: int, value: str = "", expected: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.value, self.expected = code, line, value, expected


@dataclass(slots=True)
class Node:
    """One element with all that is in it. Names without namespace; "" for one of another namespace."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, path: str) -> list[Node]:
        """Every element at a path below ("NtryDtls/TxDtls")."""
        found = [self]
        for step in path.split("/"):
            found = [child for node in found for child in node.children if child.name == step]
        return found

    def one(self, path: str) -> Node | None:
        """The first of them."""
        found = self.all(path)
        return found[0] if found else None

    def of(self, *paths: str) -> str:
        """The text of the first of these paths that holds any, blanks squeezed; "" for none."""
        for node in (node for path in paths for node in self.all(path)):
            if squeezed := " ".join(node.text.split()):
                return squeezed
        return ""


@dataclass
class Walk:
    """Calls `begin` for each element above `depth` levels and `whole` for each element at that depth, as a tree."""

    depth: int
    begin: Callable[[str, str, int], None]
    """Namespace, name, line."""
    whole: Callable[[Node], None]
    _open: int = 0
    _elements: int = 0
    _path: list[Node] = field(default_factory=list)
    _space: str | None = None

    def read(self, stream: BinaryIO) -> None:
        """Raises XmlRefused."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = lambda _version, encoding, _alone: self._encoded(encoding, parser)
        parser.StartDoctypeDeclHandler = lambda *_declared: _refuse("E907", parser)
        parser.StartElementHandler = lambda name, held: self._start(name, held, parser)
        parser.EndElementHandler = lambda _name: self._end()
        parser.CharacterDataHandler = lambda text: self._text(text, parser)
        fed = 0
        try:
            for piece in _pieces(stream):
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN_BYTES:
                    _refuse("E910", parser, expected=str(MAX_TOKEN_BYTES))
            parser.Parse(b"", True)
        except expat.ExpatError as trouble:
            raise _refused(trouble) from trouble

    def _encoded(self, encoding: str | None, parser: expat.XMLParserType) -> None:
        if encoding and encoding.lower() not in ENCODINGS:
            _refuse("E909", parser, encoding[:40], "UTF-8")

    def _start(self, written: str, held: dict[str, str], parser: expat.XMLParserType) -> None:
        space, _, name = written.rpartition(" ")
        line = parser.CurrentLineNumber
        self._open += 1
        if self._open > MAX_DEPTH:
            _refuse("E908", parser, expected=str(MAX_DEPTH))
        if any(len(value) > MAX_VALUE for value in held.values()):
            _refuse("E910", parser, expected=str(MAX_VALUE))
        if self._space is None:
            self._space = space
        if self._open < self.depth:
            self.begin(space, name, line)
            return
        self._elements = 1 if self._open == self.depth else self._elements + 1
        if self._elements > MAX_ELEMENTS:
            _refuse("E914", parser, expected=str(MAX_ELEMENTS))
        node = Node(name[:60] if space == self._space else "", line, held)
        if self._path:
            self._path[-1].children.append(node)
        self._path.append(node)

    def _end(self) -> None:
        self._open -= 1
        if not self._path:
            return
        node = self._path.pop()
        if not self._path:
            self.whole(node)

    def _text(self, text: str, parser: expat.XMLParserType) -> None:
        if not self._path:
            return
        node = self._path[-1]
        if len(node.text) + len(text) > MAX_VALUE:
            _refuse("E910", parser, expected=str(MAX_VALUE))
        node.text += text


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Raises XmlRefused for a control byte where a text cannot hold one."""
    line, wide = 1, None
    while piece := stream.read(CHUNK_BYTES):
        wide = piece.startswith(_UTF16_MARKS) if wide is None else wide
        if not wide and (found := _CONTROL.search(piece)):
            raise XmlRefused("E510", line + piece.count(b"\n", 0, found.start()), f"0x{found[0][0]:02X}")
        line += piece.count(b"\n")
        yield piece


def _refuse(code: str, parser: expat.XMLParserType, value: str = "", expected: str = "") -> None:
    raise XmlRefused(code, parser.CurrentLineNumber, value, expected)


def _refused(trouble: expat.ExpatError) -> XmlRefused:
    if trouble.code == _NO_MEMORY:
        raise MemoryError from trouble
    if trouble.code in (_NO_ELEMENTS, _UNCLOSED, _PARTIAL, _UNCLOSED_CDATA):
        return XmlRefused("E904", trouble.lineno)
    return XmlRefused("E906" if trouble.code == _JUNK_BEHIND else "E905", trouble.lineno)
