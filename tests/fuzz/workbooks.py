"""Targets of the reading of workbooks: the child's parser, part by part, and what its parent makes of any answer."""

from __future__ import annotations

import io
import os

from tasrih.adapters.workbooks import Kept, unpacked
from tasrih.declaration.sent import SentFile
from tasrih.declaration.workbooks import Unpacked, Workbooks

from tests.declaration.made_workbooks import NAME, in_this_process, packed, parts, rows, sheet
from tests.fuzz.declarations import dac_verdict, das_verdict

BEYOND_EXCEL = 1 << 21
"""No sheet has so many rows: the places of findings are those of a sheet, not of the packed bytes."""
PARTS = parts(sheet(rows({}, {})), sheet(""))
SHEET = "xl/worksheets/sheet1.xml"
PART_NAMES = [*sorted(PARTS), "xl/sharedStrings.xml"]


def xlsx(data: bytes) -> None:
    """The packed file as it came."""
    for verdict in (das_verdict, dac_verdict):
        verdict([(NAME, data)], in_this_process, BEYOND_EXCEL)


def xlsx_sheet(data: bytes) -> None:
    xlsx(packed({**PARTS, SHEET: data}))


def xlsx_part(data: bytes) -> None:
    """The first byte chooses the part that the others replace."""
    if data:
        xlsx(packed({**PARTS, PART_NAMES[data[0] % len(PART_NAMES)]: data[1:]}))


def workbook_child(data: bytes) -> None:
    """What a hostile child may answer: the report, up to a form feed, and the table behind it."""
    report, _, table = data.partition(b"\f")
    das_verdict([(NAME, packed(PARTS))], _answering(report, table), BEYOND_EXCEL)
    dac_verdict([(NAME, packed(PARTS))], _answering(report, table), BEYOND_EXCEL)


def _answering(report: bytes, table: bytes) -> Workbooks:
    def answer(file: SentFile, _unpacked_bytes: int) -> Unpacked:
        kept = Kept()
        os.write(kept.fd, table)
        return unpacked(file, kept, io.BytesIO(report))

    return answer
