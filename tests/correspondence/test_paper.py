"""Is the page readable by people, phones and readers aloud?"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from ctypes import c_double
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from tasrih.correspondence.facts import receipt_facts
from tasrih.correspondence.paper import receipt_pdf
from tasrih.correspondence.verify import verify
from tasrih.correspondence.words import printable

from tests.correspondence.samples import FILING, FILINGS, KEYS, WITHDRAWALS, made


def picture(pdf: bytes, scale: float) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].render(scale=scale).to_pil().convert("L")


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def seen_lines(pdf: bytes) -> list[str]:
    """What the eye meets from left to right, line by line, invisible signs left out."""
    lines: dict[int, list[tuple[float, str]]] = defaultdict(list)
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        for at in range(text.count_chars()):
            x, y = c_double(), c_double()
            pypdfium2.raw.FPDFText_GetCharOrigin(text, at, x, y)
            sign = text.get_text_range(at, 1)
            if sign.isprintable():
                lines[round(y.value)].append((x.value, sign))
    return ["".join(sign for _, sign in sorted(line)) for line in lines.values()]


@pytest.mark.parametrize("name", FILINGS)
def test_the_code_read_from_the_picture_of_the_page_verifies(name: str):
    facts, _, code, pdf = made(name)
    found = zxingcpp.read_barcodes(picture(pdf, 2))
    assert [each.text for each in found] == [code]
    answer = verify(found[0].text.encode(), KEYS)
    assert answer.ok
    assert answer.number == facts["number"]


def test_the_code_survives_a_poor_print():
    grey = picture(made("normal")[3], 2).point(lambda level: 40 + level * 150 // 255)
    small = grey.rotate(1.5, fillcolor=190).resize((grey.width * 4 // 5, grey.height * 4 // 5))
    assert [each.text for each in zxingcpp.read_barcodes(small)] == [made("normal")[2]]


def test_the_page_says_what_the_facts_say():
    text = text_of(made("normal")[3]).replace("\u00a0", " ")
    for said in (
        "TR-00001234-25", "28/01/2026", "10:15:30", "SARL EXEMPLE TRAVAUX", "16 999 999 01", "16001", "16100",
        "50 595 778,75", "12 345 678,00", "11,50 %", "17 708 522,58", "D25S1699999901.txt", "0123456789abcdef" * 4,
        "29 008", "2026.1", "R22", "R98", "ce n'est le service officiel d'aucune caisse",
    ):  # fmt: skip
        assert said in text, said


def test_held_dues_are_explained_and_show_no_amount():
    text = " ".join(text_of(made("held")[3]).split())
    assert "Cotisations en suspens" in text
    assert "le registre indique R06, R22" in text
    assert "Total dû" not in text


def test_provisional_rates_are_labelled_and_the_replaced_receipt_is_named():
    text = text_of(made("provisional")[3])
    assert text.count("provisoire : source faible, à confirmer") == 2
    assert "TR-00000017-06" in text
    assert "provisoire" not in text_of(made("normal")[3])


def test_the_page_says_how_many_lines_are_in_reserve_and_until_when():
    text = " ".join(text_of(made("in reserve")[3]).split())
    assert "Sous réserve jusqu'au" in text
    assert "12 · 07/02/2026" in text
    assert "réserve" not in text_of(made("certified")[3])


def test_the_page_says_who_confirmed_the_reading_of_names_and_when():
    text = " ".join(text_of(made("names confirmed")[3]).split())
    assert "Lecture des noms (windows-1256) confirmée par NOMUN PRENOMUN le 29/01/2026." in text
    assert "Lecture des noms" not in text_of(made("certified")[3])


def test_the_page_says_who_certified_it_and_under_which_mandate():
    text = " ".join(text_of(made("certified")[3]).split())
    assert "Déclaration certifiée exacte par NOMUN PRENOMUN, en qualité de : gérant." in text
    assert "mandat" not in text
    by_mandate = " ".join(text_of(made("by mandate")[3]).split())
    assert "Par mandat de l'employeur à CABINET EXEMPLE COMPTABILITE, donné le 05/01/2026." in by_mandate
    assert "certifiée" not in text_of(made("normal")[3])


@pytest.mark.parametrize("name", WITHDRAWALS)
def test_a_withdrawal_says_what_no_longer_counts_why_and_who_asked_on_one_page(name: str):
    facts, _, code, pdf = made(name)
    text = " ".join(text_of(pdf).replace("\u00a0", " ").split())
    assert "Récépissé de retrait" in text
    for said in ("TW-00001300-67", "TR-00001234-25", "03/02/2026", "09:05:00", "16 999 999 01", "Retrait demandé par"):
        assert said in text, said
    reversed_ = "17 708 522,58 DA" if facts["reversed_centimes"] else "Aucune cotisation n'était inscrite"
    assert reversed_ in text
    assert "Total dû" not in text
    assert [each.text for each in zxingcpp.read_barcodes(picture(pdf, 2))] == [code]
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1


def test_a_rate_that_changes_within_the_year_shows_each_stretch():
    lines = FILING.dues.lines
    moved = tuple(replace(line, article="law 99-01") if line.period > "2025-Q2" else line for line in lines)
    facts = receipt_facts(replace(FILING, dues=replace(FILING.dues, lines=moved)))
    text = "\n".join(seen_lines(receipt_pdf(facts, "https://x#y")))
    assert "01/2025–06/2025" in text
    assert "07/2025–12/2025" in text


@pytest.mark.parametrize("name", ["normal", "provisional", "held"])
def test_numbers_dates_and_codes_never_reverse_beside_arabic(name: str):
    lines = seen_lines(made(name)[3])
    together = "\n".join(lines)
    assert sum(line.count("TR-00001234-25") for line in lines) == 3  # both languages and the foot
    assert sum(line.count("28/01/2026") for line in lines) == 2
    for whole, reversed_ in (("94-187", "187-94"), ("83-16", "16-83"), ("R06, R22", "R22, R06")):
        assert together.count(whole) == (2 if (name == "held") == ("," in whole) else 0), whole
        assert reversed_ not in together


def test_the_same_facts_give_the_same_bytes():
    facts, _, code, _ = made("normal")
    assert receipt_pdf(facts, code) == receipt_pdf(facts, code)


def test_the_page_declares_archiving_accessibility_and_what_the_code_is():
    page = made("normal")[3]
    assert b"pdfaid:part" in page
    assert b"pdfuaid:part" in page
    assert b"2026-01-28" in page


def test_an_ordinary_receipt_takes_one_page_and_a_long_one_flows_on():
    pages = {}
    for name in FILINGS:
        with pypdfium2.PdfDocument(made(name)[3]) as document:
            pages[name] = len(document)
    assert {name for name, count in pages.items() if count > 1} == {"long", "dac partly held"}
    assert pages["long"] == 2


def test_nothing_runs_over_the_margins():
    for name in (*FILINGS, *WITHDRAWALS):
        shot = picture(made(name)[3], 1)
        width, height = shot.size
        for edge in ((0, 0, 35, height), (width - 35, 0, width, height)):
            assert shot.crop(edge).getextrema() == (255, 255), (name, edge)


def test_signs_without_a_glyph_are_shown_as_such_and_kept_in_the_facts():
    assert printable("名前 🙂.txt") == "\ufffd\ufffd \ufffd.txt"
    assert made("long")[0]["files"][2]["name"] == "名前 🙂.txt"
    every = "".join(chr(code) for code in range(0x20, 0x3000) if chr(code).isprintable())
    facts = receipt_facts(replace(FILING, entity_name=every, entity_name_ar="\ufdfa \ufefb \ufe8d"))
    assert receipt_pdf(facts, "https://x#y").startswith(b"%PDF-")


def test_importing_the_room_loads_no_typesetter_no_cryptography_and_no_arrays():
    modules = "tasrih.correspondence.paper, tasrih.correspondence.verify, tasrih.correspondence.letters"
    heavy = "{'typst', 'segno', 'cryptography', 'numpy', 'email.message'}"
    code = f"import sys, {modules}; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
