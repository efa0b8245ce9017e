"""A damaged DAC: each damage has its code and its place, and stops no other employer."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tasrih.declaration.dac import nominal as dac_nominal
from tasrih.declaration.dac import rows as dac_rows

from tests.declaration.dacs import FUND, REDUCED, ROW, WORKER, B, examined, places, table, workers

Place = tuple[str, int, str]
GOOD = table({}, FUND)


def cell(name: str, value: str) -> str:
    """Two rows, the first with another value in one cell: it stands on line 2."""
    return table({name: value}, FUND)


def every(name: str, value: str) -> str:
    return table({name: value}, {**FUND, name: value})


def reduced(**cells: str) -> str:
    names = {"number": "N° décision", "start": "Début décision", "end": "Fin décision"}
    changed = {names[name]: value for name, value in cells.items()}
    return table({}, {**REDUCED, **changed}, {**FUND, "Assiette (DA)": "1850000,00"})


def without(name: str, of: dict[str, str] = ROW) -> str:
    kept = {key: value for key, value in of.items() if key != name}
    return table({}, of=kept)


NIL = {"Néant": "oui", "Code": "", "Assiette (DA)": "", "Effectif": "0", "Entrées": "0"}

AGGREGATE: dict[str, tuple[str | bytes, Place]] = {
    # the file and its heading
    "a required heading missing": (without("Effectif"), ("E502", 1, "headcount")),
    "the period's heading missing": (without("Période"), ("E502", 1, "period")),
    "a heading twice": (GOOD.replace("Lieu", "Fait à", 1).replace("Montant (DA)", "Lieu", 1), ("E503", 1, "place")),
    "a base without its unit": (GOOD.replace("Assiette (DA)", "Assiette", 1), ("E504", 1, "base")),
    "a heading alone": (GOOD.split("\r\n")[0], ("E605", 1, "")),
    "too few cells": (GOOD.replace(";05/04/2026", "", 1), ("E505", 2, "")),
    "too many cells": (GOOD.replace(";Alger", ";Alger;Alger", 1), ("E506", 2, "")),
    "a quote that is not closed": (cell("Lieu", '"Alger'), ("E507", 2, "")),
    "a NUL": (cell("Lieu", "A\0B"), ("E510", 2, "")),
    "two encodings in one file": (
        GOOD.encode().replace(b"Alger", b"B\xe9ja\xefa", 1),
        ("E511", 2, ""),
    ),
    # cells
    "an employer number without its zero": (cell("Employeur", "169999990"), ("E520", 2, "employer")),
    "an employer number as 1,7E+09": (cell("Employeur", "1,7E+09"), ("E532", 2, "employer")),
    "an employer number of a wilaya that is none": (cell("Employeur", "9999999901"), ("E603", 2, "employer")),
    "no employer number": (cell("Employeur", ""), ("E603", 2, "employer")),
    "a month that is none": (every("Période", "2026-13"), ("E601", 2, "period")),
    "no period": (cell("Période", ""), ("E601", 2, "period")),
    "a period that Excel made a number": (cell("Période", "46082"), ("E528", 2, "period")),
    "a period that Excel made a name": (cell("Période", "mars-26"), ("E601", 2, "period")),
    "a month written as a date": (cell("Période", "01/03/2026"), ("W601", 2, "period")),
    "a code without its form": (cell("Code", "22"), ("E604", 2, "code")),
    "a base that is no number": (cell("Assiette (DA)", "1 550 O00"), ("E525", 2, "base")),
    "a negative base": (cell("Assiette (DA)", "-1550000,00"), ("E535", 2, "base")),
    "thousands or decimals": (cell("Assiette (DA)", "1.550.000"), ("E537", 2, "base")),
    "an error cell": (cell("Assiette (DA)", "#VALEUR!"), ("E523", 2, "base")),
    "a formula": (cell("Assiette (DA)", "=SOMME(A1:A9)"), ("E524", 2, "base")),
    "a headcount that is no number": (cell("Effectif", "vingt"), ("E611", 2, "headcount")),
    "yes or no not understood": (cell("Néant", "peut-être"), ("E629", 2, "nil")),
    "a day that is none": (reduced(start="31/02/2025"), ("E216", 3, "decision_start")),
    "a day that Excel made a number": (reduced(end="46082"), ("E528", 3, "decision_end")),
    "Arabic digits": (cell("Effectif", "٢٢"), ("W503", 2, "headcount")),
    # the period
    "a month to come": (every("Période", "2026-12"), ("E606", 2, "period")),
    "the running month": (every("Période", "2026-11"), ("W606", 2, "period")),
    "a quarter where months are due": (every("Période", "2026-T1"), ("E607", 2, "period")),
    # what stands once
    "no headcount": (every("Effectif", ""), ("E609", 2, "headcount")),
    "entries not given": (every("Entrées", ""), ("E609", 2, "entries")),
    "exits not given": (every("Sorties", ""), ("E609", 2, "exits")),
    "no centre": (every("Centre payeur", ""), ("E609", 2, "centre")),
    "a centre of four digits": (every("Centre payeur", "16A00"), ("W106", 2, "centre")),
    "two headcounts": (table({}, {**FUND, "Effectif": "23"}), ("E610", 3, "headcount")),
    "two amounts already paid": (table({"Déjà payé (DA)": "1"}, {**FUND, "Déjà payé (DA)": "2"}), ("E610", 3, "paid")),
    # codes and bases
    "a code twice": (table({}, FUND, FUND), ("E612", 4, "code")),
    "no code": (cell("Code", ""), ("E613", 2, "code")),
    "no base": (cell("Assiette (DA)", ""), ("E614", 2, "base")),
    "nil with a base": (every("Néant", "oui"), ("E615", 2, "base")),
    "neither nil nor any base": (every("Assiette (DA)", "0"), ("E616", 2, "base")),
    "a code that is not known": (cell("Code", "R11"), ("W617", 2, "code")),
    "nil with workers": (table({**NIL, "Effectif": "3"}), ("W632", 2, "headcount")),
    # reductions
    "a reduction without decision": (reduced(number=""), ("E618", 3, "decision")),
    "a decision without start": (reduced(start=""), ("E619", 3, "decision_start")),
    "a decision without end": (reduced(end=""), ("E619", 3, "decision_end")),
    "a decision that ends before it begins": (reduced(end="30/06/2024"), ("E620", 3, "decision_end")),
    "a decision that is over": (reduced(start="01/01/2024", end="28/02/2026"), ("E621", 3, "decision_start")),
    "a decision yet to come": (reduced(start="01/04/2026", end="31/12/2026"), ("E621", 3, "decision_start")),
    "a decision for a part": (reduced(start="15/03/2026"), ("W621", 3, "decision_start")),
    "a decision over three years": (reduced(end="01/07/2028"), ("W622", 3, "decision_end")),
    "a decision beside the general scheme": (cell("N° décision", "DEC-9"), ("W623", 2, "decision")),
    # what should agree
    "the housing fund on another base": (table({}, {**FUND, "Assiette (DA)": "1"}), ("W624", 3, "base")),
    "no housing fund": (table({}), ("W625", 2, "code")),
    "pay without workers": (every("Effectif", "0").replace(";1;0;", ";0;0;"), ("W626", 2, "headcount")),
    "more entries than workers": (every("Entrées", "23"), ("W627", 2, "entries")),
    "certified in the future": (every("Fait le", "24/11/2026"), ("E628", 2, "certified_on")),
}

NOMINAL: dict[str, tuple[str | bytes, Place]] = {
    "a required heading missing": (without("NSS", WORKER).replace("Nom;", "Nom;", 1), ("E502", 1, "nss")),
    "a heading alone": (workers().split("\r\n")[0] + "\n", ("E605", 1, "")),
    "too few cells": (workers({}, {}).replace(";;;\r\n", ";;\r\n", 1), ("E505", 2, "")),
    "an insured number without its zero": (workers({"NSS": "80000000001"}), ("E521", 2, "nss")),
    "an insured number with a letter": (workers({"NSS": "80000000000O"}), ("E210", 2, "nss")),
    "an insured number too long": (workers({"NSS": "8000000000012"}), ("E531", 2, "nss")),
    "no insured number": (workers({"NSS": ""}), ("W210", 2, "nss")),
    "no surname": (workers({"Nom": ""}), ("E212", 2, "surname")),
    "an error for a name": (workers({"Prénom": "#REF!"}), ("E523", 2, "first_name")),
    "no base": (workers({}, {"Assiette (DA)": ""}), ("E614", 3, "base")),
    "a negative base": (workers({"Assiette (DA)": "-5"}), ("E535", 2, "base")),
    "a base beyond the column": (workers({"Assiette (DA)": "99999999999,00"}), ("E526", 2, "base")),
    "no code": (workers({"Code": ""}), ("E613", 2, "code")),
    "a code without its form": (workers({}, {"Code": "RG"}), ("E604", 3, "code")),
    "a code that is not known": (workers({"Code": "R11"}), ("W617", 2, "code")),
    "an employer number that is none": (workers({"Employeur": "0012345678"}), ("E603", 2, "employer")),
    "a period that is none": (workers({"Période": "mars"}), ("E601", 2, "period")),
    "no period": (workers({"Période": ""}), ("E601", 2, "period")),
    "a month to come": (workers({"Période": "2027-01"}), ("E606", 2, "period")),
    "a day of no calendar": (workers({"Date d'entrée": "31/02/2026"}), ("E216", 2, "entry")),
    "a year of two figures": (workers({"Date de sortie": "28/02/26"}), ("E545", 2, "exit")),
    "a Hijri date": (table({"Fait le": "17/10/1447"}), ("E546", 2, "certified_on")),
    "a day that is no date": (workers({"Date de sortie": "hier"}), ("E527", 2, "exit")),
    "an exit before its entry": (
        workers({"Date d'entrée": "10/03/2026", "Date de sortie": "09/03/2026"}),
        ("W216", 2, "exit"),
    ),
    "a reduction without decision": (workers({"Code": "R07"}), ("E618", 2, "decision")),
    "a decision without days": (workers({"Code": "R07", "N° décision": "D"}), ("E619", 2, "decision_start")),
    "the same worker and code again": (workers({}, {}), ("W635", 3, "nss")),
    "Arabic in Windows-1256": (
        workers({"Nom": "تجريبي"}).replace("é", "e").replace("É", "E").encode("cp1256"),
        ("W502", 1, ""),
    ),
    "a direction mark": (workers({"Nom": "\u200fعلي"}), ("W504", 2, "surname")),
    "a name read in the wrong code page": (workers({"Nom": "BÃ‰NALI"}), ("W509", 2, "surname")),
    "a bell": (workers({"Nom": "A\aB"}), ("E510", 2, "")),
}


@pytest.mark.parametrize("name", AGGREGATE)
def test_each_damage_to_an_aggregate_has_its_code_and_place(name: str) -> None:
    content, place = AGGREGATE[name]
    deposit = examined(content)
    assert place in places(deposit)
    assert deposit.accepted == place[0].startswith("W")


@pytest.mark.parametrize("name", NOMINAL)
def test_each_damage_to_a_nominal_file_has_its_code_and_place(name: str) -> None:
    content, place = NOMINAL[name]
    deposit = examined(content)
    assert place in places(deposit)
    assert deposit.accepted == place[0].startswith("W")


def test_what_is_not_damaged_has_no_finding() -> None:
    assert places(examined(GOOD)) == []
    assert places(examined(reduced())) == []
    assert places(examined(table(NIL))) == []
    assert places(examined(workers({}, FUND))) == []


DAMAGED_ROWS = [name for name, (content, place) in AGGREGATE.items() if place[1] > 1 and isinstance(content, str)]


@pytest.mark.parametrize("name", DAMAGED_ROWS)
def test_a_damaged_employer_stops_no_other(name: str) -> None:
    """The good employer stands below, on lines of its own."""
    good = table({"Employeur": B}, {**FUND, "Employeur": B}).split("\r\n", 1)[1]
    deposit = examined(str(AGGREGATE[name][0]) + good)
    (other,) = [each for each in deposit.declarations if each.employer == B]
    assert other.accepted
    assert not len(other.findings)


def test_a_fault_of_the_whole_file_stops_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dac_rows, "MAX_ROWS", 2)
    deposit = examined(table({}, FUND, {"Employeur": B}))
    assert ("E602", 4, "") in places(deposit)
    assert not any(each.accepted for each in deposit.declarations)


def test_too_many_workers_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dac_nominal, "MAX_ROWS", 2)
    deposit = examined(workers({}, FUND, {**FUND, "NSS": "800000000009"}))
    assert ("E602", 4, "") in places(deposit)
    assert not deposit.accepted


def test_a_row_that_cannot_be_read_stops_its_employer_and_no_other() -> None:
    """Without the row, the declaration would be accepted short of it."""
    cut = table({}, REDUCED, {"Employeur": B}, {**FUND, "Employeur": B}).split("\r\n")
    cut[2] = cut[2].rsplit(";", 1)[0]
    deposit = examined("\r\n".join(cut))
    assert [(each.employer, each.accepted) for each in deposit.declarations] == [(ROW["Employeur"], False), (B, True)]
    assert ("E505", 3, "") in places(deposit)
    assert not len(deposit.findings)


def test_a_worker_line_that_cannot_be_read_stops_the_declaration_beside_it() -> None:
    cut = workers({}, {}, {"NSS": "800000000002"}).split("\r\n")
    cut[2] = "80000000"
    deposit = examined("\r\n".join(cut))
    assert not deposit.accepted
    assert [each.accepted for each in deposit.declarations] == [False]


PIECES = st.sampled_from(
    [b"\n", b"\r", b"\x00", b";", b'"', b"\xff", "٣".encode(), b"-", b"=", b"2026-T1", b"oui", b"R98", b"9" * 30, b""]
)
EDITS = st.lists(st.tuples(st.integers(0, 700), st.integers(0, 20), PIECES), max_size=6)


@given(st.binary(max_size=300))
@settings(deadline=None)
@example(b"")
@example(b"\xff\xfe")
@example(b"PK\x03\x04")
def test_any_bytes_behind_a_heading_reach_a_verdict(content: bytes) -> None:
    for heading in (";".join(ROW), ";".join(WORKER), ""):
        deposit = examined(heading.encode() + b"\n" + content)
        places(deposit)
        assert deposit.declarations or not deposit.accepted


@given(EDITS)
@settings(deadline=None, max_examples=150)
def test_any_damage_reaches_a_verdict(edits: list[tuple[int, int, bytes]]) -> None:
    for content in (table({}, REDUCED, FUND).encode(), workers({}, FUND, REDUCED).encode()):
        for at, width, piece in edits:
            content = content[:at] + piece + content[at + width :]  # noqa: PLW2901 - each edit on top of the last
        deposit = examined(content)
        for code, _, _ in places(deposit):
            assert len(code) == 4
        for each in deposit.declarations:
            assert (each.dac is None) == (each.period is None)
            assert each.accepted == (each.findings.errors == 0)
