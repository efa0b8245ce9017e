"""Zip archives, looked at before they are unpacked: the directory first, then each member read once under limits."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from tasrih.declaration.sent import SentFile

MAX_TEXT_BYTES = 320 * 1024 * 1024
"""A full detail file (999,999 lines of 195 characters and CRLF) is 197 MB; a CSV with accents stays below 320 MiB."""
MAX_MEMBERS = 1_000
"""A deposit is two files; an archive of 200 employers, with folders and the junk of a file manager, stays below."""
MAX_DIRECTORY_BYTES = 1024 * 1024
"""A directory of 1,000 members with long names; read whole into memory, so bounded before it is read."""
MAX_RATIO = 400
"""Wage lines deflate to a tenth, a generated test file of equal lines to a 150th; deflate's own limit is 1,032."""
RATIO_FROM_BYTES = 16 * 1024 * 1024
"""Below this size a high ratio hurts nobody."""
CHUNK_BYTES = 256 * 1024

_END_SIGNATURE, _END = b"PK\x05\x06", struct.Struct("<12xIIH")
"""The end record: bytes of the directory, where it begins, bytes of the comment."""
_ENCRYPTED = 0x1 | 0x40
_SYMLINK, _REGULAR, _KIND_MASK = 0o120000, 0o100000, 0o170000
_UTF8_NAME = 0x800
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Controls, and signs that turn the writing around so that a name seems another."""
_JUNK_FOLDERS = frozenset({"__MACOSX", ".Trashes", ".fseventsd"})
_JUNK_FILES = frozenset({".DS_STORE", "THUMBS.DB", "DESKTOP.INI"})
_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    OSError,
    ValueError,
    OverflowError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)
MAX_PATH_CHARACTERS = 255
"""Of a member's path; of a longer one no more is told."""
_OFFICE = (("xl/", "xlsx"), ("word/", "docx"), ("ppt/", "docx"), ("content.xml", "docx"), ("Index/", "docx"))


class Refused(Exception):
    """The archive, or one member of it, cannot be taken. `code` is the finding's; no value of the file in the text."""

    def __init__(self, code: str, value: str = "", expected: str = "") -> None:
        super().__init__(code)
        self.code, self.value, self.expected = code, value[:MAX_PATH_CHARACTERS], expected


@dataclass(frozen=True, slots=True)
class Member:
    """A member that may be read: `name` is the last part of its path."""

    name: str
    info: zipfile.ZipInfo


class _Bounded:
    """A file that refuses one great read: `zipfile` would read a directory of any declared size into memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY_BYTES:
            raise Refused("E005", str(size), f"<= {MAX_DIRECTORY_BYTES}")
        return self._stream.read(size)


def seems_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


@contextmanager
def directory(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """Raises Refused when the directory cannot be read."""
    try:
        archive = zipfile.ZipFile(cast(Any, _Bounded(stream)))
    except zipfile.BadZipFile as trouble:
        raise Refused("E017" if "multiple disks" in str(trouble) else "E002") from trouble
    except _UNREADABLE as trouble:
        raise Refused("E002") from trouble
    with archive:
        _check_end(stream)
        yield archive


def _check_end(stream: BinaryIO) -> None:
    """Raises Refused where bytes follow the end or stand in front of the first member, as in two archives joined:
    another program could find other files in them."""
    size = stream.seek(0, io.SEEK_END)
    start = stream.seek(max(size - _END.size - 0xFFFF, 0))
    tail = stream.read(size - start)
    at = tail.rfind(_END_SIGNATURE)
    directory_bytes, offset, comment_bytes = _END.unpack_from(tail, at)
    in_zip64 = 0xFFFFFFFF in (directory_bytes, offset)
    if at + _END.size + comment_bytes != len(tail) or not (in_zip64 or offset + directory_bytes == start + at):
        raise Refused("E018")


def zip_kind(stream: BinaryIO) -> str:
    """ "xlsx", "docx" (any other office document) or "zip", from the names in the directory."""
    try:
        with directory(stream) as archive:
            names = [info.filename for info in archive.infolist()]
    except Refused:
        return "zip"
    for begin, kind in _OFFICE:
        if any(name.startswith(begin) for name in names):
            return kind
    return "zip"


def inspect(file: SentFile) -> list[Member]:
    """The members to read, from the directory alone. Raises Refused with the first reason why not."""
    with file.open() as stream, directory(stream) as archive:
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            raise Refused("E005", str(len(infos)), f"<= {MAX_MEMBERS}")
        members = [member for info in infos if (member := checked(info))]
    check_apart(infos, file.size)
    _check_together(members)
    return members


def check_apart(infos: list[zipfile.ZipInfo], size: int) -> None:
    """Raises Refused where members share their bytes: a bomb of any size could be made of them."""
    if infos and sum(info.compress_size for info in infos) > size:
        raise Refused("E008", readable_name(infos[-1]))


def checked(info: zipfile.ZipInfo) -> Member | None:
    """None for folders and the junk that file managers add."""
    path = readable_name(info)
    parts = path.replace("\\", "/").split("/")
    if _unsafe(path, parts):
        raise Refused("E006", path)
    if parts[-1] == "":
        return None
    if _JUNK_FOLDERS & set(parts[:-1]) or parts[-1].upper() in _JUNK_FILES or parts[-1].startswith("._"):
        return None
    if info.flag_bits & _ENCRYPTED:
        raise Refused("E003", path)
    if info.external_attr >> 16 & _KIND_MASK not in (0, _REGULAR):
        raise Refused("E011", path)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("E010", path)
    if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise Refused("E008", path)
    return Member(parts[-1], info)


def readable_name(info: zipfile.ZipInfo) -> str:
    """Names are UTF-8 when marked so; unmarked ones are UTF-8 where that fits, else code page 437."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _unsafe(path: str, parts: list[str]) -> bool:
    absolute = path.startswith(("/", "\\")) or path[1:2] == ":"
    return absolute or ".." in parts or not path or bool(_STEERING.search(path)) or len(path) > MAX_PATH_CHARACTERS


def _check_together(members: list[Member]) -> None:
    if not members:
        raise Refused("E014")
    seen: set[str] = set()
    for member in members:
        if member.name.upper() in seen:
            raise Refused("E012", member.name)
        seen.add(member.name.upper())
    total = sum(member.info.file_size for member in members)
    if total > MAX_TEXT_BYTES:
        raise Refused("E007", str(total), f"<= {MAX_TEXT_BYTES}")


def verify(file: SentFile, member: Member, allowance: int) -> int:
    """Reads the member once, in bounded memory; returns its true size.

    Raises Refused: over the allowance, another size than declared, checksum or compressed data damaged.
    """
    size = 0
    try:
        with file.open() as stream, directory(stream) as archive, archive.open(member.info) as content:
            while chunk := content.read(CHUNK_BYTES):
                size += len(chunk)
                if size > allowance:
                    raise Refused("E007", member.name, f"<= {MAX_TEXT_BYTES}")
    except _UNREADABLE as trouble:
        raise Refused("E009", member.name) from trouble
    if size != member.info.file_size:
        raise Refused("E013", member.name, str(member.info.file_size))
    return size


def member_file(file: SentFile, member: Member, size: int) -> SentFile:
    """A verified member as a file of its own: each `open` streams it anew, never beyond its verified size."""

    def opened() -> BinaryIO:
        return io.BufferedReader(_MemberStream(file, member, size), CHUNK_BYTES)

    return SentFile(name=member.name, size=size, open=opened)


class _MemberStream(io.RawIOBase):
    """Closes the archive behind it. Not seekable: who needs the start again opens again."""

    def __init__(self, file: SentFile, member: Member, size: int) -> None:
        super().__init__()
        self._outer = file.open()
        self._archive = zipfile.ZipFile(cast(Any, _Bounded(self._outer)))
        self._content = self._archive.open(member.info)
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._content.read(min(len(buffer), self._left))
        self._left -= len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._content.close()
            self._archive.close()
            self._outer.close()
        super().close()
