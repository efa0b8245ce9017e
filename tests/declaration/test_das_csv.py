"""DAS as CSV: what is read, in whatever order, language, delimiter and encoding it was written."""

from __future__ import annotations

import io
import tracemalloc
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import tasrih.declaration
from tasrih import messages
from tasrih.declaration.csv import text as csv_text
from tasrih.declaration.csv.headings import NAMES, OPTIONAL, REQUIRED, heading, known
from tasrih.declaration.das.csv import CsvDas, read_das_csv
from tasrih.declaration.layout import WIDE
from tasrih.declaration.sent import SentFile
from tasrih.vocabulary.finding import Findings

from tests.declaration.filled_templates import filled

ROW: dict[str, str] = {
    "Employeur": "1699999901", "Année": "2019", "Type": "N", "Centre payeur": "16000", "NSS": "800000000001",
    "Nom": "NOMUN", "Prénom": "PRENOMUN", "Date de naissance": "01/01/1990",
    "Durée T1": "90", "Unité T1": "J", "Assiette T1 (DA)": "90000,00",
    "Durée T2": "90", "Unité T2": "J", "Assiette T2 (DA)": "90000,00",
    "Durée T3": "90", "Unité T3": "J", "Assiette T3 (DA)": "90000,00",
    "Durée T4": "90", "Unité T4": "J", "Assiette T4 (DA)": "90000,00",
    "Assiette annuelle (DA)": "360000,00", "Date d'entrée": "01/03/2015", "Date de sortie": "", "Fonction": "AGENT",
}  # fmt: skip
AS_READ = {
    "employer": "1699999901", "year": "2019", "number": "1", "nss": "800000000001", "surname": "NOMUN",
    "first_name": "PRENOMUN", "birth": "01011990",
    **{f"duration_q{q}": "90" for q in (1, 2, 3, 4)}, **{f"unit_q{q}": "J" for q in (1, 2, 3, 4)},
    **{f"base_q{q}": "9000000" for q in (1, 2, 3, 4)}, "base_year": "36000000",
    "entry": "01032015", "exit": "", "function": "AGENT", "end": "",
}  # fmt: skip


def sent(content: bytes, name: str = "das.csv") -> SentFile:
    return SentFile(name, len(content), lambda: io.BytesIO(content))


def table(*rows: dict[str, str], sign: str = ";", end: str = "\r\n") -> str:
    return end.join([sign.join(ROW), *(sign.join({**ROW, **row}.values()) for row in rows)])


Read = tuple[CsvDas, list[dict[str, str]], Findings, list[int]]


def read(content: bytes | str) -> Read:
    """What the file says of itself, its rows as texts by column, findings, and the line of each row."""
    findings = Findings()
    das = read_das_csv(sent(content.encode() if isinstance(content, str) else content), findings)
    rows, lines = [], []
    for block in das.blocks():
        lines += block.numbers.tolist()
        for row in block.matrix:
            rows.append({c: row[s : s + w].tobytes().decode().rstrip(" ") for c, (s, w) in WIDE.columns.items()})
    return das, rows, findings, lines


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings]


def test_a_row_is_read_into_the_layout() -> None:
    das, rows, findings, lines = read(table({}))
    assert (das.employer, das.year, das.type, das.centre) == ("1699999901", "2019", "N", "16000")
    assert (das.lead, das.delimiter, das.encoding, das.unknown) == (1, ";", "utf-8", ())
    assert rows == [AS_READ]
    assert lines == [2]
    assert codes(findings) == []


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiter_and_line_end_are_found(sign: str, end: str) -> None:
    quoted = {name: value.replace(",", ".") for name, value in ROW.items()}
    _, rows, findings, _ = read(table(quoted, quoted, sign=sign, end=end) + end)
    assert [row["base_q1"] for row in rows] == ["9000000"] * 2
    assert codes(findings) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii"])
def test_encodings_that_tell_themselves_are_read_without_a_word(encoding: str) -> None:
    text = table({}) if encoding != "ascii" else table({}).translate(str.maketrans("éÉ", "eE"))
    _, rows, findings, _ = read(text.encode(encoding))
    assert rows == [AS_READ]
    assert codes(findings) == []


def test_windows_1252_is_guessed_and_the_names_are_to_be_checked() -> None:
    das, rows, findings, _ = read(table({"Prénom": "HÉLÈNE"}).encode("cp1252"))
    assert rows[0]["first_name"] == "HÉLÈNE"
    assert das.encoding == "cp1252"
    assert codes(findings) == ["W502"]


def test_arabic_names_are_kept() -> None:
    _, rows, findings, _ = read(table({"Nom": "اسم مستعار", "Prénom": "تجريبي"}))
    assert (rows[0]["surname"], rows[0]["first_name"]) == ("اسم مستعار", "تجريبي")
    assert codes(findings) == []


def test_headings_may_stand_in_any_order() -> None:
    for order in list(permutations(list(ROW)[4:8]))[::5]:
        names = [*order, *(name for name in ROW if name not in order)]
        _, rows, _, _ = read("\n".join([";".join(names), ";".join(ROW[name] for name in names)]))
        assert rows == [AS_READ]


@pytest.mark.parametrize(
    ("text", "column", "scale"),
    [
        ("base_t1_da", "base_q1", 100),
        ("BASE T1 (centimes)", "base_q1", 1),
        ("Assiette cotisable 2e trimestre en DA", "base_q2", 100),
        ("Contribution base Q3 (DZD)", "base_q3", 100),
        ("وعاء الاشتراك الثلاثي الرابع (دج)", "base_q4", 100),
        ("وعاء الاشتراك الثلاثي ٤ (دج)", "base_q4", 100),
        ("Annual base (centimes)", "base_year", 1),
        ("N° S.S.", "nss", 0),
        ("Né le", "birth", 0),
        ("تاريخ الميلاد", "birth", 0),
        ("المدة الثلاثي 1", "duration_q1", 0),
        ("Commission", "", 0),
    ],
)
def test_headings_are_known_whatever_their_case_accents_and_spaces(text: str, column: str, scale: int) -> None:
    for form in (text, text.upper(), f"  {text} "):
        found = heading(form)
        assert (found.column, found.scale) == (column, scale)


def test_no_heading_names_two_columns() -> None:
    for column, names in NAMES.items():
        assert {heading(name).column for name in names} == {column}
    assert {column for column, _ in known().values()} == {*REQUIRED, *OPTIONAL}


def test_centimes_and_dinars_may_stand_side_by_side() -> None:
    text = table({"Assiette T1 (DA)": "9000000"}).replace("Assiette T1 (DA)", "Assiette T1 (centimes)")
    assert read(text)[1] == [AS_READ]


@pytest.mark.parametrize(
    ("written", "centimes"),
    [
        ("90000", "9000000"),
        ("90000,5", "9000050"),
        ("90000.05", "9000005"),
        ("90 000,00", "9000000"),
        ("90\u00a0000,00", "9000000"),
        ("90\u202f000", "9000000"),
        ("  90000,00 ", "9000000"),
        ("0", "000"),
        ("0,00", "000"),
        ("0000000000012,30", "1230"),
        ("99999999,99", "9999999999"),
        ("", ""),
    ],
)
def test_amounts_in_dinars_become_centimes(written: str, centimes: str) -> None:
    _, rows, findings, _ = read(table({"Assiette T1 (DA)": written}))
    assert rows[0]["base_q1"] == centimes
    assert codes(findings) == []


@pytest.mark.parametrize(
    "written",
    [
        "01/03/2015",
        "1/3/2015",
        "01-03-2015",
        "01.03.2015",
        "01032015",
        "2015-03-01",
        "2015/03/01",
        "2015-03-01 00:00:00",
        "'01/03/2015",
        " 01/03/2015 ",
    ],
)
def test_dates_may_be_written_in_every_usual_way(written: str) -> None:
    _, rows, findings, _ = read(table({"Date d'entrée": written}))
    assert rows[0]["entry"] == "01032015"
    assert codes(findings) == []


@pytest.mark.parametrize(
    ("written", "letter"), [("j", "J"), ("Jours", "J"), ("heures", "H"), ("mois", "M"), ("ساعة", "H"), ("X", "X")]
)
def test_units_may_be_words(written: str, letter: str) -> None:
    assert read(table({"Unité T1": written}))[1][0]["unit_q1"] == letter


@pytest.mark.parametrize(
    "written", ["800000000001", "'800000000001", '="800000000001"', "80 0000 0000 01", "800000000001.0"]
)
def test_insured_numbers_may_be_guarded_as_text(written: str) -> None:
    _, rows, findings, _ = read(table({"NSS": written}))
    assert rows[0]["nss"] == "800000000001"
    assert codes(findings) == []


def test_arabic_digits_are_mapped_once_with_one_warning_a_column() -> None:
    row = {"NSS": "٨٠٠٠٠٠٠٠٠٠٠١", "Assiette T1 (DA)": "٩٠٠٠٠٫٠٠", "Date de naissance": "٠١/٠١/١٩٩٠"}
    _, rows, findings, _ = read(table(row, row))
    assert (rows[0]["nss"], rows[0]["base_q1"], rows[0]["birth"]) == ("800000000001", "9000000", "01011990")
    assert [(f.code, f.line, f.column) for f in findings] == [("W503", 2, c) for c in ("base_q1", "birth", "nss")]
    assert findings.counts["W503"] == 6


def test_direction_marks_are_taken_out_of_numbers_and_names() -> None:
    _, rows, findings, _ = read(table({"NSS": "\u200f800000000001\u200e", "Nom": "NOM\u202eUN"}))
    assert (rows[0]["nss"], rows[0]["surname"]) == ("800000000001", "NOMUN")
    assert codes(findings) == ["W504", "W504"]


def test_what_the_first_row_says_of_the_file_need_not_be_repeated() -> None:
    blank = dict.fromkeys(["Employeur", "Année", "Type", "Centre payeur"], "")
    das, rows, findings, _ = read(table({}, blank, {"Type": "normale"}))
    assert [(row["employer"], row["year"]) for row in rows] == [("1699999901", "2019")] * 3
    assert das.type == "N"
    assert codes(findings) == []


def test_another_employer_or_year_below_is_left_for_the_rules() -> None:
    _, rows, findings, _ = read(table({}, {"Employeur": "1600000002", "Année": "2018"}))
    assert (rows[1]["employer"], rows[1]["year"]) == ("1600000002", "2018")
    assert codes(findings) == []


def test_quoted_cells_hold_delimiters_quotes_and_line_ends_and_lines_stay_the_files_own() -> None:
    text = table({"Nom": '"NOM;UN"'}, {"Prénom": '"PRE\r\nNOM ""UN"""'}, {}, {"Fonction": '"A;B"'})
    _, rows, findings, lines = read(text)
    assert [row["surname"] for row in rows] == ["NOM;UN", "NOMUN", "NOMUN", "NOMUN"]
    assert rows[1]["first_name"] == 'PRE NOM "UN"'
    assert rows[3]["function"] == "A;B"
    assert lines == [2, 3, 5, 6]
    assert [row["number"] for row in rows] == ["1", "2", "3", "4"]
    assert codes(findings) == []


def test_a_table_with_every_cell_quoted_is_read() -> None:
    text = "\n".join(";".join(f'"{cell}"' for cell in line.split(";")) for line in table({}, {}).split("\r\n"))
    _, rows, findings, _ = read(text)
    assert [row["nss"] for row in rows] == ["800000000001"] * 2
    assert codes(findings) == []


def test_a_heading_may_run_over_two_lines_in_quotes() -> None:
    das, rows, _, lines = read(table({}).replace("Assiette T1 (DA)", '"Assiette T1\n(DA)"'))
    assert das.lead == 2
    assert rows == [AS_READ]
    assert lines == [3]


def test_excels_own_first_line_is_passed_over() -> None:
    das, rows, _, lines = read("sep=;\r\n" + table({}))
    assert rows == [AS_READ]
    assert (das.lead, lines) == (2, [3])


def test_columns_of_the_filers_own_are_named_and_passed_over() -> None:
    text = "\n".join(f"{line};Service {number}" for number, line in enumerate(table({}).split("\r\n")))
    das, rows, findings, _ = read(text)
    assert das.unknown == ("Service 0",)
    assert rows == [AS_READ]
    assert [(f.code, f.line, f.value) for f in findings] == [("W501", 1, "Service 0")]


def test_empty_cells_at_the_end_are_tolerated() -> None:
    heading_line, row = table({}).split("\r\n")
    for text in (f"{heading_line};;\n{row};;", f"{heading_line}\n{row};;;"):
        _, rows, findings, _ = read(text)
        assert rows == [AS_READ]
        assert codes(findings) == []


def test_blank_rows_do_not_count_and_those_at_the_end_are_not_worth_a_word() -> None:
    heading_line, row = table({}).split("\r\n")
    _, rows, findings, lines = read(f"\n{heading_line}\n{row}\n\n;;;\n{row}\n\n;;;;;;\n\n")
    assert lines == [3, 6]
    assert [row["number"] for row in rows] == ["1", "2"]
    assert findings.counts == {"W505": 2}


def test_line_numbers_of_the_file_are_kept_when_it_has_them() -> None:
    text = "\n".join(f"{first};{line}" for first, line in zip(("N°", "7"), table({}).split("\r\n"), strict=True))
    assert read(text)[1][0]["number"] == "7"


def test_only_line_feeds_end_a_line() -> None:
    _, rows, _, lines = read(table({"Nom": "NOM\u2028UN", "Fonction": "A\u0085B"}, {}))
    assert len(rows) == 2
    assert lines == [2, 3]


@pytest.mark.parametrize("piece", [1, 7, 64, 300, 4096])
def test_the_size_of_the_pieces_read_changes_nothing(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = table(*({"Nom": f"NOM{n}", "Prénom": '"A\n""B"' if n % 3 else "É"} for n in range(40)), {"Nom": '"'}, {}, {})
    whole = read(text)
    monkeypatch.setattr(csv_text, "PIECE_BYTES", piece)
    parts = read(text)
    assert parts[1] == whole[1]
    assert parts[3] == whole[3]
    assert list(parts[2]) == list(whole[2])


def test_blocks_hold_at_most_8192_rows_and_memory_stays_flat() -> None:
    heading_line, row = table({}).split("\r\n")
    few, many = (f"{heading_line}\n" + f"{row}\n" * n for n in (20_000, 60_000))
    assert max(len(block) for block in read_das_csv(sent(few.encode()), Findings()).blocks()) <= 8192
    peaks = []
    for text in (few, many):
        content = sent(text.encode())
        tracemalloc.start()
        try:
            assert sum(len(block) for block in read_das_csv(content, Findings()).blocks()) == text.count("\n") - 1
            peaks.append(tracemalloc.get_traced_memory()[1] - 0)
        finally:
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
    assert peaks[1] < 48 * 2**20


def test_every_code_of_the_readers_has_its_sentences_in_three_languages() -> None:
    folder = Path(tasrih.declaration.__file__).parent
    names = ["archive.py", "intake.py", "das/csv.py", *(f"csv/{path.name}" for path in folder.glob("csv/*.py"))]
    sources = "".join((folder / name).read_text("utf-8") for name in names)
    used = {word for word in sources.split('"') if len(word) == 4 and word[0] in "EW" and word[1:].isdigit()}
    assert len(used) > 50
    for code in used:
        assert set(messages.table("findings")[code]) == set(messages.LANGUAGES), code


def test_the_template_is_accepted_with_ones_own_people() -> None:
    _, rows, findings, _ = read(filled("das.csv"))
    assert len(rows) >= 2
    assert codes(findings) == []
    for row in rows:
        assert sum(int(row[f"base_q{q}"] or 0) for q in (1, 2, 3, 4)) == int(row["base_year"])


def test_numbers_of_a_block_are_integers_of_the_layouts_kind() -> None:
    block = next(iter(read_das_csv(sent(table({}).encode()), Findings()).blocks()))
    assert block.numbers.dtype == np.int64
    assert block.matrix.dtype == np.uint8
    assert block.matrix.shape == (1, WIDE.width)
