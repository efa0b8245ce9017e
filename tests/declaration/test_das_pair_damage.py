"""Damaged pairs: each fault gets its code at its place, and nothing else is said."""

from __future__ import annotations

from datetime import date

import pytest
from tasrih.declaration import rulebook
from tasrih.declaration.code_pages import Reading
from tasrih.declaration.das import pair as das_pair
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined

from tests.declaration.pairs import (
    DETAIL_NAME,
    FIRST,
    HEADER,
    HEADER_NAME,
    SECOND,
    TODAY,
    Found,
    detail,
    examined,
    found,
    put,
    sent,
)


def second(**cells: str) -> str:
    return detail(FIRST, put(SECOND, **cells))


def head(start: int, text: str) -> str:
    return HEADER[:start] + text + HEADER[start + len(text) :]


ZEROS = dict.fromkeys(("base_q1", "base_q2", "base_q3", "base_q4"), "0         ") | {"base_year": "0           "}

DETAIL_DAMAGE: dict[str, tuple[str, Found]] = {
    "a short line": (detail(FIRST[:180], SECOND), [("E201", "S", 1, "")]),
    "a blank line in between": (detail(FIRST, "", SECOND), [("E201", "S", 2, "")]),
    "a long line": (detail(FIRST + "  X", SECOND), [("E202", "S", 1, "")]),
    "an endless line": (detail(FIRST, SECOND, "9" * 3_000_000), [("E109", "E", 1, "workers"), ("E202", "S", 3, "")]),
    "a line shifted to the right": (detail(FIRST[:40] + "X" + FIRST[40:], SECOND), [("E203", "S", 1, "")]),
    "a line shifted to the left": (detail(FIRST[:40] + FIRST[42:], SECOND), [("E203", "S", 1, "")]),
    "a shifted line of the right length": (detail(FIRST[:40] + " " + FIRST[40:-1], SECOND), [("E203", "S", 1, "")]),
    "a carriage return inside a line": (
        detail(FIRST[:60] + "\r" + FIRST[61:], SECOND),
        [("E109", "E", 1, "workers"), ("E201", "S", 1, ""), ("E201", "S", 2, "")],
    ),
    "a tab in a name": (second(first_name="PRE\tOM"), [("E204", "S", 2, "first_name")]),
    "a NUL in an amount": (second(base_q2="5400\x00000"), [("E204", "S", 2, "base_q2")]),
    "another employer": (second(employer="1688888801"), [("E205", "S", 2, "employer")]),
    "another year": (second(year="2018"), [("E206", "S", 2, "year")]),
    "Arabic-Indic digits": (second(nss="٩٠٠٠٠٠٠٠٠٠٠٢"), [("E207", "S", 2, "nss")]),
    "a line number in letters": (second(number="II"), [("E208", "S", 2, "number")]),
    "a line number left out": (second(number="3"), [("E209", "S", 2, "number")]),
    "numbers from nought on": (
        detail(put(FIRST, number="0"), put(SECOND, number="1")), [("E209", "S", 1, "number")],
    ),
    "eleven digits": (second(nss="90000000002 "), [("E210", "S", 2, "nss")]),
    "letters in the insured number": (second(nss="9000O0000002"), [("E210", "S", 2, "nss")]),
    "another letter in the insured number": (second(nss="X"), [("E210", "S", 2, "nss")]),
    "no insured number": (second(nss=" " * 12), [("W210", "S", 2, "nss")]),
    "one person twice": (second(nss="800000000001"), [("W211", "S", 2, "nss")]),
    "no surname": (second(surname=" " * 25), [("E212", "S", 2, "surname")]),
    "Arabic script": (second(surname="لقب    "), [("E213", "S", 2, "surname")]),
    "no such day": (second(birth="31061990"), [("E214", "S", 2, "birth")]),
    "no leap year": (second(birth="29021990"), [("E214", "S", 2, "birth")]),
    "no birth date": (second(birth=" " * 8), [("E214", "S", 2, "birth")]),
    "born tomorrow": (second(birth="16012020"), [("E215", "S", 2, "birth")]),
    "an entry that is no date": (second(entry="2018-1-1"), [("E216", "S", 2, "entry")]),
    "an exit that is no date": (second(exit="31112019"), [("E216", "S", 2, "exit")]),
    "entry after exit": (second(entry="01122019"), [("W216", "S", 2, "exit")]),
    "an amount in dinars": (second(base_q1="54000,00"), [("E301", "S", 2, "base_q1")]),
    "an amount with a blank inside": (second(base_q1="54 00000"), [("E301", "S", 2, "base_q1")]),
    "letters in the annual base": (second(base_year="18OOOOOO"), [("E301", "S", 2, "base_year")]),
    "a negative amount": (second(base_q3="-5400000"), [("E302", "S", 2, "base_q3")]),
    "a duration in letters": (second(duration_q4="XXX"), [("E304", "S", 2, "duration_q4")]),
    "a unit and no duration": (second(duration_q4="   "), [("E304", "S", 2, "duration_q4")]),
    "an unknown unit": (second(unit_q2="D"), [("E305", "S", 2, "unit_q2")]),
    "no unit where there is pay": (second(unit_q2=" "), [("E305", "S", 2, "unit_q2")]),
    "quarters that do not add up": (
        second(base_year="18000001"), [("E308", "E", 1, "base_year"), ("E306", "S", 2, "base_year")],
    ),
    "no annual base": (
        second(base_year=" " * 12), [("E308", "E", 1, "base_year"), ("E306", "S", 2, "base_year")],
    ),
    "no lines": ("\r\n", [("E021", "S", 0, "")]),
    "one line too many": (
        detail(FIRST, SECOND, put(SECOND, number="3", nss="900000000003", **ZEROS)),
        [("E109", "E", 1, "workers"), ("W302", "S", 3, "base_year")],
    ),
    "one line less": (detail(FIRST), [("E057", "S", 0, "")]),
    "the last line cut": (detail(FIRST, SECOND[:100]), [("E057", "S", 2, "")]),
    "pay after the exit": (second(exit="30062019"), [("W301", "S", 2, "base_q3"), ("W301", "S", 2, "base_q4")]),
    "more days than a quarter has": (detail(put(FIRST, duration_q1="93 "), SECOND), [("W303", "S", 1, "duration_q1")]),
    "less than the minimum wage": (
        detail(put(FIRST, base_q1="900000    ", base_q2="17100000  "), SECOND),
        [("E307", "E", 1, "base_q1"), ("E307", "E", 1, "base_q2"), ("W304", "S", 1, "base_q1")],
    ),
}  # fmt: skip

HEADER_DAMAGE: dict[str, tuple[str, Found]] = {
    "no amounts": (HEADER[:130], [("E101", "E", 1, "base_q1")]),
    "letters in the employer number": (head(0, "16999999O1"), [("E102", "E", 1, "employer")]),
    "no such wilaya": (head(0, "70"), [("E102", "E", 1, "employer")]),
    "an unknown type": (head(10, "X"), [("E103", "E", 1, "type")]),
    "a year of letters": (head(11, "20I9"), [("E104", "E", 1, "year")]),
    "a year to come": (
        head(11, "2021"),
        [
            ("E054", "E", 0, "year"), ("E105", "E", 1, "year"), ("E054", "S", 0, "year"),
            ("E206", "S", 1, "year"), ("E206", "S", 2, "year"),
        ],
    ),
    "an amount in dinars": (head(130, "144000,00"), [("E107", "E", 1, "base_q1")]),
    "a negative amount": (head(130, "-14400000"), [("E108", "E", 1, "base_q1")]),
    "Arabic-Indic digits": (head(130, "١٤٤٠٠٠٠٠"), [("E207", "E", 1, "base_q1")]),
    "a count in letters": (head(210, "DEUX"), [("E107", "E", 1, "workers")]),
    "a count too low": (head(210, "1"), [("E109", "E", 1, "workers")]),
    "a count too high, the sums all there": (head(210, "3"), [("E109", "E", 1, "workers")]),
    "a year that is not the sum": (
        head(194, "54000001"), [("E110", "E", 1, "base_year"), ("E308", "E", 1, "base_year")],
    ),
    "a quarter that is not the sum": (
        head(146, "14400001").replace("54000000", "54000001"),
        [("E307", "E", 1, "base_q2"), ("E308", "E", 1, "base_year")],
    ),
    "two header lines": (HEADER + "\r\n" + HEADER, [("E111", "E", 2, "")]),
    "Arabic script": (head(20, "شركة"), [("E113", "E", 1, "denomination")]),
    "a complementary declaration": (head(10, "C"), [("W102", "E", 1, "type")]),
    "a regularisation": (head(10, "R"), [("W102", "E", 1, "type")]),
    "a paying centre of four digits": (head(15, "1600 "), [("W106", "E", 1, "centre")]),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), DETAIL_DAMAGE.values(), ids=DETAIL_DAMAGE.keys())
def test_a_damaged_detail_is_told_at_its_place(lines: str, expected: Found) -> None:
    assert sorted(found(examined(lines=lines))) == sorted(expected)


@pytest.mark.parametrize(("header", "expected"), HEADER_DAMAGE.values(), ids=HEADER_DAMAGE.keys())
def test_a_damaged_header_is_told_at_its_place(header: str, expected: Found) -> None:
    assert sorted(found(examined(header))) == sorted(expected)


def test_a_finding_tells_what_stands_there_and_what_was_expected() -> None:
    (employer,) = examined(lines=second(employer="1688888801")).findings
    assert (employer.value, employer.expected) == ("1688888801", "1699999901")
    total, line = examined(lines=second(base_year="18000001")).findings
    assert (total.value, total.expected) == ("54000000", "54000001")
    assert (line.value, line.expected) == ("18000001", "18000000")
    (shifted,) = examined(lines=detail(FIRST[:40] + "X" + FIRST[40:], SECOND)).findings
    assert shifted.expected == "-1"
    (shifted,) = examined(lines=detail(FIRST[:40] + "  " + FIRST[40:-2], SECOND)).findings
    assert shifted.expected == "-2"
    (repeated,) = examined(lines=second(nss="800000000001")).findings
    assert repeated.expected == "1"


def test_every_independent_fault_of_one_line_is_told_in_one_pass() -> None:
    line = put(SECOND, employer="1688888801", nss="X", birth="99999999", unit_q1="Q", base_q2="X", number="7")
    codes = [code for code, *_ in found(examined(lines=detail(FIRST, line)))]
    assert sorted(codes) == ["E205", "E209", "E210", "E214", "E301", "E305"]


def test_a_rule_whose_inputs_are_broken_says_nothing() -> None:
    """The quarter cannot be read: neither the line's sum, nor the header's, nor the minimum wage is decided."""
    assert found(examined(lines=second(base_q1="XXXXXXX"))) == [("E301", "S", 2, "base_q1")]


def test_one_damaged_line_never_changes_the_verdict_on_another() -> None:
    alone = found(examined(lines=detail(FIRST, put(SECOND, unit_q1="Q"))))
    for damaged in (FIRST[:100], put(FIRST, base_q1="X"), put(FIRST, number="9"), put(FIRST, nss="É"), FIRST + "É" * 9):
        both = found(examined(lines=detail(damaged, put(SECOND, unit_q1="Q"))))
        assert [each for each in both if each[1:3] == ("S", 2)] == alone


def test_a_missing_half_is_told_and_the_other_half_examined() -> None:
    header = examine([sent(HEADER_NAME, HEADER)], today=TODAY)
    assert found(header) == [("E051", "", 0, "")]
    assert (header.employer, str(header.period)) == ("1699999901", "2019")
    lines = examine([sent(DETAIL_NAME, detail(FIRST, put(SECOND, employer="1688888801")))], today=TODAY)
    assert found(lines) == [("E050", "", 0, ""), ("E205", "S", 2, "employer")]
    assert (lines.employer, str(lines.period), lines.lines) == ("1699999901", "2019", 2)


def test_a_second_header_is_one_too_many() -> None:
    files = [sent(HEADER_NAME, HEADER), sent(DETAIL_NAME, detail()), sent("D19E1699999902.txt", HEADER)]
    assert found(examine(files, today=TODAY)) == [("E052", "D19E1699999902.txt", 0, "")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("d19e1699999901.TXT", "d19s1699999901.TXT"), []),
        (("entete.txt", DETAIL_NAME), [("E053", "entete.txt", 0, "")]),
        (("D19S1699999901.txt", "D19E1699999901.txt"), [("E053", "S", 0, ""), ("E053", "E", 0, "")]),
        (("D18E1699999901.txt", DETAIL_NAME), [("E054", "D18E1699999901.txt", 0, "year")]),
        ((HEADER_NAME, "D19S1699999902.txt"), [("E055", "D19S1699999902.txt", 0, "employer")]),
    ],
)
def test_the_file_name_says_what_stands_inside(names: tuple[str, str], expected: Found) -> None:
    assert sorted(found(examined(names=names))) == sorted(expected)


def test_nothing_but_zeros_is_no_declaration() -> None:
    header = HEADER[:130] + "0               " * 5 + "2     "
    lines = detail(put(FIRST, **ZEROS), put(SECOND, **ZEROS))
    codes = [code for code, *_ in found(examined(header, lines))]
    assert sorted(codes) == ["E309", "W302", "W302"]


def test_the_day_of_the_examination_decides_what_is_still_to_come() -> None:
    lines = second(birth="16012020")
    assert not examined(lines=lines, today=date(2020, 1, 15)).accepted
    assert examined(lines=lines, today=date(2020, 1, 16)).accepted


def test_more_lines_than_the_layout_can_number_have_a_code_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(das_pair, "MOST_LINES", 1)
    (finding,) = examined().findings
    assert (finding.code, finding.line, finding.value, finding.expected) == ("E056", 2, "2", "<= 1")
    monkeypatch.undo()
    assert das_pair.MOST_LINES == 999_999


def test_warnings_never_drown_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one warning only so many are kept; all are counted."""
    monkeypatch.setattr(rulebook, "KEPT_WARNINGS", 5)
    lines = [put(FIRST, number=str(at).ljust(6), nss=" " * 12) for at in range(1, 41)]
    result = examined(lines=detail(*lines, put(SECOND, number="41", unit_q1="Q")))
    assert result.findings.counts["W210"] == 40
    assert sum(each.code == "W210" for each in result.findings) == 5
    assert ("E305", "S", 41, "unit_q1") in found(result)


def test_a_detail_without_a_line_is_told_wherever_it_comes_from() -> None:
    result = Examined()
    das_pair.examine_pair([sent(HEADER_NAME, HEADER)], [sent(DETAIL_NAME, "\r\n")], result, TODAY, None, Reading())
    assert found(result) == [("E058", "S", 0, "")]
