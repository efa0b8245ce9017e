"""Files named on the command line, as the deposits they make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tasrih.declaration.sent import SentFile
from tasrih.messages import sentence
from tasrih.messages.findings import printable

_HALF = re.compile(r"D(?P<year>[0-9]{2})[ES](?P<employer>[0-9]{10})\.txt", re.ASCII | re.IGNORECASE)


def deposits(paths: Sequence[str], language: str = "en") -> list[list[Path]]:
    """The two halves of a pair go together, wherever they lie; anything else is a deposit of its own. Two files that
    are no named halves of different pairs are taken as one pair: the content decides. A file named twice counts once.

    Raises OSError, and NoFile in the language asked for.
    """
    return grouped([file for path in paths for file in files_at(path, language)])


def grouped(named: Sequence[Path]) -> list[list[Path]]:
    """Files as deposits; pairs of one name in two folders (a first try and a corrected one) are two."""
    files = list({file.resolve(): file for file in named}.values())
    pairs: dict[str, list[Path]] = {}
    names = Counter(file.name.upper() for file in files)
    for file in files:
        half = _HALF.fullmatch(file.name)
        folder = file.resolve().parent if names[file.name.upper()] > 1 else ""
        pairs.setdefault(f"{folder}/{half['year']}{half['employer']}" if half else str(file), []).append(file)
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


class NoFile(ValueError):
    """There is nothing to read where a path points; the sentence says so."""


def files_at(named: str, language: str) -> list[Path]:
    """The file, or the files of the folder. Raises OSError and NoFile."""
    path = Path(named)
    if not named or not path.exists():
        raise NoFile(sentence("cli", "no_file", language, path=printable(named) or '""'))
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise NoFile(sentence("cli", "not_a_file", language, path=printable(named)))
    inside = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    if not inside:
        raise NoFile(sentence("cli", "no_file_inside", language, path=printable(named)))
    return inside


def looked_up(paths: Sequence[str], language: str) -> tuple[list[Path], list[str]]:
    """The files that can be looked at, and a sentence on each path where there is none: it keeps nothing else back."""
    files: list[Path] = []
    troubles: list[str] = []
    for path in paths:
        try:
            files += files_at(path, language)
        except NoFile as trouble:
            troubles.append(str(trouble))
        except OSError as trouble:
            troubles.append(unreadable(trouble, path, language))
    return files, troubles


def unreadable(trouble: OSError, path: Path | str, language: str) -> str:
    shown = printable(str(trouble.filename or path))[:200]
    return sentence("cli", "unreadable", language, path=shown, reason=trouble.strerror or trouble)
