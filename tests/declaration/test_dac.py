"""A DAC as CSV: what is read, in whatever language and form, and one verdict for each employer and period."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import tasrih.declaration
from numpy.typing import NDArray
from tasrih.declaration import intake
from tasrih.declaration.csv.headings import seems_das_heading
from tasrih.declaration.dac import rows as table_rows
from tasrih.declaration.dac import rules as dac_rules
from tasrih.declaration.dac.cells import read
from tasrih.declaration.dac.examine import examine_dac, fingerprint, holds_dac
from tasrih.declaration.dac.headings import STATED, dac_kind, known
from tasrih.declaration.examine import examine
from tasrih.declaration.recognise import recognise
from tasrih.declaration.sent import CodeBase, Decision
from tasrih.messages import LANGUAGES
from tasrih.messages.findings import finding_sentence
from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.period import Period

from tests.declaration.dacs import (
    FUND,
    REDUCED,
    ROW,
    SECOND,
    TODAY,
    WORKER,
    A,
    B,
    C,
    examined,
    places,
    sent,
    table,
    workers,
)
from tests.declaration.filled_templates import filled

TEMPLATES = Path(tasrih.declaration.__file__).parent / "templates"
ARABIC = (
    "رقم المستخدم;الفترة;مركز الدفع;رمز الاشتراك;وعاء الاشتراك (دج);عدد العمال;عدد الداخلين;عدد المغادرين\n"
    f"{A};الثلاثي الأول 2026;16000;R22;١٠٠٠,٥٠;٣;0;0\n{A};ث1 2026;16000;R98;1000,50;;;\n"
)
ENGLISH = "Exits,Entries,Headcount,Base (centimes),Contribution code,Centre,Quarter,Employer number\n" + "".join(
    f'"0","0","3","100050","{code}","16000","Q1 2026","{A}"\n' for code in ("R22", "R98")
)


@pytest.mark.parametrize("content", [ARABIC, ENGLISH, ENGLISH.replace(",", "\t")], ids=["ar", "en", "tabs"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_headings_of_each_language_in_any_order_are_read_alike(content: str, codec: str) -> None:
    (declared,) = examined(content.encode(codec), size_class="quarterly").declarations
    assert (declared.employer, str(declared.period), declared.centre) == (A, "2026-Q1", "16000")
    assert declared.accepted
    assert declared.dac is not None
    assert [(base.code, base.base_centimes, base.line) for base in declared.dac.bases] == [
        ("R22", 100050, 2),
        ("R98", 100050, 3),
    ]
    assert (declared.dac.headcount, declared.dac.entries, declared.dac.exits) == (3, 0, 0)


def test_arabic_headings_in_a_single_byte_code_page_are_read_too() -> None:
    western = ARABIC.translate({0x660 + figure: str(figure) for figure in range(10)})
    (declared,) = examined(western.encode("cp1256"), size_class="quarterly").declarations
    assert (declared.accepted, str(declared.period), declared.base_centimes) == (True, "2026-Q1", 100050)


@pytest.mark.parametrize("column", sorted({column for column, _ in known().values()}))
def test_every_column_has_names_in_three_languages(column: str) -> None:
    names = [name for name, (of, _) in known().items() if of == column]
    assert sum(bool(re.search("[\u0600-\u06ff]", name)) for name in names)
    assert sum(name.isascii() for name in names) >= 2


def test_the_headings_of_a_das_and_of_a_dac_are_never_taken_for_each_other() -> None:
    das = (TEMPLATES / "das.csv").read_text("utf-8-sig").splitlines()[:2]
    assert dac_kind(das) == ""
    assert dac_kind([";".join(ROW)]) == "dac_csv"
    assert dac_kind([";".join(WORKER)]) == "dac_nominal_csv"
    assert dac_kind(["sep=;", ";".join(f'"{name}"' for name in ROW)]) == "dac_csv"
    assert not seems_das_heading([";".join(column for column in ROW if column != "Employeur")])


@pytest.mark.parametrize(
    ("written", "period"),
    [
        *[(text, "2026-03") for text in ("2026-03", "03/2026", "3/2026", "2026/3", "2026.03", "٢٠٢٦-٠٣", "01/03/2026")],
        *[(text, "2026-Q1") for text in ("2026-T1", "T1 2026", "1T2026", "1er trimestre 2026", "2026-Q1", "q1-2026")],
        *[(text, "2026-Q4") for text in ("الثلاثي الرابع 2026", "ث4 2026", "2026 الثلاثي الرابع", "Trim. 4 2026")],
    ],
)
def test_a_period_is_read_however_it_is_written(written: str, period: str) -> None:
    assert read("period", 0, written).value == period


def test_many_employers_and_periods_come_out_one_by_one() -> None:
    deposit = examined(
        table(
            {"Employeur": B},
            {},
            {**FUND, "Employeur": B},
            {"Période": "2026-02"},
            FUND,
            {**FUND, "Période": "2026-02"},
            {"Employeur": C, "Code": "", "Assiette (DA)": "", "Néant": "نعم", "Effectif": "0", "Entrées": "0"},
        )
    )
    assert [(each.employer, str(each.period), each.lines, each.accepted) for each in deposit.declarations] == [
        (B, "2026-03", 2, True),
        (A, "2026-03", 2, True),
        (A, "2026-02", 2, True),
        (C, "2026-03", 1, True),
    ]
    nil = deposit.declarations[3].dac
    assert nil is not None
    assert (nil.nil, nil.bases, nil.headcount) == (True, (), 0)


def test_everything_that_a_row_says_is_kept() -> None:
    said = {
        "Dénomination": "EXEMPLE SARL", "Mode de paiement": "chèque", "N° chèque": "1234567",
        "Montant en lettres": "cinq cents", "Compte postal": "0000000000 00", "Compte Trésor": "1", "Classe": "I",
    }  # fmt: skip
    rows = table(
        {"Déjà payé (DA)": "100,50", "Montant (DA)": "534750,00", **said}, {**REDUCED, **said}, of={**ROW, **said}
    )
    (declared,) = examined(rows).declarations
    dac = declared.dac
    assert dac is not None
    assert dac.paid_centimes == 10050
    assert dac.bases[0].stated_centimes == 53475000
    assert dac.bases[1] == CodeBase("R07", 30000000, 3, (Decision("DEC-1", date(2025, 7, 1), date(2028, 6, 30)),), None)
    assert (dac.place, dac.certified_on) == ("Alger", date(2026, 4, 5))
    assert dict(dac.stated) == {
        "denomination": "EXEMPLE SARL", "class": "I", "postal_account": "0000000000 00", "treasury_account": "1",
        "payment_means": "chèque", "payment_reference": "1234567", "paid_in_words": "cinq cents",
    }  # fmt: skip
    assert set(dict(dac.stated)) <= set(STATED)


def test_the_same_reduced_code_twice_is_right_with_two_decisions() -> None:
    fund = {**FUND, "Assiette (DA)": "2150000,00"}
    assert places(examined(table({}, REDUCED, {**REDUCED, "N° décision": "DEC-2"}, fund))) == []
    assert ("E612", 4, "code") in places(examined(table({}, REDUCED, REDUCED, fund)))


def test_a_month_and_its_quarter_are_not_both_declared() -> None:
    deposit = examined(table({}, FUND, {"Période": "2026-T1"}, {**FUND, "Période": "2026-T1"}), size_class=None)
    assert [(code, line) for code, line, _ in places(deposit) if code == "E608"] == [("E608", 2)]
    deposit = examined(table({}, FUND, {"Période": "2026-T2"}, {**FUND, "Période": "2026-T2"}), size_class=None)
    assert "E608" not in {code for code, _, _ in places(deposit)}


@pytest.mark.parametrize(
    ("period", "size_class", "found"),
    [
        ("2026-03", "monthly", []),
        ("2026-03", "quarterly", [("E607", "2026-T1")]),
        ("2026-T1", "quarterly", []),
        ("2026-T1", "monthly", [("E607", "2026-01 | 2026-02 | 2026-03")]),
        ("2026-03", None, [("W607", "")]),
    ],
)
def test_the_form_of_the_period_is_that_of_the_assigned_class(
    period: str, size_class: str | None, found: list[tuple[str, str]]
) -> None:
    deposit = examined(table({"Période": period}, {**FUND, "Période": period}), size_class=size_class)
    assert [(each.code, each.expected) for each in deposit.declarations[0].findings] == found


def test_the_period_counts_from_its_first_day_and_is_complete_after_its_last() -> None:
    for today, codes in (
        (date(2026, 2, 28), {"E606"}), (date(2026, 3, 1), {"W606"}), (date(2026, 3, 31), {"W606"}),
        (date(2026, 4, 1), set()),
    ):  # fmt: skip
        files = [sent(table({"Fait le": ""}, {**FUND, "Fait le": ""}))]
        deposit = examine_dac(files, today=today, class_of=lambda employer: "monthly")
        assert set(deposit.declarations[0].findings.counts) == codes, today


def test_the_fingerprint_is_of_what_is_declared_and_of_nothing_else() -> None:
    rows = [{}, {**FUND}, {"Employeur": B}, {**FUND, "Employeur": B}]
    first, other = (fingerprint(each) for each in examined(table(*rows)).declarations)
    again = [
        fingerprint(each) for each in examined(table(*reversed(rows), sign=",").replace("00,00", "00.00")).declarations
    ]
    assert again == [other, first] != [first, other]
    for change in ({"Assiette (DA)": "1"}, {"Effectif": "23"}, {"Centre payeur": "16001"}, {"Déjà payé (DA)": "5"}):
        changed = examined(table(change, {**FUND, **{k: v for k, v in change.items() if k != "Assiette (DA)"}}))
        assert fingerprint(changed.declarations[0]) != first, change


# ---- nominal ----------------------------------------------------------------------------------------------------


def test_lines_of_workers_add_up_to_a_declaration() -> None:
    deposit = examined(
        workers(
            {"Date d'entrée": "01/03/2026"},
            {**FUND, "Date d'entrée": "01/03/2026"},
            {**SECOND, **REDUCED, "Date de sortie": "31/03/2026"},
            {**SECOND, "Code": "R98", "Assiette (DA)": "300 000,00", "Date de sortie": "31/03/2026"},
            {"NSS": "", "Nom": "NOMTROIS", "Date d'entrée": "28/02/2026", "Date de sortie": "01/04/2026"},
            {"NSS": "", "Nom": "NOMQUATRE", "Assiette (DA)": "0", "Date d'entrée": ""},
            {"Employeur": B, "Période": "2026-02"},
        )
    )
    first, second = deposit.declarations
    assert (first.employer, str(first.period), first.lines) == (A, "2026-03", 6)
    assert first.dac is not None
    assert [(base.code, base.base_centimes, base.line) for base in first.dac.bases] == [
        ("R22", 10000000, 2),
        ("R98", 35000000, 3),
        ("R07", 30000000, 4),
    ]
    assert first.dac.bases[2].decisions == (Decision("DEC-1", date(2025, 7, 1), date(2028, 6, 30)),)
    assert (first.dac.headcount, first.dac.entries, first.dac.exits, first.dac.nominal) == (4, 1, 1, True)
    assert (second.employer, str(second.period), second.lines) == (B, "2026-02", 1)


NEW = {"NSS": "", "Nom": "NOUVEAU", "Prénom": "UN", "Date d'entrée": "02/03/2026"}


@pytest.mark.parametrize(
    ("rows", "persons"),
    [
        ([NEW, {**NEW, **FUND}], 1),
        ([NEW, {**NEW, **FUND}, NEW, {**NEW, **FUND}], 2),
        ([NEW, {**NEW, **FUND}, {**NEW, "Prénom": "DEUX"}, {**NEW, **FUND, "Prénom": "DEUX"}], 2),
        ([NEW, NEW, {**NEW, **FUND}], 2),
    ],
    ids=["one", "two of one name", "two names", "two, one of them without the housing fund"],
)
def test_workers_without_a_number_are_persons_whatever_their_lines(rows: list[dict[str, str]], persons: int) -> None:
    (declared,) = examined(workers({}, FUND, *rows)).declarations
    assert declared.findings.counts["W210"] == len(rows)
    assert declared.dac is not None
    dac = declared.dac
    assert (dac.headcount, dac.entries, dac.exits, dac.unnumbered) == (1 + persons, persons, 0, persons)


def test_a_name_without_a_number_is_somebody_else_in_each_declaration() -> None:
    first, second = examined(workers(NEW, {**NEW, "Employeur": B})).declarations
    assert [each.dac and each.dac.unnumbered for each in (first, second)] == [1, 1]


def test_a_nominal_file_beside_the_aggregate_must_add_up_to_it() -> None:
    summed = table(
        {"Assiette (DA)": "50000,00", "Effectif": "1", "Entrées": "0"}, {**FUND, "Assiette (DA)": "50000,00"}
    )
    summed = summed.replace(";22;1;", ";1;0;")
    assert places(examined(summed, workers({}, FUND))) == []
    deposit = examined(summed, workers({}, FUND, {**SECOND, "Assiette (DA)": "1,00"}))
    assert places(deposit) == [("E633", 2, "base"), ("W634", 2, "headcount")]
    told = deposit.declarations[0].findings.kept[0]
    assert (told.value, told.expected) == ("R22 5000000", "R22 5000100")
    deposit = examined(summed, workers({}, FUND, {**SECOND, "Code": "R11"}))
    assert ("E633", 2, "base") in places(deposit)


def test_a_fault_in_the_nominal_file_refuses_the_declaration_it_belongs_to() -> None:
    summed = table({"Effectif": "1", "Entrées": "0"}, {**FUND, "Effectif": "1", "Entrées": "0"})
    deposit = examined(summed, workers({"NSS": "12"}, FUND))
    assert not deposit.declarations[0].accepted
    assert ("E210", 2, "nss") in places(deposit)


def test_lines_of_workers_go_to_the_sink() -> None:
    taken: list[NDArray[np.void]] = []
    files = [sent(workers({"Nom": "اسم"}, {**FUND, "Employeur": B, "Période": "2026-T1"}))]
    examine_dac(files, today=TODAY, sink=taken.append)
    (lines,) = taken
    assert lines[["number", "employer", "period", "code", "nss", "base"]].tolist() == [
        (2, A.encode(), b"2026-03", b"R22", b"800000000001", 5000000),
        (3, B.encode(), b"2026-Q1", b"R98", b"800000000001", 5000000),
    ]
    assert [name.decode() for name in lines["surname"].tolist()] == ["اسم", "NOMUN"]
    assert lines[["birth", "entry", "exit"]].tolist() == [(b"01011990", b"01032015", b"")] * 2


def test_a_long_nominal_file_is_read_in_pieces_with_the_same_sums() -> None:
    rows = "".join(
        ";".join({**WORKER, "NSS": f"{800000000000 + place}", "Assiette (DA)": f"{place},25"}.values()) + "\n"
        for place in range(20_000)
    )
    (declared,) = examined(";".join(WORKER) + "\n" + rows).declarations
    assert declared.dac is not None
    assert declared.dac.bases[0].base_centimes == sum(100 * place + 25 for place in range(20_000))
    assert declared.dac.headcount == 20_000


def test_an_endless_file_is_read_in_bounded_memory() -> None:
    content = (";".join(ROW) + "\n").encode() + b";;;;\n" * 4_000_000
    tracemalloc.start()
    examined(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


# ---- deposits ---------------------------------------------------------------------------------------------------


def zipped(*contents: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as box:
        for place, content in enumerate(contents):
            box.writestr(f"dac{place}.csv", content)
    return made.getvalue()


def test_an_archive_may_hold_the_aggregate_and_its_workers() -> None:
    summed = table(
        {"Assiette (DA)": "50000,00", "Effectif": "1", "Entrées": "0"}, {**FUND, "Assiette (DA)": "50000,00"}
    )
    box = sent(zipped(summed.replace(";22;1;", ";1;0;"), workers({}, FUND)), "dac.zip")
    assert holds_dac([box])
    deposit = examine_dac([box], today=TODAY, class_of=lambda employer: "monthly")
    assert deposit.accepted
    assert [facts.name for facts in deposit.members] == ["dac0.csv", "dac1.csv"]
    assert deposit.files[0].lines == 6


def test_a_das_and_a_dac_are_not_one_deposit() -> None:
    das = sent((TEMPLATES / "das.csv").read_bytes(), "das.csv")
    dac = sent(table({}, FUND), "dac.csv")
    assert "E052" in examine([das, dac], today=TODAY).findings.counts
    assert not examine([dac], today=TODAY).accepted
    deposit = examine_dac([dac, das], today=TODAY)
    assert not deposit.accepted
    assert [found.code for found in deposit.declarations[0].findings] == ["W607", "E052"]
    assert not holds_dac([das])


def test_two_aggregates_are_two_deposits() -> None:
    assert ("E052", 0, "") in places(examined(table({}, FUND), table({}, FUND)))
    deposit = examine_dac([sent(zipped(table({}), table({})), "dac.zip")], today=TODAY)
    assert [found.code for found in deposit.findings] == ["E016"]


@dataclass(frozen=True)
class Told:
    name: str
    size: int
    sha256: str
    lines: int


def test_a_file_other_than_announced_stops_every_declaration() -> None:
    file = sent(table({}, {"Employeur": B}), "dac.csv")
    announced = [Told("dac.csv", file.size + 10, "0" * 64, 3)]
    deposit = examine_dac([file], today=TODAY, announced=announced)
    assert ["E401" in each.findings.counts for each in deposit.declarations] == [True, True]


def test_the_filers_own_columns_are_named_and_stop_nobody() -> None:
    own = {**ROW, "Ma colonne": "x"}
    deposit = examined(table({}, {**FUND}, {"Employeur": B}, {**FUND, "Employeur": B}, of=own))
    assert [each.accepted for each in deposit.declarations] == [True, True]
    assert [(found.code, found.line, found.value) for found in deposit.findings] == [("W501", 1, "Ma colonne")]


def test_blank_rows_count_for_nothing_and_too_many_others_are_named_where_they_begin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(table_rows, "MAX_ROWS", 2)
    blank = ";" * (len(ROW) - 1) + "\r\n"
    assert examined(table({}, FUND) + 5 * blank).accepted
    heading_line, *rows = table({}, FUND, {"Employeur": B}).splitlines(keepends=True)
    deposit = examined(heading_line + rows[0] + 3 * blank + rows[1] + rows[2])
    assert ("E602", 7, "") in places(deposit)


@pytest.mark.parametrize("name", ["dac.csv", "dac_nominal.csv"])
def test_the_templates_are_accepted_without_a_warning_but_that_of_the_class(name: str) -> None:
    deposit = examine_dac([sent(filled(name), name)], today=TODAY)
    assert deposit.accepted
    assert {code for code, _, _ in places(deposit)} == {"W607"}


# ---- the rule book ----------------------------------------------------------------------------------------------

_ENTRIES = (*dac_rules.READING, *dac_rules.COMPARED, *dac_rules.WITH_DUES)
CODES = [rule.code for rule in dac_rules.RULES] + [entry.code for entry in _ENTRIES]


def test_another_rule_book_has_another_version() -> None:
    assert dac_rules.digest() == dac_rules.RULES_DIGEST, "give RULES_VERSION a new value, then RULES_DIGEST this one"


def test_no_code_stands_twice_and_there_are_enough() -> None:
    assert len(CODES) == len(set(CODES)) >= 40


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_sentence_in_three_languages(code: str) -> None:
    told = {
        language: finding_sentence(Finding(code, "dac.csv", 7, "base", "1", "2"), language) for language in LANGUAGES
    }
    assert len(set(told.values())) == len(LANGUAGES)
    assert re.search("[\u0600-\u06ff]", told["ar"])


def test_every_code_that_a_dac_can_give_stands_in_the_rule_book_and_is_provoked() -> None:
    folder = Path(tasrih.declaration.__file__).parent
    sources = "".join(path.read_text("utf-8") for path in folder.glob("dac/*.py")) + Path(intake.__file__).read_text()
    used = set(re.findall(r'"([EW]6\d{2})"', sources))
    assert used - set(CODES) - set(dac_rules.RETIRED) == set()
    paths = (path for of in ("dac*", "new_hires") for path in Path(__file__).parents[1].glob(f"*/test_{of}.py"))
    tests = "".join(path.read_text("utf-8") for path in paths)
    assert [code for code in CODES if f'"{code}"' not in tests] == []


def test_a_dac_is_told_by_its_heading(tmp_path: Path) -> None:
    named: Callable[[str], str] = lambda content: recognise(sent(content, "envoi.txt"))  # noqa: E731 - one line, twice
    assert (named(table({})), named(workers({}))) == ("dac_csv", "dac_nominal_csv")
    assert Period.parse("2026-Q1") == Period(2026, quarter=1)
