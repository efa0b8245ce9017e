"""Damaged workbooks: what Excel destroyed, and what was never a workbook. Each has its code and its place."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.declaration import intake, workbooks
from tasrih.messages.findings import finding_sentence

from tests.declaration.made_workbooks import (
    COLUMNS,
    DATE,
    GOOD,
    Stored,
    book,
    cell,
    checked,
    packed,
    parts,
    row,
    rows,
    sheet,
    told,
)
from tests.declaration.pairs import sent

Place = tuple[str, int, str]
SHEET = "xl/worksheets/sheet1.xml"


def second(**changes: Stored) -> bytes:
    """Three workers, the second with other cells: it stands on row 3."""
    named = {"base": "Assiette T1 (DA)", "birth": "Date de naissance", "duration": "Durée T1"}
    return book({}, {named.get(name, name): stored for name, stored in changes.items()}, {})


def with_sheet(data: str = "", before: str = "", after: str = "") -> bytes:
    return packed(parts(sheet(data or rows({}, {}, {}), before, after)))


def with_part(name: str, content: str | bytes) -> bytes:
    return packed({**parts(sheet(rows({}))), name: content})


def without_part(name: str) -> bytes:
    return packed({key: content for key, content in parts(sheet(rows({}))).items() if key != name})


def with_texts(content: str | None) -> bytes:
    made = parts(sheet(rows({})))
    relation = '<Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    links = str(made["xl/_rels/workbook.xml.rels"]).replace("</Relationships>", relation)
    texts = {} if content is None else {"xl/sharedStrings.xml": content}
    return packed({**made, "xl/_rels/workbook.xml.rels": links, **texts})


def changed(name: str, old: str, new: str) -> bytes:
    made = parts(sheet(rows({}, {}, {})))
    assert old in str(made[name])
    return packed({**made, name: str(made[name]).replace(old, new, 1)})


def hidden_row(content: str) -> str:
    return content.replace('<row r="3"', '<row r="3" hidden="1"')


MERGED = '<mergeCells count="1"><mergeCell ref="{}"/></mergeCells>'
BIRTH, BASE = COLUMNS["Date de naissance"], COLUMNS["Assiette T1 (DA)"]
TITLE = '<row r="1"><c r="A1"><v>1</v></c></row>'

DESTROYED: dict[str, tuple[bytes, Place]] = {
    "an employer number as a number, its zero lost": (book({"Employeur": 169999990}), ("E520", 2, "employer")),
    "an insured number as a number, its zero lost": (second(NSS=80000000002), ("E521", 3, "nss")),
    "a centre as a number, its zero lost": (book({"Centre payeur": 1600}), ("E522", 2, "centre")),
    "a number shown as 1,6E+09 and saved as text": (book({"Employeur": "1,7E+09"}), ("E532", 2, "employer")),
    "a number of more than fifteen digits": (second(NSS=8000000000021234567), ("E720", 3, "nss")),
    "the same with an exponent": (second(NSS="<><v>8.00000000002123E+18</v>"), ("E720", 3, "nss")),
    "a duration that became a date": (second(duration=(DATE, 43831)), ("E721", 3, "duration_q1")),
    "a year that became a date": (book({"Année": (DATE, 43466)}), ("E721", 2, "year")),
    "an amount that became a date": (second(base=(DATE, 36000)), ("E721", 3, "base_q1")),
    "a date that became a number": (second(birth=32874), ("E528", 3, "birth")),
    "a date typed as a number, its zero lost": (second(birth=1011990), ("E529", 3, "birth")),
    "29 February 1900": (second(birth=(DATE, 60)), ("E726", 3, "birth")),
    "a date before all dates": (second(birth=(DATE, -5)), ("E726", 3, "birth")),
    "a date after all dates": (second(birth=(DATE, 1e7)), ("E726", 3, "birth")),
    "a formula without its result": (second(base="<><f>J2*30</f>"), ("E722", 3, "base_q1")),
    "a formula with an empty result": (second(base="<><f>J2*30</f><v></v>"), ("E722", 3, "base_q1")),
    "a formula as text": (second(base="=J2*30"), ("E524", 3, "base_q1")),
    "an error cell": (second(base='< t="e"><f>1/0</f><v>#DIV/0!</v>'), ("E523", 3, "base_q1")),
    "#N/A, which some readers drop": (second(NSS='< t="e"><v>#N/A</v>'), ("E523", 3, "nss")),
    "a name that is #REF!": (second(Nom='< t="e"><v>#REF!</v>'), ("E523", 3, "surname")),
    "a truth value": (second(duration='< t="b"><v>1</v>'), ("E723", 3, "duration_q1")),
    "an amount with hidden decimals": (second(base=90000.004999), ("E728", 3, "base_q1")),
    "an amount below zero": (second(base=-90000), ("E535", 3, "base_q1")),
    "an amount as text with two signs": (second(base="90.000,00"), ("E537", 3, "base_q1")),
    "a worker's cells merged with the next one's": (
        with_sheet(after=MERGED.format(f"{BASE}3:{BASE}4")), ("E724", 3, "base_q1"),
    ),
    "two columns of a worker merged": (with_sheet(after=MERGED.format("F3:G3")), ("E724", 3, "surname")),
    "a stray cell beside the table": (
        with_sheet(rows({}, {}).removesuffix("</row>") + cell("AB3", 7) + "</row>"), ("E725", 3, ""),
    ),
    "a shared text that is not there": (second(Nom='< t="s"><v>7</v>'), ("E718", 3, "")),
    "a shared text of negative number": (second(Nom='< t="s"><v>-1</v>'), ("E718", 3, "")),
    "a number that is none": (second(base="<><v>NaN</v>"), ("E718", 3, "")),
    "a number with Arabic digits": (second(base="<><v>٣٦</v>"), ("E718", 3, "")),
    "a required column missing": (with_sheet(rows({}).replace(">NSS<", ">Autre<")), ("E502", 1, "nss")),
    "a heading and nobody below": (with_sheet(row(1, list(GOOD))), ("E514", 1, "")),
}  # fmt: skip

SUSPICIOUS: dict[str, tuple[bytes, Place]] = {
    "a hidden row": (with_sheet(hidden_row(rows({}, {}))), ("W701", 3, "")),
    "a hidden column": (
        with_sheet(before='<cols><col min="8" max="8" width="9" hidden="1"/></cols>'), ("W702", 1, "birth"),
    ),
    "a hidden sheet": (packed(parts(sheet(rows({})), sheet(TITLE), states=("", "hidden"))), ("W703", 0, "")),
    "another sheet": (packed(parts(sheet(TITLE), sheet(rows({})))), ("W704", 0, "")),
    "a title above": (with_sheet(TITLE + rows({}, first=2)), ("W705", 1, "")),
    "dates from 1904": (
        packed(parts(sheet(rows({})), settings='<workbookPr date1904="true"/>')), ("W706", 0, ""),
    ),
    "values from another workbook": (with_part("xl/externalLinks/externalLink1.xml", "<x/>"), ("W707", 0, "")),
    "a blank row between": (with_sheet(rows({}) + row(5, list({**GOOD, "NSS": "900000000009"}.values()))),
                            ("W505", 3, "")),
}  # fmt: skip

ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
NOT_READ: dict[str, tuple[bytes, str]] = {
    "no sheet at all": (packed(parts()), "E713"),
    "a sheet without a cell": (with_part(SHEET, sheet("")), "E713"),
    "a sheet of empty cells": (with_sheet('<row r="1"><c r="A1" s="1"/></row>'), "E713"),
    "a sheet without rows": (changed(SHEET, rows({}, {}, {}), ""), "E713"),
    "a drawing only": (with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), "E024"),
    "two sheets with a table": (packed(parts(sheet(rows({})), sheet(rows({})))), "E714"),
    "the table on a hidden sheet": (packed(parts(sheet(TITLE), sheet(rows({})), states=("", "veryHidden"))), "E715"),
    "too many sheets": (packed(parts(*[sheet("")] * 101)), "E712"),
    "macros": (with_part("xl/vbaProject.bin", b"\xd0\xcf"), "E704"),
    "a binary workbook": (with_part("xl/workbook.bin", b"\x83\x01"), "E703"),
    "a workbook within": (with_part("xl/embeddings/oleObject1.bin", book({})), "E727"),
    "an archive within": (with_part("xl/media/image1.zip", b"PK\x03\x04"), "E727"),
    "shared texts that are missing": (with_texts(None), "E706"),
    "a bomb of entities in the shared texts": (with_texts(ENTITIES + "<sst><si><t>&b;</t></si></sst>"), "E707"),
    "shared texts that do not end": (with_texts("<sst><si><t>"), "E708"),
    "a shared text without end": (with_texts("<sst><si><t>" + "A" * 6_000_000 + "</t></si></sst>"), "E710"),
    "entities in a sheet": (with_part(SHEET, ENTITIES + sheet(rows({}))), "E707"),
    "entities from outside": (with_part("xl/workbook.xml", OUTSIDE + "<workbook>&a;</workbook>"), "E707"),
    "entities in the styles": (with_part("xl/styles.xml", ENTITIES + "<styleSheet/>"), "E707"),
    "XML nested without end": (with_part("xl/styles.xml", "<a>" * 100_000), "E719"),
    "XML that is not closed": (changed("xl/workbook.xml", "</workbook>", ""), "E708"),
    "a sheet cut short": (changed(SHEET, "</sheetData></worksheet>", ""), "E708"),
    "an undefined entity in a row": (changed(SHEET, "PRENOMUN", "&x;"), "E708"),
    "an unknown kind of cell": (changed(SHEET, 't="inlineStr"', 't="x"'), "E708"),
    "text that is no UTF-8": (with_part("xl/styles.xml", b"<styleSheet>\xff</styleSheet>"), "E709"),
    "a code page of its own": (
        with_part("xl/styles.xml", b'<?xml version="1.0" encoding="windows-1256"?><styleSheet/>'), "E709",
    ),
    "a sheet outside the file": (
        changed("xl/_rels/workbook.xml.rels", 'Target="worksheets', 'TargetMode="External" Target="http://x'), "E711",
    ),
    "a sheet that is missing": (without_part(SHEET), "E706"),
    "no workbook part": (without_part("xl/workbook.xml"), "E706"),
    "no relations": (without_part("_rels/.rels"), "E706"),
    "a column beyond XFD": (with_sheet('<row r="1"><c r="XFE1"><v>1</v></c></row>'), "E716"),
    "a row beyond the last": (with_sheet('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), "E716"),
    "a row that stands twice": (with_sheet(rows({}) + row(2, list(GOOD.values()))), "E717"),
    "rows out of order": (with_sheet(rows({}, first=5) + row(3, list(GOOD.values()))), "E717"),
    "a cell that stands twice": (with_sheet(rows({}) + '<row r="9"><c r="A9"><v>1</v></c><c r="A9"/></row>'), "E717"),
    "a cell in another row": (with_sheet(rows({}) + '<row r="9"><c r="A8"><v>1</v></c></row>'), "E717"),
    "a row without end": (with_sheet(rows({}) + '<row r="9">' + '<c r="A9"/>' * 500_000), "E734"),
    "a name outside the folder": (with_part("../../etc/cron.d/x", b"x"), "E006"),
    "an absolute name": (with_part("/etc/passwd", b"x"), "E006"),
    "a bomb": (with_part("xl/media/image1.bmp", bytes(40 * 1024 * 1024)), "E008"),
    "too many parts": (packed(parts(sheet(rows({}))) | {f"x{n}": b"" for n in range(2001)}), "E005"),
    "too many columns": (
        with_sheet(row(1, list(GOOD)).removesuffix("</row>") + '<c r="HZ1"><v>1</v></c></row>'), "E506",
    ),
    "a part beyond all measure": (
        with_part("xl/styles.xml", random.Random(7).randbytes(9 * 1024 * 1024).hex().encode()), "E710",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DESTROYED)
def test_what_excel_destroyed_is_named_at_its_place(case: str) -> None:
    content, place = DESTROYED[case]
    result = checked(content)
    assert place in told(result), told(result)
    assert not result.accepted
    assert all(finding_sentence(found, "ar") for found in result.findings)
    again = [found for found in told(result) if found[0][0] == "E" and found[1:] == place[1:]]
    assert again == [place]
    assert {found[1] for found in told(result) if found[0][0] == "E"} <= {place[1], 0}


@pytest.mark.parametrize("case", SUSPICIOUS)
def test_what_is_suspicious_is_told_and_read_all_the_same(case: str) -> None:
    content, place = SUSPICIOUS[case]
    result = checked(content)
    assert place in told(result), told(result)
    assert result.lines


@pytest.mark.parametrize("case", NOT_READ)
def test_a_workbook_that_cannot_be_read_is_refused_by_its_own_sentence(case: str) -> None:
    content, code = NOT_READ[case]
    began = time.perf_counter()
    result = checked(content)
    assert time.perf_counter() - began < 5
    assert {found.code for found in result.findings if found.code[0] == "E"} == {code}
    assert (result.accepted, result.kind, result.lines) == (False, "", 0)
    for language in ("ar", "fr", "en"):
        assert finding_sentence(next(iter(result.findings)), language)


def test_the_sheet_is_named_where_there_are_several() -> None:
    result = checked(packed(parts(sheet(TITLE), sheet(rows({"Durée T1": "dix"})))))
    assert {found.file for found in result.findings} == {"das.xlsx [Feuil2]"}
    assert result.files[0].name == "das.xlsx"


def test_merged_cells_of_the_employer_mean_what_they_seem_to() -> None:
    content = with_sheet(rows({}, {"Employeur": None}, {"Employeur": None}), after=MERGED.format("A2:A4"))
    assert told(checked(content)) == []


def test_two_cells_far_apart_cost_nothing() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    began = time.perf_counter()
    result = checked(with_sheet(rows({}) + far))
    assert ("E725", 1_048_576, "") in told(result)
    assert time.perf_counter() - began < 5


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (OLE + bytes(3000) + "EncryptedPackage".encode("utf-16-le"), "encrypted", "E701"),
        (OLE + bytes(8183) + "EncryptedPackage".encode("utf-16-le"), "encrypted", "E701"),
        (OLE + bytes(3000) + "Workbook".encode("utf-16-le"), "xls", "E025"),
    ],
)  # fmt: skip
def test_a_password_is_told_from_an_old_workbook(content: bytes, kind: str, code: str) -> None:
    assert intake.recognise(sent("das.xlsx", content)) == kind
    assert told(checked(content)) == [(code, 0, "")]


def test_a_sheet_of_libreoffice_is_told_from_other_documents() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert told(checked(held.getvalue(), name="das.ods")) == [("E702", 0, "")]


def test_a_part_that_stands_twice_is_refused() -> None:
    held = io.BytesIO(book({}))
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(SHEET.upper(), sheet(rows({}, {})))
    assert told(checked(held.getvalue())) == [("E729", 0, "")]


def test_a_damaged_part_is_named() -> None:
    content = bytearray(book(*[{}] * 50))
    at = content.index(SHEET.encode()) + len(SHEET) + 200
    content[at : at + 20] = bytes(20)
    assert told(checked(bytes(content))) in ([("E705", 0, "")], [("E708", 0, "")])


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(book({}))
    entry = content.rindex(b"xl/styles.xml") - 46
    size = struct.unpack_from("<I", content, entry + 24)[0]
    struct.pack_into("<I", content, entry + 24, size - 10)
    assert not checked(bytes(content)).accepted


def test_a_workbook_that_unpacks_too_far_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 1000)
    assert told(checked(book({}))) == [("E710", 0, "")]
    monkeypatch.setattr(workbooks, "MAX_PACKED_BYTES", 1000)
    assert told(checked(book({}))) == [("E710", 0, "")]


def test_a_workbook_inside_an_archive_is_read() -> None:
    content = packed({"envoi/das.xlsx": book({}, {})})
    result = checked(content, name="envoi.zip")
    assert (result.accepted, result.lines) == (True, 2), told(result)


SEEDS = [book({}), *(content for content, _place in list(DESTROYED.values())[:4])]
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 8), st.binary(max_size=8)), min_size=1, max_size=4)


@given(st.sampled_from(SEEDS), EDITS)
@settings(deadline=5000, max_examples=200)
def test_any_damage_to_the_bytes_reaches_a_verdict(content: bytes, edits: list[tuple[float, int, bytes]]) -> None:
    _damaged(checked, content, edits)


PARTS = parts(sheet(rows({}, {})))


@given(st.sampled_from(sorted(PARTS)), EDITS)
@settings(deadline=5000, max_examples=300)
def test_any_damage_to_a_part_reaches_a_verdict(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    _damaged(lambda text: checked(packed({**PARTS, name: text})), str(PARTS[name]).encode(), edits)


def _damaged(check: Callable[[bytes], object], content: bytes, edits: list[tuple[float, int, bytes]]) -> None:
    held = bytearray(content)
    for place, width, piece in edits:
        at = int(place * len(held))
        held[at : at + width] = piece
    check(bytes(held))
