"""`tasrih law`: is every value of a day told, with what it rests on, in three languages?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from tasrih import law
from tasrih.cli import main
from tasrih.law import loader
from tasrih.law.values import at
from tasrih.messages import LANGUAGES, table

Told = pytest.CaptureFixture[str]
IN_THREE = pytest.mark.parametrize("language", LANGUAGES)
DAYS = ("1985-01-01", "2010-05-02", "2016-05-02", "2021-12-01", "2026-11-01")
BEYOND_ENGLISH = re.compile(r"[\u0600-\u06ff]")
RIGHT_TO_LEFT, ISOLATE, POP = "\u200f", "\u2068", "\u2069"


def told(capsys: Told, *arguments: str) -> str:
    """Without isolates and folds: one line of words."""
    assert main(["law", *arguments]) == 0
    return flat(capsys.readouterr().out)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(f"[{RIGHT_TO_LEFT}{ISOLATE}{POP}]", "", text).replace("\u00a0", " "))


@IN_THREE
@pytest.mark.parametrize("day", DAYS)
def test_every_value_in_force_is_told_with_its_day_and_source(day: str, language: str, capsys: Told) -> None:
    text = told(capsys, "--on", day, "--lang", language)
    held = [(name, at(series, date.fromisoformat(day))) for _, name, series in law.book().all_series()]
    for name, one in held:
        if one and one.value is not None and name not in law.book().scheme_windows:
            assert one.valid_from.isoformat() in text
            assert one.basis.read_on.isoformat() in text
            source = flat(table("law_notes")[one.basis.source][language]).rstrip(".")
            assert source in text, name
    assert law.LAW_VERSION in text


def test_a_surcharge_is_told_in_full(capsys: Told) -> None:
    text = told(capsys, "--on", "2026-02-01", "--lang", "en")
    row = "annual declaration late or missing, once 15,00 % from 2004-11-13 (day of publication) Law 83-14, article 16"
    assert f"{row} — firm source 1" in text
    assert "1. published on 2004-11-13 (JO 72, p. 7); Law 04-17 of 10 November 2004, which amends" in text
    assert "(read on 2026-11-25)" in text
    assert "late payment, once 5,00 % from 2020-01-01" in text


@IN_THREE
def test_what_is_unknown_is_told_as_unknown(language: str, capsys: Told) -> None:
    text = told(capsys, "--on", "2010-05-02", "--lang", language)
    unknown = text.split(flat(table("law")["subject_unknown"][language]), 1)[1]
    nothing = flat(table("law")["nothing_known"][language])
    for name in ("R22", "R98", "late_payment", "late_payment_month"):
        assert f"{flat(table('law')[f'name_{name}'][language])} {nothing}"[:40] in unknown
    for code in ("R06", "R07", "R08"):
        assert code in unknown
    assert "24,50 %" in unknown
    for name in law.book().not_found:
        assert flat(table("law")[f"unknown_{name}"][language])[:40] in unknown


@IN_THREE
def test_every_choice_is_told_with_its_reason_and_what_else_it_may_be(language: str, capsys: Told) -> None:
    text = told(capsys, "--lang", language)
    for choice in law.book().choices.values():
        assert flat(table("law_choices")[choice.name][language])[:25] in text
        assert flat(table("law_notes")[choice.reason][language])[:25] in text
        for value in choice.may_be if not choice.value.isdecimal() else ():
            assert flat(table("law_choices")[f"{choice.name}_{value}"][language])[:25] in text


def test_what_had_been_published_by_then_is_told(capsys: Told) -> None:
    now = told(capsys, "--on", "2026-01-05", "--lang", "en")
    then = told(capsys, "--on", "2026-01-05", "--known-on", "2026-01-07", "--lang", "en")
    assert "24 000,00 DA" in now
    assert "20 000,00 DA" in then
    assert "As published by 2026-01-07." in then


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-01", "This day is off: Revolution Day (firm source)."),
        ("2026-05-27", "This day is off: Eid al-Adha (provisional: weak source, to be confirmed)."),
        ("2026-10-30", "This day is off: weekend (firm source)."),
        ("2026-11-02", "This is a working day."),
    ],
)
def test_it_says_whether_the_day_is_off(day: str, expected: str, capsys: Told) -> None:
    assert expected in told(capsys, "--on", day, "--lang", "en")


def test_a_scheme_is_told_while_it_is_open(capsys: Told) -> None:
    text = told(capsys, "--on", "2021-12-01", "--lang", "en")
    assert "measure of 2021" in text
    assert "from 2021-08-25 to 2022-01-31" in text
    assert "No scheme" in told(capsys, "--on", "2022-02-01", "--lang", "en")


def test_a_line_of_arabic_begins_on_the_right_and_its_figures_are_isolated(capsys: Told) -> None:
    assert main(["law", "--on", "2026-11-01", "--lang", "ar"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert all(line.startswith(RIGHT_TO_LEFT) for line in lines)
    assert f"{ISOLATE}15,00\u00a0%{POP}" in "\n".join(lines)
    whole = "".join(lines)
    assert whole.count(ISOLATE) == whole.count(POP) > 100


def test_a_narrow_screen_breaks_no_word(capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasrih.cli.law.PIPED_WIDTH", 80)
    text = told(capsys, "--on", "2026-11-01", "--lang", "fr")
    assert "professionnelles," in text


@pytest.mark.parametrize("arguments", [["--on", "31/01/2026"], ["--on", "2026-02-30"], ["--known-on", "today"]])
def test_what_is_no_day_ends_with_two(arguments: list[str], capsys: Told) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["law", *arguments])
    assert ended.value.code == 2
    assert "no day written as" in capsys.readouterr().err


def _notes(part: Any) -> Iterator[str]:
    """Every source and reason of the law data."""
    if isinstance(part, list):
        for each in part:
            yield from _notes(each)
    elif isinstance(part, dict):
        yield from (part[key] for key in ("source", "reason") if key in part)
        for each in part.values():
            yield from _notes(each)


def test_every_source_and_reason_is_there_in_three_languages_and_no_other() -> None:
    written = {note for text in loader.texts().values() for note in _notes(tomllib.loads(text))}
    assert written == set(table("law_notes"))
    assert all(forms["en"] == key for key, forms in table("law_notes").items())


@pytest.mark.parametrize("subject", ["law", "law_choices", "law_notes"])
def test_each_sentence_has_three_languages_with_the_same_values(subject: str) -> None:
    for key, forms in table(subject).items():
        assert list(forms) == list(LANGUAGES), key
        assert len({frozenset(re.findall(r"{(\w+)}", form)) for form in forms.values()}) == 1, key
        assert BEYOND_ENGLISH.search(forms["ar"]) or not re.search(r"[a-z]{3}", re.sub(r"{\w+}", "", forms["en"])), key
        assert not BEYOND_ENGLISH.search(forms["fr"] + forms["en"]), key


def test_the_choices_that_have_names_are_those_that_are_decided() -> None:
    choices = law.book().choices.values()
    values = {f"{each.name}_{value}" for each in choices if not each.value.isdecimal() for value in each.may_be}
    assert set(table("law_choices")) == {each.name for each in choices} | values
