"""Single-byte code pages: which one a file may have been written in, and what its names read as in each.

Windows-1252 and Windows-1256 hold the same small French letters in the same places ("é" is 0xE9 in both), so that much
of a guess decides nothing. What reads differently is shown to a person, who says which reading is right.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasrih.declaration.sent import CodePages, Examined, SentFile

CODECS = {"windows-1252": "cp1252", "windows-1256": "cp1256", "iso-8859-6": "iso8859_6", "cp720": "cp720"}
"""Code pages that a person may name -> how Python calls them."""
WESTERN, ARABIC = "windows-1252", "windows-1256"
"""The two that are guessed: what Windows in Algeria writes where nobody chose."""
SHOWN_NAMES = 20
PIECE_BYTES = 1024 * 1024
ENOUGH_WORDS = 5_000
"""Of one file, to guess by: a person sees the names anyway."""

_LETTERS_ONLY_IN_ARABIC = b"\x81\x8d-\x90\x98\x9a\x9f\xaa\xc0-\xdf\xe1\xe3-\xe6\xec\xed"
"""Bytes that are an Arabic letter in Windows-1256; in Windows-1252 they are another letter, a sign or nothing."""
_ARABIC_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[" + _LETTERS_ONLY_IN_ARABIC + rb"]{2,}(?![A-Za-z])")
_WESTERN_WORD = re.compile(rb"[A-Za-z][\xc0-\xdf\xe1\xe3-\xe6\xec\xed]|[\xc0-\xdf\xe1\xe3-\xe6\xec\xed][A-Za-z]")
_NOT_WESTERN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(slots=True)
class Survey:
    """What the bytes beyond ASCII of one file are."""

    as_utf8: int = 0
    """First line that is UTF-8; 0 = none."""
    other: int = 0
    """First line that is not."""
    arabic_at: int = 0
    """First line with a word that looks Arabic."""
    arabic: int = 0
    """Words that look Arabic, and words that look French with accented capitals."""
    western: int = 0
    impossible: bool = False
    """Holds bytes that Windows-1252 does not have."""

    @property
    def mixed(self) -> bool:
        return bool(self.as_utf8 and self.other)

    @property
    def likelier(self) -> str:
        return ARABIC if self.impossible or self.arabic > self.western else WESTERN

    def take(self, lines: list[tuple[int, bytes]]) -> None:
        """Lines beyond ASCII, each with its number."""
        others = [(number, line) for number, line in lines if not _is_utf8(line)]
        if len(others) < len(lines) and not self.as_utf8:
            self.as_utf8 = min({number for number, _ in lines} - {number for number, _ in others})
        if not others:
            return
        self.other = self.other or others[0][0]
        if not self.arabic_at:
            self.arabic_at = next((number for number, line in others if _ARABIC_WORD.search(line)), 0)
        text = b"\n".join(line for _, line in others)
        if self.arabic + self.western < ENOUGH_WORDS:
            self.arabic += len(_ARABIC_WORD.findall(text))
            self.western += len(_WESTERN_WORD.findall(text))
        self.impossible = self.impossible or bool(_NOT_WESTERN.search(text))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def survey(file: SentFile) -> Survey:
    """Reads the whole file once, in bounded memory. A line without end is looked at in pieces."""
    found, number = Survey(), 1
    for piece in _pieces(file):
        if not piece.isascii():
            found.take([(number + at, line) for at, line in enumerate(piece.split(b"\n")) if not line.isascii()])
        number += piece.count(b"\n")
    return found


def _pieces(file: SentFile) -> Iterator[bytes]:
    """Cut behind the last line end, where there is one."""
    rest = b""
    with file.open() as stream:
        while piece := stream.read(PIECE_BYTES):
            piece = (rest + piece).removeprefix(codecs.BOM_UTF8)
            cut = piece.rfind(b"\n") + 1 or len(piece)
            yield piece[:cut]
            rest = piece[cut:]
    if rest:
        yield rest


@dataclass(slots=True)
class Reading:
    """How the files of one deposit are read where their bytes are neither ASCII nor UTF-8, and what rests on it."""

    named: str = ""
    """By a person; "" where nobody did."""
    files: tuple[SentFile, ...] = ()
    surveys: dict[str, Survey] = field(default_factory=dict)
    """By file name; empty until bytes were met that are not UTF-8."""
    rests: bool = False
    """Whether any name would read otherwise in the other code page."""
    _page: str = ""
    _samples: dict[bytes, None] = field(default_factory=dict)

    @property
    def guessed(self) -> bool:
        return bool(self._page and not self.named)

    @property
    def page(self) -> str:
        """Guessed from all files together, at the first byte that asks for it, where nobody named one."""
        if not self._page:
            self.surveys = {file.name: survey(file) for file in self.files}
            together = Survey()
            for found in self.surveys.values():
                together.arabic += found.arabic
                together.western += found.western
                together.impossible |= found.impossible
            self._page = self.named or together.likelier
        return self._page

    @property
    def codec(self) -> str:
        return CODECS[self.page]

    def is_arabic(self) -> bool:
        """Asked of a name that was read: a code page in use holds Arabic letters."""
        return bool(self._page) and self._page != WESTERN

    def text(self, raw: bytes) -> str:
        """UTF-8 where it is that, else in the code page. What that does not have stands as U+FFFD."""
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode(self.codec, "replace")

    @property
    def asks(self) -> bool:
        """Whether names are still worth noting."""
        return bool(self._page) and (not self.rests or (self.guessed and len(self._samples) < SHOWN_NAMES))

    def note(self, text: str) -> None:
        """A name as it was read in the code page: kept while there is room, if the other one reads it otherwise."""
        if not self.asks or text.isascii():
            return
        written = text.encode(self.codec, "replace")
        if _certain(written):
            return
        self.rests = True
        if self.guessed:
            self._samples[written] = None

    def note_all(self, column: NDArray[np.uint8]) -> None:
        """A column of names as UTF-8, each with blanks behind it."""
        if not self.asks:
            return
        foreign = np.ascontiguousarray(column[(column > 127).any(axis=1)])
        for name in np.unique(foreign.view(f"S{foreign.shape[1]}")).tolist():
            self.note(name.decode(errors="replace").strip(" "))

    def tell(self, examined: Examined) -> None:
        """What the names of a deposit rest on, once all of it is read."""
        if self.rests:
            examined.code_page = self.page
        if self._samples:
            examined.to_confirm = CodePages(self.page, tuple(readings(written) for written in self._samples))


def readings(written: bytes) -> dict[str, str]:
    """By code page; those that cannot hold these bytes are left out."""
    found = {}
    for page, codec in CODECS.items():
        try:
            found[page] = written.decode(codec)
        except UnicodeDecodeError:
            continue
    return found


def _certain(written: bytes) -> bool:
    """Both guesses read the same letters: nothing hangs on which one it is."""
    try:
        western, arabic = written.decode("cp1252"), written.decode("cp1256")
    except UnicodeDecodeError:
        return False
    return western == arabic and all(sign.isascii() or sign.isalpha() or sign in "\xa0\u2019" for sign in western)
