"""Files named on the command line, as the deposits they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tasrih.declaration.sent import SentFile

_HALF = re.compile(r"D(?P<year>[0-9]{2})[ES](?P<employer>[0-9]{10})\.txt", re.ASCII | re.IGNORECASE)


def deposits(paths: Sequence[str]) -> list[list[Path]]:
    """The two halves of a pair go together, wherever they lie; anything else is a deposit of its own. Two files that
    are no named halves of different pairs are taken as one pair: the content decides.

    Raises FileNotFoundError, and ValueError for a folder without files.
    """
    files = [file for path in paths for file in _files(Path(path))]
    pairs: dict[str, list[Path]] = {}
    for file in files:
        half = _HALF.fullmatch(file.name)
        pairs.setdefault(f"{half['year']}{half['employer']}" if half else str(file), []).append(file)
    if len(files) == 2 and not all(_HALF.fullmatch(file.name) for file in files):
        texts = [file for file in files if file.suffix.lower() == ".txt"]
        return [files] if len(texts) == 2 else [[file] for file in files]
    return list(pairs.values())


def sent(files: Sequence[Path]) -> list[SentFile]:
    return [SentFile(name_of(file), file.stat().st_size, _Opening(file)) for file in files]


def name_of(file: Path) -> str:
    """Printable even where the file system holds bytes that are no UTF-8."""
    return file.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Opening:
    path: Path

    def __call__(self) -> BinaryIO:
        return self.path.open("rb")


def employer_in_name(files: Sequence[Path]) -> str:
    """The employer number that the name of a file says; "" when none does."""
    found = (
        _HALF.fullmatch(file.name) or re.search(r"(?<![0-9])(?P<employer>[0-9]{10})(?![0-9])", file.name)
        for file in files
    )
    return next((match["employer"] for match in found if match), "")


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise FileNotFoundError(f"no such file: {path}")
    if path.is_file():
        return [path]
    inside = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    if not inside:
        raise ValueError(f"no file in {path}")
    return inside
