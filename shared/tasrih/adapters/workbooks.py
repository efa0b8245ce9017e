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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import tasrih
from tasrih.adapters.workbook_child import OUT_OF_MEMORY, OUT_OF_ROOM
from tasrih.declaration.sent import SentFile
from tasrih.declaration.workbooks import Unpacked
from tasrih.vocabulary.finding import Finding

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MIB = 1024 * 1024
CHILD = ("-S", "-s", "-P", "-m", "tasrih.adapters.workbook_child")
_PASSED_ON = ("LD_LIBRARY_PATH", "PATH")
"""Of the environment, what finds the interpreter's own libraries; keys and secrets stay here."""
DIED, TOO_LONG, TOO_MUCH_MEMORY, TOO_MUCH_OUTPUT = "E730", "E731", "E732", "E733"
_REPORT_MIB = 16
"""Ten thousand findings are about 2 MiB."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. Time grows with what the workbook says that it holds."""

    memory_mib: int = 640
    cpu_seconds: int = 4
    bytes_a_second: int = 5 * MIB
    """A tenth of the reader's usual pace, most of it where every row is written in an unusual form."""
    most_seconds: int = 200
    """The function has 300 for everything."""
    grace_seconds: int = 5
    """A child waits for the processor too."""
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
    table = _Kept()
    with tempfile.TemporaryFile() as packed, tempfile.TemporaryFile() as told:
        with file.open() as source:
            shutil.copyfileobj(source, packed, MIB)
        packed.seek(0)
        code = _run(arguments, packed, table.fd, told, limits.patience(seconds))
        told.seek(0)
        report = told.read(_REPORT_MIB * MIB)
    return _unpacked(file, table, report) if code == 0 else _refused(_reason(code), limits, seconds)


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


def _unpacked(file: SentFile, table: _Kept, report: bytes) -> Unpacked:
    """A child that ends well but says nothing, or nothing that makes sense, has died all the same."""
    try:
        told = json.loads(report)
        findings = tuple(Finding(code, "", line, *rest) for code, line, *rest in told["findings"])
        counts, sheet, whole = Counter[str](told["counts"]), str(told["sheet"]), bool(told["whole"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return Unpacked(None, findings=(Finding(DIED),), counts=Counter([DIED]))
    size = os.fstat(table.fd).st_size
    if not counts and not (whole and size):
        return Unpacked(None, findings=(Finding(DIED),), counts=Counter([DIED]))
    text = SentFile(file.name, size, partial(_opened, table)) if whole and size else None
    return Unpacked(text, sheet, findings, counts)


class _Kept:
    """A file without a name, gone when nobody holds it any more."""

    def __init__(self) -> None:
        self.fd, path = tempfile.mkstemp()
        os.unlink(path)
        weakref.finalize(self, os.close, self.fd)


def _opened(table: _Kept) -> BinaryIO:
    return io.BufferedReader(_View(table), MIB)


class _View(io.RawIOBase):
    """A reader with a place of its own."""

    def __init__(self, table: _Kept) -> None:
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
