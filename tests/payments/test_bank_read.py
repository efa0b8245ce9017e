"""Both formats tell the same movements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tasrih.payments.bank.line import BankLine
from tasrih.payments.bank.read import Reading

from tests.payments.statements import DAY, RIB, Told, camt, codes, document, ntry, part, read, stmt, table

NEXT = DAY + timedelta(days=1)
TOLD = (
    Told(500_000, reference="B1", payment_reference="RF18539007547034"),
    Told(-250, payer="", text="FRAIS"),
    Told(500_000, reference="B3", later=2),
    Told(-500_000, NEXT, reference="B4", reversal=True),
)
VERSIONS = [f"{version:02d}" for version in range(2, 14)]


def lines(reading: Reading) -> list[BankLine]:
    assert not reading.findings.errors, list(reading.findings)
    assert not reading.refused
    return [replace(line, line=0, place="") for statement in reading.statements for line in statement.lines]


def test_a_table_tells_every_movement() -> None:
    found = lines(read(table(TOLD)))
    assert [line.amount_centimes for line in found] == [500_000, -250, 500_000, -500_000]
    assert found[0].reference == "RF18539007547034"
    assert found[0].account == RIB
    assert found[2].value_date == date(2026, 11, 5)
    assert [line.reversal for line in found] == [False, False, False, True]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_of_camt_053_tells_what_the_table_tells(version: str) -> None:
    assert lines(read(camt(TOLD, version=version))) == lines(read(table(TOLD)))


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_however_it_was_saved(sign: str, codec: str) -> None:
    written = table(TOLD).replace(",", ".").replace(";", sign)
    assert lines(read(written.encode(codec))) == lines(read(table(TOLD)))


def test_arabic_headings_and_words_do_as_well_in_windows_1256() -> None:
    written = table(TOLD)
    words = {
        "Nature": "نوع السطر", "Compte payeur": "حساب الدافع", "Compte": "الحساب", "Date d'opération": "تاريخ العملية",
        "Date de valeur": "تاريخ القيمة", "Débit": "مدين", "Crédit": "دائن", "Solde": "الرصيد", "Devise": "العملة",
        "Référence banque": "مرجع البنك", "Référence paiement": "مرجع الدفع", "Payeur": "الدافع", "Libellé": "البيان",
        "Ouverture": "افتتاح", "Opération": "عملية", "Retour": "إرجاع", "Clôture": "إقفال",
    }  # fmt: skip
    for french, arabic in words.items():
        written = written.replace(french, arabic)
    assert lines(read(written.encode("cp1256"))) == lines(read(table(TOLD)))
    assert lines(read(written)) == lines(read(table(TOLD)))


def test_columns_of_the_bank_s_own_and_missing_optional_ones_change_nothing() -> None:
    rows = [row.split(";") for row in table(TOLD).splitlines()]
    fewer = "\n".join(";".join([*row[:7], "Agence" if row is rows[0] else "16"]) for row in rows) + "\n"
    assert [line.amount_centimes for line in lines(read(fewer))] == [500_000, -250, 500_000, -500_000]


def test_a_pending_movement_is_shown_and_not_posted() -> None:
    reading = read(camt(TOLD, entries=ntry(Told(77_00), status="PDNG")))
    assert len(lines(reading)) == len(TOLD)
    assert [line.amount_centimes for line in reading.statements[0].pending] == [77_00]
    assert set(codes(reading)) == {"W943"}


@pytest.mark.parametrize("version", ["02", "08"])
def test_the_payments_of_a_batch_are_lines_of_their_own(version: str) -> None:
    batch = ntry(Told(300_00), version, details=part(100_00, "RFA", version) + part(200_00, "RFB", version, "B9"))
    found = lines(read(document(_with(stmt(TOLD, version=version), batch, 300_00), version)))
    assert [(line.amount_centimes, line.reference) for line in found[4:]] == [(100_00, "RFA"), (200_00, "RFB")]
    assert found[5].bank_reference == "B9"


def test_a_charge_within_a_batch_is_taken_off() -> None:
    charge = part(10_00, "FRAIS", "08").replace("CRDT", "DBIT")
    batch = ntry(Told(300_00), "08", details=part(310_00, "RFA", "08") + charge)
    found = lines(read(document(_with(stmt(TOLD, version="08"), batch, 300_00), "08")))
    assert [line.amount_centimes for line in found[4:]] == [310_00, -10_00]


@pytest.mark.parametrize("second", [part(100_00, "RFB"), "<TxDtls/>", part(200_00, "RFB").replace("DZD", "EUR")])
def test_a_batch_that_does_not_add_up_stays_one_line(second: str) -> None:
    first = part(300_00 if second == "<TxDtls/>" else 100_00, "RFA")
    batch = ntry(Told(300_00), details=first + second)
    reading = read(document(_with(stmt(TOLD), batch, 300_00)))
    assert [line.amount_centimes for line in lines(reading)][4:] == [300_00]
    assert set(codes(reading)) == {"W944"}


def _with(statement: str, entry: str, centimes: int) -> str:
    """The statement with one more entry, its closing balance with it."""
    closing = 100_000 + sum(each.centimes for each in TOLD)
    old, new = (f"{each // 100}.{each % 100:02d}" for each in (closing, closing + centimes))
    head, mark, tail = statement.partition("CLBD")
    return head + mark + tail.replace(old, new, 1).replace("</Stmt>", f"{entry}</Stmt>")


def test_several_statements_of_one_file_are_read_each_for_itself() -> None:
    later = [Told(9_00, NEXT)]
    foreign = stmt(later).replace(RIB, "00799999000000000000")
    reading = read(document(stmt(TOLD, last=NEXT) + foreign + stmt(later)))
    assert [len(each.lines) for each in reading.statements] == [4, 1]
    assert set(codes(reading)) == {"E916"}
    assert [place.path for place in reading.refused] == ["Stmt[2]/Ntry[1]"]


def test_interim_balances_of_a_page_and_the_closing_of_the_day_before_do_as_balances() -> None:
    page = camt(TOLD).replace("OPBD", "PRCD").replace("CLBD", "ITBD")
    assert len(lines(read(page))) == len(TOLD)


def test_an_account_written_as_iban_is_the_same_account() -> None:
    iban = camt(TOLD).replace(f"<Othr><Id>{RIB}</Id></Othr>", f"<IBAN>DZ58{RIB}</IBAN>")
    assert lines(read(iban)) == lines(read(table(TOLD)))
