"""The template of the bank's table is read as its README tells it, and its examples are nobody's."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from tasrih.messages import LANGUAGES, sentence, table
from tasrih.payments import bank
from tasrih.payments.bank import headings
from tasrih.payments.bank.headings import heading, nature_of

from tests.payments.statements import codes, read

FOLDER = Path(bank.__file__).parent
TEMPLATE = (FOLDER / "templates" / "statement.csv").read_text("utf-8")
GUIDE = (FOLDER / "templates" / "README.md").read_text("utf-8")
COLUMNS = (*headings.REQUIRED, *headings.OPTIONAL)


def test_the_template_is_read_once_its_examples_are_replaced() -> None:
    reading = read(TEMPLATE.replace("# EXEMPLE", "VIREMENT"))
    assert not len(reading.findings)
    assert [line.amount_centimes for line in reading.statements[0].lines] == [3_600_000, -25_000, -3_600_000]


def test_a_template_with_its_examples_is_refused() -> None:
    reading = read(TEMPLATE)
    assert codes(reading)["E547"] == 2
    assert not reading.statements


@pytest.mark.parametrize("column", COLUMNS)
def test_the_guide_and_the_template_name_each_column_in_three_languages(column: str) -> None:
    names = [name for name in TEMPLATE.splitlines()[0].split(";") if heading(name.lstrip("\ufeff")).column == column]
    assert len(names) == 1
    for name in names[0].lstrip("\ufeff").split(" / "):
        assert heading(name).column == column
        assert re.search(rf"^\| (?:.*[,،] )?{name}(?:[,،] .*?)? \|", GUIDE, re.M), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("column", COLUMNS)
def test_the_name_by_which_findings_tell_of_a_column_is_a_heading(column: str, language: str) -> None:
    assert heading(sentence("columns", column, language)).column == column


def test_the_guide_names_each_kind_of_row() -> None:
    words = re.findall(r"`([^`]+)`", GUIDE)
    assert {nature_of(word) for word in words} >= set(headings.NATURES)


def test_no_heading_means_two_columns() -> None:
    told = [name for names in headings.NAMES.values() for name in names]
    assert len({heading(name).column for name in told}) == len(headings.NAMES)
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("code", table("bank"))
def test_every_sentence_has_three_languages_and_inserts_the_same(code: str) -> None:
    forms = table("bank")[code]
    assert tuple(forms) == LANGUAGES
    inserted = {frozenset(name for _, name, _, _ in string.Formatter().parse(form) if name) for form in forms.values()}
    assert len(inserted) == 1
    assert set(*inserted) <= {"file", "line", "column", "value", "expected"}
    assert re.search("[\u0600-\u06ff]", forms["ar"])


def test_every_code_that_the_readers_give_has_sentences_and_no_other_has() -> None:
    sources = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.py"))
    assert set(re.findall(r'"([EW]9[0-9]{2})"', sources)) == set(table("bank"))
