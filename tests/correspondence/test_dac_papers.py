"""Does a DAC's receipt and letter say what was declared, what is held and what was paid, and no more than that?"""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from tasrih.correspondence.digest import digest
from tasrih.correspondence.letters import letter
from tasrih.messages import LANGUAGES

from tests.correspondence.samples import made
from tests.correspondence.test_digest import TOLD as DIGEST
from tests.correspondence.test_letters import TOLD, with_receipt
from tests.correspondence.test_paper import text_of


def page(name: str) -> str:
    return " ".join(text_of(made(name)[3]).replace("\u00a0", " ").split())


def text(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))  # type: ignore[arg-type]
    assert body
    return str(body.get_content()).replace("\u00a0", " ")  # type: ignore[attr-defined]


def told(name: str, language: str) -> str:
    return text(letter("in_force", language, replace(with_receipt(name), kind="DAC", period="2026-Q1")))


def test_the_page_shows_bases_workers_and_payment_and_no_quarters() -> None:
    shown = page("dac")
    for said in ("Déclaration d'assiette", "2026-Q1", "Effectif", "214 500,00", "75 075,00", "20 000,00", "55 075,00"):
        assert said in shown, said
    assert "ce n'est pas un constat de paiement" in shown
    assert "Trimestre" not in shown
    assert "Normale" not in shown


def test_the_page_names_what_is_held_with_its_decision_and_marks_an_indication() -> None:
    shown = page("dac partly held")
    for said in ("DEC-2025-0117 01/07/2025 – 30/06/2028", "DEC-2026-0003", "Total calculé", "indication, non réclamée"):
        assert said in shown, said
    assert "11 310,00" in shown
    assert "Total dû" not in shown
    assert "Total" not in page("dac held")


def test_the_page_of_a_nil_declaration_says_so() -> None:
    shown = page("dac nil")
    assert "Déclaration néant" in shown
    assert "Branche" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_tells_what_is_computed_held_and_said_to_be_paid(language: str) -> None:
    partly = told("dac partly held", language)
    assert "75 465,00" in partly
    assert "65 465,00" in partly
    assert "R07" in partly
    assert "11 310,00" not in partly
    assert "55 075,00" in told("dac", language)
    assert "75 465,00" not in told("dac held", language)
    assert told("dac nil", language) != told("dac", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_of_a_test_tells_both_parts(language: str) -> None:
    dues = made("dac partly held")[0]["dues"]
    sent = text(letter("tested", language, replace(TOLD, test=True, tested_dues=dues)))
    assert "75 465,00" in sent
    assert "R07" in sent


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_one_mail_tells_periods_parts_held_and_what_belongs_to_nobody(language: str) -> None:
    part = replace(DIGEST.parts[0], period="2026-Q1", partly_held=True)
    whole = replace(DIGEST.parts[2], name="DAC.csv", state="split", errors=1, number="")
    sent = text(digest(language, replace(DIGEST, parts=(part, whole), counts={"E603": 2})))
    assert "a.csv · 2026-Q1" in sent
    assert "1 234,56" in sent
    assert "E603" in sent
    assert "DAC.csv" in sent
