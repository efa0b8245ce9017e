"""Nothing in a table that people open in a spreadsheet is a formula, and nothing loses its zeros."""

from __future__ import annotations

import pytest
from tasrih.correspondence.sheet import as_csv


def cell(text: str) -> str:
    return as_csv(["a", "b"], [(text, "")]).splitlines()[1].removesuffix(";")


@pytest.mark.parametrize("text", ["=1+1", "+213", "-5", "@SUM(A1)", "\tx", "\uff1d1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert cell(text).lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["0199999901", "900000000002", "01011980", "00"])
def test_an_identifier_is_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["NOMUN", "بن علي", "12", "2019", "L'AMI", ""])
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_it_opens_in_excel_with_its_letters() -> None:
    assert as_csv(["الاسم"], []) == "\ufeffالاسم\r\n"
