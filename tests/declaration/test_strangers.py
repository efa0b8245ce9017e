"""Files as other programs, spreadsheets and hands leave them: each case once went wrong."""

from __future__ import annotations

from typing import Any

import pytest
from tasrih.declaration.csv.text import Report
from tasrih.declaration.das import detail as das_detail
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined, Lines
from tasrih.messages import LANGUAGES
from tasrih.messages.findings import finding_sentence
from tasrih.vocabulary import finding
from tasrih.vocabulary.finding import Finding

from tests.declaration.pairs import DETAIL_NAME, FIRST, HEADER, HEADER_NAME, SECOND, TODAY, detail, examined, put, sent
from tests.declaration.test_das_csv import ROW, table

END_OF_FILE = "\x1a"
BLANK_ROW = ";" * (len(ROW) - 1)
Where = list[tuple[str, int, str]]


def csv(content: str) -> Examined:
    return examine([sent("das.csv", content)], today=TODAY)


def where(of: Examined) -> Where:
    return [(each.code, each.line, each.column) for each in of.findings]


@pytest.mark.parametrize("rows", [1, 50])
def test_blank_rows_of_a_spreadsheet_behind_the_last_worker_take_nothing_into_his_line(rows: int) -> None:
    result = csv(table({}, {"NSS": "900000000002"}) + "\r\n" + f"{BLANK_ROW}\r\n" * rows)
    assert (where(result), result.lines, result.totals.year) == ([], 2, 72_000_000)


def test_a_blank_row_between_workers_takes_nothing_into_the_line_before() -> None:
    first, *rest = table({}, {"NSS": "900000000002"}).split("\r\n")
    result = csv("\r\n".join([first, rest[0], BLANK_ROW, *rest[1:]]))
    assert (where(result), result.accepted) == ([("W505", 3, "")], True)


@pytest.mark.parametrize("behind", [END_OF_FILE, "\r\n" + END_OF_FILE])
def test_the_sign_that_ends_a_file_in_old_programs_is_nobody(behind: str) -> None:
    assert where(csv(table({}) + behind)) == []
    fixed = examined(HEADER + behind, detail() + behind)
    assert (where(fixed), fixed.totals.year) == ([], 54_000_000)
    assert where(examined(lines=detail(FIRST[:194], SECOND[:194]) + behind)) == []


TOTALS = {
    "a label in the first column": {"Employeur": "TOTAL", "Nom": ""},
    "a label for a name": {"Employeur": "", "Nom": "Total général"},
    "a label for a number": {"Employeur": "", "Nom": "", "NSS": "TOTAUX"},
    "an Arabic label": {"Employeur": "", "Nom": "المجموع"},
    "no label": {"Employeur": "", "Nom": ""},
}


@pytest.mark.parametrize("label", TOTALS.values(), ids=TOTALS.keys())
def test_a_totals_row_is_named_as_one_and_by_nothing_else(label: dict[str, str]) -> None:
    kept = {name: value for name, value in ROW.items() if name.startswith("Assiette")}
    blank = dict.fromkeys(ROW, "")
    result = csv(table({}, {**blank, **kept, **label}))
    assert where(result) == [("E540", 3, "")]
    assert result.totals.year == 36_000_000


def test_a_worker_called_like_a_total_is_a_worker() -> None:
    assert where(csv(table({"Nom": "TOTAL"}))) == []
    assert where(csv(table({"Nom": "SOMMER", "Prénom": "", "NSS": "", "Date de naissance": ""})))[-1][0] != "E540"


PRESUMED = ("00/00/1980", "Présumé 1980", "PRESUMEE EN 1980", "presume", "مفترض 1980", "00000000")


@pytest.mark.parametrize("written", PRESUMED)
def test_a_presumed_birth_is_taken_as_people_write_it(written: str) -> None:
    kept: list[Lines] = []
    result = examine([sent("das.csv", table({"Date de naissance": written}))], today=TODAY, sink=kept.append)
    assert where(result) == []
    assert kept[0].rows["birth"][0] == (b"00001980" if "1980" in written else b"00000000")


def test_a_birth_that_cannot_be_read_says_how_a_presumed_one_is_written() -> None:
    (found,) = csv(table({"Date de naissance": "1980"})).findings
    assert (found.code, found.expected) == ("E527", "31/12/1980 | 00/00/1980")


@pytest.mark.parametrize("nothing", ["-", " -   ", "\u2013", "0", ""])
def test_an_accounting_dash_is_an_amount_of_nothing(nothing: str) -> None:
    result = csv(table({"Assiette T1 (DA)": nothing, "Assiette annuelle (DA)": "270000,00"}))
    assert (where(result), result.totals.quarters[0]) == ([], 0)


def test_a_broken_first_row_is_not_blamed_on_the_row_below() -> None:
    below = dict.fromkeys(("Employeur", "Année", "Type", "Centre payeur"), "")
    assert where(csv(table({"Nom": '"NOMUN'}, below))) == [("E507", 2, "")]


@pytest.mark.parametrize("fixed", [True, False])
def test_an_insured_number_of_zeros_is_one_that_is_missing(fixed: bool) -> None:
    kept: list[Lines] = []
    zeros = "0" * 12
    files = (
        [sent(HEADER_NAME, HEADER), sent(DETAIL_NAME, detail(put(FIRST, nss=zeros), put(SECOND, nss=zeros)))]
        if fixed
        else [sent("das.csv", table({"NSS": zeros}, {"NSS": zeros}))]
    )
    result = examine(files, today=TODAY, sink=kept.append)
    assert result.findings.counts == {"W210": 2}
    assert [number for lines in kept for number in lines.rows["nss"].tolist()] == [b"", b""]


def test_a_file_cut_within_its_last_line_says_how_many_lines_are_whole() -> None:
    (found,) = examined(lines=detail()[:-30]).findings
    assert (found.code, found.line, found.value, found.expected) == ("E057", 2, "1", "2")


NAMES = {
    "das 2019 (1).txt": ("das 2019 (1).txt", DETAIL_NAME),
    "a second download": ("D19E1699999901 (1).txt", DETAIL_NAME),
    "swapped names": (DETAIL_NAME, HEADER_NAME),
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_a_wrong_file_name_is_answered_with_the_right_one(names: tuple[str, str]) -> None:
    result = examined(names=names)
    assert {each.code for each in result.findings} == {"E053"}
    assert [each.expected for each in result.findings if each.file == names[0]] == [HEADER_NAME]


def test_the_missing_half_is_called_by_its_name() -> None:
    for present, content, code, missing in (
        (DETAIL_NAME, detail(), "E050", HEADER_NAME),
        (HEADER_NAME, HEADER, "E051", DETAIL_NAME),
    ):
        (found,) = examine([sent(present, content)], today=TODAY).findings
        assert (found.code, found.expected) == (code, missing)


def test_a_file_of_nothing_but_short_lines_is_counted_not_told_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(das_detail, "MOST_LINES", 10)
    result = examined(lines="A\n" * 3_000_000)
    assert result.findings.counts["E201"] < 1_000_000
    assert next(each for each in result.findings if each.code == "E109").expected == "3000000"


def test_broken_rows_beyond_those_kept_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    add = Report.add

    def counted(self: Report, code: str, *args: Any, **kwargs: Any) -> None:
        told.append(code)
        add(self, code, *args, **kwargs)

    monkeypatch.setattr(finding, "KEPT_FINDINGS", 50)
    monkeypatch.setattr(Report, "add", counted)
    result = csv(table({}) + "\r\n" + "A\n" * 900 + ";" * 30 + "x\n")
    assert (result.findings.counts["E505"], result.findings.counts["E506"]) == (900, 1)
    assert len(told) < 200


def test_a_flood_of_one_fault_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "KEPT_FINDINGS", 50)
    result = examined(lines="A\n" * 900)
    assert [each.code for each in result.findings.kept].count("E201") == 50
    assert {"E201", "E109"} <= {each.code for each in result.findings}


SENTENCES = {
    "amounts in groups": (
        Finding("E306", "s.txt", 7, "base_year", "36000001", "36000000"),
        ("36\u00a0000\u00a0001", "36\u00a0000\u00a0000"),
    ),
    "a bound": (Finding("W304", "s.txt", 7, "base_q1", "5400000", ">= 7200000"), ("≥ 7\u00a0200\u00a0000",)),
    "what cannot be read stays as it stands": (
        Finding("E301", "s.txt", 7, "base_q1", "12O00000", "0-9"),
        ("12O00000",),
    ),
    "leading zeros stay": (Finding("E301", "s.txt", 7, "base_q1", "0009000000", "0-9"), ("0009000000",)),
    "numbers that are no amounts": (Finding("E210", "s.txt", 7, "nss", "8000000001"), ("8000000001",)),
    "no escape sequence reaches a terminal": (Finding("E020", "a\x1b[31m.txt"), ("a·[31m.txt",)),
    "blanks of any width stay": (Finding("E525", "s.txt", 7, "base_q1", "9\u202f0000"), ("9\u202f0000",)),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("shown", "held"), SENTENCES.values(), ids=SENTENCES.keys())
def test_a_sentence_shows_values_as_people_read_them(shown: Finding, held: tuple[str, ...], language: str) -> None:
    told = finding_sentence(shown, language)
    assert all(part in told for part in held), told


def test_a_cell_that_is_blank_is_called_so() -> None:
    told = [finding_sentence(Finding("E214", "s.txt", 7, "birth"), language) for language in LANGUAGES]
    assert ["(فارغ)" in told[0], "« (vide) »" in told[1], '"(blank)"' in told[2]] == [True] * 3


def test_days_of_a_spell_are_written_with_their_slashes() -> None:
    result = examined(lines=detail(put(FIRST, entry="01012030"), SECOND))
    assert {each.expected for each in result.findings} == {"01/01/2030 - …"}
