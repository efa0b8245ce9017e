"""No name is ever silently wrong: what is certain, what is guessed and shown, what is told as damaged."""

from __future__ import annotations

import pytest
from tasrih.declaration.code_pages import Reading, readings
from tasrih.declaration.dac.examine import examine_dac
from tasrih.declaration.dac.lines import Collected
from tasrih.declaration.examine import examine
from tasrih.declaration.names import misread, unshaped
from tasrih.declaration.sent import Examined, Lines

from tests.declaration.dacs import FUND, places, workers
from tests.declaration.dacs import TODAY as DAC_TODAY
from tests.declaration.dacs import examined as examined_dac
from tests.declaration.dacs import sent as dac_sent
from tests.declaration.dacs import table as aggregate
from tests.declaration.made_workbooks import book, checked, told
from tests.declaration.pairs import FIRST, HEADER, SECOND, TODAY, detail, examined, found, put, sent
from tests.declaration.test_das_csv import table

ARABIC, FRENCH, OTHER = "بن علي", "BÉNALI", "900000000002"


def read(content: bytes, code_page: str = "") -> tuple[Examined, list[str]]:
    kept: list[Lines] = []
    result = examine([sent("das.csv", content)], today=TODAY, sink=kept.append, code_page=code_page)
    return result, [name.decode() for part in kept for name in part.rows["surname"].tolist()]


def csv(name: str, encoding: str) -> bytes:
    return table({}, {"Nom": name, "NSS": OTHER}).encode(encoding)


def codes(result: Examined) -> list[str]:
    return [each.code for each in result.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", [ARABIC, FRENCH, "ÉLISE بن علي"])
def test_unicode_is_certain(name: str, encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    result, names = read(mark + csv(name, encoding))
    assert (names[1], codes(result), result.to_confirm, result.code_page) == (name, [], None, "")


@pytest.mark.parametrize(
    ("name", "encoding", "guess"), [(ARABIC, "cp1256", "windows-1256"), (FRENCH, "cp1252", "windows-1252")]
)
def test_a_single_byte_file_is_guessed_and_its_names_are_shown_in_every_code_page(
    name: str, encoding: str, guess: str
) -> None:
    result, names = read(csv(name, encoding))
    assert result.accepted
    assert (names[1], codes(result), result.code_page) == (name, ["W502"], guess)
    assert result.to_confirm
    assert result.to_confirm.guessed == guess
    (shown,) = result.to_confirm.names
    assert shown[guess] == name
    assert {"windows-1252", "windows-1256", "cp720"} <= set(shown)


def test_letters_that_both_code_pages_hold_in_one_place_are_certain() -> None:
    result, names = read(csv("Lhéritière", "cp1252"))
    assert (names[1], codes(result), result.to_confirm) == ("Lhéritière", ["W502"], None)


def test_a_byte_that_one_code_page_does_not_have_decides_against_it() -> None:
    assert codes(read(csv("پ", "cp1256"))[0]) == ["W502"]
    assert readings(b"\x81") == {"windows-1256": "پ", "cp720": "\x81"} | {"iso-8859-6": "\x81"}


@pytest.mark.parametrize(
    ("code_page", "encoding"),
    [("windows-1256", "cp1256"), ("iso-8859-6", "iso8859_6"), ("cp720", "cp720")],
)
def test_a_code_page_that_a_person_names_is_used_and_no_guess_is_told(code_page: str, encoding: str) -> None:
    content = table({}, {"Nom": ARABIC, "NSS": OTHER}).translate(str.maketrans("éÉ°è", "eE e")).encode(encoding)
    result, names = read(content, code_page)
    assert (names[1], codes(result), result.to_confirm, result.code_page) == (ARABIC, [], None, code_page)


def test_bytes_that_the_named_code_page_does_not_have_are_refused_where_they_stand() -> None:
    content = csv("پ", "cp1256")
    result, _ = read(content, "windows-1252")
    assert [(each.code, each.line, each.column) for each in result.findings if each.code.startswith("E")] == [
        ("E513", 3, "surname")
    ]


def test_a_named_code_page_changes_nothing_of_a_file_in_unicode() -> None:
    assert read(csv(ARABIC, "utf-8"), "windows-1252")[1][1] == ARABIC


def test_a_file_with_other_errors_is_refused_and_shows_its_names_all_the_same() -> None:
    result, _ = read(table({}, {"Nom": ARABIC, "NSS": "X"}).encode("cp1256"))
    assert not result.accepted
    assert result.to_confirm


def test_at_most_twenty_different_names_are_kept() -> None:
    names = [chr(ord("ب") + each % 4) * (2 + each) for each in range(23)]
    result, _ = read(table(*({"Nom": name[:25]} for name in names + names)).encode("cp1256"))
    assert result.to_confirm
    assert len(result.to_confirm.names) == 20


def test_the_pair_reads_arabic_of_one_byte_a_letter_and_asks() -> None:
    lines: list[Lines] = []
    content = detail(put(FIRST, surname=f"{ARABIC:<25}"), SECOND).encode("cp1256")
    result = examined(HEADER, content, sink=lines.append)
    assert result.accepted
    assert found(result) == [("W502", "S", 1, ""), ("W213", "S", 1, "surname")]
    assert result.to_confirm
    assert result.to_confirm.names[0]["windows-1256"] == ARABIC
    assert lines[0].rows["surname"][0].decode() == ARABIC
    assert lines[0].rows["base_year"].tolist() == [36_000_000, 18_000_000]


def test_the_pair_takes_no_arabic_in_unicode_whose_letters_are_no_single_bytes() -> None:
    content = detail(put(FIRST, surname=f"{ARABIC:<25}"), SECOND)
    assert found(examined(HEADER, content)) == [("E213", "S", 1, "surname")]


def test_the_header_of_a_pair_is_read_like_its_lines() -> None:
    header = HEADER[:20] + f"{'شركة المثال':<30}" + HEADER[50:]
    result = examined(header.encode("cp1256"), detail(put(FIRST, surname=f"{ARABIC:<25}"), SECOND).encode("cp1256"))
    assert result.accepted


def test_direction_marks_in_the_names_of_a_pair_are_taken_out_and_told() -> None:
    lines: list[Lines] = []
    content = detail(put(FIRST, surname=f"\u200f{ARABIC}\u200e".ljust(25)), SECOND).encode("cp1256")
    result = examined(HEADER, content, sink=lines.append)
    assert "W504" in codes(result)
    assert lines[0].rows["surname"][0].decode() == ARABIC


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_arabic_letters_of_fixed_shape_become_plain_ones_and_are_told(encoding: str) -> None:
    result, names = read(csv("ﻋﻠﻲ ﻻ", encoding))
    assert (names[1], codes(result)) == ("علي لا", ["W507"])
    assert unshaped("بن علي Ébé") == "بن علي Ébé"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("BÃ‰NALI", "BÉNALI"),
        ("Ø¨Ù† Ø¹Ù„ÙŠ", ARABIC),
        ("ط¨ظ† ط¹ظ„ظٹ", ARABIC),
        ("Èä Úáí", ARABIC),
        ("BةNALI", "BÉNALI"),
    ],
)
def test_a_name_that_was_damaged_before_is_told_with_what_it_probably_was(wrong: str, right: str) -> None:
    assert misread(wrong) == right
    result, names = read(csv(wrong, "utf-8"))
    assert result.accepted
    assert names[1] == wrong, "nothing is changed by itself"
    assert [(each.code, each.line, each.expected) for each in result.findings] == [("W509", 3, right)]


@pytest.mark.parametrize("name", [ARABIC, FRENCH, "CRÉÉE", "ÉLISE بن علي", "Noëlle", "L’AMI", "D'ŒUVRE"])
def test_a_sound_name_is_not_taken_for_a_damaged_one(name: str) -> None:
    assert misread(name) == ""
    assert codes(read(csv(name, "utf-8"))[0]) == []


def test_letters_that_became_question_marks_are_told_in_every_form() -> None:
    assert codes(read(csv("?????", "utf-8"))[0]) == ["W510"]
    assert found(examined(lines=detail(FIRST, put(SECOND, surname="B?N")))) == [("W510", "S", 2, "surname")]


def test_a_damaged_name_in_the_pair_is_told_too() -> None:
    content = detail(put(FIRST, surname="BÃ‰NALI".ljust(25)), SECOND)
    assert found(examined(HEADER, content)) == [("W213", "S", 1, "surname"), ("W509", "S", 1, "surname")]


def test_a_file_is_surveyed_only_when_its_bytes_ask_for_it() -> None:
    reading = Reading(files=(sent("a", b"abc"),))
    assert reading.text("é".encode()) == "é"
    assert not reading.surveys
    assert reading.text(b"\xc9") == "É"
    assert set(reading.surveys) == {"a"}


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"Nom": "ﻋﻠﻲ"}, "W507", "surname"),
        ({"Nom": "\u200fعلي"}, "W504", "surname"),
        ({"Nom": "BÃ‰NALI"}, "W509", "surname"),
        ({"Nom": "????"}, "W510", "surname"),
        ({"NSS": "٩٠٠٠٠٠٠٠٠٠٠٢"}, "W503", "nss"),
    ],
)
def test_a_workbook_is_always_in_unicode_and_its_names_are_looked_at_all_the_same(
    cells: dict[str, str], code: str, column: str
) -> None:
    result = checked(book({}, {"NSS": OTHER, **cells}))
    assert result.accepted
    assert result.to_confirm is None
    assert told(result) == [(code, 3, column)]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"Nom": "ﻋﻠﻲ"}, "W507", "surname"),
        ({"Nom": "\u200fعلي"}, "W504", "surname"),
        ({"Nom": "BÃ‰NALI"}, "W509", "surname"),
        ({"NSS": "٩٠٠٠٠٠٠٠٠٠٠٢"}, "W503", "nss"),
    ],
)
def test_the_nominal_dac_looks_at_names_and_digits_alike(cells: dict[str, str], code: str, column: str) -> None:
    assert (code, 2, column) in places(examined_dac(workers(cells)))


def test_names_of_a_nominal_dac_rest_on_a_guess_until_a_person_names_the_code_page() -> None:
    content = workers({"Nom": "بن علي"}, {"Employeur": "1699999902"}).encode("cp1256")
    declared = examined_dac(content).declarations
    assert [each.code_page for each in declared] == ["windows-1256"] * 2
    assert [each.to_confirm and each.to_confirm.names[0]["windows-1252"] for each in declared] == ["Èä Úáí"] * 2
    files = [dac_sent(content)]
    for page in ("windows-1252", "windows-1256"):
        lines = Collected()
        deposit = examine_dac(files, today=DAC_TODAY, sink=lines, code_page=page)
        assert [(each.code_page, each.to_confirm) for each in deposit.declarations] == [(page, None)] * 2
        (row,) = lines.of("1699999901", "2026-03").rows  # type: ignore[union-attr]
        assert row["surname"].decode() == ("بن علي" if page == "windows-1256" else "Èä Úáí")


def test_an_aggregate_dac_has_no_names_to_confirm_and_a_guess_only_warns() -> None:
    place = {"Lieu": "الجزائر"}
    (declared,) = examined_dac(aggregate(place, place | FUND).encode("cp1256")).declarations
    assert (declared.accepted, declared.to_confirm, declared.code_page) == (True, None, "")
    assert declared.findings.counts["W502"] == 1
    assert declared.dac
    assert declared.dac.place == "الجزائر"


def test_an_aggregate_is_guessed_together_with_its_workers() -> None:
    summed = aggregate({"Lieu": "Sétif", "Effectif": "1", "Assiette (DA)": "50000,00", "Entrées": "0"})
    named = workers({"Nom": "بن علي"})
    (declared,) = examined_dac(summed.encode("cp1256"), named.encode("cp1256")).declarations
    assert declared.dac
    assert (declared.dac.place, declared.code_page, declared.accepted) == ("Sétif", "windows-1256", True)
    assert declared.to_confirm


def test_french_names_of_a_dac_that_both_code_pages_read_alike_need_nobody() -> None:
    (declared,) = examined_dac(workers({"Nom": "Lhéritière"}).encode("cp1252")).declarations
    assert (declared.to_confirm, declared.code_page) == (None, "")
