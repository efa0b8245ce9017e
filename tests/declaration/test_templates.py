"""What a person meets who fills in a template: its headings, formats, examples and instructions, in three languages."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from tasrih.declaration.csv.headings import DAS
from tasrih.declaration.csv.headings import heading as das_heading
from tasrih.declaration.dac.examine import examine_dac
from tasrih.declaration.dac.headings import AGGREGATE, NOMINAL
from tasrih.declaration.dac.headings import heading as dac_heading
from tasrih.declaration.examine import examine
from tasrih.declaration.xlsx.table import INSTRUCTIONS
from tasrih.vocabulary.finding import Findings

from tests.declaration import template_texts as texts
from tests.declaration import workbook_templates
from tests.declaration.filled_templates import filled
from tests.declaration.made_workbooks import in_this_process
from tests.declaration.pairs import sent

TODAY = date(2026, 11, 25)
WANTED = {"das": DAS, "dac": AGGREGATE, "dac_nominal": NOMINAL}
NAMED = {"das": das_heading, "dac": dac_heading, "dac_nominal": dac_heading}
AGAIN = "write them again: python -m tests.declaration.workbook_templates"


def book(form: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO((texts.FOLDER / f"{form}.xlsx").read_bytes()))


def found(name: str, content: bytes) -> list[Findings]:
    file = sent(name, content)
    if name.startswith("das"):
        return [examine([file], today=TODAY, workbooks=in_this_process).findings]
    deposit = examine_dac([file], today=TODAY, workbooks=in_this_process)
    return [deposit.findings, *(each.findings for each in deposit.declarations)]


@pytest.mark.parametrize("form", texts.FORMS)
def test_the_committed_workbooks_are_those_that_their_maker_writes(form: str) -> None:
    def cells(held: Any) -> list[list[Any]]:
        return [[(cell.value, cell.number_format) for cell in row] for each in held for row in each.iter_rows()]

    made = openpyxl.load_workbook(io.BytesIO(workbook_templates.made(form)))
    assert cells(book(form)) == cells(made), AGAIN


def test_the_committed_readme_is_made_of_the_same_text() -> None:
    assert (texts.FOLDER / "README.md").read_text("utf-8") == texts.readme(), AGAIN


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("form", texts.FORMS)
def test_example_rows_that_are_left_are_refused_each_with_its_line(form: str, kind: str) -> None:
    name = f"{form}.{kind}"
    rows = (texts.FOLDER / f"{form}.csv").read_text("utf-8").count("\n")
    told = [each for findings in found(name, (texts.FOLDER / name).read_bytes()) for each in findings.kept]
    assert sorted(each.line for each in told if each.code == "E547") == list(range(2, rows + 1))
    assert {each.code for each in told} <= {"E547", "W607"}
    assert {each.code for findings in found(name, filled(name)) for each in findings.kept} <= {"W607"}


@pytest.mark.parametrize("form", texts.FORMS)
def test_each_heading_of_a_workbook_names_its_column_in_three_languages(form: str) -> None:
    cells = [cell.value for cell in book(form).worksheets[0][1]]
    names = [NAMED[form](cell) for cell in cells]
    assert set(WANTED[form].required) <= {name.column for name in names}
    for cell, name in zip(cells, names, strict=True):
        parts = [NAMED[form](part) for part in cell.split(" / ")]
        assert [(part.column, part.scale) for part in parts] == [(name.column, name.scale)] * 3, cell


@pytest.mark.parametrize("form", texts.FORMS)
def test_whole_columns_keep_the_zeros_of_numbers_and_show_all_their_digits(form: str) -> None:
    sheet = book(form).worksheets[0]
    for cell in sheet[1]:
        column = NAMED[form](cell.value).column
        if column in ("employer", "centre", "nss", "period", "birth", "code"):
            assert sheet.column_dimensions[cell.column_letter].number_format == "@", column
        assert sheet.column_dimensions[cell.column_letter].width >= (16 if column == "nss" else 12)
    ends = {str(each.sqref).rsplit(":", 1)[1][1:] for each in sheet.data_validations.dataValidation}
    assert ends <= {"1048576"}
    assert sheet.freeze_panes > "A2"


@pytest.mark.parametrize("form", texts.FORMS)
def test_each_language_has_a_sheet_of_its_own_with_every_column_and_no_text_is_cut(form: str) -> None:
    held = book(form)
    shown = [NAMED[form](cell.value).column for cell in held.worksheets[0][1]]
    for language, sheet in zip(texts.LANGUAGES, held.worksheets[1:], strict=True):
        assert sheet.title.casefold() in INSTRUCTIONS
        assert bool(sheet.sheet_view.rightToLeft) == (language == "ar")
        written = {cell.value for row in sheet.iter_rows() for cell in row if cell.value}
        for column in texts.columns(form):
            if column["name"].replace("#", "1") in shown:
                assert texts.quarters(texts.headed(column, language)) in written
        assert all(sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows() if row[0].value)


@pytest.mark.parametrize("form", texts.FORMS)
def test_every_column_is_explained_and_only_by_names_that_are_known(form: str) -> None:
    columns = texts.columns(form)
    listed = [column["name"].replace("#", q) for column in columns for q in ("1234" if "#" in column["name"] else "1")]
    assert sorted(listed) == sorted((*WANTED[form].required, *WANTED[form].optional))
    for column in columns:
        assert texts.TEXTS["when"][column["when"]].get("may_go", False) == (column["name"] in texts.MAY_GO[form])
        for name in (name for names in column["names"].values() for name in names.split(" / ")):
            assert NAMED[form](name.replace("#", "1")).column == column["name"].replace("#", "1"), name


def test_every_text_stands_in_each_language() -> None:
    held = texts.TEXTS
    for each in (
        *held["rules"],
        *held["columns"],
        *held["forms"].values(),
        *held["topics"].values(),
        *held["when"].values(),
    ):
        assert all(each[language].strip() for language in texts.LANGUAGES), each
    counts = [
        [len(re.findall("R[0-9]{2}", each[language])) > 0 for language in texts.LANGUAGES] for each in held["rules"]
    ]
    assert all(len(set(count)) == 1 for count in counts)


def test_what_is_typed_stands_left_to_right_within_arabic() -> None:
    arabic = (texts.FOLDER / "README.md").read_text("utf-8").split('<div dir="rtl">')[1].split("</div>")[0]
    assert "\u200e`2026-T1`\u200e" in arabic
    rest = re.sub(r"\[`.*?\)|\u200e`[^`]*`\u200e", "", arabic)
    assert [line for line in rest.splitlines() if "`" in line] == []


def test_a_column_headed_by_names_of_two_columns_is_the_filers_own() -> None:
    assert das_heading("Nom / Prénom").column == ""
    assert dac_heading("Assiette (DA) / Base (centimes)").column == ""
    assert dac_heading("Mois / Trimestre").column == "period"


@pytest.mark.parametrize("typed", ["T1-2026", "T1/2026", "2026-T1", "الثلاثي الأول 2026"])
def test_a_quarter_is_read_in_either_order(typed: str) -> None:
    content = filled("dac.csv").decode("utf-8-sig").replace("2026-T1", typed)
    assert not any(findings.errors for findings in found("dac.csv", content.encode()))
