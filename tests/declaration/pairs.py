"""The example pair that other tests damage: two synthetic workers, written column by column here once more."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date

from tasrih.declaration.examine import examine
from tasrih.declaration.handshake import Announced
from tasrih.declaration.sent import Examined, Lines, SentFile

TODAY = date(2020, 1, 15)
HEADER_NAME, DETAIL_NAME = "D19E1699999901.txt", "D19S1699999901.txt"

HEADER = (
    "1699999901N201916000"
    "EXEMPLE SARL                  "
    "                              "
    "ALGER                                             "
    "14400000        14400000        14400000        10800000        54000000        2     "
)
FIRST = (
    "169999990120191     800000000001NOMUN                    PRENOMUN                 01011980"
    "90 J9000000   90 J9000000   90 J9000000   90 J9000000   36000000    01032015        AGENT               0"
)
SECOND = (
    "169999990120192     900000000002NOMDEUX                  PRENOMDEUX               15061990"
    "90 J5400000   90 J5400000   90 J5400000   30 J1800000   18000000    0101201831102019CHAUFFEUR           0"
)
PLACES = {
    "employer": 0, "year": 10, "number": 14, "nss": 20, "surname": 32, "first_name": 57, "birth": 82,
    "duration_q1": 90, "unit_q1": 93, "base_q1": 94, "duration_q2": 104, "unit_q2": 107, "base_q2": 108,
    "duration_q3": 118, "unit_q3": 121, "base_q3": 122, "duration_q4": 132, "unit_q4": 135, "base_q4": 136,
    "base_year": 146, "entry": 158, "exit": 166, "function": 174, "end": 194,
}  # fmt: skip
"""0-based, from the table of the layout; on purpose not taken from the reader."""


def sent(name: str, content: bytes | str) -> SentFile:
    held = content.encode() if isinstance(content, str) else content
    return SentFile(name, len(held), lambda: io.BytesIO(held))


def put(line: str, **cells: str) -> str:
    """The line with some cells written over, from their first column on."""
    for column, text in cells.items():
        line = line[: PLACES[column]] + text + line[PLACES[column] + len(text) :]
    return line


def detail(*lines: str, end: str = "\r\n") -> str:
    return end.join(lines or (FIRST, SECOND))


def examined(
    header: bytes | str = HEADER + "\r\n",
    lines: bytes | str | None = None,
    *,
    names: tuple[str, str] = (HEADER_NAME, DETAIL_NAME),
    today: date = TODAY,
    announced: Sequence[Announced] | None = None,
    total: int | None = None,
    sink: Callable[[Lines], None] | None = None,
) -> Examined:
    files = [sent(names[0], header), sent(names[1], detail() if lines is None else lines)]
    return examine(files, today=today, announced=announced, announced_total_centimes=total, sink=sink)


Found = list[tuple[str, str, int, str]]


def found(of: Examined) -> Found:
    """(code, E or S for the file, line, column) of every finding."""
    letters = {HEADER_NAME: "E", DETAIL_NAME: "S"}
    return [(each.code, letters.get(each.file, each.file), each.line, each.column) for each in of.findings]
