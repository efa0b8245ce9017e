"""Names as they should be, and names that an earlier program destroyed: what it probably was is told, never put in."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x061C, 0xFEFF, 0xAD]
)
"""Direction marks, joiners and other signs without a shape."""
_SHAPED = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
"""Arabic letters in a fixed shape, as old programs store them."""
_MIXED_WORD = re.compile("[A-Za-z][\u0621-\u06d5]|[\u0621-\u06d5][A-Za-z]")
_HIGH_WORD = re.compile("(?<![A-Za-z])[\u00c0-\u00ff]{2,}(?![A-Za-z])")
_ARABIC_WORD = re.compile("[\u0621-\u06d5 ]+")


def unshaped(text: str) -> str:
    """Each letter in its plain form, as names are compared and typed."""
    return _SHAPED.sub(lambda found: unicodedata.normalize("NFKC", found[0]).strip() or found[0], text)


def misread(text: str) -> str:
    """What a name probably was that was read in the wrong code page before it was written here; "" when it is sound."""
    return "" if text.isascii() else _as_utf8(text) or _other_page(text)


def _as_utf8(text: str) -> str:
    """UTF-8 that was read byte by byte: such bytes make sense as UTF-8 again, which no other text does."""
    for codec in ("cp1252", "cp1256", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return ""


def _other_page(text: str) -> str:
    """Arabic read as Windows-1252 ("ÇáÇÓã"), or French capitals read as Windows-1256: letters of both in one word."""
    if _HIGH_WORD.search(text):
        probable = _again(text, "cp1252", "cp1256")
        return probable if _ARABIC_WORD.fullmatch(probable) else ""
    return _again(text, "cp1256", "cp1252") if _MIXED_WORD.search(text) else ""


def _again(text: str, wrong: str, right: str) -> str:
    try:
        return text.encode(wrong).decode(right)
    except UnicodeError:
        return ""
