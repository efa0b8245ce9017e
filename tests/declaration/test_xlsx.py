"""Workbooks that office programs write: the same declaration as the CSV, read by the same rules."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date
from typing import Any

import openpyxl
import pytest
import python_calamine
from tasrih import messages
from tasrih.declaration.csv.headings import known
from tasrih.declaration.examine import examine
from tasrih.declaration.xlsx.book import Style, style_of
from tasrih.declaration.xlsx.rows import column_letters, column_number
from tasrih.declaration.xlsx.table import write_table
from tasrih.messages.findings import finding_sentence
from tasrih.vocabulary.finding import Finding

from tests.declaration import workbook_templates
from tests.declaration.filled_templates import filled, saved
from tests.declaration.made_workbooks import (
    DATE,
    GOOD,
    STRICT,
    TEXT,
    TRANSITIONAL,
    ZEROS,
    Stored,
    book,
    checked,
    packed,
    parts,
    row,
    rows,
    sheet,
    told,
)
from tests.declaration.pairs import TODAY, sent

TEMPLATE = workbook_templates.FOLDER / "das.xlsx"


def table(content: bytes) -> list[list[str]]:
    written = io.BytesIO()
    outcome = write_table(io.BytesIO(content), written.write)
    assert not outcome.counts
    return [line.split("\t") for line in written.getvalue().decode().split("\n")[:-1]]


def test_a_workbook_is_read_like_the_csv_with_the_same_cells() -> None:
    result = checked(book({}, {}))
    assert result.accepted, told(result)
    assert (result.kind, result.employer, str(result.period), result.lines) == ("DAS", "1699999901", "2019", 2)
    assert result.totals.year == 72_000_000
    assert told(result) == []
    assert [file.name for file in result.files] == ["das.xlsx"]


def test_without_a_reader_of_workbooks_a_workbook_is_refused() -> None:
    result = examine([sent("das.xlsx", book({}))], today=TODAY)
    assert told(result) == [("E024", 0, "")]


def test_any_other_workbook_is_refused_by_what_is_accepted() -> None:
    result = checked(packed(parts(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))))
    assert told(result) == [("E024", 0, "")]
    assert ".xlsx" in next(iter(result.findings)).expected


def test_the_template_is_accepted_with_ones_own_people_and_holds_the_rows_of_the_csv() -> None:
    made = checked(filled("das.xlsx"))
    plain = examine([sent("das.csv", filled("das.csv"))], today=TODAY)
    assert made.accepted, told(made)
    assert (made.employer, made.lines, made.totals) == (plain.employer, plain.lines, plain.totals)
    assert told(made) == told(plain)


def test_a_template_filled_in_by_an_office_program_passes() -> None:
    held = openpyxl.load_workbook(io.BytesIO(TEMPLATE.read_bytes()))
    held["DAS"].delete_rows(2, 4)
    for column, stored in enumerate(("1699999901", 2019, "N", "16000", "080000000012", "Nouveau", "Prénom"), 1):
        held["DAS"].cell(2, column, stored)
    held["DAS"].cell(2, 8, date(1991, 2, 3))
    for first in (9, 12, 15, 18):
        for offset, stored in enumerate((90, "J", 100000.1)):
            held["DAS"].cell(2, first + offset, stored)
    held["DAS"].cell(2, 21, 100000.1 + 100000.1 + 100000.1 + 100000.1)
    result = checked(saved(held))
    assert result.lines == 1
    assert [found for found in told(result) if found[0].startswith("E") and found[2] != "nss"] == []


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    data = rows({}, first=3) + row(9, list({**GOOD, "NSS": "800000000002", "Durée T1": "dix"}.values()))
    result = checked(packed(parts(sheet(data))))
    assert told(result) == [("W505", 5, ""), ("E530", 9, "duration_q1")]


def test_a_title_above_the_heading_is_passed_over_and_told() -> None:
    title = '<row r="1"><c r="A1" t="inlineStr"><is><t>Déclaration 2019</t></is></c></row>'
    result = checked(packed(parts(sheet(title + rows({}, first=3)))))
    assert (result.accepted, told(result)) == (True, [("W705", 1, "")])


def test_strict_open_xml_is_read() -> None:
    made = parts(sheet(rows({}), space=STRICT))
    strict = {name: str(text).replace(TRANSITIONAL, STRICT) for name, text in made.items()}
    assert checked(packed(strict)).lines == 1


def test_prefixes_single_quotes_and_utf_16_change_nothing() -> None:
    plain = parts(sheet(rows({}, {})))
    data = str(plain["xl/worksheets/sheet1.xml"])
    prefixed = data.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("xmlns=", "xmlns:x=")
    for other in (prefixed, data.replace('"', "'"), '<?xml version="1.0" encoding="UTF-16"?>' + data):
        content = other.encode("utf-16") if "UTF-16" in other else other
        result = checked(packed({**plain, "xl/worksheets/sheet1.xml": content}))
        assert (result.accepted, result.lines, result.totals.year) == (True, 2, 72_000_000)


@pytest.mark.parametrize(
    ("stored", "column", "read"),
    [
        (1.699999901e9, "Employeur", "1699999901"),
        ("<><v>1.699999901E9</v>", "Employeur", "1699999901"),
        ((ZEROS, 80000000001), "NSS", "080000000001"),
        ((DATE, 43830), "Date de naissance", "31/12/2019"),
        ((DATE, 43830.5), "Date de naissance", "31/12/2019"),
        ((DATE, 1), "Date de naissance", "01/01/1900"),
        ((DATE, 61), "Date de naissance", "01/03/1900"),
        ('< t="d"><v>2019-12-31</v>', "Date de naissance", "2019-12-31"),
        (36000.1, "Assiette T1 (DA)", "36000.1"),
        (0.1 + 0.2, "Assiette T1 (DA)", "0.30"),
        ("<><f>A1+B1</f><v>36000</v>", "Assiette T1 (DA)", "36000"),
        ('< t="str"><f>A1</f><v>DUPONT &amp; FILS</v>', "Nom", "DUPONT & FILS"),
        ('< t="inlineStr"><is><r><t>NOM</t></r><r><t xml:space="preserve"> UN</t></r></is>', "Nom", "NOM UN"),
        ('< t="inlineStr"><is><t>A_x000A_B</t></is>', "Nom", "A B"),
        ('< t="inlineStr"><is><t>名</t><rPh sb="0" eb="1"><t>MEI</t></rPh></is>', "Nom", "名"),
        ("<><v><![CDATA[36000]]></v>", "Assiette T1 (DA)", "36000"),
        ("<><!-- <v>1</v> --><v>36000</v>", "Assiette T1 (DA)", "36000"),
        ((TEXT, 5), "Durée T1", "5"),
    ],
)
def test_a_stored_cell_is_the_text_that_a_csv_would_hold(stored: Stored, column: str, read: str) -> None:
    heading, first = table(book({column: stored}))
    assert first[heading.index(column)] == read


def test_dates_from_1904_are_read_so_and_told() -> None:
    made = parts(sheet(rows({"Date de naissance": (DATE, 32874 - 1462)})), settings='<workbookPr date1904="1"/>')
    result = checked(packed(made))
    assert [found for found in told(result) if found[0] == "W706"] == [("W706", 0, "")]


@pytest.mark.parametrize(
    ("code", "style"),
    [
        ("dd/mm/yyyy", Style(date=True)),
        ('[$-40C]d" de "mmmm yyyy;@', Style(date=True)),
        ("[Red]0.00", Style()),
        ('#,##0.00" DZD"', Style()),
        ("General", Style()),
        ("@", Style()),
        ("0000000000", Style(zeros=10)),
        ("[h]:mm", Style(date=True)),
        ("\\d0", Style()),
    ],
)
def test_a_number_format_tells_dates_and_zeros(code: str, style: Style) -> None:
    assert style_of("164", {"164": code}) == style


def test_every_column_of_a_sheet_has_its_letters() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_number(column_letters(number)) == number for number in range(16384))


def test_a_column_of_the_filers_own_is_kept_out_and_named() -> None:
    plain = rows({})
    extra = plain.replace("</row>", '<c r="Y1" t="inlineStr"><is><t>Matricule interne</t></is></c></row>', 1)
    extra = extra[: -len("</row>")] + '<c r="Y2" t="b"><v>1</v></c></row>'
    result = checked(packed(parts(sheet(extra))))
    assert (result.accepted, told(result)) == (True, [("W501", 1, "")])


def test_two_readers_agree_on_what_an_office_program_wrote() -> None:
    """openpyxl writes, calamine and ours read."""
    held = openpyxl.Workbook()
    held.active.append(list(GOOD))
    for place in range(50):
        values = [stored[1] if isinstance(stored, tuple) else stored for stored in GOOD.values()]
        values[4], values[5], values[10] = f"{800000000001 + place}", f'NOM "{place}" & FILS', 1000 + place / 100
        values[7] = date(1990, 1, 1 + place % 28)
        held.active.append(values)
    written = io.BytesIO()
    held.save(written)
    written.seek(0)
    other = python_calamine.CalamineWorkbook.from_filelike(written).get_sheet_by_index(0).to_python()
    ours = table(written.getvalue())
    assert len(ours) == len(other) == 51
    for mine, theirs in zip(ours[1:], other[1:], strict=True):
        assert [_same(text) for text in mine] == [_written(value) for value in theirs]


def _same(text: str) -> str:
    plain = text.strip('"').replace('""', '"')
    return f"{float(plain):.2f}" if plain.replace(".", "", 1).isdigit() else plain


def _written(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return _same(str(value))


def test_memory_stays_flat_however_long_the_sheet() -> None:
    def peak(people: int) -> int:
        content = book(*[{}] * people)
        tracemalloc.start()
        write_table(io.BytesIO(content), lambda _piece: None)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(4_000) < peak(2_000) * 1.3


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_each_finding_of_workbooks_has_its_sentence(language: str) -> None:
    codes = [code for code in messages.table("findings") if code[1] == "7"]
    assert len(codes) > 35
    for code in codes:
        assert finding_sentence(Finding(code, "das.xlsx", 3, "nss", "12", "13"), language)


def test_the_headings_of_the_template_are_all_known() -> None:
    assert len(known()) > 100
    assert "W501" not in checked(TEMPLATE.read_bytes()).findings.counts
