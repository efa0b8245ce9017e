"""Targets of the readers of declarations: fixed columns, CSV, DAC, workbooks, archives, and what tells them apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from tasrih.declaration.dac.examine import examine_dac, holds_dac
from tasrih.declaration.examine import examine
from tasrih.declaration.intake import REFUSALS, recognise
from tasrih.declaration.portfolio import parts
from tasrih.declaration.workbooks import Workbooks
from tasrih.vocabulary.finding import Finding

from tests.declaration import dacs, pairs
from tests.declaration.test_das_csv import table as das_table
from tests.fuzz import oracle

KINDS = {*REFUSALS, "das_header", "das_detail", "das_csv", "dac_csv", "dac_nominal_csv"}
HEADER, DETAIL = pairs.HEADER.encode(), pairs.detail().encode()


def _line_ends(content: bytes) -> int:
    """At least as many as any reader sees: a carriage return alone ended the lines of old programs."""
    return content.count(b"\n") + content.count(b"\r")


def das_verdict(files: Sequence[tuple[str, bytes]], workbooks: Workbooks | None = None, lines: int = 0) -> None:
    sent = [oracle.file(name, content) for name, content in files]
    most = lines or max(_line_ends(content) for _, content in files) + 2
    names = [] if lines else [name for name, _ in files]
    verdicts = []
    for _ in range(2):
        examined = examine(sent, today=pairs.TODAY, workbooks=workbooks, sink=lambda _lines: None)
        oracle.check_examined(examined, names or [""], most)
        verdicts.append(oracle.told_of(examined))
    assert verdicts[0] == verdicts[1]


def dac_verdict(files: Sequence[tuple[str, bytes]], workbooks: Workbooks | None = None, lines: int = 0) -> None:
    sent = [oracle.file(name, content) for name, content in files]
    most = lines or max(_line_ends(content) for _, content in files) + 2
    names = [""] if lines else [name for name, _ in files]
    verdicts = []
    for _ in range(2):
        deposit = examine_dac(sent, today=dacs.TODAY, workbooks=workbooks, class_of=lambda _employer: "monthly")
        oracle.check_deposit(deposit, names, most)
        verdicts.append(oracle.told_of_deposit(deposit))
    assert verdicts[0] == verdicts[1]


def das_header(data: bytes) -> None:
    das_verdict([(pairs.HEADER_NAME, data), (pairs.DETAIL_NAME, DETAIL)])


def das_detail(data: bytes) -> None:
    das_verdict([(pairs.HEADER_NAME, HEADER), (pairs.DETAIL_NAME, data)])


def das_csv(data: bytes) -> None:
    das_verdict([("das.csv", data)])


def dac_csv(data: bytes) -> None:
    dac_verdict([("dac.csv", data)])


def dac_nominal(data: bytes) -> None:
    dac_verdict([("dac.csv", dacs.table({}).encode()), ("dac2.csv", data)])
    dac_verdict([("dac.csv", data)])


def deposit(data: bytes) -> None:
    """Whatever it is, under names that mislead: a kind, the parts of a portfolio, a verdict of either sort."""
    for name in ("a.zip", pairs.DETAIL_NAME):
        sent = oracle.file(name, data)
        assert recognise(sent) in KINDS
        employers = {part.employer for part in parts([sent])}
        assert all(employer.isascii() and len(employer) <= 10 for employer in employers)
        holds_dac([sent])
    das_verdict([("a.zip", data)], lines=1 << 30)
    dac_verdict([("a.zip", data)], lines=1 << 30)


# A damaged row among others -----------------------------------------------------------------------------------------

ONE_ROW = bytes(32 if byte < 32 or byte == ord('"') else byte for byte in range(256))
"""Without what may reach beyond its row: line ends, a quotation mark, controls, which no kind of text has many of."""


def _row(data: bytes) -> bytes:
    """One line of UTF-8 of bounded length: a code page is a matter of the whole file."""
    return data.decode("utf-8", "replace").replace("\ufeff", "").encode().translate(ONE_ROW)[:2000]


def _stands_alone(data: bytes, name: str, lines: Sequence[bytes], place: int) -> None:
    """The errors of every other row are the same, whatever stands in the row at `place` (from 0)."""
    if name.startswith("dac") and _joins_another(_row(data), lines[place + 1 :]):
        return
    found = []
    for row in (lines[place], _row(data)):
        content = b"\r\n".join([*lines[:place], row, *lines[place + 1 :]])
        files = [oracle.file(name, content)]
        if name == pairs.DETAIL_NAME:
            files.append(oracle.file(pairs.HEADER_NAME, HEADER))
        if name.startswith("dac"):
            deposit = examine_dac(files, today=dacs.TODAY)
            told = [*deposit.findings, *(each for one in deposit.declarations for each in one.findings)]
        else:
            told = list(examine(files, today=pairs.TODAY).findings)
        found.append({each for each in told if _of_another_row(each, name, place + 1)})
    assert {each for each in found[0] ^ found[1] if each.severity == "error"} == set()


def _joins_another(row: bytes, others: Sequence[bytes]) -> bool:
    """It has become a row of another's declaration, of which rows speak together."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in row.decode() if sign.isdigit())
    return any(employer in digits for other in others if len(employer := other.decode().partition(";")[0]) > 1)


def _of_another_row(found: Finding, name: str, line: int) -> bool:
    return found.file == name and found.line not in (0, line)


DETAIL_ROWS = [
    pairs.put(pairs.FIRST, birth="99999999").encode(),
    pairs.SECOND.encode(),
    pairs.put(pairs.SECOND, number="3     ", nss="80000000000A").encode(),
    pairs.put(pairs.SECOND, number="4     ", nss="700000000004", base_q1="12AB      ").encode(),
]
CSV_ROWS = [
    line.encode()
    for line in das_table(
        {"Nom": ""}, {}, {"NSS": "80000000000A", "Durée T1": "dix"}, {"NSS": "700000000004", "Assiette T2 (DA)": "x"}
    ).splitlines()
]
DAC_ROWS = [
    line.encode()
    for line in dacs.table(
        {}, {"Employeur": dacs.B}, {"Employeur": dacs.C, "Assiette (DA)": "x"}, {"Employeur": "1", "Effectif": "y"}
    ).splitlines()
]
NOMINAL_ROWS = [
    line.encode()
    for line in dacs.workers(
        {}, {"Employeur": dacs.B}, {"Employeur": dacs.C, **dacs.SECOND, "Assiette (DA)": "x"}, {"NSS": "y"}
    ).splitlines()
]


def das_detail_row(data: bytes) -> None:
    _stands_alone(data, pairs.DETAIL_NAME, DETAIL_ROWS, 1)


def das_csv_row(data: bytes) -> None:
    _stands_alone(data, "das.csv", CSV_ROWS, 2)


def dac_csv_row(data: bytes) -> None:
    _stands_alone(data, "dac.csv", DAC_ROWS, 2)


def dac_nominal_row(data: bytes) -> None:
    _stands_alone(data, "dac.csv", NOMINAL_ROWS, 2)
