"""`tasrih check` of a table whose lines tell contribution codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tasrih.declaration
from tasrih.cli import main

TEMPLATE = Path(tasrih.declaration.__file__).parent / "templates" / "das.csv"
Told = pytest.CaptureFixture[str]


@pytest.fixture
def coded(tmp_path: Path) -> str:
    """Lines under R22, R07, an unknown code, and one without."""
    row = dict(zip(*(line.split(";") for line in TEMPLATE.read_text("utf-8-sig").splitlines()[:2]), strict=True))
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
