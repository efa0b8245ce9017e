"""The register file, cell by cell: its columns, and what each cell must look like."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.identity import is_employer_number

MAX_ROWS = 200_000
MAX_FINDINGS = 1_000
"""Told of one file, which is then mended and sent again: the answer stays below what a function may send."""
SHOWN_CHARACTERS = 100
"""Of a cell, in a finding."""
_MAX_TEXT = 100
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories: controls, direction and format marks, lone surrogates, line and paragraph separators."""
_NAME_OF_THING = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_AGENCY = re.compile(r"[0-9]{5}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
"""What a spreadsheet set to French or Arabic makes of a date."""
_CODE = re.compile(r"R[0-9]{2}", re.ASCII)
_MAIL = re.compile(r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    """The file's own line, counted from 1."""
    cells: Mapping[str, str]
    """Every column of `COLUMNS`, trimmed; lists sorted, one blank between."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the code of its finding, whether it may be empty, what passes, and how that is told."""

    code: str
    passes: Callable[[str], bool]
    expected: str
    needed: bool = False
    many: bool = False
    """Several values, separated by blanks."""


def is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_text(text: str) -> bool:
    return len(text) <= _MAX_TEXT and not any(unicodedata.category(sign) in _INVISIBLE for sign in text)


def _is_arabic(text: str) -> bool:
    return _is_text(text) and any("ARABIC LETTER" in unicodedata.name(sign, "") for sign in text)


def _is_mail(text: str) -> bool:
    return len(text) <= 254 and bool(_MAIL.fullmatch(text))


def _like(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: bool(pattern.fullmatch(text))


def _one_of(*values: str) -> Callable[[str], bool]:
    return lambda text: text in values


_THING = "A-Z a-z 0-9 . _ - (1…64)"
_TEXT = f"1…{_MAX_TEXT}"

COLUMNS: dict[str, Column] = {
    "entity": Column("E815", _like(_NAME_OF_THING), _THING, needed=True),
    "name": Column("E821", _is_text, _TEXT, needed=True),
    "name_ar": Column("E821", _is_arabic, "ا…ي"),
    "employer": Column("E807", is_employer_number, "0100000000…6999999999", needed=True),
    "agency": Column("E808", _like(_AGENCY), "00000…99999", needed=True),
    "since": Column("E809", is_day, "YYYY-MM-DD", needed=True),
    "until": Column("E809", is_day, "YYYY-MM-DD"),
    "size_class": Column("E813", _one_of("monthly", "quarterly"), "monthly | quarterly", needed=True),
    "codes": Column("E814", _like(_CODE), "R00…R99", many=True),
    "contact_name": Column("E821", _is_text, _TEXT),
    "contact_email": Column("E811", _is_mail, "name@domain.example"),
    "language": Column("E812", _one_of("ar", "fr", "en"), "ar | fr | en", needed=True),
    "accounts": Column("E815", _like(_NAME_OF_THING), _THING, many=True),
}
"""In the order of the template; a file may have another. Each is explained by "column_…" in messages/register.toml."""


def read_rows(text: str, file: str) -> tuple[list[Row], list[Finding]]:
    """Rows whose every cell has its form, and the findings on all others. `;` or `,` between cells, as in the first
    line; a byte-order mark is passed over; empty lines are too."""
    text = text.removeprefix("\ufeff")
    first_line = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first_line.count)
    findings: list[Finding] = []
    rows: list[Row] = []
    try:
        records = _records(text, delimiter)
        _, heading = next(records, (1, []))
        if heading and heading[0].lower().startswith("sep="):
            _, heading = next(records, (1, []))
        names = [name.strip().lower() for name in heading]
        while names and not names[-1]:
            names.pop()
        findings += _heading_findings(names, file)
        if findings:
            return [], findings
        for count, (line, cells) in enumerate(records, start=1):
            if count > MAX_ROWS:
                return [], [Finding("E822", file, line, "", "", str(MAX_ROWS))]
            row, faults = _row(line, names, cells, file)
            findings += faults
            rows += [row] if row else []
            if len(findings) >= MAX_FINDINGS:
                break
    except csv.Error as unclosed:
        return [], [*findings, Finding("E801", file, unclosed.args[0])]
    if not rows and not findings:
        findings.append(Finding("E801", file, 0))
    return rows, findings


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each record that is not empty. Raises csv.Error with the line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise csv.Error(begins) from None


def _heading_findings(names: list[str], file: str) -> list[Finding]:
    if not names:
        return [Finding("E801", file, 0)]
    findings = [Finding("E802", file, 1, name, "", name) for name in COLUMNS if name not in names]
    findings += [
        Finding("E803", file, 1, "", name[:SHOWN_CHARACTERS], " ".join(COLUMNS))
        for name in names
        if name not in COLUMNS
    ]
    findings += [Finding("E804", file, 1, name, name) for name, times in Counter(names).items() if times > 1]
    return findings


def _row(line: int, names: list[str], cells: list[str], file: str) -> tuple[Row | None, list[Finding]]:
    while len(cells) > len(names) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(names):
        return None, [Finding("E805", file, line, "", str(len(cells)), str(len(names)))]
    row = Row(line, {name: _tidy(name, cell) for name, cell in zip(names, cells, strict=True)})
    findings = [finding for name in COLUMNS for finding in _cell_findings(row, name, file)]
    since, until = row.cells["since"], row.cells["until"]
    if not findings and until and until < since:
        findings = [Finding("E810", file, line, "until", until, since)]
    return (None if findings else row), findings


def _tidy(name: str, cell: str) -> str:
    if name in ("since", "until") and (day := _DAY_FIRST.fullmatch(cell.strip())):
        return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}"
    return " ".join(sorted(set(cell.split()))) if COLUMNS[name].many else cell.strip()


def _cell_findings(row: Row, name: str, file: str) -> list[Finding]:
    column, cell = COLUMNS[name], row.cells[name]
    if not cell:
        return [Finding("E806", file, row.line, name, "", column.expected)] if column.needed else []
    values = cell.split() if column.many else [cell]
    return [
        Finding(column.code, file, row.line, name, value[:SHOWN_CHARACTERS], column.expected)
        for value in values
        if not column.passes(value)
    ]
