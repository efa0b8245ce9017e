"""The reader finds in generated files exactly what the generator planted, however they are written."""

from __future__ import annotations

from collections import Counter

import pytest
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined
from tasrih.local.synthetic import das_pair
from tasrih.local.synthetic_csv import das_csv
from tasrih.local.synthetic_faults import FAULTS
from tasrih.local.synthetic_lines import Pair, Writing

from tests.declaration.pairs import TODAY, sent

WRITINGS = {
    "as the real file": Writing(lines=500),
    "one line": Writing(lines=1),
    "faults": Writing(lines=3_000, faulty=0.1, seed=2),
    "faults over several blocks": Writing(lines=30_000, faulty=0.02, seed=3),
    "line feeds, 194 characters": Writing(lines=3_000, faulty=0.1, seed=4, line_end=b"\n", end_flag=""),
    "trailing blanks": Writing(lines=3_000, faulty=0.1, seed=5, trailing_blanks=5, last_line_end=True),
    "right-aligned header, one column early": Writing(lines=200, header_align="right", header_drift=-1),
    "right-aligned header, one column late": Writing(lines=200, header_align="right", header_drift=1),
    "Windows-1252": Writing(lines=2_000, faulty=0.1, seed=6, encoding="cp1252"),
    "UTF-8": Writing(lines=2_000, faulty=0.1, seed=7, encoding="utf-8"),
    "days only": Writing(lines=500, faulty=0.1, seed=8, units="J"),
    "another year": Writing(lines=500, faulty=0.1, seed=9, year=2015),
}


def read(pair: Pair, detail: bytes) -> Examined:
    return examine([sent(pair.header_name, pair.header), sent(pair.detail_name, detail)], today=TODAY)


@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS.keys())
def test_what_was_planted_is_found_and_nothing_else(writing: Writing) -> None:
    pair, detail = das_pair(writing)
    result = read(pair, detail)
    found = [
        (each.line, each.code) for each in result.findings if each.file == pair.detail_name and each.code != "W502"
    ]
    assert found == pair.expected
    others = {each.code for each in result.findings if each.file != pair.detail_name}
    assert others <= {"W101"}
    assert result.lines == writing.lines


def test_sums_are_those_of_the_generator() -> None:
    pair, detail = das_pair(Writing(lines=20_000, seed=10))
    result = read(pair, detail)
    assert result.accepted
    assert list(result.totals.quarters) == pair.quarters
    assert result.totals.year == pair.total


@pytest.mark.parametrize("kind", FAULTS)
def test_a_single_kind_of_fault_is_found_by_its_code_alone(kind: str) -> None:
    pair, detail = das_pair(Writing(lines=400, faulty=0.02, seed=11, kinds=(kind,)))
    result = read(pair, detail)
    assert Counter(code for _, code in pair.expected) == Counter({kind: 8})
    assert Counter(each.code for each in result.findings if each.file == pair.detail_name) == Counter({kind: 8})


def test_amounts_in_seven_columns_are_read_alike() -> None:
    pair, detail = das_pair(Writing(lines=300, seed=12, align="right7"))
    result = read(pair, detail)
    assert result.accepted
    assert result.totals.year == pair.total
    assert set(result.findings.counts) <= {"W305"}


def test_the_same_seed_writes_the_same_file() -> None:
    writing = Writing(lines=1_000, faulty=0.05, seed=13)
    assert das_pair(writing) == das_pair(writing)
    assert das_pair(writing)[1] != das_pair(Writing(lines=1_000, faulty=0.05, seed=14))[1]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_same_rules_speak_of_a_csv(delimiter: str) -> None:
    pair, content = das_csv(Writing(lines=20_000, faulty=0.02, seed=15), delimiter)
    result = examine([sent(pair.detail_name, content)], today=TODAY)
    assert [(each.line, each.code) for each in result.findings] == pair.expected
    assert len(pair.expected) == 400
    assert result.lines == 20_000


def test_a_csv_of_a_year_to_come_or_of_another_type_is_told() -> None:
    pair, content = das_csv(Writing(lines=3, seed=16, year=2031, type="C"))
    result = examine([sent(pair.detail_name, content)], today=TODAY)
    assert {(each.code, each.line, each.column) for each in result.findings} >= {
        ("E105", 2, "year"),
        ("W102", 2, "type"),
    }
