"""What may be wrong with a camt.053: each named, at its place, and what becomes of the other movements."""

from __future__ import annotations

import tracemalloc

import pytest
from tasrih.messages import LANGUAGES
from tasrih.messages.findings import finding_sentence
from tasrih.payments.bank import camt as reader
from tasrih.payments.bank import xml

from tests.payments.statements import RIB, SPACE, Told, camt, codes, document, ntry, read, stmt

TOLD = (Told(500_000, reference="B1"), Told(-250, payer="", text="FRAIS"), Told(500_000, reference="B3"), Told(7_00))
WHOLE = camt(TOLD)
LINES = WHOLE.splitlines()
"""5 the statement, 8 the account, 9 and 10 its balances, 11 to 14 the movements, 15 its end."""
NONE, STATEMENT, THIRD = 0, 5, 13


def third(old: str, new: str) -> str:
    """The statement with something changed in its third movement."""
    line = LINES[THIRD - 1]
    assert old in line
    return WHOLE.replace(line, line.replace(old, new, 1))


def whole(old: str, new: str, times: int = -1) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new, times)


def nested(depth: int) -> str:
    return third("<Ustrd>VIREMENT</Ustrd>", "<Strd>" * depth + "</Strd>" * depth)


BOMB = '<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
AMOUNT = '<Amt Ccy="DZD">5000.00</Amt>'
BOOKED, VALUE = "<BookgDt><Dt>2026-11-03</Dt></BookgDt>", "<ValDt><Dt>2026-11-03</Dt></ValDt>"

# name: (content, code, line, movements that are read all the same)
DAMAGED: dict[str, tuple[str | bytes, str, int, int]] = {
    "the declaration alone": ('<?xml version="1.0"?>\n', "E904", 2, NONE),
    "cut between movements": ("\n".join(LINES[:12]), "E904", 12, NONE),
    "cut within a tag": (WHOLE[: WHOLE.index("<RmtInf") + 4], "E904", 11, NONE),
    "cut within a text": (WHOLE[: WHOLE.index("VIREMENT") + 3], "E904", 11, NONE),
    "tags that do not match": (third("</Ustrd>", "</Strd>"), "E905", 13, NONE),
    "a sign that must be written otherwise": (third("VIREMENT", "A & B"), "E905", 13, NONE),
    "an entity of nobody": (third("VIREMENT", "&x;"), "E905", 13, NONE),
    "a file behind itself": (WHOLE + WHOLE.partition("\n")[2], "E906", 18, NONE),
    "bytes that are no UTF-8": (WHOLE.replace("VIREMENT", "reçu").encode("cp1252"), "E905", 11, NONE),
    "a NUL": (third("VIREMENT", "VIR\0EMENT"), "E510", 13, NONE),
    "an encoding of its own": (whole('encoding="UTF-8"', 'encoding="ebcdic-cp-fr"'), "E909", 1, NONE),
    "an entity bomb": (whole("<Document ", f"{BOMB}<Document ", 1), "E907", 2, NONE),
    "an entity from outside": (whole("<Document ", f"{OUTSIDE}<Document ", 1), "E907", 2, NONE),
    "a document type alone": (whole("<Document ", '<!DOCTYPE D SYSTEM "a.dtd">\n<Document ', 1), "E907", 2, NONE),
    "elements without bottom": (nested(100_000), "E908", 13, NONE),
    "a value without end": (third("VIREMENT", "A" * 5_000), "E910", 13, NONE),
    "an attribute without end": (third('Ccy="DZD"', f'Ccy="{"D" * 5_000}"'), "E910", 13, NONE),
    "a tag without end": (third("<Ntry>", f"<Ntry {'a' * (xml.MAX_TOKEN_BYTES + 200_000)}>"), "E910", 13, NONE),
    "a page of the web": ("<html><body>x</body></html>", "E901", 0, NONE),
    "XML of something else": ("<?xml version='1.0'?>\n<catalog><a/></catalog>", "E911", 2, NONE),
    "a report of the day": (WHOLE.replace("camt.053", "camt.052"), "E911", 2, NONE),
    "a payment order": (WHOLE.replace("camt.053.001.02", "pain.001.001.03"), "E911", 2, NONE),
    "no namespace": (whole(f' xmlns="{SPACE.format(version="02")}"', ""), "E911", 2, NONE),
    "a version of another time": (camt(TOLD, version="99"), "E912", 2, NONE),
    "the first version": (camt(TOLD, version="01"), "E912", 2, NONE),
    "no statement": (document(""), "E913", 0, NONE),
    "no account": (whole(LINES[7] + "\n", ""), "E915", STATEMENT, NONE),
    "another's account": (whole(RIB, "00799999000000000000"), "E916", STATEMENT, NONE),
    "an account in another currency": (whole("<Ccy>DZD</Ccy>", "<Ccy>EUR</Ccy>"), "E917", 8, NONE),
    "a movement in another currency": (third('Ccy="DZD"', 'Ccy="EUR"'), "E917", 13, NONE),
    "an amount of no currency": (third(' Ccy="DZD"', ""), "E917", 13, NONE),
    "no opening balance": (whole(LINES[8] + "\n", ""), "E918", STATEMENT, NONE),
    "no closing balance": (whole(LINES[9] + "\n", ""), "E918", STATEMENT, NONE),
    "a balance twice": (whole(LINES[8], LINES[8] * 2), "E923", 9, NONE),
    "a movement left out": (whole(LINES[12] + "\n", ""), "E919", STATEMENT, NONE),
    "a movement doubled": (whole(LINES[12], LINES[12] * 2), "E919", STATEMENT, NONE),
    "an amount changed": (third("5000.00", "6000.00"), "E919", STATEMENT, NONE),
    "a direction turned": (third("CRDT", "DBIT"), "E919", STATEMENT, NONE),
    "a balance that is none": (whole("<Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"DZD\">1000.00",
        "<Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"DZD\">mille"), "E525", 9, NONE),
    "fewer movements than announced": (whole(LINES[10], "<TxsSummry><TtlNtries><NbOfNtries>5</NbOfNtries>"
        "</TtlNtries></TxsSummry>\n" + LINES[10]), "E937", 11, NONE),
    "no amount": (third(AMOUNT, ""), "E929", 13, NONE),
    "an amount of letters": (third("5000.00", "cinq mille"), "E525", 13, NONE),
    "an amount with a comma": (third("5000.00", "5000,00"), "E525", 13, NONE),
    "an amount below zero": (third("5000.00", "-5000.00"), "E535", 13, NONE),
    "a part of a centime": (third("5000.00", "5000.001"), "E933", 13, NONE),
    "an amount beyond all": (third("5000.00", "9" * 30), "E932", 13, NONE),
    "an amount of four thousand digits": (third("5000.00", "9" * 3_900), "E525", 13, NONE),
    "no direction": (third("<CdtDbtInd>CRDT</CdtDbtInd>", ""), "E934", 13, NONE),
    "an unknown direction": (third("CRDT", "CREDIT"), "E934", 13, NONE),
    "an unknown status": (third("BOOK", "DONE"), "E935", 13, NONE),
    "no status": (third("<Sts>BOOK</Sts>", ""), "E935", 13, NONE),
    "an amount of zero": (camt((*TOLD, Told(0))), "E931", 15, 4),
    "a day that is none": (third(BOOKED, BOOKED.replace("11-03", "11-31")), "E527", 13, 3),
    "a value date that is none": (third(VALUE, VALUE.replace("2026-11-03", "03/11/2026")), "E527", 13, 3),
    "no day": (third(BOOKED + VALUE, ""), "E929", 13, 3),
    "a booking day behind the statement": (third(BOOKED, BOOKED.replace("11-03", "11-04")), "E927", 13, 3),
    "a value date years away": (third(VALUE, VALUE.replace("2026", "2028")), "E928", 13, 3),
    "a statement of tomorrow": (whole("2026-11-03", "2026-12-03"), "E926", STATEMENT, NONE),
    "a statement of another century": (whole("2026-11-03", "1926-11-03"), "E925", STATEMENT, NONE),
    "the closing before the opening": (whole(LINES[9], LINES[9].replace("11-03", "11-01")), "E924", STATEMENT, NONE),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_each_damage_has_its_name_and_its_place(name: str) -> None:
    content, code, line, kept = DAMAGED[name]
    reading = read(content)
    assert codes(reading).get(code) == line, list(reading.findings)
    assert sum(len(each.lines) for each in reading.statements) == kept
    for found in reading.findings:
        assert len({finding_sentence(found, language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("name", [name for name, (*_, kept) in DAMAGED.items() if kept == 3])
def test_one_movement_that_is_wrong_stops_no_other(name: str) -> None:
    reading = read(DAMAGED[name][0])
    assert [place.path for place in reading.refused] == ["Stmt[1]/Ntry[3]"]


def test_a_refused_statement_tells_every_movement_that_it_held() -> None:
    reading = read(DAMAGED["a movement in another currency"][0])
    assert {place.line for place in reading.refused} == {11, 12, 13, 14}


def test_a_damaged_statement_stops_no_other_of_the_file() -> None:
    broken = stmt(TOLD).replace("5000.00", "6000.00", 1)
    reading = read(document(broken + stmt(TOLD)))
    assert [len(each.lines) for each in reading.statements] == [4]


def test_a_file_of_too_many_movements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_LINES", 3)
    assert codes(read(WHOLE)) == {"E914": 14}
    assert codes(read(document("<Stmt/>" * 2_000))) == {"E914": STATEMENT}


@pytest.mark.parametrize("filler", ["<!--{}-->", "<?pi {}?>", "<Ntry {}>", "<![CDATA[{}]]>", "<Id>{}</Id>", "{}"])
def test_no_piece_without_end_takes_memory_without_end(filler: str) -> None:
    hostile = document("<Stmt>" + filler.format("A" * 12_000_000)).encode()
    tracemalloc.start()
    reading = read(hostile)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reading.findings.errors
    assert not reading.statements
    assert peak < 4_000_000


def test_what_other_namespaces_hold_is_passed_over() -> None:
    foreign = ntry(Told(1_00)).replace("<Ntry>", '<Ntry xmlns="urn:else">')
    reading = read(camt(TOLD, entries=f"<SplmtryData><Envlp>{foreign}</Envlp></SplmtryData>{foreign}"))
    assert [len(each.lines) for each in reading.statements] == [4]
