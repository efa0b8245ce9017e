"""One exact form for what is signed: the same facts always give the same bytes, and only those bytes are accepted."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from typing import Any

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners shape Arabic-script words: the only invisible signs a name may keep."""


class Unreadable(Exception):
    """The text is no canonical form of anything."""


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key is a string")
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(facts: Any) -> bytes:
    """JSON in UTF-8: keys sorted, no spaces, strings in NFC, amounts as integers, nothing escaped that need not be.

    Raises TypeError for a float, a Decimal, a date or any other value that has several spellings.
    """
    text = json.dumps(_plain(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def read_canonical(data: bytes) -> Any:
    """The value whose canonical form these bytes are. Raises Unreadable for any other bytes."""
    try:
        value = json.loads(data.decode("utf-8"))
        same = canonical(value) == data
    except (ValueError, TypeError, RecursionError) as trouble:
        raise Unreadable from trouble
    if not same:
        raise Unreadable
    return value


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Strict base64url: no padding, no other sign, no spare bits. Raises Unreadable."""
    if not _BASE64URL.fullmatch(text):
        raise Unreadable
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as trouble:
        raise Unreadable from trouble
    if encode(data) != text:
        raise Unreadable
    return data


def clean(text: str) -> str:
    """A name fit for paper, header and mail: NFC, one line, no control signs, no direction marks or overrides."""
    kept = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in unicodedata.normalize("NFC", text)
        if unicodedata.category(sign) not in ("Cf", "Cs") or sign in _JOINERS
    )
    return " ".join(kept.split())
