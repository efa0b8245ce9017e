"""What was announced before the upload against what arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tasrih.declaration.sent import FileFacts, SentFile
from tasrih.declaration.stream import facts_of
from tasrih.vocabulary.finding import Finding, Findings


class Announced(Protocol):
    """A file as the client announced it. For an archive, `lines` are those of its members together."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def lines(self) -> int: ...


def compare(
    announced: Sequence[Announced], received: Sequence[FileFacts], findings: Findings, *, count_lines: bool = True
) -> None:
    """Files are matched by name; adds one finding for each that is not what was announced. What is no declaration
    has no lines worth counting: its refusal says enough."""
    arrived = {facts.name: facts for facts in received}
    for told in announced:
        facts = arrived.pop(told.name, None)
        if facts is None:
            findings.add(Finding("E406", told.name, 0, "", "", told.name))
        elif facts.sha256 != told.sha256.lower():
            findings.add(_other_content(told, facts, announced))
        elif count_lines and facts.lines != told.lines:
            findings.add(Finding("E404", told.name, 0, "", str(facts.lines), str(told.lines)))
    for name in arrived:
        findings.add(Finding("E406", name, 0, "", name, ""))


def _other_content(told: Announced, facts: FileFacts, announced: Sequence[Announced]) -> Finding:
    for other in announced:
        if other is not told and other.sha256.lower() == facts.sha256:
            return Finding("E402", told.name, 0, "", other.name, told.name)
    if facts.size < told.size:
        return Finding("E401", told.name, 0, "", str(facts.size), str(told.size))
    return Finding("E403", told.name, 0, "", facts.sha256, told.sha256.lower())


def compare_total(announced_centimes: int, found_centimes: int, findings: Findings) -> None:
    """The annual base of the whole deposit, centimes."""
    if announced_centimes != found_centimes:
        findings.add(Finding("E405", "", 0, "base_year", str(found_centimes), str(announced_centimes)))


def changed_archive(files: Sequence[SentFile], announced: Sequence[Announced]) -> list[Finding]:
    """For an archive of many declarations its hash proves all: lines and totals are those of its parts."""
    findings = Findings()
    compare(announced, [facts_of(file) for file in files], findings, count_lines=False)
    return list(findings)
