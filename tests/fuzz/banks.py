"""Targets of the readers of bank statements: each movement is new, known or refused, and nothing is posted twice."""

from __future__ import annotations

from tasrih.payments.bank.arrivals import Arrived, Seen, arrive
from tasrih.payments.bank.limits import MAX_CENTIMES
from tasrih.payments.bank.read import Reading, read_statements

from tests.fuzz import oracle
from tests.payments.statements import OURS, Told, camt, table

NAME = "releve"
TOLD = (Told(500_000, reference="B1"), Told(-250, payer="", text="FRAIS"), Told(500_000, reference="B3"), Told(7_00))
TABLE, CAMT = table(TOLD), camt(TOLD, version="08")


def bank_file(data: bytes) -> None:
    """Whatever it is: a table, a camt.053, or neither."""
    reading = _read(data)
    _check(reading, data)
    kept: dict[str, list[Seen]] = {}
    first = _arrive(reading, kept)
    again = _arrive(reading, kept)
    assert not again.new, "the same file once more brings nothing"
    assert len(again.known) >= len(first.new)


def bank_table_row(data: bytes) -> None:
    """One row of a table among good ones."""
    lines = TABLE.encode().split(b"\r\n")
    bank_file(b"\r\n".join([*lines[:4], data[:2000], *lines[5:]]))


def bank_camt_entry(data: bytes) -> None:
    """One movement of a camt.053 among good ones."""
    lines = CAMT.encode().split(b"\n")
    bank_file(b"\n".join([*lines[:12], data[:4000], *lines[13:]]))


def _read(data: bytes) -> Reading:
    reading = read_statements(oracle.file(NAME, data), OURS)
    assert reading == read_statements(oracle.file(NAME, data), OURS)
    return reading


def _check(reading: Reading, data: bytes) -> None:
    most = data.count(b"\n") + data.count(b"\r") + 2
    oracle.check_findings(reading.findings, [NAME], most)
    assert reading.findings.errors or reading.statements, "a verdict"
    assert reading.findings.errors or not reading.refused, "a reason for each that is refused"
    for each in reading.statements:
        refused = {(place.line, place.path) for place in each.refused}
        assert refused <= {(place.line, place.path) for place in reading.refused}
        assert each.account in OURS.accounts
        assert each.first <= each.last <= OURS.today
        for line in each.lines:
            assert 0 < abs(line.amount_centimes) <= MAX_CENTIMES
            assert each.first <= line.booked_on <= each.last
        if not each.refused:
            moved = sum(line.amount_centimes for line in each.lines)
            assert each.opening_centimes + moved == each.closing_centimes, "nothing is missing, nothing stands twice"


def _arrive(reading: Reading, kept: dict[str, list[Seen]]) -> Arrived:
    arrived = arrive(reading.statements, lambda group: tuple(kept.get(group, ())))
    told = sum(len(each.movements) for each in reading.statements)
    assert len(arrived.new) + len(arrived.known) + len(arrived.refused) == told
    identities = [seen.identity for _, seen in arrived.new]
    assert len(set(identities)) == len(identities)
    for _, seen in arrived.new:
        kept.setdefault(seen.group, []).append(seen)
    return arrived
