"""UTF-16, with its mark or without: some Windows programs write none."""

from __future__ import annotations

import re

HEAD_BYTES = 8192
"""Looked at; a file is told by its beginning alone, whoever asks."""
_TEXT = re.compile("[\t\r\n\x1a -~\xa0-\u024f\u0600-\u06ff\u0750-\u077f\u2000-\u206f\u20ac\ufb50-\ufdff\ufe70-\ufefc]+")
"""Latin and Arabic letters, figures and signs. Text of one byte order, read in the other, is nowhere near them."""


def utf16_codec(head: bytes) -> str:
    """ "utf-16" by its mark; "utf-16-le" or "utf-16-be" where no other reading of the beginning is text; else ""."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and not head.startswith(b"\xff\xfe\x00\x00"):
        return "utf-16"
    if b"\0" not in head[:HEAD_BYTES]:
        return ""
    whole = head[: min(len(head), HEAD_BYTES) // 2 * 2]
    return next((codec for codec in ("utf-16-le", "utf-16-be") if _is_text(whole, codec)), "")


def _is_text(head: bytes, codec: str) -> bool:
    """A quarter of it at least are signs of ASCII, whose every second byte is NUL: delimiters, figures, line ends."""
    text = head.decode(codec, "replace")
    return bool(_TEXT.fullmatch(text)) and 4 * sum(sign < "\x80" for sign in text) >= len(text)
