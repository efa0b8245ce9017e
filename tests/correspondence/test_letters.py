"""Does each letter say what happened and what to do, to the right person, and nothing it must not say?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.correspondence.letters import ABOUT, SHOWN_FINDINGS, Told, letter
from tasrih.correspondence.mail import BadAddress
from tasrih.messages import LANGUAGES, table
from tasrih.vocabulary.finding import Finding

from tests.correspondence.samples import made

UPLOAD = "0f" * 16
SECRET, SECRET_EXPECTED = "169999999912", "987654321"
TOLD = Told(
    upload=UPLOAD,
    sender="no-reply@tasrih.example.dz",
    to="compta@exemple.dz",
    owed_since=datetime.fromisoformat("2026-01-28T10:16:00+01:00"),
    entity_name="SARL EXEMPLE TRAVAUX",
    employer="1699999901",
    link=f"https://tasrih.example.dz/uploads/{UPLOAD}?a=1&b=2",
    kind="DAS",
    type="N",
    period="2025",
    arrived_at=datetime.fromisoformat("2026-01-28T10:15:30+01:00"),
    lines=148,
)
FINDINGS = tuple(
    Finding(("E301", "E201")[line % 2], "D25S1699999901.txt", line, "base_q1", SECRET, SECRET_EXPECTED)
    for line in range(2, 102)
)
REFUSED = replace(
    TOLD,
    findings=(Finding("W201", line=1), *FINDINGS),
    counts={"E301": 40_000, "E201": 7, "W201": 3},
    deadline=date(2026, 1, 31),
)
NOTHING_CAME = replace(TOLD, kind="", period="", lines=0, arrived_at=None, counts={"E490": 2})


def with_receipt(name: str) -> Told:
    facts, receipt, _, pdf = made(name)
    return replace(TOLD, receipt=facts, pdf=pdf, json=receipt)


CASES: dict[str, tuple[str, Told]] = {
    "refused": ("refused", REFUSED),
    "superseded": ("superseded", TOLD),
    "tested": ("tested", replace(TOLD, test=True, tested_dues=made("normal")[0]["dues"])),
    "tested, dues held": ("tested", replace(TOLD, test=True, tested_dues=made("held")[0]["dues"])),
    "refused test": ("refused", replace(REFUSED, test=True)),
    "withdrawn": ("withdrawn", with_receipt("withdrawal")),
    "overtaken": ("superseded", replace(TOLD, overtaken=True)),
    "awaiting confirmation": ("awaiting_confirmation", replace(TOLD, type="C")),
    "names to confirm": ("names_to_confirm", TOLD),
    "never arrived": ("refused", replace(NOTHING_CAME, never_came=("D25E.txt", "D25S.txt"))),
    "half arrived": ("refused", replace(NOTHING_CAME, came=("D25E.txt",), never_came=("D25S.txt",))),
}


def case(name: str) -> tuple[str, Told]:
    if name in ("normal", "held", "provisional"):
        return "in_force", with_receipt(name)
    return ("duplicate", with_receipt("normal")) if name == "duplicate" else CASES[name]


NAMES = ("normal", "held", "provisional", "duplicate", *CASES)


def read(data: bytes) -> EmailMessage:
    read_back = message_from_bytes(data, policy=policy.default)
    assert isinstance(read_back, EmailMessage)
    assert not read_back.defects
    return read_back


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part
    content = part.get_content()
    assert isinstance(content, str)
    return content


def plain(about: str, told: Told, language: str = "fr") -> str:
    return body(read(letter(about, language, told)), "plain").replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_letter_is_complete_in_one_language_with_a_link_to_the_next_step(name: str, language: str):
    about, told = case(name)
    mail = read(letter(about, language, told))
    assert (mail["To"], mail["From"], mail["Content-Language"]) == (told.to, told.sender, language)
    assert mail["Date"].datetime == told.owed_since
    for kind in ("plain", "html"):
        text = body(mail, kind)
        assert "{" not in re.sub(r"<style>.*</style>", "", text)
        assert bool(re.search("[\u0600-\u06ff]", text)) == (language == "ar")
        assert told.link.replace("&", "&amp;" if kind == "html" else "&") in text
        assert UPLOAD in text
    assert 10 < len(mail["Subject"]) < 80


@pytest.mark.parametrize("name", NAMES)
def test_arabic_letters_run_from_right_to_left(name: str):
    about, told = case(name)
    mail = read(letter(about, "ar", told))
    assert '<html lang="ar" dir="rtl">' in body(mail, "html")
    for line in filter(None, body(mail, "plain").splitlines()):
        assert line.startswith(("\u200f", "https://"))
    assert "\u206816 999 999 01\u2069" in body(mail, "plain")
    assert '<html lang="fr" dir="ltr">' in body(read(letter(about, "fr", told)), "html")


class Outline(HTMLParser):
    """Tags opened and closed in order; what a reader aloud rests on."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", NAMES)
def test_the_html_is_well_formed_with_one_heading_and_named_cells_and_loads_nothing(name: str):
    about, told = case(name)
    outline = Outline()
    outline.feed(body(read(letter(about, "fr", told)), "html"))
    tags = [tag for tag, _ in outline.seen]
    assert not outline.open
    assert tags.count("h1") == 1
    assert not set(tags) & {"img", "script", "link", "iframe", "form"}
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in outline.seen if tag == "th")
    assert [attrs["href"] for tag, attrs in outline.seen if tag == "a"] == [told.link]


def test_a_receipt_letter_carries_the_papers_and_the_amount():
    mail = read(letter("in_force", "fr", case("normal")[1]))
    facts, receipt, _, pdf = made("normal")
    parts = {part.get_filename(): part for part in mail.iter_attachments()}
    assert parts["TR-00001234-25.pdf"].get_content() == pdf
    assert parts["TR-00001234-25.json"].get_content() == receipt
    assert parts["TR-00001234-25.pdf"].get_content_type() == "application/pdf"
    assert mail["Subject"] == "DAS 2025 : déclaration en vigueur, récépissé TR-00001234-25"
    assert "Cotisations dues : 17 708 522,58 DA" in plain("in_force", case("normal")[1])
    assert facts["number"] in body(mail, "html")


def test_held_dues_say_why_and_what_to_do_and_no_amount():
    text = plain("in_force", case("held")[1])
    assert "le registre indique R06, R22" in text
    assert "Indiquez à votre agence le code de chaque ligne" in text
    assert "DA." not in text


def test_provisional_rates_are_mentioned_only_where_there_are_some():
    assert "provisoires" in plain("in_force", case("provisional")[1])
    assert "provisoires" not in plain("in_force", case("normal")[1])


def test_warnings_of_an_accepted_file_are_counted_apart():
    told = replace(case("normal")[1], counts={"W201": 3, "W301": 1})
    assert "n'empêchent rien : 4" in plain("in_force", told)


def test_a_refusal_shows_the_first_places_and_the_full_count_but_no_value():
    for language in LANGUAGES:
        data = letter("refused", language, REFUSED)
        for kind in ("plain", "html"):
            text = body(read(data), kind)
            assert SECRET not in text
            assert SECRET_EXPECTED not in text
            assert text.count("D25S1699999901.txt") == SHOWN_FINDINGS
            assert "40000" in text
            assert "E201" in text
            assert "W201" not in text
            assert "31/01/2026" in text
    text = plain("refused", REFUSED)
    assert "(20 sur 40007)" in text
    assert "Ligne 2 · Colonne" in text
    assert "Ligne 22 ·" not in text
    assert "déposez de nouveau tous les fichiers" in text


def test_no_deadline_is_told_that_was_not_given():
    assert "Date limite" not in plain("refused", replace(REFUSED, deadline=None))


def test_a_duplicate_is_answered_with_its_first_receipt():
    about, told = case("duplicate")
    mail = read(letter(about, "fr", told))
    assert [part.get_filename() for part in mail.iter_attachments()] == ["TR-00001234-25.pdf", "TR-00001234-25.json"]
    assert mail["Subject"] == "DAS 2025 : fichiers déjà déposés, récépissé TR-00001234-25"
    assert mail["Message-ID"].startswith(f"<{UPLOAD}.duplicate@")


SAYS_TEST = {"ar": "تجربة", "fr": "ESSAI", "en": "TEST"}


@pytest.mark.parametrize("name", ["tested", "tested, dues held", "refused test"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_about_a_test_says_so_in_its_subject_and_first_of_all(name: str, language: str):
    about, told = case(name)
    mail = read(letter(about, language, told))
    assert mail["Subject"].startswith(f"{SAYS_TEST[language]} ·")
    first = next(line for line in body(mail, "plain").splitlines() if line and line != mail["Subject"])
    assert SAYS_TEST[language] in first
    assert not list(mail.iter_attachments())
    real = read(letter("in_force", language, case("normal")[1]))
    assert SAYS_TEST[language] not in real["Subject"] + body(real, "plain")


def test_a_test_is_told_what_a_real_filing_would_owe_and_that_nothing_is_due():
    text = plain(*case("tested"))
    assert "Un dépôt réel donnerait des cotisations de 17 708 522,58 DA" in text
    assert "rien n'est dû" in text
    assert "Cotisations dues" not in text
    held = plain(*case("tested, dues held"))
    assert "Un dépôt réel laisserait les cotisations en suspens" in held
    assert "le registre indique R06, R22" in held


def test_a_withdrawal_is_told_with_its_own_receipt_the_one_withdrawn_the_reason_and_who_asked():
    about, told = case("withdrawn")
    mail = read(letter(about, "fr", told))
    assert [part.get_filename() for part in mail.iter_attachments()] == ["TW-00001300-67.pdf", "TW-00001300-67.json"]
    assert mail["Subject"] == "DAS 2025 : déclaration retirée, récépissé TW-00001300-67"
    text = plain(about, told)
    for said in ("TR-00001234-25", "Envoyée pour un autre employeur", "NOMUN PRENOMUN, gérant", "contre-passées"):
        assert said in text


def test_a_late_filing_after_a_withdrawal_is_not_told_that_something_is_in_force():
    text = plain(*case("overtaken"))
    assert "aucune déclaration n'est en vigueur" in text
    assert "est déjà en vigueur" not in text


def test_a_receipt_letter_says_until_when_lines_in_reserve_are_to_be_completed():
    text = plain("in_force", with_receipt("in reserve"))
    assert "sans numéro de sécurité sociale : 12. À compléter au plus tard le 07/02/2026" in text
    assert "demande d'affiliation" in text
    assert "affiliation" not in plain("in_force", with_receipt("certified"))


def test_a_receipt_letter_names_who_certified_it():
    assert "NOMUN PRENOMUN, gérant" in plain("in_force", with_receipt("certified"))
    assert "Certifiée par" not in plain("in_force", with_receipt("normal"))


@pytest.mark.parametrize("name", ["never arrived", "half arrived"])
def test_when_files_never_came_the_letter_says_that_nothing_was_filed(name: str):
    about, told = case(name)
    for language, said in (("fr", "Rien n'est déposé"), ("en", "Nothing was filed"), ("ar", "لم يُودَع شيء")):
        mail = read(letter(about, language, replace(told, deadline=date(2026, 1, 31))))
        assert mail["Subject"].startswith(said)
        text = body(mail, "plain")
        assert "D25S.txt" in text
        assert "31/01/2026" in text
        assert "E490" not in text


def test_a_correction_waits_and_says_so():
    text = plain(*CASES["awaiting confirmation"])
    assert "de type C" in text
    assert "ne comptent pas avant" in text


def test_the_same_letter_is_the_same_bytes_however_often_it_is_made():
    for name in NAMES:
        about, told = case(name)
        assert letter(about, "ar", told) == letter(about, "ar", told)
    assert read(letter("in_force", "ar", case("normal")[1]))["Message-ID"] == (
        "<TR-00001234-25.in_force@tasrih.example.dz>"
    )


HOSTILE = st.text(max_size=40) | st.sampled_from(
    [
        "x\r\nBcc: a@b.c",
        "x\nSubject: y",
        "\u202egnp.exe",
        "<script>alert(1)</script>",
        "{name}",
        '"><img src=x>',
        "=?utf-8?q?x?=",
    ]
)


@settings(max_examples=60, deadline=None)
@given(name=HOSTILE, file=HOSTILE, kind=HOSTILE, period=HOSTILE, language=st.sampled_from(LANGUAGES))
def test_no_name_reaches_a_header_a_tag_or_a_direction(name: str, file: str, kind: str, period: str, language: str):
    hostile: dict[str, Any] = {"entity_name": name, "kind": kind, "period": period, "never_came": (file,)}
    findings = (Finding("E201", file, 1, "base_q1"),)
    for told in (
        replace(NOTHING_CAME, **hostile),
        replace(REFUSED, **{**hostile, "never_came": (), "findings": findings}),
    ):
        mail = read(letter("refused", language, told))
        assert set(mail.keys()) == {
            "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version",
            "Content-Type",
        }  # fmt: skip
        assert not set(body(mail, "plain")) & set("\u202a\u202b\u202c\u202d\u202e")
        outline = Outline()
        outline.feed(body(mail, "html"))
        assert not outline.open
        assert not {tag for tag, _ in outline.seen} & {"script", "img"}


@pytest.mark.parametrize(
    "address", ["", "x", "a@b.c\r\nBcc: d@e.f", "a b@c.d", "a@b.c, d@e.f", "Ann <a@b.c>", "é@b.c", "a@", "@b", "a@b..c"]
)
def test_an_address_that_cannot_be_one_is_refused_without_being_repeated(address: str):
    with pytest.raises(BadAddress) as raised:
        letter("superseded", "fr", replace(TOLD, to=address))
    assert not raised.value.args
    with pytest.raises(ValueError, match="sender"):
        letter("superseded", "fr", replace(TOLD, sender=address))


def test_an_unknown_kind_of_letter_or_language_is_an_error():
    for about, language in (("unknown", "fr"), ("refused", "de")):
        with pytest.raises(KeyError):
            letter(about, language, TOLD)
    assert len(ABOUT) == 8


@pytest.mark.parametrize("subject", ["letters", "receipt", "verify", "webhooks"])
def test_every_sentence_stands_in_three_languages_with_the_same_values(subject: str):
    for key, entry in table(subject).items():
        assert set(entry) == set(LANGUAGES), key
        values = {language: sorted(re.findall(r"\{(\w+)\}", form)) for language, form in entry.items()}
        assert values["ar"] == values["fr"] == values["en"], key
        assert re.search("[\u0600-\u06ff]", entry["ar"]) or entry["ar"] == entry["fr"], key
        assert not re.search("[\u0600-\u06ff]", entry["fr"] + entry["en"]), key
