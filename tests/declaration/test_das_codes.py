"""The contribution code of a line: read, kept with it, summed by quarter."""

from __future__ import annotations

import io
from datetime import date

import pytest
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined, Lines, SentFile
from tasrih.law import book

from tests.declaration.test_das_csv import ROW

TODAY = date(2026, 1, 20)


def declared(*codes: str, heading: str = "Code", base: str = "90000,00", year: str = "360000,00") -> str:
    """A row for each code, with the same bases."""
    row = ROW | {f"Assiette T{quarter} (DA)": base for quarter in (1, 2, 3, 4)} | {"Assiette annuelle (DA)": year}
    rows = [";".join([*row.values(), code]) for code in codes]
    return "\n".join([";".join([*row, heading]), *rows]) + "\n"


def examined(text: str) -> tuple[Examined, list[bytes]]:
    """The verdict, and the code kept with each line."""
    content, kept = text.encode(), list[Lines]()
    file = SentFile("das.csv", len(content), lambda: io.BytesIO(content))
    verdict = examine([file], today=TODAY, sink=kept.append)
    return verdict, [code for part in kept for code in part.rows["code"].tolist()]


@pytest.mark.parametrize(
    "heading", ["Code", "Code de cotisation", "CODE COTISATION", "رمز الاشتراك", "Contribution code"]
)
def test_the_codes_column_is_known_in_three_languages(heading: str) -> None:
    verdict, kept = examined(declared("R22", heading=heading))
    assert kept == [b"R22"]
    assert "W501" not in verdict.findings.counts


@pytest.mark.parametrize("written", ["R22", "r22", " R22 ", "R-22", "R 22", '="R22"', "'R22", "R٢٢"])
def test_a_code_is_read_however_people_write_it(written: str) -> None:
    verdict, kept = examined(declared(written))
    assert (verdict.accepted, kept) == (True, [b"R22"])


def test_bases_are_summed_by_code_and_quarter_and_lines_without_one_stand_apart() -> None:
    verdict, kept = examined(declared("R22", "", "R07", "R22"))
    assert verdict.totals.by_code == (("R07", (90_000_00,) * 4), ("R22", (180_000_00,) * 4))
    assert verdict.totals.quarters == (360_000_00,) * 4
    assert kept == [b"R22", b"", b"R07", b"R22"]


def test_sums_are_exact_over_many_blocks() -> None:
    """20,000 bases of ten digits: beyond what 32 bits or a careless double would hold."""
    verdict, _ = examined(declared(*["R22", "r07"] * 10_000, base="99999999,99", year="399999999,96"))
    assert verdict.accepted
    assert verdict.totals.by_code == (("R07", (99_999_999_990_000,) * 4), ("R22", (99_999_999_990_000,) * 4))


def test_a_file_without_codes_has_none() -> None:
    text = "\n".join([";".join(ROW), ";".join(ROW.values())])
    verdict, kept = examined(text)
    assert (verdict.totals.by_code, kept) == ((), [b""])


def test_a_code_that_is_not_known_is_accepted_and_told_once_at_its_first_line() -> None:
    verdict, kept = examined(declared("R22", "R15", "R15", "R16"))
    told = [(found.line, found.column, found.value) for found in verdict.findings if found.code == "W617"]
    assert verdict.accepted
    assert told == [(3, "code", "R15"), (5, "code", "R16")]
    assert {found.expected for found in verdict.findings if found.code == "W617"} == {"R06 R07 R08 R22"}
    assert kept[1] == b"R15"
    assert "R15" not in book().contributions


def test_a_number_for_a_code_is_told_with_the_code_it_seems_to_be() -> None:
    verdict, _ = examined(declared("07"))
    assert [(found.code, found.line, found.value, found.expected) for found in verdict.findings] == [
        ("E604", 2, "07", "R07")
    ]


def test_the_housing_fund_is_no_code_of_a_line() -> None:
    verdict, _ = examined(declared("r98"))
    assert [(found.code, found.line, found.column, found.value) for found in verdict.findings] == [
        ("E541", 2, "code", "r98")
    ]
