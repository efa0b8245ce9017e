"""Valid files from which damage starts: at least one for each target. Synthetic people only."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import tasrih.declaration
import zstandard
from tasrih.adapters.chunks import Packer

from tests.adapters.samples import COLUMNS, sample_lines
from tests.correspondence.samples import KEYS, made
from tests.declaration import dacs, pairs
from tests.declaration.made_workbooks import STYLES, book, packed, parts, rows, sheet
from tests.declaration.test_das_csv import table
from tests.fuzz import banks, declarations, papers, payments, workbooks

TEMPLATES = Path(tasrih.declaration.__file__).parent / "templates"
CASES = Path(__file__).parent / "cases"


def _template(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


def _in_code_pages(text: str) -> list[bytes]:
    return [text.encode(), text.encode("utf-16"), text.encode("cp1252", "replace"), "\ufeff".encode() + text.encode()]


def _archives() -> list[bytes]:
    pair = {pairs.HEADER_NAME: declarations.HEADER, pairs.DETAIL_NAME: declarations.DETAIL}
    return [
        packed(pair),
        packed({**pair, "1699999902.csv": table({"Employeur": "1699999902"}).encode(), "x/Thumbs.db": b"1"}),
        packed({"a.zip": packed(pair), "das.xlsx": book({}), "facture.pdf": b"%PDF-1.4\n"}),
        packed({"dac.csv": dacs.table({}).encode()}),
    ]


REQUEST = {
    "employer": "1699999901",
    "files": [{"name": "das.csv", "size": 5, "sha256": "ab" * 32, "lines": 1}],
    "total_centimes": 0,
    "purpose": "test",
    "language": "ar",
    "request": "my-own-key-1",
}
S3_EVENT = {"Records": [{"s3": {"object": {"key": f"uploads/{'0' * 31}1/0"}}}]}
STREAM = {
    "eventName": "INSERT",
    "dynamodb": {"Keys": {"pk": {"S": f"UPLOAD#{'0' * 31}1"}, "sk": {"S": "LETTER#receipt"}}, "SequenceNumber": "1"},
}
LIES: dict[str, Any] = {
    "findings": [["E999", 3, "x", "", ""], ["E721", "3", None, 5, ""], ["E721", -1], [], 7, [["E721"], 1, "", "", ""]],
    "counts": [("E721", -5), ("E721", 10**30), ("E999", 1), ("E721", "x"), ("W701", 1)],
    "sheet": "\u202e" * 5000,
    "whole": "no",
}
"""What a parser that was taken over may answer, one of it at a time."""
HEAD = {"sheet": "", "whole": True, "counts": {"E721": 1}}
FOUND = ["E721", 3, "birth", "43831", "JJ/MM/AAAA"]


def _chunk() -> bytes:
    return Packer(COLUMNS).pack(sample_lines(range(5)).rows)


def _texts(*documents: object) -> list[bytes]:
    return [json.dumps(document).encode() for document in documents]


def _answers() -> list[bytes]:
    """Reports of a child, with the table behind a form feed."""
    reports = [[HEAD, FOUND], *([HEAD, wrong] for wrong in LIES["findings"])]
    reports += [[{**HEAD, "counts": {code: times}}, FOUND] for code, times in LIES["counts"]]
    reports += [[{**HEAD, "sheet": LIES["sheet"]}, FOUND], [{**HEAD, "whole": LIES["whole"]}, FOUND]]
    told = [b"\n".join(_texts(*report)) + b"\n" for report in reports]
    return [report + b"\f" + table({}, sign="\t").encode() for report in told]


BODIES: dict[str, object] = {
    "/insured": {"nss": "900000000002"},
    "/insured/export": {"nss": "900000000002", "reason": "asked by the person"},
    "/machines": {"name": "Paie", "scopes": ["test", "read"]},
    "/mandates": {"account": "cabinet", "scopes": ["declare"]},
    "/register/employers/{number}": {"revision": 1, "size_class": "monthly"},
    "/uploads": REQUEST,
    "/uploads/{upload}/affiliations/{line}": {"nss": "910000000005"},
    "/uploads/{upload}/names": {"code_page": "windows-1256", "certified": {"name": "A", "capacity": "B"}},
    "/uploads/{upload}/withdraw": {"reason": "Wrong year", "certified": {"name": "A", "capacity": "B"}},
    "/webhooks": {"url": "https://paie.example/tasrih?a=b", "events": ["verdict.reached"]},
}


def _bodies() -> list[bytes]:
    """One for each route, which must be named above."""
    written = {path: json.dumps(document).encode() for path, document in BODIES.items()}
    written["/register"] = _register("register/templates")
    return [bytes([place]) + written[path] for place, (_, path) in enumerate(papers.routes())]


def _parts() -> list[bytes]:
    held = workbooks.PARTS
    return [
        bytes([place]) + (STYLES if name == "xl/sharedStrings.xml" else str(held[name])).encode()
        for place, name in enumerate(workbooks.PART_NAMES)
        if name in held
    ] + [bytes([len(workbooks.PART_NAMES) - 1]) + b"<sst><si><t>A</t></si></sst>"]


SEEDS: dict[Callable[[bytes], None], Callable[[], list[bytes]]] = {
    declarations.das_header: lambda: _in_code_pages(pairs.HEADER),
    declarations.das_detail: lambda: [*_in_code_pages(pairs.detail()), pairs.detail(end="\n").encode()],
    declarations.das_csv: lambda: [*_in_code_pages(table({}, {"NSS": ""}, {})), _template("das.csv")],
    declarations.dac_csv: lambda: [*_in_code_pages(dacs.table({}, dacs.REDUCED, dacs.FUND)), _template("dac.csv")],
    declarations.dac_nominal: lambda: [dacs.workers({}, dacs.SECOND).encode(), _template("dac_nominal.csv")],
    declarations.das_detail_row: lambda: [pairs.SECOND.encode(), pairs.FIRST.encode()],
    declarations.das_csv_row: lambda: [declarations.CSV_ROWS[2]],
    declarations.dac_csv_row: lambda: [declarations.DAC_ROWS[2]],
    declarations.dac_nominal_row: lambda: [declarations.NOMINAL_ROWS[2]],
    declarations.deposit: lambda: [*_archives(), declarations.HEADER, b"%PDF-1.4\n", b"<html><table>", b"\x1f\x8b"],
    workbooks.xlsx: lambda: [book({}, {}), packed(parts(sheet(rows({})), sheet(""))), _template("das.xlsx")],
    workbooks.xlsx_sheet: lambda: [sheet(rows({}, {})).encode(), sheet(rows({}), after="<mergeCells/>").encode()],
    workbooks.xlsx_part: _parts,
    workbooks.workbook_child: _answers,
    banks.bank_file: lambda: [*_in_code_pages(banks.TABLE), banks.CAMT.encode(), banks.CAMT.encode("utf-8-sig")],
    banks.bank_table_row: lambda: [line.encode() for line in banks.TABLE.splitlines()[1:]],
    payments.payment_text: lambda: [
        f"VIR {payments.ORDER} COTIS / {payments.ONE} / 1234567 REMISE".encode(),
        "تسديد RF50 1699 9999 0120 2607 - RF5O 1699".encode(),
    ],
    payments.gateway_message: lambda: _texts(payments.CALLBACK, payments.RETURNED),
    banks.bank_camt_entry: lambda: [line.encode() for line in banks.CAMT.splitlines()[7:14]],
    papers.register: lambda: [_register("local/samples/register"), _register("register/templates")],
    papers.receipt: lambda: [made(name)[1] for name in papers.GENUINE] + [made("normal")[2].encode(), made("held")[3]],
    papers.keys: lambda: _texts(KEYS),
    papers.token: lambda: [made("held")[1], made("held")[2].encode(), made("held")[3]],
    papers.request: lambda: _texts(REQUEST, {**REQUEST, "certified": {"name": "A", "capacity": "B"}}),
    papers.body: _bodies,
    papers.messages_in: lambda: _texts(S3_EVENT, {"upload": "0" * 32, "about": "receipt"}, STREAM),
    papers.chunk: lambda: [_chunk(), zstandard.ZstdDecompressor().decompress(_chunk())],
    papers.item: papers.samples,
}  # fmt: skip
"""Every target, and what its damage starts from."""


def _register(folder: str) -> bytes:
    return (Path(tasrih.declaration.__file__).parents[1] / folder / "register.csv").read_bytes()


TARGETS = {target.__name__: target for target in SEEDS}


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    return tuple(SEEDS[TARGETS[name]]())


def cases(name: str) -> list[bytes]:
    """What was found once, and stays."""
    return [path.read_bytes() for path in sorted((CASES / name).glob("*"))]
