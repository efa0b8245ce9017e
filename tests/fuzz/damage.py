"""Damage as it happens to files: by broken lines and careless programs, and by people who mean it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

PIECES = [
    b"", b"\0", b"\r", b"\n", b"\r\n", b"\t", b"\x1a", b"\x1e", b"\x1f", b'"', b'""', b"'", b";", b",", b"|", b" ",
    b"=", b"-", b"+", b"%00", b"../", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff", b"\xe9", b"\xc3", b"\x85",
    "\x85".encode(), "\u2028".encode(), "\u2029".encode(), "\u00a0".encode(), "\u200b".encode(), "\u200f".encode(),
    "\u202e".encode(), "\u2066".encode(), "\ufeff".encode(), "\u0661\u0662".encode(), "\ufefb".encode(),
    "e\u0301".encode(), "\U0001f642".encode(), b"\xed\xa0\x80", b"9" * 25, b"9" * 400, b"-1", b"0", b"1E+09",
    b"1e999999999", b"NaN", b"1.5", b"36 000,00", b"31/12/2019", b"29/02/2019", b"00/00/1950", b"9999-99-99",
    b"#REF!", b"=1+1", b"null", b"true", b"{}", b"[]", b"[" * 300, b"\\ud800", b"&amp;", b"&x;",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<v>", b"</v>", b'r="XFD1048576"',
    b't="e"', b"_x0000_", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\xff\xff\xff\xff", b"\x80\0\0\0",
    b"A" * 3000,
]  # fmt: skip
"""Put in, or put in place of others. The last one stands for a cell without end: it is repeated below."""
SIGNS = (b"\n", b";", b"\t", b",", b"<", b'"', b".", b" ")
"""What parts a file into fields, of whatever kind it is."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def damaged(draw: Draw, seeds: tuple[bytes, ...]) -> bytes:
    held = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        held = draw(st.sampled_from(WAYS))(draw, held, seeds)
    return held


def _place(draw: Draw, held: bytes) -> int:
    return int(draw(st.integers(0, len(held))))


def _flipped(draw: Draw, held: bytes, _seeds: object) -> bytes:
    at = _place(draw, held)
    return held[:at] + bytes(byte ^ 1 << draw(st.integers(0, 7)) for byte in held[at : at + 1]) + held[at + 1 :]


def _replaced(draw: Draw, held: bytes, _seeds: object) -> bytes:
    at, width = _place(draw, held), draw(st.sampled_from((0, 1, 2, 4, 8, 12, 30)))
    return held[:at] + draw(st.sampled_from(PIECES)) + held[at + width :]


def _cut(draw: Draw, held: bytes, _seeds: object) -> bytes:
    return held[: _place(draw, held)]


def _spliced(draw: Draw, held: bytes, seeds: tuple[bytes, ...]) -> bytes:
    other = draw(st.sampled_from(seeds))
    return held[: _place(draw, held)] + other[_place(draw, other) :]


def _doubled(draw: Draw, held: bytes, _seeds: object) -> bytes:
    at, width = _place(draw, held), draw(st.integers(1, 200))
    return held[: at + width] + held[at : at + width] * draw(st.sampled_from((1, 2, 50))) + held[at + width :]


def _field_changed(draw: Draw, held: bytes, _seeds: object) -> bytes:
    """A field gives way to a piece, to another field, or to 131,072 letters."""
    sign = draw(st.sampled_from(SIGNS))
    fields = held.split(sign)
    at, other = (draw(st.integers(0, len(fields) - 1)) for _ in range(2))
    fields[at] = draw(st.sampled_from([*PIECES, fields[other], b"A" * 131_072]))
    return sign.join(fields)


def _fields_swapped(draw: Draw, held: bytes, _seeds: object) -> bytes:
    sign = draw(st.sampled_from(SIGNS))
    fields = held.split(sign)
    at, other = (draw(st.integers(0, len(fields) - 1)) for _ in range(2))
    fields[at], fields[other] = fields[other], fields[at]
    return sign.join(fields)


def _recoded(draw: Draw, held: bytes, _seeds: object) -> bytes:
    codec = draw(st.sampled_from(("utf-16", "utf-16-le", "utf-32", "cp1252", "cp1256", "utf-8-sig", "cp437")))
    return held.decode("utf-8", "replace").encode(codec, "replace")


def _ends_changed(draw: Draw, held: bytes, _seeds: object) -> bytes:
    return held.replace(b"\r\n", b"\n").replace(b"\n", draw(st.sampled_from((b"\r", b"\r\r\n", b"\n\n", b"", b"\x85"))))


WAYS = (
    _flipped, _flipped, _replaced, _replaced, _cut, _spliced, _doubled, _field_changed, _field_changed, _fields_swapped,
    _recoded, _ends_changed,
)  # fmt: skip
