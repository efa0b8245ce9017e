"""Every input reaches a verdict: whatever the bytes, plain or in an archive, nothing raises, a refusal has a reason."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih import messages
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import Examined, SentFile
from tasrih.messages.findings import finding_sentence

from tests.declaration.test_das_csv import table

TODAY = date(2020, 1, 20)
CSV = table({}, {}, {}).encode()
DETAIL = b"169999990120191     800000000001NOMUN                    PRENOMUN                 01011990"
HEADER = b"1699999901N201916000EXEMPLE SARL"


def sent(content: bytes, name: str) -> SentFile:
    return SentFile(name, len(content), lambda: io.BytesIO(content))


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def judged(*files: SentFile) -> Examined:
    """Examined, and every finding told in every language."""
    examined = examine(files, today=TODAY)
    assert examined.accepted == (examined.findings.errors == 0)
    for finding in list(examined.findings)[:50]:
        for language in messages.LANGUAGES:
            assert finding_sentence(finding, language)
    return examined


def test_a_csv_is_accepted_plain_and_in_an_archive() -> None:
    for file in (sent(CSV, "das.csv"), sent(zipped({"das.csv": CSV}), "das.zip"), sent(CSV, "sans-nom")):
        examined = judged(file)
        assert examined.accepted
        assert (examined.kind, examined.type, examined.employer, examined.lines) == ("DAS", "N", "1699999901", 3)
        assert examined.totals.year == 3 * 36_000_000


def test_a_damaged_csv_is_refused_with_the_row_it_is_damaged_in() -> None:
    examined = judged(sent(table({}, {"NSS": "#N/A"}, {}).encode(), "das.csv"))
    assert [(f.code, f.file, f.line, f.column) for f in examined.findings if f.severity == "error"] == [
        ("E523", "das.csv", 3, "nss")
    ]


@pytest.mark.parametrize("content", [b"", b" \n", b"%PDF-1.4", b"PK\x03\x04", b"\0" * 5000, b"bonjour\n"])
def test_what_is_no_declaration_gets_one_refusal(content: bytes) -> None:
    assert len(judged(sent(content, "envoi.bin")).findings) == 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_mutation_of_a_good_file_reaches_a_verdict(data: st.DataObject) -> None:
    name, content = data.draw(st.sampled_from([("das.csv", CSV), ("a", HEADER.ljust(216)), ("a", DETAIL.ljust(195))]))
    mutated = bytearray(content)
    for _ in range(data.draw(st.integers(0, 6))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(mutated[: data.draw(st.integers(0, len(mutated)))])
    judged(sent(cut, name))
    judged(sent(zipped({name: cut, "other": data.draw(st.binary(max_size=50))}), "das.zip"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=500), st.sampled_from(["a.csv", "a.zip", "D19E1699999901.txt", "D19S1699999901.txt", ""]))
def test_any_bytes_under_any_name_reach_a_verdict(content: bytes, name: str) -> None:
    examined = judged(sent(content, name))
    assert examined.findings.errors
