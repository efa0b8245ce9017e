"""Rows alike are cut by a pattern made for them: they hold what the general way finds, whatever comes between them."""

from __future__ import annotations

import io
import zipfile

import pytest
from tasrih.declaration.xlsx import usual
from tasrih.declaration.xlsx.book import Sheet
from tasrih.declaration.xlsx.rows import SheetRow, SheetRows
from tasrih.declaration.xlsx.xml import WorkbookRefused

from tests.declaration.made_workbooks import sheet

FIRST, ALIKE = 11, 12
"""Below row ten the general way takes a style's number for the row's, and leaves the row to the parser."""
ODD = {
    "a value as always": '<row r="{n}" spans="1:4">{a}{b}{c}{d}</row>',
    "hidden": '<row r="{n}" spans="1:4" hidden="1">{a}{b}{c}{d}</row>',
    "its number is not the first attribute": '<row spans="1:4" r="{n}">{a}{b}{c}{d}</row>',
    "no number": '<row spans="1:4">{a}{b}{c}{d}</row>',
    "a row before it": '<row r="3" spans="1:4"><c r="A3"><v>1</v></c></row>',
    "a cell is missing": '<row r="{n}" spans="1:4">{a}{b}{d}</row>',
    "a cell more": '<row r="{n}" spans="1:4">{a}{b}{c}{d}<c r="E{n}"><v>1</v></c></row>',
    "a cell of another row": '<row r="{n}" spans="1:4">{a}{b}{c}<c r="D4" t="inlineStr"><is><t>x</t></is></c></row>',
    "cells out of order": '<row r="{n}" spans="1:4">{b}{a}{c}{d}</row>',
    "a cell without a value": '<row r="{n}" spans="1:4">{a}<c r="B{n}" s="1" t="s"/>{c}{d}</row>',
    "a cell with an empty value": '<row r="{n}" spans="1:4">{a}<c r="B{n}" s="1" t="s"><v></v></c>{c}{d}</row>',
    "a cell with nothing in it": '<row r="{n}" spans="1:4">{a}<c r="B{n}" s="1" t="s"></c>{c}{d}</row>',
    "another form": '<row r="{n}" spans="1:4">{a}<c r="B{n}" s="2" t="s"><v>7</v></c>{c}{d}</row>',
    "a formula": '<row r="{n}" spans="1:4">{a}<c r="B{n}" s="1" t="s"><f>A1</f><v>7</v></c>{c}{d}</row>',
    "an entity": '<row r="{n}" spans="1:4">{a}{b}{c}<c r="D{n}" t="inlineStr"><is><t>A&amp;B</t></is></c></row>',
    "its own sign": '<row r="{n}" spans="1:4">{a}{b}{c}<c r="D{n}" t="inlineStr"><is><t>A{n}"#"</t></is></c></row>',
    "blanks to keep": '<row r="{n}">{a}{b}<c r="D{n}" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>',
    "text in runs": '<row r="{n}">{a}{b}<c r="D{n}" t="inlineStr"><is><r><t>A</t></r><r><t>B</t></r></is></c></row>',
    "a remark": '<row r="{n}" spans="1:4">{a}<!-- B -->{b}{c}{d}</row>',
    "something between cells": '<row r="{n}" spans="1:4">{a}<extLst/>{b}{c}{d}</row>',
    "damaged": '<row r="{n}" spans="1:4">{a}{b}{c}<c r="D{n}"><v>1</c></row>',
}
CELLS = {
    "a": '<c r="A{n}"><v>1{n}</v></c>',
    "b": '<c r="B{n}" s="1" t="s"><v>{n}</v></c>',
    "c": '<c r="C{n}" s="2"><v>1.6E+09</v></c>',
    "d": '<c r="D{n}" t="inlineStr"><is><t>NOM {n}</t></is></c>',
}


def xml(form: str, number: int) -> str:
    return form.format(n=number, **{name: cell.format(n=number) for name, cell in CELLS.items()})


def read(form: str) -> tuple[list[SheetRow], str]:
    """What is read of rows alike with the odd one among them, and how it was refused."""
    forms = [ODD["a value as always"]] * ALIKE + [form] + [ODD["a value as always"]] * ALIKE
    data = sheet("".join(xml(each, number) for number, each in enumerate(forms, FIRST)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sheet.xml", data)
    found: list[SheetRow] = []
    with zipfile.ZipFile(packed) as archive:
        try:
            found.extend(SheetRows(archive, Sheet("", "sheet.xml", hidden=False)).rows())
        except WorkbookRefused as why:
            return found, why.code
    return found, ""


@pytest.mark.parametrize("form", ODD.values(), ids=ODD)
def test_a_row_among_rows_alike_is_read_as_it_would_be_alone(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = read(form)
    monkeypatch.setattr(usual, "_MOST_PATTERNS", 0)
    assert made == read(form)
    assert len(made[0]) >= ALIKE


def test_rows_alike_are_cut_by_one_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SheetRows, "_parsed", lambda *_: iter(()))
    general: list[str] = []
    cut = SheetRows._cut
    monkeypatch.setattr(SheetRows, "_cut", lambda rows, text: general.append(text) or cut(rows, text))
    rows, _ = read(ODD["hidden"])
    assert len(rows) == 2 * ALIKE + 1
    assert len(general) == usual._SEEN_BEFORE
    assert [row.number for row in rows if row.hidden] == [FIRST + ALIKE]
