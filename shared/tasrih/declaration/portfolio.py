"""One archive with the declarations of many employers, taken apart: each part is a deposit of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasrih.declaration.archive import Refused
from tasrih.declaration.intake import DACS, is_archive, members
from tasrih.declaration.recognise import recognise
from tasrih.declaration.sent import SentFile

_NAMED = re.compile(r"D(?P<year>[0-9]{2})[ES](?P<employer>[0-9]{10})\.txt", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])", re.ASCII)
_HEAD_BYTES = 4096
_ALREADY = ("zip", "rar", "7z", "gzip")


@dataclass(frozen=True, slots=True)
class Part:
    """One deposit found in an archive."""

    employer: str
    """As its names or its first line say; "" when neither does. What the file holds is examined later."""
    files: tuple[SentFile, ...]
    period: str = ""
    """Of a declaration cut out of a DAC of many."""
    cut: bool = False
    """Its one file is what examining the DAC found for it (`dac.slices`)."""
    name: str = ""
    """What it is told as; "" = by the names of its files."""


def parts(files: Sequence[SentFile], at_least: int = 2) -> list[Part]:
    """The deposits of one archive that holds more than one, in the order of their names; [] for anything else.

    The halves of a pair go together by their names, else by the employer and year of their first lines. A member that
    is no declaration is a part of its own: it is refused by itself and stops no other. An archive that cannot be
    opened at all has no parts: examining it says why.
    """
    if len(files) != 1 or not is_archive(files[0]):
        return []
    try:
        found = members(files[0])
    except Refused:
        return []
    groups: dict[tuple[str, str], list[SentFile]] = {}
    for file in sorted(found, key=lambda member: member.name):
        groups.setdefault(_belongs(file), []).append(file)
    _join_dac(groups)
    deposits = [Part(_employer(group), tuple(group)) for group in groups.values()]
    return deposits if len(deposits) >= at_least else []


def _join_dac(groups: dict[tuple[str, str], list[SentFile]]) -> None:
    """An aggregate DAC and a nominal one go together where the archive holds one of each."""
    alone = {name: recognise(files[0]) for name, files in groups.items() if not name[0]}
    tables = [[name for name, kind in alone.items() if kind == wanted] for wanted in DACS]
    if all(len(names) == 1 for names in tables):
        groups[tables[0][0]] += groups.pop(tables[1][0])


def _belongs(file: SentFile) -> tuple[str, str]:
    """Employer and year for a half of a pair; the file's own name, alone, for anything else."""
    named = _NAMED.fullmatch(file.name)
    if named:
        return named["employer"], named["year"]
    kind, line = recognise(file), _first_line(file)
    if kind == "das_header":
        return line[:10], line[13:15]
    if kind == "das_detail":
        return line[:10], line[12:14]
    return "", file.name


def _employer(group: Sequence[SentFile]) -> str:
    named = [found["employer"] for file in group if (found := _NAMED.fullmatch(file.name))]
    if named:
        return named[0]
    kinds = {recognise(file) for file in group}
    if kinds & {"das_header", "das_detail"}:
        return _first_line(group[0])[:10]
    if kinds & set(_ALREADY):
        return ""
    said = _NUMBER.search(group[0].name) or _NUMBER.search(_head(group[0]))
    return said[0] if said else ""


def _first_line(file: SentFile) -> str:
    return _head(file).split("\n", 1)[0]


def _head(file: SentFile) -> str:
    """The first bytes, as far as they are ASCII: enough for numbers and years."""
    with file.open() as stream:
        return stream.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").decode("ascii", "replace")
