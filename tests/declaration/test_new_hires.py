"""The switch: a worker without an insured number is accepted in reserve, or refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tasrih import law
from tasrih.declaration.rules import RULES
from tasrih.law import Choice

from tests.declaration.dacs import examined as examined_dac
from tests.declaration.dacs import places, workers
from tests.declaration.pairs import FIRST, SECOND, detail, examined, found, put

WITHOUT = detail(FIRST, put(SECOND, nss=" " * 12))


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = replace(law.choice("new_hire"), value="refuse")
    changed = replace(law.book(), choices={**law.book().choices, "new_hire": chosen})
    monkeypatch.setattr(law, "book", lambda: changed)


def test_it_is_on_by_default_and_says_why() -> None:
    choice: Choice = law.choice("new_hire")
    assert (choice.value, choice.may_be) == ("in_reserve", ("in_reserve", "refuse"))
    assert choice.reason


def test_a_new_hire_is_accepted_in_reserve() -> None:
    result = examined(lines=WITHOUT)
    assert result.accepted
    assert found(result) == [("W210", "S", 2, "nss")]


def test_a_fund_that_refuses_says_so_at_the_line(refusing: None) -> None:
    result = examined(lines=WITHOUT)
    assert not result.accepted
    assert found(result) == [("E217", "S", 2, "nss")]


def test_zeros_are_no_number_either(refusing: None) -> None:
    assert found(examined(lines=detail(FIRST, put(SECOND, nss="0" * 12)))) == [("E217", "S", 2, "nss")]


def test_the_nominal_dac_follows_the_same_switch(refusing: None) -> None:
    codes = [code for code, _, _ in places(examined_dac(workers({"NSS": ""})))]
    assert "E217" in codes
    assert "W210" not in codes


def test_both_outcomes_name_the_choice_they_rest_on() -> None:
    sources = {rule.code: rule.source for rule in RULES if rule.code in ("W210", "E217")}
    assert set(sources.values()) == {"law/data/choices.toml: new_hire"}
