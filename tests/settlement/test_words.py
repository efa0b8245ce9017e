"""Is every code told in three languages, every step dated and sourced?"""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import date
from importlib import resources
from string import Formatter

import pytest
from tasrih import law
from tasrih.law import LawNotKnown
from tasrih.messages import LANGUAGES, sentence, table
from tasrih.settlement import policy as module
from tasrih.settlement.appeal import STAGES, remedy
from tasrih.settlement.case import Case
from tasrih.settlement.explain import explain_remedy, explain_standing
from tasrih.settlement.ladder import standings
from tasrih.settlement.policy import STEPS, policy, read, texts
from tasrih.settlement.why import why, why_sentence

from tests.settlement.signed import cases
from tests.settlement.test_ladder import DUE, case_of

IN_THREE = pytest.mark.parametrize("language", LANGUAGES)
SOURCES = {
    item.name: item.read_text("utf-8")
    for item in resources.files("tasrih.settlement").iterdir()
    if item.name.endswith(".py")
}
TODAY = date(2026, 11, 25)


def codes() -> dict[str, set[str]]:
    """Every reason that the room gives -> the names of its values."""
    found: dict[str, set[str]] = {}
    for text in SOURCES.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "why" and node.args:
                named = {keyword.arg.removesuffix("_centimes") for keyword in node.keywords if keyword.arg}
                first = node.args[0]
                choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                for each in choices:
                    if isinstance(each, ast.Constant):
                        found.setdefault(str(each.value), set()).update(named)
    return found


def test_every_reason_has_its_sentence_with_the_values_it_is_given() -> None:
    given = codes()
    assert len(given) > 30
    for code, values in given.items():
        entry = table("settlement")[f"why_{code}"]
        for language in LANGUAGES:
            used = {name for _, name, _, _ in Formatter().parse(entry[language]) if name}
            assert used <= values, (code, language)


def test_the_three_languages_tell_the_same_values() -> None:
    for key, entry in table("settlement").items():
        assert set(entry) == set(LANGUAGES), key
        used = [{name for _, name, _, _ in Formatter().parse(entry[each]) if name} for each in LANGUAGES]
        assert used[0] == used[1] == used[2], key


@IN_THREE
def test_every_name_is_told(language: str) -> None:
    rules = policy()
    names = [f"means_{name}" for name in rules.means] + [f"stage_{name}" for name in STAGES]
    names += [f"step_{name}" for name in STEPS]
    names += [f"by_{step.by}" for steps in rules.steps.values() for step in steps]
    assert all(sentence("settlement", name, language) for name in names)
    for reason in (
        why("debt_open", debt="", period="2026-06", amount_centimes=1234567),
        why("debt_open", debt="late_payment", period="2026-06", amount_centimes=5),
        why("notice_lacks", item="debtor_name", article="law 08-08, article 46"),
        why("law_not_known", name="first_warning", day=TODAY),
        why("law_not_known", name="forced_recovery", day=TODAY),
        why("past_not_known", name="R22", day=TODAY),
    ):
        assert "{" not in why_sentence(reason, language)
    assert "12\u00a0345,67" in why_sentence(why("worker_share_not_paid", amount_centimes=1234567), language)


@IN_THREE
def test_a_standing_is_explained_whatever_it_is(language: str) -> None:
    for case in cases("ladder"):
        for day, *_ in case["days"]:
            (found,) = standings(case_of(case), day)
            told = explain_standing(found, language)
            assert len(told) == 1 + bool(found.next) + len(found.why_not)
            assert not [line for line in told if re.search(r"[{}]|None", line)]
    assert "2026-10-05" in explain_remedy(remedy("local", date(2026, 9, 20), law.book()), language)


def test_a_standing_reads_as_a_person_would_say_it() -> None:
    (found,) = standings(Case(employer="1699999901", debts=(DUE,)), date(2026, 8, 1))
    assert explain_standing(found, "en") == [
        "contributions 2026-06, 100\u00a0000,00 DA: overdue, since 2026-07-31.",
        "May come next from 2026-08-30: reminder, by a standing decision of the agency.",
        "The days are running: nothing before 2026-08-30 (the agency's own choice).",
    ]


def test_the_data_are_dated_and_sourced() -> None:
    rules, tables = policy(), {name: tomllib.loads(text) for name, text in texts().items()}
    for choice in rules.choices.values():
        assert choice.reason
        assert choice.source
        assert choice.confidence == "provisional"
    for name, each in tables["ladder"].items():
        days = [block["from"] for block in each["values"]]
        assert days == sorted(set(days)), name
        for block in each["values"]:
            assert block["source"]
            assert block["read_on"] >= block["from"]
            assert block["confidence"] in ("firm", "provisional")
            assert (block["article"] == "unknown") == (block["confidence"] == "provisional")
    assert all(means.source and means.article.startswith("law 08-08") for means in rules.means.values())


def test_every_term_and_choice_that_is_named_exists() -> None:
    rules, book = policy(), law.book()
    for steps in rules.steps.values():
        for step in steps:
            assert rules.days_of(step, step.valid_from, book)[0] > 0
            assert step.coercive == (step.name != "reminder")
            assert not (step.coercive and step.by == "standing_decision")
    for means in rules.means.values():
        for term in (means.visa_days, means.title_days, means.remedy_days):
            assert not term or book.term(term, TODAY).unit == "days"


def test_before_its_first_day_there_is_no_step() -> None:
    with pytest.raises(LawNotKnown):
        policy().step("forced_recovery", date(2008, 3, 1))
    assert policy().step("forced_recovery", date(2008, 3, 2)).by == "director"


def test_a_choice_may_be_another_of_its_values_alone() -> None:
    assert policy().choosing(grace_days=0).choice("grace_days").number == 0
    with pytest.raises(ValueError, match="none of the values"):
        policy().choosing(grace_days=32)
    with pytest.raises(KeyError):
        policy().choosing(nobody="knows")


def test_a_ladder_in_another_order_is_refused() -> None:
    files = module.texts()
    first, _, rest = files["ladder"].partition("[[formal_notice.values]]")
    with pytest.raises(ValueError, match="another order"):
        read({**files, "ladder": f"[[formal_notice.values]]{rest}\n{first}"})
