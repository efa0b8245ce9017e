"""The header file of the fixed pair: one line of 216 characters that says whose declaration it is and its sums."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasrih.declaration.checks import AMOUNTS, ARABIC, FOREIGN_DIGIT
from tasrih.declaration.code_pages import Reading
from tasrih.declaration.sent import FileFacts, SentFile
from tasrih.declaration.stream import Stream
from tasrih.vocabulary.finding import Finding, Findings
from tasrih.vocabulary.identity import is_employer_number

FIELDS = {
    "employer": (0, 10),
    "type": (10, 1),
    "year": (11, 4),
    "centre": (15, 5),
    "denomination": (20, 30),
    "name": (50, 30),
    "address": (80, 50),
    "base_q1": (130, 16),
    "base_q2": (146, 16),
    "base_q3": (162, 16),
    "base_q4": (178, 16),
    "base_year": (194, 16),
    "workers": (210, 6),
}
"""Name -> (0-based start, width) in characters."""

SUMS = (*AMOUNTS, "workers")
_WIDTH = 216
_DRIFT = 6
_SIX_NUMBERS = re.compile(r"(?:^|(?<= ))" + r" +".join(r"(-?[0-9]{1,18})" for _ in SUMS) + r" *$", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_NEGATIVE = re.compile(r"-[0-9]{1,18}", re.ASCII)
_MOST_BYTES = 65_536
_MOST_CHARACTERS = 1000


@dataclass(slots=True)
class Header:
    """What a header says. A field that cannot be read is None or "", and a finding says why."""

    file: str
    facts: FileFacts | None = None
    employer: str = ""
    type: str = ""
    year: int | None = None
    centre: str = ""
    sums: tuple[int | None, ...] = (None,) * len(SUMS)
    """Bases of the four quarters and the year in centimes, then the number of workers."""


def read_header(file: SentFile, findings: Findings, this_year: int, reading: Reading) -> Header:
    """Never raises; whatever cannot be read is a finding."""
    stream = Stream(file)
    held: list[bytes] = []
    kept = 0
    for chunk in stream.chunks():
        stream.lines += chunk.count(b"\n")
        if kept < _MOST_BYTES:
            held.append(chunk[:_MOST_BYTES])
            kept += len(chunk)
    lines = [line for line in re.split(r"\r\n|\n|\r", reading.text(b"".join(held))) if line.strip(" \t\x1a")]
    header = Header(file.name, stream.facts)
    if len(lines) > 1:
        findings.add(Finding("E111", file.name, 2, "", str(len(lines)), "1"))
    _Reader(header, lines[0] if lines else "", findings, this_year, reading.is_arabic()).read()
    return header


class _Reader:
    def __init__(self, header: Header, line: str, findings: Findings, this_year: int, arabic: bool) -> None:
        self.arabic_taken = arabic
        self.header = header
        self.line = line[:_MOST_CHARACTERS]
        self.findings = findings
        self.this_year = this_year

    def find(self, code: str, column: str, value: str, expected: str = "") -> None:
        self.findings.add(Finding(code, self.header.file, 1, column, value, expected))

    def cell(self, name: str) -> str:
        start, width = FIELDS[name]
        return self.line[start : start + width].strip(" ")

    def read(self) -> None:
        self._identity()
        self._year()
        self._texts()
        self._sums()

    def _identity(self) -> None:
        employer, kind = self.cell("employer"), self.cell("type")
        if is_employer_number(employer):
            self.header.employer = employer
        else:
            self.find("E102", "employer", employer, "10 x 0-9")
        if kind in ("N", "C", "R"):
            self.header.type = kind
            if kind != "N":
                self.find("W102", "type", kind, "N")
        else:
            self.find("E103", "type", kind, "N, C, R")

    def _year(self) -> None:
        year = self.cell("year")
        if not re.fullmatch(r"(?:19|20)[0-9]{2}", year, re.ASCII):
            self.find("E104", "year", year, "yyyy")
            return
        self.header.year = int(year)
        if int(year) > self.this_year:
            self.find("E105", "year", year, f"<= {self.this_year}")

    def _texts(self) -> None:
        self.header.centre = self.cell("centre")
        if not re.fullmatch(r"[0-9]{5}", self.header.centre, re.ASCII):
            self.find("W106", "centre", self.header.centre, "5 x 0-9")
        for name in ("denomination", "name", "address"):
            if not self.arabic_taken and ARABIC.search(self.cell(name)):
                self.find("E113", name, self.cell(name), "A-Z")

    def _sums(self) -> None:
        """By the fixed cut; where that does not give six plain numbers, the last six numbers of the line."""
        cut = [self.cell(name) for name in SUMS]
        if all(map(_NUMBER.fullmatch, cut)) and not self.line[_WIDTH:].strip() and self.line[129:130] in (" ", ""):
            self.header.sums = tuple(map(int, cut))
            return
        zone = self.line[130 - _DRIFT :]
        found = _SIX_NUMBERS.search(zone)
        aside = tuple(map(int, found.groups())) if found and "-" not in found[0] else self._glued()
        if aside:
            self.header.sums = aside
            self.find("W101", "base_q1", " ".join(map(str, aside)), "131-216")
            return
        texts = zone.split() if len(zone.split()) == len(SUMS) else list(found.groups()) if found else cut
        if not any(texts):
            self.find("E101", "base_q1", str(len(self.line)), str(_WIDTH))
            return
        self.header.sums = tuple(self._sum(name, text) for name, text in zip(SUMS, texts, strict=True))

    def _glued(self) -> tuple[int, ...]:
        """Where full columns leave no blank between two numbers: the cut that stands aside and adds up."""
        for drift in sorted(range(-_DRIFT, _DRIFT + 1), key=abs):
            starts = [(FIELDS[name][0] + drift, FIELDS[name][1]) for name in SUMS]
            cut = [self.line[start : start + width].strip(" ") for start, width in starts]
            rest = self.line[_WIDTH + drift :] + self.line[starts[0][0] - 1 : starts[0][0]]
            if all(map(_NUMBER.fullmatch, cut)) and not rest.strip(" "):
                numbers = tuple(map(int, cut))
                if sum(numbers[:4]) == numbers[4]:
                    return numbers
        return ()

    def _sum(self, name: str, text: str) -> int | None:
        if _NUMBER.fullmatch(text):
            return int(text)
        if _NEGATIVE.fullmatch(text):
            self.find("E108", name, text, ">= 0")
        elif FOREIGN_DIGIT.search(text):
            self.find("E207", name, text, "0-9")
        else:
            self.find("E107", name, text, "0-9")
        return None
