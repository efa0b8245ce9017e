"""The fixed pair as one declaration: header against name, lines against header."""

from __future__ import annotations

import re
from datetime import date

from tasrih.declaration.code_pages import Reading
from tasrih.declaration.das.detail import MOST_LINES, Detail
from tasrih.declaration.das.header import Header, read_header
from tasrih.declaration.sent import Examined, FileFacts, SentFile
from tasrih.declaration.tally import Sink, Tally, against
from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.period import Period

_NAME = re.compile(r"D([0-9]{2})([ES])([0-9]{10})\.TXT", re.ASCII)
_WORKERS = 5


def examine_pair(
    headers: list[SentFile],
    details: list[SentFile],
    examined: Examined,
    today: date,
    sink: Sink | None,
    reading: Reading,
) -> list[tuple[SentFile, FileFacts]]:
    """Fills `examined` and returns what is true of each file read. Of each kind the first file counts; more than one
    is a finding, none is a finding, unless a file was refused that may have been it."""
    examined.kind = "DAS"
    refused = examined.findings.errors > 0
    for code, files in (("E050", headers), ("E051", details)):
        if not files and not refused:
            examined.findings.add(
                Finding(code, expected=_other_name(headers or details, "E" if code == "E050" else "S"))
            )
        for extra in files[1:]:
            examined.findings.add(Finding("E052", extra.name, expected=files[0].name))
    header = read_header(headers[0], examined.findings, today.year, reading) if headers else Header("")
    compared = against(header.employer, header.year, today)
    compared.arabic_taken = reading.is_arabic
    read = [(headers[0], header.facts)] if header.facts else []
    examined.type, examined.centre = header.type, header.centre
    if details:
        tally = Tally(details[0].name, compared, examined.findings, sink)
        read.append((details[0], _lines(header, Detail(details[0], examined.findings, reading), examined, tally)))
    _tell_pages(reading, examined)
    examined.employer = compared.employer.decode("ascii")
    examined.period = Period(compared.year) if compared.year else None
    for file, letter in ((headers[:1], "E"), (details[:1], "S")):
        for named in file:
            _check_name(named.name, letter, examined)
    return read


def _lines(header: Header, detail: Detail, examined: Examined, tally: Tally) -> FileFacts:
    tally.take_all(detail.blocks())
    tally.tell_repeated()
    examined.lines = detail.count
    examined.totals = tally.totals
    whole = detail.count == tally.lines
    decided = [
        whole and name not in tally.undecided for name in ("base_q1", "base_q2", "base_q3", "base_q4", "base_year")
    ]
    found = (*tally.totals.quarters, tally.totals.year)
    agrees = [
        not known or stated is None or stated == summed
        for known, stated, summed in zip(decided, header.sums[:_WORKERS], found, strict=True)
    ]
    complete = all(agrees) and all(decided) and None not in header.sums
    _count(header, detail, examined, sums_agree=complete)
    if not any(examined.findings.counts[code] for code in ("E057", "E058")):
        _sums(header, agrees, found, examined)
        if all(decided) and not any(found):
            examined.findings.add(Finding("E309", detail.file, 0, "base_year", "0", "> 0"))
    return detail.facts


def _tell_pages(reading: Reading, examined: Examined) -> None:
    """Two encodings in one file, and a guess that names rest on."""
    for name, found in reading.surveys.items():
        if found.mixed:
            examined.findings.add(Finding("E511", name, found.other, expected="UTF-8"))
        elif found.other and reading.guessed and reading.rests:
            examined.findings.add(Finding("W502", name, found.other, "", reading.page, "UTF-8"))


def _count(header: Header, detail: Detail, examined: Examined, *, sums_agree: bool) -> None:
    """Fewer lines than the header says is a cut file, unless their sums are all there."""
    findings, workers = examined.findings, header.sums[_WORKERS]
    expected = "" if workers is None else str(workers)
    if detail.cut:
        findings.add(Finding("E057", detail.file, detail.facts.lines, "", str(detail.count - 1), expected))
    elif detail.count == 0:
        findings.add(Finding("E058", detail.file, 0, "", "0", expected))
    elif workers is not None and detail.count < workers and not sums_agree:
        findings.add(Finding("E057", detail.file, 0, "", str(detail.count), expected))
    elif workers is not None and detail.count != workers:
        findings.add(Finding("E109", header.file, 1, "workers", expected, str(detail.count)))
    if detail.count > MOST_LINES:
        findings.add(Finding("E056", detail.file, MOST_LINES + 1, "", str(detail.count), f"<= {MOST_LINES}"))


def _sums(header: Header, agrees: list[bool], found: tuple[int, ...], examined: Examined) -> None:
    *quarters, year, _ = header.sums
    for place, fine in enumerate(agrees):
        if not fine:
            code, column = ("E307", f"base_q{place + 1}") if place < 4 else ("E308", "base_year")
            examined.findings.add(Finding(code, header.file, 1, column, str(header.sums[place]), str(found[place])))
    if year is not None and None not in quarters:
        total = sum(quarter for quarter in quarters if quarter is not None)
        if total != year:
            examined.findings.add(Finding("E110", header.file, 1, "base_year", str(year), str(total)))


def _other_name(present: list[SentFile], letter: str) -> str:
    """What the missing half is called, from the name of the half that came."""
    parts = _NAME.fullmatch(present[0].name.upper()) if present else None
    return f"D{parts[1]}{letter}{parts[3]}.txt" if parts else f"D{{yy}}{letter}{{employer}}.txt"


def _right_name(letter: str, examined: Examined) -> str:
    """What the file should be called; with placeholders for what the declaration does not tell."""
    year = f"{examined.period.year % 100:02d}" if examined.period else "{yy}"
    return f"D{year}{letter}{examined.employer or '{employer}'}.txt"


def _check_name(name: str, letter: str, examined: Examined) -> None:
    """The base name alone; folders of an archive and the case of letters do not matter."""
    base = re.split(r"[/\\]", name)[-1]
    parts = _NAME.fullmatch(base.upper())
    if not parts or parts[2] != letter:
        examined.findings.add(Finding("E053", name, 0, "", base, _right_name(letter, examined)))
        return
    if examined.period and int(parts[1]) != examined.period.year % 100:
        examined.findings.add(Finding("E054", name, 0, "year", parts[1], f"{examined.period.year % 100:02d}"))
    if examined.employer and parts[3] != examined.employer:
        examined.findings.add(Finding("E055", name, 0, "employer", parts[3], examined.employer))
