"""Workbooks: looked at from outside here, taken apart in a process of its own, then read like a CSV."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from tasrih.declaration.archive import Refused, check_apart, checked, directory
from tasrih.declaration.intake import REFUSALS, refusal
from tasrih.declaration.recognise import MAX_MEMBER_BYTES
from tasrih.declaration.sent import SentFile
from tasrih.vocabulary.finding import Finding, Findings

MAX_PACKED_BYTES = 192 * 1024 * 1024
"""A sheet of 999,999 workers is about 120 MB."""
MAX_UNPACKED_BYTES = 2 * 1024 * 1024 * 1024
"""The same sheet as XML is about 1.2 GB, however small it was packed."""
MAX_RATIO = 100
"""XML of wage lines deflates to a tenth, also where all lines are equal: their numbers differ."""
RATIO_FROM_BYTES = 32 * 1024 * 1024
MAX_PARTS = 2_000
MAX_NAME_CHARACTERS = 40
"""Of a sheet's name behind the file's, in findings."""
NO_TABLE = REFUSALS["xlsx"]
_MACROS, _BINARY, _EMBEDDED = "vbaproject.bin", "xl/workbook.bin", ("xl/embeddings/", "xl/activex/")
_NESTED = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".rar", ".7z", ".gz")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What became of one workbook."""

    text: SentFile | None
    """Tab-separated UTF-8, each row on the line that Excel shows; None when it cannot be read: a finding says why."""
    sheet: str = ""
    """The sheet that was read, when there are several."""
    findings: tuple[Finding, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    """All findings by code, those that were not kept too."""


class Workbooks(Protocol):
    """Takes one workbook apart without danger to the caller. Never raises for anything in the file."""

    def __call__(self, file: SentFile, unpacked_bytes: int) -> Unpacked:
        """`unpacked_bytes` is what its parts say that they hold together: the time allowed grows with it."""
        ...


@dataclass(slots=True)
class Once:
    """Takes each workbook apart once, however often it is asked for: to tell what it holds, then to read it."""

    workbooks: Workbooks
    _known: dict[SentFile, Unpacked] = field(default_factory=dict)

    def __call__(self, file: SentFile, unpacked_bytes: int) -> Unpacked:
        if file not in self._known:
            self._known[file] = self.workbooks(file, unpacked_bytes)
        return self._known[file]


def table_of(file: SentFile, workbooks: Workbooks, findings: Findings) -> SentFile | None:
    """The table of a workbook as a text file that bears the workbook's name; None after a finding that says why."""
    try:
        file = _seekable(file)
        size = inspect(file)
    except Refused as why:
        findings.add(Finding(why.code, file.name, value=why.value, expected=why.expected))
        return None
    unpacked = workbooks(file, size)
    name = f"{file.name} [{unpacked.sheet[:MAX_NAME_CHARACTERS]}]" if unpacked.sheet else file.name
    for found in unpacked.findings:
        if found.code == NO_TABLE:
            findings.add(refusal("xlsx", file))
        else:
            findings.add(Finding(found.code, name, found.line, found.column, found.value, found.expected))
    kept = Counter(found.code for found in unpacked.findings)
    findings.counts.update(unpacked.counts - kept)
    if unpacked.text is None:
        return None
    return SentFile(name, unpacked.text.size, unpacked.text.open)


def _seekable(file: SentFile) -> SentFile:
    """A member of an archive can only be read forwards, but a workbook's directory stands at its end."""
    with file.open() as stream:
        if stream.seekable():
            return file
        if file.size > MAX_MEMBER_BYTES:
            raise Refused("E710", str(file.size), f"<= {MAX_MEMBER_BYTES}")
        held = stream.read()
    return SentFile(file.name, len(held), lambda: io.BytesIO(held))


def inspect(file: SentFile) -> int:
    """The bytes that all parts say that they hold, from the directory alone. Raises Refused."""
    if file.size > MAX_PACKED_BYTES:
        raise Refused("E710", str(file.size), f"<= {MAX_PACKED_BYTES}")
    with file.open() as stream, directory(stream) as archive:
        infos = archive.infolist()
        if len(infos) > MAX_PARTS:
            raise Refused("E005", str(len(infos)), f"<= {MAX_PARTS}")
        check_apart(infos, file.size)
        total, seen = 0, set[str]()
        for info in infos:
            checked(info)
            path = info.filename
            lowered = path.lower()
            if lowered in seen:
                raise Refused("E729", path)
            seen.add(lowered)
            _check_part(path, lowered)
            if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                raise Refused("E008", path)
            total += info.file_size
    if total > MAX_UNPACKED_BYTES:
        raise Refused("E710", str(total), f"<= {MAX_UNPACKED_BYTES}")
    return total


def _check_part(path: str, lowered: str) -> None:
    if lowered.endswith(_MACROS):
        raise Refused("E704", path)
    if lowered == _BINARY:
        raise Refused("E703", path)
    if lowered.startswith(_EMBEDDED) or lowered.endswith(_NESTED):
        raise Refused("E727", path)
