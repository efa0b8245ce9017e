"""Files made to hurt whoever opens them. Each is a function, so that only one of them is ever held."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.declaration.made_workbooks import (
    COLUMNS,
    DATE,
    GOOD,
    STRICT,
    TRANSITIONAL,
    book,
    packed,
    parts,
    row,
    rows,
    sheet,
)
from tests.declaration.test_intake_archives import CENTRAL, END, LOCAL, PAIR, deflated, patched, zipped
from tests.declaration.test_xlsx_damage import (
    ENTITIES,
    NOT_READ,
    OLE,
    OUTSIDE,
    SHEET,
    with_part,
    with_sheet,
    with_texts,
)

Made = tuple[Callable[[], bytes], str]
"""How to make it, and the code of the refusal; "" = it is read, and does no harm."""
BASE = COLUMNS["Assiette T1 (DA)"]
LAUGHS = "<!DOCTYPE x [<!ENTITY l0 'ha'>" + "".join(
    f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


def named(name: str, make: Callable[[], bytes] = lambda: book({})) -> bytes:
    """The workbook with one more member of such a name."""
    held = io.BytesIO(make())
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    return held.getvalue()


def linked() -> bytes:
    info = zipfile.ZipInfo("xl/media/image1.png")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    held = io.BytesIO(book({}))
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    return held.getvalue()


def overlapping(count: int, name: bytes = b"%05d.txt", size: int = 300_000) -> bytes:
    """Members that all point at the same packed bytes."""
    body, crc = deflated(b"0" * size), zlib.crc32(b"0" * size)
    common = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, crc, len(body), size)
    local = LOCAL + common + struct.pack("<HH", len(name % 0), 0) + name % 0 + body
    central = b"".join(
        CENTRAL + b"\x14\x00" + common + struct.pack("<HHHHHII", len(name % n), 0, 0, 0, 0, 0, 0) + name % n
        for n in range(count)
    )
    return local + central + END + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(local), 0)


def crowded(count: int) -> bytes:
    """A directory of so many empty members, in zip64."""
    record = CENTRAL + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    local = LOCAL + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"x"
    size = len(record) * count
    end64 = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, len(local))
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(local) + size, 1)
    end = END + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + record * count + end64 + locator + end


def nested(depth: int) -> bytes:
    content = PAIR
    for _ in range(depth):
        content = zipped(("again.zip", content))
    return content


def all_of(text: str, times: int, before: str, after: str) -> str:
    return before + text * times + after


def shared_texts(count: int) -> bytes:
    return with_texts(
        all_of("<si><t>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA</t></si>", count, "<sst>", "</sst>")
    )


def strict() -> bytes:
    made = parts(sheet(rows({}), space=STRICT))
    return packed({name: str(text).replace(TRANSITIONAL, STRICT) for name, text in made.items()})


def ods() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return held.getvalue()


def wrong_checksum() -> bytes:
    content = book({})
    at = content.rindex(SHEET.encode()) - 46
    return content[: at + 16] + b"\1\2\3\4" + content[at + 20 :]


def _from(name: str) -> Made:
    content, code = NOT_READ[name]
    return (lambda: content), code


STYLED = all_of(f'<xf numFmtId="{DATE}"/>', 700_000, "<styleSheet><cellXfs>", "</cellXfs></styleSheet>")
SHEETS = all_of('<sheet name="A" sheetId="1" r:id="rId1"/>', 100_000, "<workbook><sheets>", "</sheets></workbook>")
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

WORKBOOKS: dict[str, Made] = {
    "a part that unpacks a thousandfold": _from("a bomb"),
    "parts that share their bytes": (lambda: overlapping(500, b"xl/p%04d.bin", 1_000_000), "E008"),
    "a workbook within": _from("a workbook within"),
    "an archive within": _from("an archive within"),
    "2,001 parts": _from("too many parts"),
    "a million parts": (lambda: crowded(1_000_000), "E005"),
    "a name that climbs": (lambda: named("../../etc/cron.d/x"), "E006"),
    "an absolute name": (lambda: named("/etc/passwd"), "E006"),
    "a name with a NUL": (lambda: named("xl/aZb").replace(b"xl/aZb", b"xl/a\0b"), "E006"),
    "a name with a line feed": (lambda: named("xl/a\nb"), "E006"),
    "a name turned around": (lambda: named("xl/\u202efdp.exe"), "E006"),
    "a link": (linked, "E011"),
    "an encrypted part": (lambda: patched(patched(book({}), CENTRAL, 8, "<H", 1), LOCAL, 6, "<H", 1), "E003"),
    "a sheet of another checksum": (wrong_checksum, "E705"),
    "bytes behind its end": (lambda: book({}) + b"<script>" * 100, "E018"),
    "two workbooks, one behind the other": (lambda: book({}) + book({}, {}), "E018"),
    "a billion laughs in the texts": (lambda: with_texts(LAUGHS + "<sst><si><t>&l9;</t></si></sst>"), "E707"),
    "a billion laughs in the sheet": (lambda: with_part(SHEET, LAUGHS + sheet(rows({}))), "E707"),
    "entities from a file": (lambda: with_part("xl/workbook.xml", OUTSIDE + "<workbook>&a;</workbook>"), "E707"),
    "a document type from elsewhere": (
        lambda: with_part("xl/styles.xml", '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><styleSheet/>'), "E707",
    ),
    "parameter entities": (
        lambda: with_part("xl/styles.xml", '<!DOCTYPE x [<!ENTITY % a "b"> %a;]><styleSheet/>'), "E707",
    ),
    "entities in the relations": (lambda: with_part("_rels/.rels", ENTITIES + "<Relationships/>"), "E707"),
    "700,000 styles": (lambda: with_part("xl/styles.xml", STYLED), "E710"),
    "100,000 sheets": (lambda: with_part("xl/workbook.xml", SHEETS), "E712"),
    "101 sheets": _from("too many sheets"),
    "500,000 shared texts": (lambda: shared_texts(500_000), ""),
    "a shared text without end": _from("a shared text without end"),
    "a column of seven letters": (lambda: with_sheet('<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>'), "E716"),
    "a row of nine figures": (lambda: with_sheet('<row r="999999999"><c r="A999999999"><v>1</v></c></row>'), "E716"),
    "rows out of order": _from("rows out of order"),
    "a row that stands twice": _from("a row that stands twice"),
    "a row without end": _from("a row without end"),
    "cells far apart": (lambda: with_sheet(rows({}) + FAR), "E725"),
    "a number of a million figures": (
        lambda: with_sheet(rows({}, {}).replace(">90000<", f">{'9' * 1_000_000}<", 1)), "E720",
    ),
    "a formula without its value": (lambda: with_sheet(rows({"Assiette T1 (DA)": "<><f>1+1</f>"})), "E722"),
    "the table on a hidden sheet": _from("the table on a hidden sheet"),
    "a hidden row": (lambda: with_sheet(rows({}).replace('<row r="2"', '<row r="2" hidden="1"')), ""),
    "macros": _from("macros"),
    "the binary form": _from("a binary workbook"),
    "a sheet of LibreOffice": (ods, "E702"),
    "strict Open XML": (strict, ""),
    "a password": (lambda: OLE + bytes(3000) + "EncryptedPackage".encode("utf-16-le"), "E701"),
    "XML nested without end": _from("XML nested without end"),
    "a code page of its own": _from("a code page of its own"),
    "a sheet outside the file": _from("a sheet outside the file"),
    "a heading alone of 16,384 columns": (
        lambda: with_sheet(row(1, list(GOOD)).removesuffix("</row>") + '<c r="XFD1"><v>1</v></c></row>'), "E506",
    ),
}  # fmt: skip

ARCHIVES: dict[str, Made] = {
    "members that share their bytes": (lambda: overlapping(1_000), "E008"),
    "a million members": (lambda: crowded(1_000_000), "E005"),
    "forty archives, one within the other": (lambda: nested(40), "E004"),
    "a name turned around": (lambda: zipped(("D19S\u202etxt.exe", b"x")), "E006"),
    "bytes behind its end": (lambda: PAIR + b"\0" * 70_000, "E002"),
    "a few bytes behind its end": (lambda: PAIR + b"x", "E018"),
    "two end records": (lambda: PAIR + PAIR[PAIR.rindex(END) :], "E002"),
    "two archives": (lambda: PAIR + PAIR, "E018"),
}
"""Beside those of `test_intake_archives.DAMAGED`."""
