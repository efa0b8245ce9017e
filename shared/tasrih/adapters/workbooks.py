"""Workbooks taken apart by a child with limits on memory, time and output. A child that dies is a refusal."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

import tasrih
from tasrih import messages
from tasrih.adapters.workbook_child import OUT_OF_MEMORY, OUT_OF_ROOM
from tasrih.declaration.sent import SentFile
from tasrih.declaration.workbooks import Unpacked
from tasrih.declaration.xlsx.rows import MAX_COLUMNS, MAX_ROWS
from tasrih.declaration.xlsx.table import KEPT_FINDINGS, TOLD_CHARACTERS
from tasrih.vocabulary.finding import Finding

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MIB = 1024 * 1024
CHILD = ("-S", "-s", "-P", "-m", "tasrih.adapters.workbook_child")
_PASSED_ON = ("LD_LIBRARY_PATH", "PATH")
"""Of the environment, what finds the interpreter's own libraries; keys and secrets stay here."""
DIED, TOO_LONG, TOO_MUCH_MEMORY, TOO_MUCH_OUTPUT = "E730", "E731", "E732", "E733"
_HEAD_BYTES, _LINE_BYTES = 64 * 1024, 8 * 1024
"""Of a report: of its first line, of the others. Each is read for itself: no child fills the memory of its parent."""
_MOST_FINDINGS = MAX_ROWS * MAX_COLUMNS


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. Time grows with what the workbook says that it holds."""

    memory_mib: int = 640
    cpu_seconds: int = 3
    bytes_a_second: int = 5 * MIB
    """A tenth of the reader's usual pace, most of it where every row is written in an unusual form."""
    most_seconds: int = 200
    """The function has 300 for everything."""
    grace_seconds: int = 1
    """A child waits for the processor too; one that hangs is a refusal within five seconds all the same."""
    output_mib: int = 320

    def seconds(self, unpacked_bytes: int) -> int:
        return min(self.cpu_seconds + unpacked_bytes // self.bytes_a_second, self.most_seconds)

    def patience(self, seconds: int) -> int:
        """How long to wait for a child that may compute so many seconds."""
        return seconds + seconds // 4 + self.grace_seconds


def child_workbooks(file: SentFile, unpacked_bytes: int) -> Unpacked:
    """`declaration.workbooks.Workbooks` for the functions and the command line."""
    return taken_apart(file, unpacked_bytes)


USUAL = Limits()


def taken_apart(file: SentFile, unpacked_bytes: int, limits: Limits = USUAL, child: Sequence[str] = CHILD) -> Unpacked:
    """Runs the child once. Its table stays in an unlinked file for as long as somebody holds the result."""
    seconds = limits.seconds(unpacked_bytes)
    arguments = [*child, str(limits.memory_mib), str(seconds), str(limits.output_mib)]
    table = Kept()
    with tempfile.TemporaryFile() as packed, tempfile.TemporaryFile() as told:
        with file.open() as source:
            shutil.copyfileobj(source, packed, MIB)
        packed.seek(0)
        code = _run(arguments, packed, table.fd, told, limits.patience(seconds))
        told.seek(0)
        return unpacked(file, table, told) if code == 0 else _refused(_reason(code), limits, seconds)


def _run(arguments: list[str], packed: Any, table: int, told: Any, seconds: int) -> int | None:
    """The child's exit code, negative for a signal; None when it had to be stopped."""
    ours = str(Path(tasrih.__file__).parents[1])
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join([ours, *filter(None, sys.path)]), "PYTHONUTF8": "1"}
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, stdin=packed, stdout=table, stderr=told, env=environment, close_fds=True) as process:
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return None


def _reason(code: int | None) -> str:
    if code in (None, -signal.SIGXCPU, -signal.SIGKILL):
        return TOO_LONG
    if code in (OUT_OF_ROOM, -signal.SIGXFSZ):
        return TOO_MUCH_OUTPUT
    return TOO_MUCH_MEMORY if code == OUT_OF_MEMORY else DIED


def _refused(code: str, limits: Limits, seconds: int) -> Unpacked:
    most = {TOO_LONG: f"<= {seconds} s", TOO_MUCH_MEMORY: f"<= {limits.memory_mib} MiB"}
    most[TOO_MUCH_OUTPUT] = f"<= {limits.output_mib} MiB"
    return Unpacked(None, findings=(Finding(code, expected=most.get(code, "")),), counts=Counter([code]))


def unpacked(file: SentFile, table: Kept, told: IO[bytes]) -> Unpacked:
    """What a child that ended well says in its report. One that says nothing, or what no child of ours says, has died
    all the same: the bytes of a workbook may have taken it over."""
    died = Unpacked(None, findings=(Finding(DIED),), counts=Counter([DIED]))
    try:
        head = json.loads(told.readline(_HEAD_BYTES))
        sheet, whole, counts = _text(head["sheet"]), head["whole"] is True, _counts(head["counts"])
        findings = tuple(_finding(line) for line in _lines(told, KEPT_FINDINGS + len(counts)))
    except (ValueError, TypeError, KeyError, RecursionError):
        return died
    size = os.fstat(table.fd).st_size
    if {found.code for found in findings} != set(counts) or not (counts or (whole and size)):
        return died
    text = SentFile(file.name, size, partial(_opened, table)) if whole and size else None
    return Unpacked(text, sheet, findings, counts)


def _lines(told: IO[bytes], most: int) -> Iterator[bytes]:
    for _ in range(most):
        line = told.readline(_LINE_BYTES)
        if not line:
            return
        yield line


def _finding(line: bytes) -> Finding:
    """Raises ValueError, TypeError, KeyError."""
    code, place, column, value, expected = json.loads(line)
    return Finding(_known(code), "", _whole(place, MAX_ROWS), _text(column), _text(value), _text(expected))


def _counts(told: dict[str, object]) -> Counter[str]:
    return Counter({_known(code): _whole(times, _MOST_FINDINGS, least=1) for code, times in dict(told).items()})


def _known(code: object) -> str:
    """A code that has its sentences."""
    if not isinstance(code, str) or code not in messages.table("findings"):
        raise ValueError("no code of a finding")
    return code


def _whole(number: object, most: int, least: int = 0) -> int:
    if type(number) is not int or not least <= number <= most:
        raise ValueError("no number in reach")
    return number


def _text(text: object) -> str:
    """Raises ValueError: too long, or half of a pair of signs, which no file can be written with."""
    if not isinstance(text, str) or len(text) > TOLD_CHARACTERS:
        raise ValueError("no short text")
    return text.encode().decode()


class Kept:
    """A file without a name, gone when nobody holds it any more."""

    def __init__(self) -> None:
        self.fd, path = tempfile.mkstemp()
        os.unlink(path)
        weakref.finalize(self, os.close, self.fd)


def _opened(table: Kept) -> BinaryIO:
    return io.BufferedReader(_View(table), MIB)


class _View(io.RawIOBase):
    """A reader with a place of its own."""

    def __init__(self, table: Kept) -> None:
        self._table, self._at = table, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._table.fd).st_size}[whence]
        self._at = base + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        count = os.preadv(self._table.fd, [view], self._at)
        self._at += count
        return count
