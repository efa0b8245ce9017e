"""The heading of a CSV: found, told apart, and checked before any row is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tasrih.declaration.csv.headings import DAS, Heading, Wanted, delimiter_of
from tasrih.declaration.csv.rows import MAX_RECORD_LINES, record
from tasrih.declaration.csv.text import REPORTED_LINE, Report, lines_of
from tasrih.declaration.sent import SentFile
from tasrih.vocabulary.finding import Findings

LEAST_KNOWN = 4
"""A first line with fewer known headings is no heading."""
MAX_COLUMNS = 200
"""The layout has 27; the filer's own may stand beside them."""


@dataclass(frozen=True, slots=True)
class Opening:
    delimiter: str
    headings: tuple[Heading, ...]
    lead: int
    """Text lines down to the end of the heading."""

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(found.text for found in self.headings if not found.column and found.text)


def read_opening(file: SentFile, codec: str, report: Report, wanted: Wanted = DAS) -> Opening | None:
    """None when the rows cannot be read under this heading; findings say why."""
    before = report.findings.errors
    silent = Report(file.name, Findings())
    lines, number = _first_lines(file, codec, silent)
    if any(found.code == "E516" and found.line == number for found in silent.findings):
        report.add("E516", number)
        return None
    if not lines or lines[0] == REPORTED_LINE:
        report.add("E501" if lines else "E514", number)
        return None
    delimiter = delimiter_of(lines[0].decode(errors="replace"), wanted.named)
    cells, taken = record(lines, 0, delimiter) if delimiter else ([], 1)
    if not taken:
        report.add("E507", number)
        return None
    headings = _headings(cells, wanted)
    if sum(bool(found.column) for found in headings) < LEAST_KNOWN:
        report.add("E501", number, value=lines[0].decode(errors="replace"))
        return None
    _check(headings, number, report, wanted)
    return None if report.findings.errors > before else Opening(delimiter, headings, number + taken - 1)


def _first_lines(file: SentFile, codec: str, report: Report) -> tuple[list[bytes], int]:
    """The first lines that are not blank, and the number of the first. Excel's own "sep=;" is passed over."""
    for buffer, first in lines_of(file, codec, report):
        lines = buffer.split(b"\n")[:-1]
        for index, line in enumerate(lines):
            if line.strip() and not (index == 0 == first - 1 and line.strip().lower()[:4] == b"sep="):
                return lines[index : index + MAX_RECORD_LINES], first + index
    return [], 0


def _headings(cells: list[str], wanted: Wanted) -> tuple[Heading, ...]:
    found = [wanted.named(" ".join(cell.split())) for cell in cells]
    while found and not found[-1].text:
        found.pop()
    return tuple(found)


def _check(headings: tuple[Heading, ...], line: int, report: Report, wanted: Wanted) -> None:
    if len(headings) > MAX_COLUMNS:
        report.add("E506", line, value=str(len(headings)), expected=f"<= {MAX_COLUMNS}")
    counts = Counter(found.column for found in headings if found.column)
    for column, times in counts.items():
        if times > 1:
            written = " | ".join(found.text for found in headings if found.column == column)
            report.add("E503", line, column, written)
    for column in wanted.required:
        if column not in counts:
            report.add("E502", line, column)
    for found in headings:
        if found.column in wanted.amounts and not found.scale:
            report.add("E504", line, found.column, found.text, "DA | centimes")
    unknown = [found.text for found in headings if not found.column and found.text]
    if unknown:
        report.add("W501", line, value=" | ".join(unknown))
