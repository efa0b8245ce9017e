"""What is wrong or odd in a file, and exactly where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

KEPT_FINDINGS = 100_000
"""Findings kept one by one; beyond it they are only counted, and the report says so."""


Own = tuple[tuple[str, str], ...]
"""Heading and text of cells, as written."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or oddity. Its sentences in ar, fr and en stand in `messages`, under the code."""

    code: str
    """"E…" refuses the file, "W…" only warns. Stable for ever."""
    file: str = ""
    """The name of the file as it was sent (inside an archive: the member's name); "" = the whole deposit."""
    line: int = 0
    """The file's own line, counted from 1; 0 = the whole file."""
    column: str = ""
    """The layout's name of the column ("nss", "base_q1", …); "" = the whole line."""
    value: str = ""
    """What stands there, as the file has it. Shown to its owner only, never logged."""
    expected: str = ""
    """What was expected there, in figures or in a form ("12 digits"), language-free."""
    own: Own = ()
    """The filer's own columns on that line. Shown to their owner only, never logged."""

    @property
    def severity(self) -> str:
        return "error" if self.code.startswith("E") else "warning"

    @property
    def place(self) -> tuple[str, int, str, str]:
        """The stable order of every report."""
        return (self.file, self.line, self.column, self.code)


def finding_of(told: Mapping[str, Any]) -> Finding:
    """Of a finding's fields as JSON holds them; reports from before findings had `own` go without."""
    return Finding(**{**told, "own": tuple((heading, text) for heading, text in told.get("own", ()))})


@dataclass(slots=True)
class Findings:
    """Findings in the order met; bounded in memory, complete in its counts."""

    kept: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, finding: Finding, times: int = 1) -> None:
        """Keeps the finding while there is room, and the first of each code in any case; `times` counts it without
        keeping copies."""
        first = not self.counts[finding.code]
        self.counts[finding.code] += times
        if first or len(self.kept) < KEPT_FINDINGS:
            self.kept.append(finding)

    def count_only(self, code: str, times: int) -> None:
        if times:
            self.counts[code] += times

    def extend(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.add(finding)

    @property
    def room(self) -> int:
        return max(0, KEPT_FINDINGS - len(self.kept))

    @property
    def errors(self) -> int:
        return sum(n for code, n in self.counts.items() if code.startswith("E"))

    @property
    def warnings(self) -> int:
        return self.counts.total() - self.errors

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self.kept, key=lambda finding: finding.place))

    def __len__(self) -> int:
        return self.counts.total()
