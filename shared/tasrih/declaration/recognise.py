"""What a file is: its content says so, its name is only a hint."""

from __future__ import annotations

import io
import re
from pathlib import PurePosixPath
from typing import BinaryIO

from tasrih.declaration.archive import seems_zip, zip_kind
from tasrih.declaration.csv.headings import seems_das_heading
from tasrih.declaration.dac.headings import dac_kind
from tasrih.declaration.sent import SentFile
from tasrih.declaration.utf16 import HEAD_BYTES, utf16_codec

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "bmp"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "gzip"),
    (b"\xfd7zXZ\x00", "gzip"),
    (b"\x28\xb5\x2f\xfd", "gzip"),
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"),
    (b"\xca\xfe\xba\xbe", "executable"),
    (b"#!/", "executable"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name of the stream that holds a workbook with a password."""
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
MAX_MEMBER_BYTES = 16 * 1024 * 1024
"""Of a workbook inside an archive: it is held in memory to see what it is."""
_ASCII_SIGNATURES = frozenset({b"BM", b"MZ", b"BZh"})
"""Two or three letters that a text may begin with: they count only where bytes follow that no text holds."""
_HEIC = re.compile(rb"....ftyp(?:heic|heix|hevc|mif1|msf1|avif)", re.DOTALL)
_WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_BLANK = b" \t\r\n\x0b\x0c\x1a"

_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<!doctype html|<html\b|<table\b|<head\b", re.IGNORECASE), "html"),
    (re.compile(r"<\?xml|<[A-Za-z_][\w.:-]*[\s/>]"), "xml"),
    (re.compile(r"S[1-9][0-9]\.G[0-9]{2}\.[0-9]{2}\.[0-9]{3},'", re.ASCII), "dsn"),
    (re.compile(r"[\[{]\s*(?:[\]}\"\[{0-9-]|true|false|null)"), "json"),
)
_HEADER = re.compile(r"[0-9]{10}[A-Z][0-9]{4}", re.ASCII | re.IGNORECASE)
_DETAIL = re.compile(r"[0-9]{14}[ 0-9]{6}", re.ASCII)
_CNSS_MA = re.compile(r"[ABE]0[0-6]", re.ASCII)
_CNSS_TN = re.compile(r"[0-9]{10}.{4}[1-4][0-9]{4}[0-9]{5}", re.ASCII)
_EFW2 = re.compile(r"R[AEWOSTUVF]")
_DAS_NAME = re.compile(r"D[0-9]{2}([ES])[0-9]{10}\.(?:TXT|DAT|DAS)", re.ASCII)


def recognise(file: SentFile) -> str:
    """ "das_header", "das_detail", "das_csv", "dac_csv" or "dac_nominal_csv"; else what it seems to be: a key of
    `intake.REFUSALS`, or "zip"."""
    with file.open() as stream:
        head = stream.read(HEAD_BYTES)
        if not head:
            return "empty"
        if not head.strip(_BLANK + b"\xef\xbb\xbf"):
            return "blank" if _all_blank(stream) else "other_text"
        if seems_zip(head):
            return "ods" if head[30:].startswith(_ODS) else zip_kind(_seekable(file, stream))
        if head.startswith(_OLE) and _holds(stream, head, _ENCRYPTED):
            return "encrypted"
    return _binary(head) or _text(head, PurePosixPath(file.name).name.upper())


def _holds(stream: BinaryIO, head: bytes, sought: bytes) -> bool:
    while head:
        if sought in head:
            return True
        following = stream.read(1 << 20)
        head = head[-len(sought) :] + following if following else b""
    return False


def _seekable(file: SentFile, stream: BinaryIO) -> BinaryIO:
    """A member of an archive can only be read forwards; a directory stands at the end."""
    if stream.seekable() or file.size > MAX_MEMBER_BYTES:
        return stream
    with file.open() as again:
        return io.BytesIO(again.read())


def _all_blank(stream: BinaryIO) -> bool:
    while chunk := stream.read(1 << 20):
        if chunk.strip(_BLANK):
            return False
    return True


def _binary(head: bytes) -> str:
    holds_binary = bool(_BINARY.search(head))
    for signature, kind in _SIGNATURES:
        if head.startswith(signature) and (signature not in _ASCII_SIGNATURES or holds_binary):
            return "image" if kind == "bmp" else kind
    if _HEIC.match(head) or _WEBP.match(head):
        return "image"
    if holds_binary and head[257:262] == b"ustar":  # which a name in a table may hold too
        return "gzip"
    return "binary" if holds_binary and not utf16_codec(head) and not _mostly_text(head) else ""


def _mostly_text(head: bytes) -> bool:
    """A stray control byte in a text is the reader's to report; a hundredth of them is no text."""
    return len(_BINARY.findall(head)) * 100 < len(head)


def first_lines(head: bytes) -> list[str]:
    """The text lines of the head, for recognising only: undecodable bytes stand as replacement characters."""
    codec = utf16_codec(head)
    lines = head.decode(codec, "replace").split("\n") if codec else [_shown(line) for line in head.split(b"\n")]
    return [line.removesuffix("\r") for line in lines if line.strip()]


def _shown(line: bytes) -> str:
    """Headings in whichever code page: Windows-1256 has the small French letters where Windows-1252 has them."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1256")


def _text(head: bytes, name: str) -> str:
    lines = first_lines(head)
    first = lines[0].lstrip() if lines else ""
    for pattern, kind in _TEXTS:
        if pattern.match(first):
            return kind
    if table := dac_kind(lines[:2]):
        return table
    if seems_das_heading(lines[:2]):
        return "das_csv"
    kind = _fixed(lines[0].rstrip(), len(lines[0]), name) if lines else ""
    return kind or ("das_csv" if name.endswith((".CSV", ".TSV")) else "other_text")


def _fixed(line: str, full_length: int, name: str) -> str:
    """Formats of fixed columns, told by their lengths and first columns; a damaged DAS line by the file's name."""
    for fits, form, kind in (
        (full_length == 260, _CNSS_MA, "cnss_ma"),
        (full_length == 122, _CNSS_TN, "cnss_tn"),
        (full_length == 512, _EFW2, "efw2"),
        (len(line) == 229, _DETAIL, "cacobatph"),
        (full_length > 40, _HEADER, "das_header"),
        (full_length > 40, _DETAIL, "das_detail"),
    ):
        if fits and form.match(line):
            return kind
    named = _DAS_NAME.fullmatch(name)
    if not named:
        return ""
    return "das_header" if named[1] == "E" else "das_detail"
