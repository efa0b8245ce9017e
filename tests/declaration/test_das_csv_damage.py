"""Damaged CSV: each damage has its code and its place, and leaves the verdict on every other row alone."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.declaration.csv.text import MAX_LINE_BYTES
from tasrih.declaration.das import csv as das_csv
from tasrih.declaration.das.csv import read_das_csv
from tasrih.vocabulary.finding import Findings

from tests.declaration.test_das_csv import ROW, read, sent, table

Place = tuple[str, int, str]
GOOD = table({}, {}, {})


def cell(name: str, value: str) -> str:
    """Three rows, the second with another value in one cell: it stands on line 3."""
    return table({}, {name: value}, {})


def headed(old: str, new: str) -> str:
    return GOOD.replace(old, new, 1)


def coded(value: str) -> str:
    """Three rows under a column of codes, the second with this one."""
    return "\r\n".join(
        f"{row};{code}" for row, code in zip(GOOD.split("\r\n"), ("Code", "R22", value, "R22"), strict=True)
    )


def without(name: str) -> str:
    kept = [key for key in ROW if key != name]
    return "\n".join([";".join(kept), ";".join(ROW[key] for key in kept)])


DAMAGED: dict[str, tuple[str | bytes, Place]] = {
    "no heading": (GOOD.split("\r\n", 1)[1], ("E501", 1, "")),
    "a title for a heading": ("Déclaration annuelle 2019\n", ("E501", 1, "")),
    "a required heading missing": (without("NSS"), ("E502", 1, "nss")),
    "the annual base missing": (without("Assiette annuelle (DA)"), ("E502", 1, "base_year")),
    "a heading twice": (headed("Fonction", "N° SS"), ("E503", 1, "nss")),
    "an amount without its unit": (headed("Assiette T2 (DA)", "Assiette T2"), ("E504", 1, "base_q2")),
    "a heading's quote not closed": (headed("Employeur", '"Employeur'), ("E507", 1, "")),
    "too few cells": (GOOD.replace(";AGENT", "", 1), ("E505", 2, "")),
    "too many cells": (GOOD.replace(";AGENT", ";AGENT;CHEF", 1), ("E506", 2, "")),
    "a quote that is not closed": (cell("Nom", '"NOMUN'), ("E507", 3, "")),
    "text behind a closing quote": (cell("Nom", '"NOM"UN"'), ("E507", 3, "")),
    "text behind a quoted cell": (cell("Nom", '"NOM"UN'), ("E507", 3, "")),
    "an endless line": (cell("Fonction", "A" * (MAX_LINE_BYTES + 1)), ("E509", 3, "")),
    "a NUL": (cell("Fonction", "A\0B"), ("E510", 3, "")),
    "a bell": (cell("Fonction", "A\aB"), ("E510", 3, "")),
    "two encodings in one file": (
        table({}, {"Nom": "HÉLÈNE"}).encode() + b"\r\n" + table({"Nom": "HÉLÈNE"}).encode("cp1252").split(b"\r\n")[1],
        ("E511", 4, ""),
    ),
    "cut within a letter": (table({}, {"Fonction": "É"}).encode()[:-1], ("E511", 3, "")),
    "UTF-8 by its mark, with another byte": (
        b"\xef\xbb\xbf" + cell("Nom", "XX").encode().replace(b"XX", b"\xff"),
        ("E513", 3, "surname"),
    ),
    "half of a UTF-16 pair": (
        cell("Nom", "XX").encode("utf-16").replace(b"X\0X\0", b"X\0\0\xd8"),
        ("E513", 3, "surname"),
    ),
    "a heading alone": (GOOD.split("\r\n")[0], ("E514", 1, "")),
    "nothing but blank lines below the heading": (GOOD.split("\r\n")[0] + "\n\n;;;\n", ("E514", 1, "")),
    "lone carriage returns": (GOOD.replace("\r\n", "\n").replace("AGENT", "AG\rENT", 1), ("E516", 2, "")),
    "the line ends of an old Macintosh": (GOOD.replace("\r\n", "\r"), ("E516", 1, "")),
    "an employer number as 1,7E+09": (GOOD.replace("1699999901", "1,7E+09"), ("E532", 2, "employer")),
    "an employer number without its zero": (GOOD.replace("1699999901", "169999990"), ("E520", 2, "employer")),
    "an insured number without its zero": (cell("NSS", "80000000001"), ("E521", 3, "nss")),
    "a centre without its zero": (GOOD.replace(";16000;", ";1000;"), ("E522", 2, "centre")),
    "an error cell": (cell("NSS", "#N/A"), ("E523", 3, "nss")),
    "a French error cell": (cell("Assiette T1 (DA)", "#VALEUR!"), ("E523", 3, "base_q1")),
    "a column too narrow": (cell("Date de naissance", "########"), ("E523", 3, "birth")),
    "an error cell for a name": (cell("Nom", "#REF!"), ("E523", 3, "surname")),
    "a formula for a name": (cell("Nom", "=cmd|' /C calc'!A0"), ("E524", 3, "surname")),
    "a formula for an amount": (cell("Assiette T1 (DA)", "=A1+B1"), ("E524", 3, "base_q1")),
    "a formula for a number": (cell("NSS", "@SUM(A1)"), ("E524", 3, "nss")),
    "a word for an amount": (cell("Assiette T3 (DA)", "néant"), ("E525", 3, "base_q3")),
    "not a number": (cell("Assiette T3 (DA)", "NaN"), ("E525", 3, "base_q3")),
    "underscores in an amount": (cell("Assiette T3 (DA)", "90_000"), ("E525", 3, "base_q3")),
    "wrong groups in an amount": (cell("Assiette T3 (DA)", "9 0000"), ("E525", 3, "base_q3")),
    "decimals of centimes": (
        cell("Assiette T1 (DA)", "9000000,50").replace("T1 (DA)", "T1 (centimes)", 1),
        ("E525", 3, "base_q1"),
    ),
    "an amount too large": (cell("Assiette T1 (DA)", "100000000,00"), ("E526", 3, "base_q1")),
    "an annual base too large": (cell("Assiette annuelle (DA)", "10000000000"), ("E526", 3, "base_year")),
    "a year of two figures": (cell("Date de naissance", "01/01/90"), ("E545", 3, "birth")),
    "a Hijri date, as LibreOffice shows it in Arabic": (cell("Date d'entrée", "1436/05/5"), ("E546", 3, "entry")),
    "a Hijri date in the usual form": (cell("Date de naissance", "01/05/1410"), ("E546", 3, "birth")),
    "a word for a date": (cell("Date d'entrée", "mars 2015"), ("E527", 3, "entry")),
    "a date with two kinds of signs": (cell("Date d'entrée", "01/03-2015"), ("E527", 3, "entry")),
    "a date with an hour": (cell("Date d'entrée", "2015-03-01 14:30"), ("E527", 3, "entry")),
    "a date as Excel's number": (cell("Date d'entrée", "42064"), ("E528", 3, "entry")),
    "a date without its zero": (cell("Date d'entrée", "1032015"), ("E529", 3, "entry")),
    "half a day": (cell("Durée T1", "45,5"), ("E530", 3, "duration_q1")),
    "a word for a duration": (cell("Durée T1", "trois"), ("E530", 3, "duration_q1")),
    "a duration too long": (cell("Durée T1", "1000"), ("E531", 3, "duration_q1")),
    "an insured number too long": (cell("NSS", "8000000000012"), ("E531", 3, "nss")),
    "a cell beyond all measure": (cell("NSS", "8" * 5000), ("E531", 3, "nss")),
    "a number as 8E+11": (cell("NSS", "8,00000E+11"), ("E532", 3, "nss")),
    "an amount as 9E+04": (cell("Assiette T1 (DA)", "9E+04"), ("E532", 3, "base_q1")),
    "another type below": (cell("Type", "C"), ("E533", 3, "type")),
    "another centre below": (cell("Centre payeur", "16001"), ("E533", 3, "centre")),
    "no employer in the first row": (table({"Employeur": ""}, {}), ("E534", 2, "employer")),
    "no type in the first row": (table({"Type": ""}, {}), ("E534", 2, "type")),
    "a negative amount": (cell("Assiette T1 (DA)", "-90000,00"), ("E535", 3, "base_q1")),
    "a negative amount in brackets": (cell("Assiette T1 (DA)", "(90 000,00)"), ("E535", 3, "base_q1")),
    "an unknown unit": (cell("Unité T1", "semaines"), ("E536", 3, "unit_q1")),
    "thousands or decimals": (cell("Assiette T1 (DA)", "90.000"), ("E537", 3, "base_q1")),
    "thousands by points": (cell("Assiette T1 (DA)", "90.000,00"), ("E537", 3, "base_q1")),
    "an unknown type": (GOOD.replace(";N;", ";X;"), ("E538", 2, "type")),
    "an employer of no wilaya": (GOOD.replace("1699999901", "7099999901"), ("E539", 2, "employer")),
    "a year of letters": (GOOD.replace(";2019;", ";20I9;"), ("E539", 2, "year")),
    "a code that is a word": (coded("apprenti"), ("E604", 3, "code")),
    "a code without its letter": (coded("22"), ("E604", 3, "code")),
    "a code of another letter": (coded("A22"), ("E604", 3, "code")),
    "a code of one digit": (coded("R2"), ("E604", 3, "code")),
    "a code of three digits": (coded("R022"), ("E604", 3, "code")),
    "two codes in one cell": (coded("R22/R07"), ("E604", 3, "code")),
    "letters for digits in a code": (coded("R2O"), ("E604", 3, "code")),
    "an error cell for a code": (coded("#N/A"), ("E523", 3, "code")),
    "a formula for a code": (coded("=A2"), ("E524", 3, "code")),
    "the housing fund for a code": (coded("R98"), ("E541", 3, "code")),
    "the code's heading twice": (
        headed("Fonction", "Code").replace("Date de sortie", "Code de cotisation", 1),
        ("E503", 1, "code"),
    ),
    "a column of the filer's own": (headed("Fonction", "Matricule"), ("W501", 1, "")),
    "a blank row between": (GOOD.replace("\r\n", "\r\n\r\n").replace("\r\n\r\n", "\r\n", 1), ("W505", 3, "")),
    "a name beyond its column": (cell("Nom", "N" * 26), ("W506", 3, "surname")),
    "an Arabic name beyond its column": (cell("Nom", "ن" * 26), ("W506", 3, "surname")),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_each_damage_has_its_code_and_its_place(case: str) -> None:
    content, place = DAMAGED[case]
    findings = read(content)[2]
    places = [(finding.code, finding.line, finding.column) for finding in findings]
    assert place in places
    assert {found[0] for found in places} <= {place[0], "W502", "W505", *(("E513",) if place[0] == "E511" else ())}


@pytest.mark.parametrize("case", [case for case, (_, place) in DAMAGED.items() if place[1] == 3 and place[0] < "F"])
def test_one_damaged_row_leaves_the_others_alone(case: str) -> None:
    content, _ = DAMAGED[case]
    rows, lines = read(content)[1::2]
    good = read(GOOD)[1]
    for row, line in zip(rows, lines, strict=True):
        if line != 3 and not isinstance(content, bytes):
            assert row["nss"] == good[0]["nss"]
            assert row["base_year"] == good[0]["base_year"]


def test_a_row_with_missing_cells_is_counted_and_no_rule_speaks_of_it() -> None:
    das = read_das_csv(sent((GOOD + "\n").replace(";AGENT", "", 1).encode()), Findings())
    block = next(iter(das.blocks()))
    assert len(block) == 3
    assert all(mask.tolist() == [True, False, False] for mask in block.broken.values())
    assert {"nss", "number", "base_q1", "employer"} <= set(block.broken)


def test_a_cell_that_was_reported_is_marked_broken_and_only_that_one() -> None:
    das = read_das_csv(sent((cell("NSS", "#N/A") + "\n").encode()), Findings())
    block = next(iter(das.blocks()))
    assert {column: mask.tolist() for column, mask in block.broken.items()} == {"nss": [False, True, False]}


def test_a_common_cell_that_cannot_be_read_is_told_once_and_broken_everywhere() -> None:
    findings = Findings()
    das = read_das_csv(sent(GOOD.replace("1699999901", "169999990").encode()), findings)
    assert all(block.broken["employer"].all() for block in das.blocks())
    assert das.employer == ""
    assert findings.counts == {"E520": 1}


def test_the_value_shown_is_what_the_file_has() -> None:
    findings = read(cell("Assiette T1 (DA)", "-90000,00"))[2]
    assert [(finding.value, finding.file) for finding in findings] == [("-90000,00", "das.csv")]
    findings = read(cell("NSS", "80000000001"))[2]
    assert [(finding.value, finding.expected) for finding in findings] == [("80000000001", "080000000001")]


def test_an_unclosed_quote_does_not_swallow_the_rows_behind_it() -> None:
    rows = [{"Nom": f"NOM{n}"} for n in range(100)]
    rows[10] = {"Nom": '"NOM'}
    _, found, findings, lines = read(table(*rows))
    assert [(finding.code, finding.line) for finding in findings] == [("E507", 12)]
    assert lines == list(range(2, 102))
    assert [row["surname"] for row in found] == ["" if n == 10 else f"NOM{n}" for n in range(100)]


def test_two_unclosed_quotes_do_not_make_one_row_of_what_stands_between() -> None:
    rows = [{"Nom": f"NOM{n}"} for n in range(10)]
    rows[3] = rows[6] = {"Nom": '"NOM'}
    _, found, findings, _ = read(table(*rows))
    assert [(finding.code, finding.line) for finding in findings] == [("E507", 5), ("E507", 8)]
    assert len(found) == 10


def test_a_quote_closed_by_chance_in_the_next_row_joins_nothing() -> None:
    _, found, findings, lines = read(table({}, {"Fonction": '"AGENT'}, {"Nom": 'NOM"'}, {}))
    assert [(finding.code, finding.line) for finding in findings] == [("E507", 3)]
    assert lines == [2, 3, 4, 5]
    assert found[2]["surname"] == 'NOM"'


def test_beyond_999999_rows_one_finding_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(das_csv, "MAX_ROWS", 5)
    _, rows, findings, _ = read(table(*[{}] * 7))
    assert len(rows) == 5
    assert [(finding.code, finding.line) for finding in findings] == [("E515", 7)]
    assert len(read(table(*[{}] * 5))[2]) == 0


def test_a_file_of_one_endless_line_is_read_in_bounded_pieces() -> None:
    findings = read(b"A;" * 2_000_000)[2]
    assert {finding.code for finding in findings} == {"E501"}
    findings = read(GOOD.encode() + b"\r\n" + b"B" * 5_000_000)[2]
    assert [(finding.code, finding.line) for finding in findings] == [("E509", 5)]


def test_an_endless_line_takes_no_memory() -> None:
    content = sent(GOOD.encode() + b"\r\n" + b"B" * 30_000_000)
    tracemalloc.start()
    try:
        findings = Findings()
        for _ in read_das_csv(content, findings).blocks():
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert findings.counts == {"E509": 1}
    assert peak < 12 * 2**20


def test_an_endless_quoted_cell_ends() -> None:
    findings = read(GOOD.encode() + b'\r\n"' + b"B\n" * 20_000)[2]
    assert findings.counts["E507"] == 1
    assert findings.counts["E505"] == 19_999


HOSTILE = [
    *('"', ";", ",", "\t", "\n", "\r", "\r\n", "\0", "\x1e", "\x1f", "\x0b", "\x85", "\u2028"),
    *(
        "é",
        "ن",
        "٣",
        "😀",
        "\ud7ff",
        "\u200f",
        "\ufeff",
        "=",
        "'",
        "#N/A",
        "E+9",
        "1",
        "90",
        " ",
        "/",
        "J",
        '""',
        '";"',
    ),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1256"]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_a_good_file_raises(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([GOOD, GOOD.replace(";", ","), cell("Nom", '"A\n""B"')]))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(HOSTILE)) + text[at + data.draw(st.integers(0, 2)) :]
    content = text.encode(data.draw(st.sampled_from(ENCODINGS)), errors="replace")
    _, rows, findings, lines = read(content[: data.draw(st.integers(0, len(content)))])
    assert lines == sorted(set(lines))
    assert len(rows) == len(lines)
    assert rows or findings.errors


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600), st.booleans())
def test_any_bytes_are_read_to_an_end(content: bytes, below_a_heading: bool) -> None:
    if below_a_heading:
        content = GOOD.split("\r\n")[0].encode() + b"\r\n" + content
    _, rows, findings, _ = read(content)
    assert rows or findings.errors


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(ROW)), st.text(max_size=40)), max_size=6))
def test_any_text_in_any_cell_is_settled_or_told(cells: list[tuple[str, str]]) -> None:
    written = {name: '"' + value.replace('"', '""') + '"' for name, value in cells}
    _, rows, findings, _ = read(table(written, {}))
    assert len(rows) in (1, 2) or findings.errors


@pytest.mark.parametrize(
    "make", [lambda: '"' * 100_000, lambda: '"\n' * 50_000, lambda: ';"\n' * 50_000, lambda: '"";' * 50_000]
)
def test_heaps_of_quotes_end_in_time(make: Callable[[], str]) -> None:
    findings = read(GOOD + "\r\n" + make())[2]
    assert findings.errors
