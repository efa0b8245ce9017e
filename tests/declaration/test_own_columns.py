"""The filer's own columns come back beside each finding of their line, as written and bounded."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import pytest
from tasrih.declaration.csv import own as csv_own
from tasrih.declaration.csv import text as csv_text
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import SentFile
from tasrih.vocabulary.finding import Finding

from tests.declaration import dacs
from tests.declaration.made_workbooks import DATE, GOOD, checked, packed, parts, row, sheet
from tests.declaration.test_das_csv import ROW

TODAY = date(2020, 1, 15)
HEADS = ["Matricule", "Service"]
WRONG = {"NSS": "#N/A"}


def table(*rows: tuple[dict[str, str], Sequence[str]], heads: Sequence[str] = HEADS, sign: str = ";") -> str:
    """The own columns stand in front, so that their place is not that of the last cell."""
    lines = [sign.join([*own, *(ROW | cells).values()]) for cells, own in rows]
    return "\r\n".join([sign.join([*heads, *ROW]), *lines]) + "\r\n"


def found(content: str | bytes, name: str = "das.csv") -> list[Finding]:
    body = content.encode() if isinstance(content, str) else content
    file = SentFile(name, len(body), lambda: io.BytesIO(body))
    return list(examine([file], today=TODAY).findings)


def own(findings: Sequence[Finding], line: int) -> set[tuple[tuple[str, str], ...]]:
    return {each.own for each in findings if each.line == line}


def test_every_finding_of_a_line_repeats_its_own_cells() -> None:
    findings = found(table((WRONG | {"Nom": ""}, ["0017", "ATELIER"]), ({}, ["0018", "BUREAU"])))
    assert {each.code for each in findings if each.line == 2} >= {"E523", "E212"}
    assert own(findings, 2) == {(("Matricule", "0017"), ("Service", "ATELIER"))}, "a leading zero stays"
    assert {each.own for each in findings if each.code == "W501"} == {()}, "the heading has no cells of its own"


def test_without_own_columns_nothing_is_repeated() -> None:
    findings = found("\n".join([";".join(ROW), ";".join((ROW | WRONG).values())]))
    assert {each.own for each in findings} == {()}


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+33 1", "-5", " 12,50 ", "الورشة", "#REF!", "é"])
def test_a_cell_comes_back_as_it_was_written(text: str) -> None:
    assert own(found(table((WRONG, ["1", text]))), 2) == {(("Matricule", "1"), ("Service", text))}


def test_quoted_cells_come_back_without_their_quotes_even_over_several_lines() -> None:
    findings = found(table((WRONG, ["1", '"A;B ""C""\nD"']), (WRONG, ["2", "E"])))
    assert own(findings, 2) == {(("Matricule", "1"), ("Service", 'A;B "C"\nD'))}
    assert own(findings, 4) == {(("Matricule", "2"), ("Service", "E"))}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_own_cells_are_read_in_the_encoding_of_the_file(codec: str) -> None:
    assert own(found(table((WRONG, ["1", "Éts Lévêque"])).encode(codec)), 2) == {
        (("Matricule", "1"), ("Service", "Éts Lévêque"))
    }


def test_a_row_with_too_few_cells_repeats_what_it_has() -> None:
    findings = found(table(({}, ["1", "A"])).replace(";AGENT", ""))
    assert [(each.code, each.own) for each in findings if each.line == 2] == [
        ("E505", (("Matricule", "1"), ("Service", "A")))
    ]


def test_twenty_columns_of_a_hundred_characters_at_most() -> None:
    heads = [f"Colonne {'x' * 200}{n}" for n in range(30)]
    (cells,) = own(found(table((WRONG, ["y" * 300] * 30), heads=heads)), 2)
    assert len(cells) == csv_own.OWN_COLUMNS == 20
    assert {(len(head), len(text)) for head, text in cells} == {(100, 100)}


def test_all_together_they_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_own, "OWN_CHARACTERS", 1000)
    findings = found(table(*[(WRONG, [str(n), "A"]) for n in range(50)]))
    repeated = [each.line for each in findings if each.own]
    assert 2 in repeated
    assert len(repeated) < 10


@pytest.mark.parametrize("piece", [1, 7, 100, 300, 4096])
def test_the_size_of_the_pieces_read_changes_nothing(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(WRONG if n % 2 else {}, [str(n), '"A\n""B"' if n % 3 else "É"]) for n in range(40)]
    whole = found(table(*rows, (WRONG, ["last", '"never closed'])))
    monkeypatch.setattr(csv_text, "PIECE_BYTES", piece)
    assert found(table(*rows, (WRONG, ["last", '"never closed']))) == whole
    assert len({each.own for each in whole}) > 20


def test_the_last_row_needs_no_line_end() -> None:
    assert own(found(table((WRONG, ["1", '"A"'])).rstrip()), 2) == {(("Matricule", "1"), ("Service", "A"))}


def test_a_workbook_tells_the_row_that_excel_shows_with_its_own_cells() -> None:
    """A title, a blank row, the heading in row 3: the faulty worker stands in row 5. A date is one a person reads."""
    heads = row(3, [*GOOD, "Matricule"])
    workers = [row(4, [*GOOD.values(), "0017"]), row(5, [*(GOOD | {"NSS": "#N/A"}).values(), "0018"])]
    workers.append(row(6, [*(GOOD | {"NSS": "12"}).values(), (DATE, 42064)]))
    content = packed(parts(sheet(row(1, ["DAS 2019"]) + heads + "".join(workers))))
    assert [(each.code, each.line, each.own) for each in checked(content).findings if each.code.startswith("E")] == [
        ("E523", 5, (("Matricule", "0018"),)),
        ("E210", 6, (("Matricule", "01/03/2015"),)),
    ]


def test_an_aggregate_dac_repeats_them_whatever_rule_found_it() -> None:
    own = {"Dossier": "0042"}
    text = dacs.table({"Effectif": "x"} | own, {"Code": "R98"} | own, {"Code": "R98"} | own, of=dacs.ROW | own)
    deposit = dacs.examined(text)
    told = [each for declared in deposit.declarations for each in declared.findings if each.line > 1]
    assert {"E611", "E612"} <= {each.code for each in told}
    assert {each.own for each in told} == {(("Dossier", "0042"),)}


def test_a_nominal_dac_repeats_them_beside_an_aggregate_without_any() -> None:
    own = {"Matricule": "0017"}
    named = dacs.table({"Assiette (DA)": "x"} | own, of=dacs.WORKER | own)
    deposit = dacs.examined(dacs.table({}), named)
    found = [each for declared in deposit.declarations for each in declared.findings if each.line > 1]
    assert {each.own for each in found if each.file == "dac1.csv"} == {(("Matricule", "0017"),)}
    assert {each.own for each in found if each.file == "dac.csv"} <= {()}


def test_own_cells_are_read_in_the_code_page_that_a_person_named() -> None:
    body = table((WRONG, ["1", "الورشة"])).replace("é", "e").encode("cp1256")
    file = SentFile("das.csv", len(body), lambda: io.BytesIO(body))
    findings = list(examine([file], today=TODAY, code_page="windows-1256").findings)
    assert own(findings, 2) == {(("Matricule", "1"), ("Service", "الورشة"))}
