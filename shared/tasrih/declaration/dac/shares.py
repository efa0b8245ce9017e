"""Findings of a file, each to the declaration whose line it is on."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tasrih.declaration.dac.draft import Draft
from tasrih.declaration.dac.nominal import NominalRead
from tasrih.declaration.dac.rows import RowsRead
from tasrih.vocabulary.finding import Findings

WHOLE_FILE = frozenset(("E401", "E402", "E403", "E404", "E406", "E511", "E602", "E636"))
"""Faults that leave every declaration of the deposit in doubt, whatever line they were met on."""


@dataclass(slots=True)
class FileRead:
    """One file: its drafts, each with its findings, and those that belong to no draft."""

    drafts: list[tuple[Draft, Findings, int]] = field(default_factory=list)
    """With the number of its lines."""
    rest: Findings = field(default_factory=Findings)
    astray: dict[str, Findings] = field(default_factory=dict)
    """Of employers none of whose rows has a readable period."""


def share_out(met: Findings, made: FileRead, owners: Callable[[int], Sequence[int]]) -> None:
    """Each finding to the declarations whose line it is on. What was only counted stays with the file; errors among
    it refuse everything."""
    for finding in met.kept:
        own = range(len(made.drafts)) if finding.code in WHOLE_FILE else owners(finding.line)
        for place in own:
            made.drafts[place][1].add(finding)
        if not own or finding.code in WHOLE_FILE:
            made.rest.add(finding)
    counted = met.counts - Counter(finding.code for finding in met.kept)
    for code, times in counted.items():
        made.rest.count_only(code, times)
        for _, findings, _ in made.drafts if code.startswith("E") else ():
            findings.count_only(code, times)


def set_apart(made: FileRead, read: RowsRead) -> None:
    """What is left on the lines of an employer is that employer's own refusal."""
    counted = made.rest.counts - Counter(finding.code for finding in made.rest.kept)
    left = Findings(counts=counted)
    for finding in made.rest.kept:
        employer = "" if finding.code in WHOLE_FILE else read.lost.get(finding.line, "")
        (made.astray.setdefault(employer, Findings()) if employer else left).add(finding)
    made.rest = left


def owners(read: NominalRead, line: int) -> Sequence[int]:
    """A row that belongs to nobody is missing beside it: the file is sorted by employer in all likelihood."""
    at = bisect_left(read.lines, line)
    if at >= len(read.lines) or read.lines[at] != line:
        return ()
    if read.places[at] >= 0:
        return (int(read.places[at]),)
    beside = {int(read.places[near]) for near in (at - 1, at + 1) if 0 <= near < len(read.places)}
    return sorted(beside - {-1})


def add_all(into: Findings, other: Findings, known: bool = False) -> None:
    """With what was only counted. `known`: what stands in `into` already is not added again."""
    kept = [finding for finding in other.kept if not (known and finding in into.kept)]
    into.extend(kept)
    for code, times in (other.counts - Counter(finding.code for finding in other.kept)).items():
        into.count_only(code, times)
