"""What the fixed pair may look like and still be read."""

from __future__ import annotations

import hashlib
import io
import zipfile

import numpy as np
import pytest
from tasrih.declaration.examine import examine
from tasrih.declaration.layout import FIXED
from tasrih.declaration.sent import Lines

from tests.declaration.pairs import (
    DETAIL_NAME,
    FIRST,
    HEADER,
    HEADER_NAME,
    PLACES,
    SECOND,
    TODAY,
    detail,
    examined,
    found,
    put,
    sent,
)


def test_the_example_has_the_lengths_of_the_layout() -> None:
    assert (len(HEADER), len(FIRST), len(SECOND)) == (216, 195, 195)
    assert {name: column.start for name, column in FIXED.columns.items()} == PLACES


def test_the_example_pair_is_accepted_as_it_is() -> None:
    result = examined()
    assert found(result) == []
    assert result.accepted
    assert (result.kind, result.type, result.employer, str(result.period), result.centre) == (
        "DAS", "N", "1699999901", "2019", "16000",
    )  # fmt: skip
    assert result.lines == 2
    assert result.totals.quarters == (14_400_000, 14_400_000, 14_400_000, 10_800_000)
    assert result.totals.year == 54_000_000


def test_hash_size_and_lines_of_both_files_are_told_in_the_order_sent() -> None:
    header, lines = HEADER + "\r\n", detail()
    result = examine([sent(DETAIL_NAME, lines), sent(HEADER_NAME, header)], today=TODAY)
    assert result.accepted
    assert [(file.name, file.size, file.sha256, file.lines) for file in result.files] == [
        (DETAIL_NAME, len(lines), hashlib.sha256(lines.encode()).hexdigest(), 2),
        (HEADER_NAME, len(header), hashlib.sha256(header.encode()).hexdigest(), 1),
    ]


def right7(line: str) -> str:
    """Amounts right-aligned in the first seven of their ten columns, as one real file has them."""
    for column in ("base_q1", "base_q2", "base_q3", "base_q4"):
        amount = line[PLACES[column] : PLACES[column] + 10].strip()
        line = put(line, **{column: amount[:-1].rjust(7).ljust(10)})
    year = line[PLACES["base_year"] : PLACES["base_year"] + 12].strip()
    return put(line, base_year=year[:-1].rjust(9).ljust(12))


LEFT_ZONE = HEADER[130:]
RIGHT_ZONE = "".join(text.rjust(16) for text in LEFT_ZONE.split()[:5]) + "2".rjust(6)
REAL_ZONE = "".join(text.rjust(15) + " " for text in LEFT_ZONE.split()[:4]) + "54000000".rjust(16) + "2".rjust(6)

TOLERATED = {
    "line feeds": (HEADER + "\n", detail(end="\n")),
    "carriage returns alone": (HEADER + "\r", detail(end="\r") + "\r"),
    "both line ends in one file": (HEADER, FIRST + "\n" + SECOND + "\r\n"),
    "no end of the header line": (HEADER, detail()),
    "an end of the last line": (HEADER, detail() + "\r\n"),
    "blank lines behind": (HEADER + "\r\n\r\n", detail() + "\r\n\r\n   \r\n"),
    "an end-of-file sign of old programs": (HEADER, detail() + "\r\n\x1a"),
    "trailing blanks": (HEADER + "     \r\n", detail(FIRST + "   ", SECOND + "     ")),
    "lines of 194 characters": (HEADER, detail(FIRST[:194], SECOND[:194])),
    "194 and 195 characters in one file": (HEADER, detail(FIRST[:194], SECOND)),
    "194 characters with line feeds": (HEADER, detail(FIRST[:194], SECOND[:194], end="\n") + "\n"),
    "another end flag": (HEADER, detail(put(FIRST, end="9"), put(SECOND, end="X"))),
    "header cut behind the count": (HEADER.rstrip(), detail()),
    "header with right-aligned sums": (HEADER[:130] + RIGHT_ZONE, detail()),
    "header as the real one, 221 characters": (HEADER[:130] + REAL_ZONE + "     \r\n", detail()),
    "UTF-8 with a byte-order mark": (("\ufeff" + HEADER).encode(), ("\ufeff" + detail()).encode()),
    "UTF-16": (HEADER.encode("utf-16"), detail().encode("utf-16")),
    "UTF-16, the other way round": (
        b"\xfe\xff" + HEADER.encode("utf-16-be"), b"\xfe\xff" + detail().encode("utf-16-be"),
    ),
    "a birth date of zeros": (HEADER, detail(put(FIRST, birth="00000000"), SECOND)),
    "a birth year alone": (HEADER, detail(put(FIRST, birth="00001980"), SECOND)),
    "a word for a presumed birth": (HEADER, detail(put(FIRST, birth="PRESUME "), SECOND)),
    "hours and months": (
        HEADER,
        detail(put(FIRST, duration_q1="520", unit_q1="H", duration_q2="3  ", unit_q2="M"), SECOND),
    ),
    "leading zeros": (HEADER, detail(put(FIRST, number="000001", base_q1="0009000000"), SECOND)),
    "an empty quarter left blank": (
        HEADER.replace("10800000", "9000000 ").replace("54000000", "52200000"),
        detail(FIRST, put(SECOND, duration_q4="   ", unit_q4=" ", base_q4=" " * 10, base_year="16200000")),
    ),
    "an accent in the header": (HEADER.replace("EXEMPLE", "ÉXEMPLE").encode("cp1252"), detail()),
}  # fmt: skip


@pytest.mark.parametrize(("header", "lines"), TOLERATED.values(), ids=TOLERATED.keys())
def test_a_tolerated_deviation_is_read_without_a_word(header: bytes | str, lines: bytes | str) -> None:
    result = examined(header, lines)
    assert found(result) == []
    assert result.lines == 2
    assert result.totals == examined(header, lines).totals


@pytest.mark.parametrize("drift", [-1, 1, 2])
def test_amounts_of_the_header_that_drifted_are_read_with_a_warning(drift: int) -> None:
    zone = (" " * drift + LEFT_ZONE) if drift > 0 else LEFT_ZONE
    moved = HEADER[: 130 + min(drift, 0)] + zone
    filled = moved[:130] + " ".join(moved[130:].split()) if drift == 2 else moved
    result = examined(filled, detail())
    assert result.accepted
    assert set(found(result)) <= {("W101", "E", 1, "base_q1")}
    assert result.totals.year == 54_000_000


def test_full_columns_that_drifted_and_touch_each_other_are_read_by_the_cut_that_adds_up() -> None:
    zone = "".join(amount.rjust(16) for amount in LEFT_ZONE.split()[:5]) + "000002"
    result = examined(HEADER[:130] + " " + zone, detail())
    assert found(result) == [("W101", "E", 1, "base_q1")]


def test_amounts_in_the_first_seven_columns_are_read_and_told_once() -> None:
    header = HEADER[:130] + "".join(text[:-1].ljust(16) for text in LEFT_ZONE.split()[:5]) + "2     "
    result = examined(header, detail(right7(FIRST), right7(SECOND)))
    assert result.totals.year == 5_400_000
    codes = {code for code, *_ in found(result)}
    assert codes <= {"W305", "W304"}
    assert [each.line for each in result.findings if each.code == "W305"] == [1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_accented_name_is_read_by_characters_and_warned_of(encoding: str) -> None:
    lines: list[Lines] = []
    content = detail(put(FIRST, surname="NOMÉÇ"), SECOND).encode(encoding)
    result = examined(HEADER, content, sink=lines.append)
    assert found(result) == [("W213", "S", 1, "surname")]
    assert [each.value for each in result.findings] == ["NOMÉÇ"]
    rows = np.concatenate([each.rows for each in lines])
    assert rows["surname"].tolist() == ["NOMÉÇ".encode(), b"NOMDEUX"]
    assert rows["base_year"].tolist() == [36_000_000, 18_000_000]


def test_two_encodings_in_one_file_are_refused_at_the_line() -> None:
    content = put(FIRST, surname="NOMÉ ").encode("cp1252") + b"\r\n" + put(SECOND, surname="NOMÈ   ").encode("utf-8")
    result = examined(HEADER, content)
    assert found(result) == [("E511", "S", 1, ""), ("W213", "S", 1, "surname"), ("W213", "S", 2, "surname")]


def test_the_sink_gets_trimmed_lines() -> None:
    lines: list[Lines] = []
    examined(sink=lines.append)
    (block,) = lines
    row = block.rows[1]
    assert block.rows.dtype["surname"].itemsize == 25
    assert (row["number"], row["nss"], row["surname"], row["first_name"], row["birth"]) == (
        2, b"900000000002", b"NOMDEUX", b"PRENOMDEUX", b"15061990",
    )  # fmt: skip
    assert (row["duration_q4"], row["unit_q4"], row["base_q4"], row["base_year"]) == (30, b"J", 1_800_000, 18_000_000)
    assert (row["entry"], row["exit"], row["function"]) == (b"01012018", b"31102019", b"CHAUFFEUR")
    assert block.rows[0]["exit"] == b""


def test_an_archive_of_the_pair_is_the_pair() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("DAS 2019/" + HEADER_NAME.lower(), HEADER)
        archive.writestr("DAS 2019/" + DETAIL_NAME.lower(), detail())
    result = examine([sent("das.zip", held.getvalue())], today=TODAY)
    assert found(result) == []
    assert result.totals.year == 54_000_000
    (archive_facts,) = result.files
    assert (archive_facts.name, archive_facts.lines) == ("das.zip", 3)
    assert archive_facts.sha256 == hashlib.sha256(held.getvalue()).hexdigest()
    assert sorted(facts.lines for facts in result.members) == [1, 2]


def test_the_verdict_does_not_depend_on_where_the_blocks_end() -> None:
    """20,000 lines are three blocks; the last line is as good as the first."""
    lines = [put(FIRST, number=str(at).ljust(6), nss=f"{800_000_000_000 + at}") for at in range(1, 20_001)]
    sums = [str(9_000_000 * 20_000).ljust(16)] * 4 + [str(36_000_000 * 20_000).ljust(16), "20000 "]
    result = examined(HEADER[:130] + "".join(sums), detail(*lines))
    assert found(result) == []
    lines[-1] = put(lines[-1], unit_q4="Z")
    assert found(examined(HEADER[:130] + "".join(sums), detail(*lines))) == [("E305", "S", 20_000, "unit_q4")]
