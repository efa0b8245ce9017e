"""`tasrih check` of a table: contribution codes of its lines, the filer's own columns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tasrih.cli import main

from tests.declaration.filled_templates import filled
from tests.declaration.made_workbooks import book, packed
from tests.declaration.test_das_csv import table

TEMPLATE = filled("das.csv").decode("utf-8-sig")
Told = pytest.CaptureFixture[str]


@pytest.fixture
def coded(tmp_path: Path) -> str:
    """Lines under R22, R07, an unknown code, and one without."""
    row = dict(zip(*(line.split(";") for line in TEMPLATE.splitlines()[:2]), strict=True))
    rows = [";".join((row | {"Code de cotisation": code}).values()) for code in ("R22", "R07", "R15", "")]
    path = tmp_path / "das.csv"
    path.write_text("\n".join([";".join(row), *rows]), "utf-8")
    return str(path)


def test_codes_of_the_file_and_of_the_register_are_told_apart(coded: str, capsys: Told) -> None:
    assert main(["check", "--codes", "R22", "--lang", "en", coded]) == 0
    told = capsys.readouterr().out
    assert "Codes as the file tells them: \u2068R07, R15, R22\u2069" in told or "R07, R15, R22" in told
    assert "Lines without a code are assessed under" in told
    assert "R15 2019-Q1" in told


def test_the_json_tells_codes_dues_and_what_is_held_code_by_code(coded: str, capsys: Told) -> None:
    assert main(["check", "--format", "json", "--codes", "R22,R07", coded]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {code: quarters["q4"] for code, quarters in told["totals"]["by_code"].items()} == dict.fromkeys(
        ("R07", "R15", "R22"), 9_000_000
    )
    dues = told["dues"]
    assert (dues["state"], dues["assumed_code"]) == ("partly_held", None)
    assert {(held["code"], held["reason"]) for held in dues["held"]} == {
        ("R07", "split_not_known"),
        ("R15", "code_not_in_use"),
        ("—", "lines_without_code"),
    }
    assert {due["code"]: due["base"] for due in dues["lines"] if due["period"] == "2019-Q1"} == {
        "R22": 9_000_000,
        "R98": 18_000_000,
    }


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_filers_own_columns_stand_below_each_finding_of_their_line(
    language: str, tmp_path: Path, capsys: Told
) -> None:
    lines = TEMPLATE.splitlines()
    faulty = lines[1].replace("800000000001", "#N/A")
    path = tmp_path / "das.csv"
    path.write_text(f"{lines[0]};Matricule\n{faulty};=0017\n{lines[2]};0018\n", "utf-8")
    assert main(["check", "--lang", language, str(path)]) == 1
    told = capsys.readouterr().out
    assert "Matricule: =0017" in told
    assert "0018" not in told
    assert not [line for line in told.splitlines() if line.startswith("=")]
    assert main(["check", "--format", "json", str(path)]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {each["code"]: each["own"] for each in found}["E523"] == [{"heading": "Matricule", "text": "=0017"}]


SAID = {
    "ar": "أسطر هذا التصريح: \N{FIRST STRONG ISOLATE}2\N{POP DIRECTIONAL ISOLATE}",
    "fr": "lignes de cette déclaration : 2",
    "en": "rows of this declaration: 2",
}


@pytest.mark.parametrize("lang", SAID)
def test_of_a_workbook_and_an_archive_the_rows_are_told_which_have_no_lines_of_text(
    tmp_path: Path, capsys: Told, lang: str
) -> None:
    rows = table({}, {}).encode()
    for name, body in (("das.xlsx", book({}, {})), ("das.zip", packed({"das.csv": rows})), ("das.csv", rows)):
        (tmp_path / name).write_bytes(body)
        main(["check", "--lang", lang, str(tmp_path / name)])
        assert (SAID[lang] in capsys.readouterr().out.splitlines()[1]) == (name != "das.csv")
