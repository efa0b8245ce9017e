"""UTF-16 without its mark is told by its zeros, and by nothing less."""

from __future__ import annotations

import pytest
from tasrih.declaration.stream import facts_of
from tasrih.declaration.utf16 import HEAD_BYTES, utf16_codec

from tests.declaration.dacs import examined, sent, workers
from tests.declaration.pairs import SECOND
from tests.declaration.test_das_csv import codes, read, table

BOTH = ("utf-16-le", "utf-16-be")
ARABIC = {"Nom": "اسم مستعار", "Prénom": "تجريبي"}


@pytest.mark.parametrize("codec", BOTH)
def test_a_das_without_its_mark_is_read_with_arabic_names(codec: str) -> None:
    content = table(ARABIC, *({"NSS": f"8000000{place:05d}"} for place in range(200))).encode(codec)
    assert len(content) > HEAD_BYTES
    _, rows, findings, _ = read(content)
    assert (len(rows), rows[0]["surname"], rows[0]["first_name"]) == (201, *ARABIC.values())
    assert codes(findings) == []
    assert facts_of(sent(content)).lines == 202


@pytest.mark.parametrize("codec", BOTH)
def test_a_nominal_dac_without_its_mark_is_read_with_arabic_names(codec: str) -> None:
    (declared,) = examined(workers(ARABIC).encode(codec)).declarations
    assert (declared.accepted, declared.to_confirm, declared.lines) == (True, None, 1)


@pytest.mark.parametrize("codec", BOTH)
@pytest.mark.parametrize(
    "text", ["a;b;c\r\n", "é;è;ç\n", "رقم المستخدم;السنة;12;34;56;78;90;12345678", "ab\r\r", SECOND[:60]]
)
def test_it_is_told_in_both_byte_orders(text: str, codec: str) -> None:
    assert utf16_codec(text.encode(codec)) == codec


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        bytes(100),
        b"a;b\0;c;d",
        "a;b;c\r\n".encode("utf-32-le"),
        "a;b;c\r\n".encode("utf-32"),
        "a;b\0c".encode("utf-16-le"),
        "漢字;漢字;漢字".encode("utf-16-le"),
        "اسم بلا أرقام".encode("utf-16-le"),
        "a;b;c".encode("utf-16-le") + b"\r\na;b;c",
        b"a\0b\0c" + bytes(range(40)),
    ],
)
def test_what_is_doubtful_is_not_taken_for_it(content: bytes) -> None:
    assert utf16_codec(content) == ""


def test_one_nul_in_a_plain_file_is_still_named_where_it_stands() -> None:
    _, _, findings, _ = read(table({"Nom": "NOM\0UN"}))
    assert [(each.code, each.line) for each in findings if each.code == "E510"] == [("E510", 2)]


def test_a_file_cut_within_a_letter_is_refused_there() -> None:
    content = table({}).rstrip().encode("utf-16-le")
    _, _, findings, _ = read(content + b"\xe9")
    assert findings.errors
