"""The XML inside a workbook, read without trust: no document types, no entities, bounded depth, known encodings."""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

CHUNK_BYTES = 1 << 20
MAX_PART_BYTES = 16 * 1024 * 1024
"""Of a part other than texts and sheets."""
MAX_DEPTH = 64
"""The deepest part of a true workbook is a dozen elements deep."""
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_NO_MEMORY = 1


class WorkbookRefused(Exception):
    """The workbook, or one part of it, cannot be taken. `code` is the finding's; nothing of the file in the text."""

    def __init__(self, code: str, value: str = "", expected: str = "", line: int = 0, column: str = "") -> None:
        super().__init__(code)
        self.code, self.value, self.expected, self.line, self.column = code, value, expected, line, column


@dataclass
class Handlers:
    """What to do at each element; names come without their prefix."""

    start: Callable[[str, dict[str, str]], None] = lambda _name, _attributes: None
    end: Callable[[str], None] = lambda _name: None
    text: Callable[[str], None] | None = None


@dataclass
class Walk:
    """One XML part, fed piece by piece. Raises WorkbookRefused for anything that no honest program writes."""

    part: str
    handlers: Handlers
    depth: int = 0
    _parser: expat.XMLParserType = field(init=False)

    def __post_init__(self) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        if self.handlers.text:
            parser.CharacterDataHandler = self.handlers.text
        self._parser = parser

    def feed(self, text: str, last: bool = False) -> None:
        try:
            self._parser.Parse(text, last)
        except expat.ExpatError as trouble:
            if trouble.code == _NO_MEMORY:
                raise MemoryError from trouble
            raise WorkbookRefused("E708", self.part) from trouble

    def _doctype(self, *_declared: object) -> None:
        raise WorkbookRefused("E707", self.part)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise WorkbookRefused("E719", self.part, f"<= {MAX_DEPTH}")
        self.handlers.start(local(name), attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.handlers.end(local(name))


def local(name: str) -> str:
    """The name without its prefix: which namespace a program writes (transitional or strict) changes nothing."""
    return name.rpartition(":")[2]


def texts(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    """The part as text, piece by piece. Raises WorkbookRefused: missing, damaged, in a code page of its own."""
    try:
        with archive.open(part) as stream:
            yield from _decoded(stream, part)
    except KeyError as trouble:
        raise WorkbookRefused("E706", part) from trouble
    except UnicodeDecodeError as trouble:
        raise WorkbookRefused("E709", part, "UTF-8") from trouble
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, zlib.error) as trouble:
        raise WorkbookRefused("E705", part) from trouble


def _decoded(stream: IO[bytes], part: str) -> Iterator[str]:
    piece = stream.read(CHUNK_BYTES)
    decoder = codecs.getincrementaldecoder(_codec(piece, part))()
    while piece:
        yield decoder.decode(piece)
        piece = stream.read(CHUNK_BYTES)
    yield decoder.decode(b"", final=True)


def _codec(head: bytes, part: str) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _ENCODING.match(head.removeprefix(codecs.BOM_UTF8))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise WorkbookRefused("E709", part, "UTF-8")
    return "utf-8-sig"


def check_size(archive: zipfile.ZipFile, part: str, most: int) -> None:
    """Raises WorkbookRefused for a part that says it holds more bytes."""
    size = archive.getinfo(part).file_size if part in archive.NameToInfo else 0
    if size > most:
        raise WorkbookRefused("E710", f"{part}: {size}", f"<= {most}")


def walk(archive: zipfile.ZipFile, part: str, handlers: Handlers, most: int = MAX_PART_BYTES) -> None:
    """Reads a whole part of at most so many bytes. Raises WorkbookRefused."""
    check_size(archive, part, most)
    reading = Walk(part, handlers)
    for piece in texts(archive, part):
        reading.feed(piece)
    reading.feed("", last=True)
