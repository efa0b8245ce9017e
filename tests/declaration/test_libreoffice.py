"""Every template, filled in with LibreOffice in French and in Arabic: what was typed rightly passes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tasrih.declaration.dac.examine import examine_dac
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined
from tasrih.vocabulary.finding import Finding

from tests.declaration.made_workbooks import in_this_process
from tests.declaration.pairs import sent

CASES = Path(__file__).parent / "cases_libreoffice"
TODAY = date(2026, 11, 25)
LOST_ZEROS = {"das": {("E521", 3)}, "dac": {("E520", 5), ("E522", 5)}, "dac_nominal": {("E521", 3)}}
"""Of the numbers that were typed into columns of no format: code and line."""
TYPED_CENTIMES = 18_400_100 + 7 * 14_400_050


def read(path: Path) -> tuple[list[Examined], list[Finding]]:
    """The declarations of a file, and all errors found in it."""
    file = sent(path.name, path.read_bytes())
    if "_dac_" in path.name:
        deposit = examine_dac([file], today=TODAY, workbooks=in_this_process, class_of=lambda employer: None)
        declared, loose = deposit.declarations, list(deposit.findings)
    else:
        declared, loose = [examine([file], today=TODAY, workbooks=in_this_process)], []
    found = [*loose, *(each for one in declared for each in one.findings)]
    return declared, [each for each in found if each.severity == "error"]


def named(*ends: str) -> list[Path]:
    found = sorted(path for path in CASES.iterdir() if path.name.endswith(ends))
    assert found
    return found


@pytest.mark.parametrize(
    "path",
    named("_as_text.csv", "_saved_again.csv", "_workbook.xlsx", "_own_sheet.csv", "_explained.csv", "_explained.xlsx"),
    ids=lambda path: path.name,
)
def test_what_was_typed_as_the_instructions_say_passes(path: Path) -> None:
    declared, errors = read(path)
    assert errors == []
    assert all(each.accepted for each in declared)


@pytest.mark.parametrize("path", named("_das_as_text.csv", "_das_workbook.xlsx"), ids=lambda path: path.name)
def test_each_amount_is_the_one_that_was_typed(path: Path) -> None:
    ((examined,), _) = read(path)
    assert (examined.lines, examined.totals.year) == (9, TYPED_CENTIMES)


@pytest.mark.parametrize("form", ["das", "dac", "dac_nominal"])
def test_a_workbook_says_the_same_in_either_language_and_saved_as_csv(form: str) -> None:
    read_as = [read(path)[0] for path in named(f"_{form}_explained.csv", f"_{form}_explained.xlsx")]
    assert len(read_as) == 4
    said = [[(each.employer, each.period, each.lines, each.totals, each.dac) for each in read] for read in read_as]
    assert all(each == said[0] for each in said)


@pytest.mark.parametrize("path", named("_opened_anyhow.csv", "_opened_anyhow.xlsx"), ids=lambda path: path.name)
def test_a_csv_opened_by_a_double_click_loses_zeros_alone_and_each_is_named_with_its_number(path: Path) -> None:
    _, errors = read(path)
    template = path.name.removesuffix(path.suffix).removesuffix("_opened_anyhow")[3:]
    assert {(each.code, each.line) for each in errors} == LOST_ZEROS[template]
    assert all(each.expected == "0" + each.value for each in errors)
