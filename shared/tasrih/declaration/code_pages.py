"""Single-byte code pages: which one a file may have been written in, and what its names read as in each.

Windows-1252 and Windows-1256 hold the same small French letters in the same places ("é" is 0xE9 in both), so that much
of a guess decides nothing. What reads differently is shown to a person, who says which reading is right.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tasrih.declaration.sent import CodePages, SentFile

CODECS = {"windows-1252": "cp1252", "windows-1256": "cp1256", "iso-8859-6": "iso8859_6", "cp720": "cp720"}
"""Code pages that a person may name -> how Python calls them."""
WESTERN, ARABIC = "windows-1252", "windows-1256"
"""The two that are guessed: what Windows in Algeria writes where nobody chose."""
SHOWN_NAMES = 20
PIECE_BYTES = 1024 * 1024

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

    def take(self, number: int, line: bytes) -> None:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            self.other = self.other or number
            self.arabic += len(_ARABIC_WORD.findall(line))
            self.western += len(_WESTERN_WORD.findall(line))
            self.impossible = self.impossible or bool(_NOT_WESTERN.search(line))
        else:
            self.as_utf8 = self.as_utf8 or number


def survey(file: SentFile) -> Survey:
    """Reads the whole file once, in bounded memory. A line without end is looked at in pieces."""
    found, number = Survey(), 1
    for piece in _pieces(file):
        if not piece.isascii():
            for offset, line in enumerate(piece.split(b"\n")):
                if not line.isascii():
                    found.take(number + offset, line)
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
    guessed: str = ""
    _samples: dict[bytes, None] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return self.named or self.guessed or WESTERN

    @property
    def codec(self) -> str:
        return CODECS[self.page]

    def settle(self, files: Sequence[SentFile]) -> list[Survey]:
        """Looks at files that are not UTF-8, and guesses from all of them together where nobody named a code page."""
        surveys = [survey(file) for file in files]
        if not self.named:
            arabic, western = (sum(getattr(each, name) for each in surveys) for name in ("arabic", "western"))
            together = Survey(arabic=arabic, western=western, impossible=any(each.impossible for each in surveys))
            self.guessed = together.likelier
        return surveys

    def note(self, text: str) -> None:
        """A name, as it was read: kept while there is room, if it rests on a guess."""
        if not self.guessed or len(self._samples) >= SHOWN_NAMES or text.isascii():
            return
        written = text.encode(self.codec, "replace")
        if not _certain(written):
            self._samples[written] = None

    def preview(self) -> CodePages | None:
        """None where nothing rests on a guess."""
        if not self._samples:
            return None
        return CodePages(self.guessed, tuple(readings(written) for written in self._samples))


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
