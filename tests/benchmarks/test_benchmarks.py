"""The benchmarks still run: of so few lines no figure means anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import check, storing, workbooks
from tests.benchmarks.stub_table import stub_table


def test_reading_and_rules_are_measured_and_every_planted_fault_is_found() -> None:
    figures = check.measure(lines=100, faulty=0.1, turns=1)
    assert figures["lines_per_cpu_s"] > 0
    assert figures["planted"] > 0
    assert check.measure(lines=100, faulty=0.1, turns=1, table=True)["csv_reader_cpu_s"] > 0
    assert set(check.small(lines=3, turns=1)) == {"rules_ms", "whole_ms"}


def test_a_workbook_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "PEOPLE", 20)
    workbooks.write(tmp_path / "das.xlsx", workbooks.PEOPLE)
    workbooks.measure(tmp_path / "das.xlsx")
    assert "examined" in capsys.readouterr().out


def test_storing_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with stub_table() as address:
        storing.measured(30, address)
        storing.shapes(30, address)
        assert storing.peer(address, count=3) > 0
    assert "us/line" in capsys.readouterr().out
