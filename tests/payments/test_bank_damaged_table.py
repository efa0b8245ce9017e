"""What may be wrong with a table of the bank: each named, at its place, and what becomes of the other movements."""

from __future__ import annotations

import pytest
from tasrih.messages import LANGUAGES
from tasrih.messages.findings import finding_sentence
from tasrih.payments.bank import limits
from tasrih.payments.bank import table as reader
from tasrih.payments.bank.read import read_statements

from tests.payments.statements import OURS, RIB, Told, codes, read, sent, table

TOLD = (Told(500_000, reference="B1"), Told(-250, text="FRAIS"), Told(500_000, reference="B3"), Told(7_00))
WHOLE = table(TOLD)
LINES = WHOLE.split("\r\n")
"""1 heading, 2 opening, 3 to 6 movements, 7 closing."""
NONE = 0


def cell(line: int, column: int, value: str) -> str:
    """The table with one cell changed; columns from 0."""
    cells = LINES[line - 1].split(";")
    return rows({line: ";".join([*cells[:column], value, *cells[column + 1 :]])})


def rows(changed: dict[int, str | None]) -> str:
    """The table with lines replaced, or left out."""
    held = [changed.get(number, line) for number, line in enumerate(LINES, start=1)]
    return "\r\n".join(line for line in held if line is not None)


NATURE, ACCOUNT, BOOKED, VALUE, DEBIT, CREDIT, BALANCE, CURRENCY, REFERENCE, LABEL = 0, 1, 2, 3, 4, 5, 6, 7, 8, 12

# name: (content, code, line, movements that are read all the same)
DAMAGED: dict[str, tuple[str | bytes, str, int, int]] = {
    "nothing": ("", "E902", 0, NONE),
    "blanks": (" \r\n \r\n", "E902", 0, NONE),
    "the heading alone": (LINES[0] + "\r\n", "E902", 0, NONE),
    "no heading": (rows({1: None}), "E501", 1, NONE),
    "a heading that lacks the balance": (WHOLE.replace("Solde", "Agence"), "E502", 1, NONE),
    "a heading twice in one line": (WHOLE.replace("Libellé", "Débit"), "E503", 1, NONE),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "E901", 0, NONE),
    "a workbook of old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "E901", 0, NONE),
    "a page of the web": ("<html><body>Session expirée</body></html>", "E901", 0, NONE),
    "two encodings": (WHOLE.encode() + WHOLE.encode("cp1252"), "E511", 8, NONE),
    "cut between lines": (rows({6: None, 7: None}), "E918", 2, NONE),
    "cut within a line": (WHOLE[: WHOLE.index("FRAIS") - 20], "E505", 4, NONE),
    "cut within the last amount": (WHOLE[: WHOLE.rindex(";DZD") - 4] + ";DZD;;;;;", "E919", 2, NONE),
    "a movement left out": (rows({5: None}), "E936", 5, NONE),
    "a movement doubled": (rows({4: f"{LINES[3]}\r\n{LINES[3]}"}), "E936", 5, NONE),
    "a doubled movement without balances": (
        "\r\n".join(
            [
                *[
                    cell(n, BALANCE, "").split("\r\n")[n - 1] if n in (3, 4, 5, 6) else LINES[n - 1]
                    for n in (1, 2, 3, 4, 4, 5, 6, 7)
                ],
                "",
            ]
        ),
        "E919",
        2,
        NONE,
    ),
    "an amount changed": (cell(5, CREDIT, "6000,00"), "E936", 5, NONE),
    "lines in another order": (rows({3: LINES[3], 4: LINES[2]}), "E936", 3, NONE),
    "no closing": (rows({7: None}), "E918", 2, NONE),
    "no opening": (rows({2: None}), "E922", 2, NONE),
    "a movement behind the closing": (rows({7: f"{LINES[6]}\r\n{LINES[5]}"}), "E922", 8, NONE),
    "another closing": (rows({7: f"{LINES[6]}\r\n{LINES[6]}"}), "E922", 8, NONE),
    "an opening without a balance": (cell(2, BALANCE, ""), "E929", 2, NONE),
    "a closing without a day": (cell(7, BOOKED, ""), "E929", 7, NONE),
    "no account": (cell(2, ACCOUNT, ""), "E915", 2, NONE),
    "another's account": (WHOLE.replace(RIB, "00799999000000000000"), "E916", 2, NONE),
    "a line of another account": (cell(4, ACCOUNT, "00799999000000000000"), "E916", 4, NONE),
    "another currency": (cell(5, CURRENCY, "EUR"), "E917", 5, NONE),
    "an unknown kind of row": (cell(5, NATURE, "Total"), "E921", 5, NONE),
    "an amount of letters": (cell(5, CREDIT, "cinq mille"), "E525", 5, NONE),
    "an amount of a spreadsheet's making": (cell(5, CREDIT, "5E+05"), "E532", 5, NONE),
    "thousands or decimals": (cell(5, CREDIT, "5.000"), "E537", 5, NONE),
    "a credit below zero": (cell(5, CREDIT, "-5000,00"), "E535", 5, NONE),
    "a formula": (cell(5, CREDIT, "=1+1"), "E524", 5, NONE),
    "an amount beyond all": (cell(5, CREDIT, "9" * 25), "E932", 5, NONE),
    "an amount of four hundred digits": (cell(5, CREDIT, "9" * 400), "E932", 5, NONE),
    "an amount of zero": (cell(5, CREDIT, "0,00"), "E931", 5, NONE),
    "no amount": (cell(5, CREDIT, ""), "E931", 5, NONE),
    "two amounts": (cell(5, DEBIT, "1,00"), "E930", 5, NONE),
    "an unreadable balance": (cell(5, BALANCE, "?"), "E525", 5, NONE),
    "a cell too many": (rows({5: LINES[4] + ";x"}), "E506", 5, NONE),
    "a quote without end": (cell(5, LABEL, '"VIREMENT'), "E507", 5, NONE),
    "a NUL": (cell(5, LABEL, "VIR\0EMENT"), "E510", 5, NONE),
    "a line without end": (cell(5, LABEL, "A" * 40_000), "E509", 5, NONE),
    "lines ended by returns alone": (WHOLE.replace("\r\n", "\r"), "E516", 1, NONE),
    "a day that is none": (cell(5, BOOKED, "31/11/2026"), "E527", 5, 3),
    "a value date that is none": (cell(5, VALUE, "30/02/2026"), "E527", 5, 3),
    "a day of two figures' year": (cell(5, VALUE, "03/11/26"), "E545", 5, 3),
    "a day of the Hijri calendar": (cell(5, VALUE, "24/05/1448"), "E546", 5, 3),
    "no booking day": (cell(5, BOOKED, ""), "E929", 5, 3),
    "no value date": (cell(5, VALUE, ""), "E929", 5, 3),
    "a booking day outside the statement": (cell(5, BOOKED, "04/11/2026"), "E927", 5, 3),
    "a value date years away": (cell(5, VALUE, "03/11/2028"), "E928", 5, 3),
    "a letter that was lost": (cell(5, LABEL, "VIR\ufffdEMENT"), "E513", 5, 3),
    "a row of the template's example": (cell(5, LABEL, "# EXEMPLE"), "E547", 5, 3),
    "a statement of tomorrow": (WHOLE.replace("03/11/2026", "03/12/2026"), "E926", 2, NONE),
    "a statement of another century": (WHOLE.replace("03/11/2026", "03/11/1996"), "E925", 2, NONE),
    "the closing before the opening": (cell(7, BOOKED, "01/11/2026"), "E924", 2, NONE),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_each_damage_has_its_name_and_its_place(name: str) -> None:
    content, code, line, kept = DAMAGED[name]
    reading = read(content)
    assert codes(reading).get(code) == line, list(reading.findings)
    assert sum(len(each.lines) for each in reading.statements) == kept
    assert all(len(set(told)) == len(LANGUAGES) for told in _told(content))


def _told(content: str | bytes) -> list[list[str]]:
    return [[finding_sentence(each, language) for language in LANGUAGES] for each in read(content).findings]


@pytest.mark.parametrize("name", [name for name, (*_, kept) in DAMAGED.items() if kept == 3])
def test_one_movement_that_is_wrong_stops_no_other(name: str) -> None:
    reading = read(DAMAGED[name][0])
    assert [place.line for place in reading.refused] == [5]


def test_lines_without_end_are_refused_when_there_are_too_many() -> None:
    assert codes(read(LINES[0] + "\n" * limits.MAX_TEXT_LINES + "\n")) == {"E914": limits.MAX_TEXT_LINES + 1}


def test_a_file_beyond_the_limits_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> None:
        raise AssertionError

    reading = read_statements(type(sent(""))("a", limits.MAX_BYTES + 1, never), OURS)
    assert codes(reading) == {"E903": 0}
    assert codes(read("A" * (limits.MAX_TABLE_BYTES + 1))) == {"E903": 0}
    monkeypatch.setattr(reader, "MAX_LINES", 3)
    assert codes(read(WHOLE)) == {"E914": 5}
