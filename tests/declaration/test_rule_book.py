"""The rule book itself: complete, in three languages, and never changed without a new version."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import tasrih.declaration
from tasrih.declaration import rules
from tasrih.declaration.layout import FIXED
from tasrih.declaration.rulebook import depends_on
from tasrih.messages import LANGUAGES, table
from tasrih.messages.findings import finding_sentence
from tasrih.vocabulary.finding import Finding

CODES = [rule.code for rule in rules.RULES] + [
    entry.code for entry in (*rules.READING, *rules.FILE_RULES, *rules.HANDSHAKE)
]
INSERTED = {"file", "line", "column", "value", "expected"}


def test_another_rule_book_has_another_version() -> None:
    assert (rules.RULES_VERSION, rules.digest()) == (rules.RULES_VERSION, rules.RULES_DIGEST), (
        "the rules changed: give RULES_VERSION a new value, then RULES_DIGEST this one"
    )


def test_no_code_stands_twice() -> None:
    assert len(CODES) == len(set(CODES))


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_its_sentence_in_three_languages(code: str) -> None:
    finding = Finding(code, "D19S1699999901.txt", 7, "base_q1", "123", "456")
    told = {language: finding_sentence(finding, language) for language in LANGUAGES}
    assert len(set(told.values())) == len(LANGUAGES)
    assert re.search("[\u0600-\u06ff]", told["ar"])


def test_every_sentence_has_three_languages_and_inserts_known_values_only() -> None:
    for code, sentences in table("findings").items():
        assert re.fullmatch("[EW][0-9]{3}", code)
        assert tuple(sentences) == LANGUAGES
        for sentence in sentences.values():
            assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name} <= INSERTED, code


def test_every_code_that_reading_can_give_stands_in_the_rule_book() -> None:
    """But for the codes of intake (E0…) and CSV (…5…), which have their own lists."""
    folder = Path(tasrih.declaration.__file__).parent
    modules = ("das/header", "das/detail", "das/pair", "handshake", "tally", "examine")
    used = {code for name in modules for code in re.findall(r'"([EW]\d{3})"', (folder / f"{name}.py").read_text())}
    assert used <= set(CODES)


def test_rules_read_columns_of_the_layout() -> None:
    for rule in rules.RULES:
        assert set(rule.columns) <= set(FIXED.columns), rule.code


def test_a_rule_tells_which_earlier_rules_keep_it_silent() -> None:
    book = {rule.code: rule for rule in rules.RULES}
    assert depends_on(book["E306"], rules.RULES) == ("E204", "E207", "E203", "E302", "E301")
    assert depends_on(book["E210"], rules.RULES) == ("E204", "E207", "E203")
    assert "E305" in depends_on(book["W303"], rules.RULES)


def test_every_code_is_provoked_by_a_test() -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [code for code in CODES if f'"{code}"' not in tests] == []
