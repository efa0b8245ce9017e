"""Does each movement of the bank end where the written rules say, for a reason that can be read?"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.ledger import Rules, credit_at, open_items, payment, post, refund
from tasrih.messages import LANGUAGES, sentence, table
from tasrih.payments.bank.line import BankLine
from tasrih.payments.matching import facts as fact_book
from tasrih.payments.matching.facts import Past
from tasrih.payments.matching.match import (
    PERHAPS_KNOWN,
    Foreign,
    Match,
    Matched,
    Unsure,
    explained,
    match,
    payment_of,
    perhaps_known,
    why,
)
from tasrih.payments.matching.rulebook import read, rulebook
from tasrih.payments.reference import reference

from tests.payments.desk import DAY, ONE, RIP, STRANGER, THREE, TWO, Desk, desk, line, owed

CASES = tomllib.loads((Path(__file__).parent / "cases" / "matching.toml").read_text("utf-8"))["case"]
RULES = Path(fact_book.__file__).parent / "rules.toml"
quick = settings(derandomize=True, max_examples=300, deadline=None, database=None)


def told(found: Match) -> dict[str, Any]:
    """In the words of a case."""
    rule = {"rule": found.trace[-1].rule}
    if isinstance(found, Matched):
        return rule | {"outcome": "posted", "employer": found.employer, "period": found.period, "kind": found.kind}
    if isinstance(found, Foreign):
        return rule | {"outcome": "foreign"}
    proposals = [f"{p.employer} {p.identity or p.period}: {' '.join(p.reasons)}" for p in found.proposals]
    return rule | {"outcome": "waiting", "proposals": proposals}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_movement_ends_where_the_written_case_says(case: dict[str, Any]) -> None:
    assert told(match(line(**case["line"]), desk(case))) == case["expect"]


def test_every_rule_has_a_case() -> None:
    assert {case["expect"]["rule"] for case in CASES} == {rule.name for rule in rulebook().rules}


def test_every_fact_is_asked_by_a_rule_and_every_word_of_a_rule_is_a_fact() -> None:
    asked = {fact for rule in rulebook().rules for fact in (*rule.when, *rule.unless)}
    assert asked == set(fact_book.NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_facts_reasons_and_kinds_are_told_in_words(language: str) -> None:
    book = rulebook()
    keys = [f"rule_{rule.name}" for rule in book.rules] + [f"fact_{fact}" for fact in fact_book.NAMES]
    keys += [f"reason_{reason}" for reason in book.weights] + [f"kind_{kind}" for kind in book.remedies]
    for key in (*keys, "rule_perhaps_known"):
        assert sentence("payments", key, language)
    known = {key for key in table("payments") if key.startswith(("rule_", "fact_", "reason_", "kind_"))}
    assert known == {*keys, "rule_perhaps_known"}


def test_the_trace_tells_rule_by_rule_why_it_did_not_decide() -> None:
    found = match(line(3_400_000, f"{{{ONE} 2026-07}}"), Desk(debts={ONE: [owed("2026-07", 3_500_000)]}))
    lines = explained(found, "en")
    assert lines[-1] == "Rule applied: a part of the period: posted."
    assert "Not the rule 'reference and sum agree: posted'; not so: the sum equals what the reference is for." in lines
    assert "Not the rule 'money out that is no employer's', for this is so: money came in." in lines
    assert len(explained(found, "fr")) == len(explained(found, "ar")) == len(found.trace)


def test_why_a_rule_is_as_it_is_is_told_in_three_languages_and_in_english_as_the_rules_have_it() -> None:
    assert {*table("matching")} == {*(rule.name for rule in rulebook().rules), PERHAPS_KNOWN}
    assert all(table("matching")[rule.name]["en"] == rule.reason for rule in rulebook().rules)
    assert all(set(told) == set(LANGUAGES) for told in table("matching").values())
    found = match(line(2_000_000, f"{{{ONE} 2026-07}}"), Desk(debts={ONE: [owed("2026-07", 3_500_000)]}))
    assert why(found, "fr") == "Toute partie est acceptée ; la majoration se calcule sur ce qui reste dû."


def test_a_movement_that_perhaps_came_before_waits_whatever_it_says() -> None:
    found = perhaps_known(line(3_500_000, f"{{{ONE} 2026-07}}"), Desk(debts={ONE: [owed("2026-07", 3_500_000)]}))
    assert told(found)["rule"] == "perhaps_known"
    assert [each.employer for each in found.proposals] == [ONE]


def test_no_more_is_proposed_than_a_person_can_look_at() -> None:
    many = [f"16000000{number:02d}" for number in range(10, 99)]
    found = match(line(500, payer_account=RIP), Desk(known=many, accounts={RIP: many}))
    assert isinstance(found, Unsure)
    assert len(found.proposals) == rulebook().most_proposals


def test_what_carries_out_a_deposit_or_a_refund_tells_which_so_that_it_counts_once() -> None:
    brought = Desk(deposits={"1234567": 300, "1234568": 200})
    assert carried_out(line(500, "REMISE 1234567 1234568"), brought) == ("1234567", "1234568")
    days = {"late": DAY, "early": DAY - timedelta(days=1)}
    decided = [Past(identity=each, kind="refund", amount_centimes=500, value_date=days[each]) for each in days]
    assert carried_out(line(-500, ONE), Desk(history={ONE: decided})) == ("early",)
    assert carried_out(line(-500, "FRAIS"), Desk()) == ()


def carried_out(movement: BankLine, directory: Desk) -> tuple[str, ...]:
    found = match(movement, directory)
    assert isinstance(found, Foreign)
    return found.carries_out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "nothing_known"', 'name = "full"'),
        ("when = []", 'when = ["received"]'),
        ('outcome = "foreign"', 'outcome = "posted"'),
        ('outcome = "foreign"', 'outcome = "lost"'),
        ('kind = "double"', 'kind = "twice"'),
        ('outcome = "waiting"', 'outcome = "waiting"\nkind = "full"'),
        ('carries_out = "refund"', 'carries_out = "all"'),
        ('outcome = "waiting"', 'outcome = "waiting"\ncarries_out = "refund"'),
    ],
)
def test_rules_that_would_leave_a_movement_undecided_are_refused(old: str, new: str) -> None:
    text = RULES.read_text("utf-8")
    assert old in text
    with pytest.raises(ValueError, match=r"last rule|has a kind|is foreign"):
        read(text.replace(old, new, 1))


# Whatever the movement -----------------------------------------------------------------------------------------------

WORDS = ["VIR", ONE, TWO, STRANGER, "16 999 999 01", "1234567", "RF51 1699 9999 0120 2607", "تسديد", "RF", "0550123456"]
ORDERS = [f"{{{ONE} 2026-07}}", f"{{{TWO}}}", f"{{{STRANGER} 2026}}"]
ANYTHING = st.text(max_size=20).filter(lambda text: not {"{", "}"} & {*text})
TEXTS = st.lists(st.sampled_from([*WORDS, *ORDERS]) | ANYTHING, max_size=5).map(" ".join)
AMOUNTS = st.sampled_from([1, 100, 3_500_000, 7_000_000, 10**15])
DEBTS = st.lists(st.builds(owed, st.sampled_from(["2026-07", "2026-08", "2025"]), AMOUNTS), max_size=3)
PAST = st.builds(
    Past,
    identity=st.just("p"),
    kind=st.sampled_from(["payment", "refund"]),
    amount_centimes=AMOUNTS,
    value_date=st.just(DAY),
    reference=st.sampled_from(["", reference(ONE)]),
)
DESKS = st.builds(
    Desk,
    debts=st.fixed_dictionaries({ONE: DEBTS, TWO: DEBTS, THREE: DEBTS}),
    history=st.fixed_dictionaries({ONE: st.lists(PAST, max_size=2)}),
    accounts=st.sampled_from([{}, {RIP: [ONE]}, {RIP: [ONE, TWO]}]),
    deposits=st.sampled_from([{}, {"1234567": 100}]),
    gateways=st.sampled_from([(), (RIP,)]),
)
LINES = st.builds(
    line,
    st.builds(int.__mul__, AMOUNTS, st.sampled_from([1, -1])),
    TEXTS,
    reversal=st.booleans(),
    payer_account=st.sampled_from(["", RIP]),
)


@quick
@given(LINES, DESKS)
def test_every_movement_ends_in_exactly_one_place_with_a_trace(movement: Any, directory: Desk) -> None:
    found = match(movement, directory)
    assert found == match(movement, directory)
    assert sum(isinstance(found, kind) for kind in (Matched, Unsure, Foreign)) == 1
    assert [tried.rule for tried in found.trace] == [rule.name for rule in rulebook().rules][: len(found.trace)]
    assert [bool(tried.but) for tried in found.trace] == [True] * (len(found.trace) - 1) + [False]
    if isinstance(found, Matched):
        assert movement.amount_centimes > 0
        assert not movement.reversal
        assert directory.is_employer(found.employer)
    if isinstance(found, Unsure):
        assert all(directory.is_employer(each.employer) for each in found.proposals)


# With the ledger -----------------------------------------------------------------------------------------------------


def test_what_is_matched_settles_what_it_is_meant_for_and_twice_the_same_line_settles_once() -> None:
    from tests.ledger.made import EMPLOYER, das, ledger

    entries = ledger(das([100_000_000, 0, 0, 0]))
    (item,) = open_items(entries)
    movement = line(item.open_centimes, f"{{{EMPLOYER} {item.period}}}")
    found = match(movement, Desk(known=[EMPLOYER], debts={EMPLOYER: [item]}))
    assert isinstance(found, Matched)
    entry = payment(EMPLOYER, payment_of(movement, found))
    entries += post(entries, [entry], Rules())
    assert open_items(entries) == ()
    assert post(entries, [entry], Rules()) == ()


def test_a_double_lies_on_credit_and_can_be_refunded_by_a_decision() -> None:
    from tests.ledger.made import EMPLOYER, das, decision, ledger

    entries = ledger(das([100_000_000, 0, 0, 0]))
    (item,) = open_items(entries)
    for identity, history in (("line-1", []), ("line-2", [("line-1", reference(EMPLOYER))])):
        past = [
            Past(identity=each, kind="payment", amount_centimes=item.open_centimes, value_date=DAY, reference=written)
            for each, written in history
        ]
        movement = line(item.open_centimes, f"{{{EMPLOYER}}}", identity=identity)
        directory = Desk(known=[EMPLOYER], debts={EMPLOYER: open_items(entries)}, history={EMPLOYER: past})
        found = match(movement, directory)
        assert isinstance(found, Matched)
        entries += post(entries, [payment(EMPLOYER, payment_of(movement, found))], Rules())
    assert found.kind == "double"
    assert "refund" in found.remedies
    assert credit_at(entries) == item.open_centimes
    entries += post(entries, [refund(entries, EMPLOYER, item.open_centimes, decision())], Rules())
    assert credit_at(entries) == 0


@pytest.mark.parametrize("remedy", sorted({name for names in rulebook().remedies.values() for name in names}))
def test_every_remedy_is_something_that_the_ledger_does(remedy: str) -> None:
    import tasrih.ledger

    assert callable(getattr(tasrih.ledger, remedy))
