"""A DAC as a workbook: read as its CSV would be, each fault with the employer on whose row it stands."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tasrih.adapters.workbooks import child_workbooks
from tasrih.cli import main
from tasrih.declaration.dac.examine import examine_dac, holds_dac
from tasrih.declaration.sent import SentFile
from tasrih.declaration.workbooks import Once, Unpacked

from tests.declaration.dacs import FUND, TODAY, A, B, places, sent, table, workers
from tests.declaration.filled_templates import filled


def workbook(content: str, **cells: Any) -> bytes:
    """The rows of a CSV as text cells, some of them with another value."""
    book = Workbook()
    sheet = book.active
    for row in csv.reader(io.StringIO(content), delimiter=";"):
        sheet.append(row)
    for place, value in cells.items():
        sheet[place] = value
        if isinstance(value, date):
            sheet[place].number_format = "mmm-yy"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize("name", ["dac.csv", "dac_nominal.csv"])
def test_a_workbook_says_what_its_csv_says(name: str) -> None:
    content = filled(name).decode("utf-8-sig")
    plain = examine_dac([sent(content)], today=TODAY)
    file = sent(workbook(content), "dac.xlsx")
    assert holds_dac([file], child_workbooks)
    booked = examine_dac([file], today=TODAY, workbooks=child_workbooks)
    assert booked.accepted
    assert [(each.employer, each.period, each.dac) for each in booked.declarations] == [
        (each.employer, each.period, each.dac) for each in plain.declarations
    ]


def test_a_month_that_excel_shows_as_a_date_is_read_with_a_warning() -> None:
    content = workbook(table({}, FUND), B2=date(2026, 3, 1), B3=date(2026, 3, 1), E2=1550000.0, F2=22)
    deposit = examine_dac([sent(content, "dac.xlsx")], today=TODAY, workbooks=child_workbooks)
    assert deposit.accepted
    assert ("W601", 2, "period") in places(deposit)
    assert str(deposit.declarations[0].period) == "2026-03"


def test_a_formula_without_its_value_stops_the_employer_of_its_row_and_no_other() -> None:
    rows = table({}, FUND, {"Employeur": B}, {**FUND, "Employeur": B})
    deposit = examine_dac([sent(workbook(rows, M2="=1+1"), "dac.xlsx")], today=TODAY, workbooks=child_workbooks)
    assert [(each.employer, each.accepted) for each in deposit.declarations] == [(A, False), (B, True)]
    assert ("E722", 2, "paid") in places(deposit)


def test_without_a_reader_of_workbooks_they_are_refused() -> None:
    file = sent(workbook(table({}, FUND)), "dac.xlsx")
    assert not holds_dac([file])
    deposit = examine_dac([file], today=TODAY)
    assert not deposit.accepted
    assert not deposit.declarations


def test_a_workbook_is_taken_apart_once() -> None:
    taken: list[str] = []

    def counted(file: SentFile, unpacked_bytes: int) -> Unpacked:
        taken.append(file.name)
        return child_workbooks(file, unpacked_bytes)

    once = Once(counted)
    file = sent(workbook(workers({}, FUND)), "dac.xlsx")
    assert holds_dac([file], once)
    assert examine_dac([file], today=TODAY, workbooks=once).accepted
    assert taken == ["dac.xlsx"]


def test_the_command_line_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dac.xlsx"
    path.write_bytes(workbook(table({}, FUND)))
    assert main(["check", "--format", "json", "--codes", "R22", str(path)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["kind"], document["dues"]["state"]) == ("DAC", "computed")


@pytest.mark.parametrize("name", ["dac", "dac_nominal"])
def test_a_template_says_what_its_csv_says(name: str) -> None:
    content = filled(f"{name}.xlsx")
    deposit = examine_dac([sent(content, f"{name}.xlsx")], today=TODAY, workbooks=child_workbooks)
    plain = examine_dac([sent(filled(f"{name}.csv"))], today=TODAY)
    assert deposit.accepted, places(deposit)
    assert [(each.employer, each.period, each.dac) for each in deposit.declarations] == [
        (each.employer, each.period, each.dac) for each in plain.declarations
    ]
