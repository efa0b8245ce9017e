"""Are the wages of a year owed once, whatever came first and whatever was corrected since?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tasrih.ledger import (
    Entry,
    NotCleared,
    NotDecided,
    Rules,
    TooMuch,
    balance,
    balance_at,
    check_cleared,
    check_posted_once,
    credit_at,
    credit_over_declared,
    dues_entry,
    open_items,
    over_declared,
)

from tests.ledger.made import (
    DAY,
    EMPLOYER,
    RULES,
    annual_dues,
    cases,
    centimes,
    dac,
    das,
    decision,
    ledger,
    pay,
    replaced_by,
    then,
    withdrawn,
)

CREDITED = Rules(over_declared="credited")
THOUSAND = 100_000


def owed(entries: list[Entry]) -> dict[str, int]:
    return {item.account.removeprefix("receivable:"): item.open_centimes for item in open_items(entries)}


def over(entries: list[Entry]) -> int:
    return sum(line.over_centimes for line in over_declared(entries, "2025"))


@pytest.mark.parametrize("case", cases("clearing"), ids=lambda case: case["name"])
@pytest.mark.parametrize("das_first", [False, True], ids=["DACs first", "DAS first"])
def test_signed_cases(case: dict[str, Any], das_first: bool) -> None:
    rules = Rules(over_declared=case.get("over_declared", "proposed"))
    parts = [dac(period, centimes(base)) for period, base in case["dacs"].items()]
    whole = das([centimes(base) for base in case["das"]], held=case.get("held", ()))
    entries = ledger(*([whole, *parts] if das_first else [*parts, whole]), rules=rules)
    year = [leg for entry in entries for leg in entry.legs if leg.account == "receivable:2025" and not leg.lot]
    assert sum(leg.amount_centimes for leg in year) == centimes(case["owed"])
    assert over(entries) == centimes(case["over"])
    assert balance_at(entries) == centimes(case["balance"])
    check_cleared(entries)
    check_posted_once(entries)


@pytest.mark.parametrize("case", cases("clearing"), ids=lambda case: case["name"])
def test_the_hand_arithmetic_of_the_cases_is_right(case: dict[str, Any]) -> None:
    results = {"owed": Decimal(0), "over": Decimal(0)}
    for line in case["work"]:
        name, _, sums = line.partition(" : ")
        values = {reckoned(part) for part in sums.split(" = ")}
        assert len(values) == 1, line
        results[name] += values.pop()
    assert results == {"owed": Decimal(case["owed"]), "over": Decimal(case["over"])}


def reckoned(text: str) -> Decimal:
    assert re.fullmatch(r"[\d. x%()+-]+", text)
    python = re.sub(r"\d+\.\d\d", r"Decimal('\g<0>')", text).replace("%", "/ 100").replace("x", "*")
    value: Decimal = eval(python)
    return value


def test_the_contributions_of_a_cleared_year_are_those_it_declares() -> None:
    entries = ledger(dac("2025-01", 20 * THOUSAND, code="R22"), das([60 * THOUSAND, 0, 0, 7 * THOUSAND], code="R22"))
    earned = -sum(
        leg.amount_centimes for entry in entries for leg in entry.legs if leg.account.startswith("contribution:")
    )
    assert earned == annual_dues([60 * THOUSAND, 0, 0, 7 * THOUSAND], "R22").total_centimes == balance_at(entries)


def test_a_clearing_carries_the_reasons_of_what_it_takes_off_and_the_declaration_it_settles() -> None:
    *_, clearing = ledger(dac("2025-01", 20 * THOUSAND), das([60 * THOUSAND, 0, 0, 0]))
    assert (clearing.reason, clearing.about, clearing.period, clearing.part) == ("clearing", "das-1", "2025", "dues")
    taken_off = clearing.legs[2]
    assert taken_off.account == "contribution:R98:social_housing:employer:2025-Q1"
    assert (taken_off.amount_centimes, taken_off.base_centimes, taken_off.rate) == (10_000, 20 * THOUSAND, "0.50")
    assert (taken_off.article, taken_off.valid_from) == ("law 83-16", "2024-01-01")


def test_a_declaration_that_is_not_compared_yet_is_told() -> None:
    with pytest.raises(NotCleared):
        check_cleared([das([100, 0, 0, 0])])


def test_a_dac_that_arrives_after_the_das_is_owed_by_its_month_and_no_longer_for_the_year() -> None:
    entries = ledger(das([60 * THOUSAND, 0, 0, 0]))
    assert owed(entries) == {"2025": 30_000}
    entries = then(entries, dac("2025-02", 20 * THOUSAND, day=date(2026, 2, 3)))
    assert owed(entries) == {"2025-02": 10_000, "2025": 20_000}
    assert [entry.value_date for entry in entries[-2:]] == ["2026-02-03", "2026-02-03"]


def test_money_that_had_settled_the_year_settles_the_month_that_is_declared_late() -> None:
    entries = then(ledger(das([60 * THOUSAND, 0, 0, 0]), pay(30_000)), dac("2025-02", 20 * THOUSAND))
    assert owed(entries) == {}
    assert credit_at(entries) == 0 == balance_at(entries)


def test_a_dac_corrected_after_the_das_changes_what_the_year_adds() -> None:
    first = dac("2025-01", 20 * THOUSAND)
    entries = ledger(first, das([60 * THOUSAND, 0, 0, 0]))
    entries = then(entries, *replaced_by(first, dac("2025-01", 50 * THOUSAND, "again")))
    assert owed(entries) == {"2025-01": 25_000, "2025": 5_000}
    check_cleared(entries)


def test_a_dac_withdrawn_after_the_das_is_owed_for_the_year() -> None:
    first = dac("2025-01", 20 * THOUSAND)
    entries = then(ledger(first, das([60 * THOUSAND, 0, 0, 0])), withdrawn(first))
    assert owed(entries) == {"2025": 30_000}


def test_a_das_withdrawn_leaves_the_dacs_alone_and_corrected_is_cleared_anew() -> None:
    whole = das([60 * THOUSAND, 0, 0, 0])
    entries = ledger(dac("2025-01", 20 * THOUSAND), whole)
    assert owed(then(entries, withdrawn(whole))) == {"2025-01": 10_000}
    entries = then(entries, *replaced_by(whole, das([20 * THOUSAND, 0, 4 * THOUSAND, 0], "das-2")))
    assert owed(entries) == {"2025-01": 10_000, "2025": 2_000}
    check_cleared(entries)


def test_a_dac_that_changes_nothing_of_another_year_leaves_the_clearing_alone() -> None:
    entries = ledger(dac("2025-01", 20 * THOUSAND), das([60 * THOUSAND, 0, 0, 0]))
    added = then(entries, dac("2026-01", 20 * THOUSAND))[len(entries) :]
    assert [entry.reason for entry in added] == ["dues"]


def test_a_das_that_was_posted_as_owed_before_there_were_clearing_accounts_is_cleared_too() -> None:
    old = dues_entry(EMPLOYER, "das-0", "2025", DAY, annual_dues([60 * THOUSAND, 0, 0, 0]))
    entries = [dac("2025-01", 20 * THOUSAND), old]
    assert balance(entries) == 40_000, "owed twice"
    entries = then(entries, dac("2025-02", 20 * THOUSAND))
    assert owed(entries) == {"2025-01": 10_000, "2025-02": 10_000, "2025": 10_000}
    assert owed(then(entries, withdrawn(old))) == {"2025-01": 10_000, "2025-02": 10_000}


def test_an_officer_credits_what_was_declared_too_much_and_it_settles_what_is_open() -> None:
    entries = ledger(dac("2025-01", 90 * THOUSAND), das([60 * THOUSAND, 0, 0, 0]))
    entries = then(entries, *credit_over_declared(entries, "2025", decision(why="Typing error"), RULES))
    assert owed(entries) == {"2025-01": 30_000}
    clearing = next(entry for entry in entries if entry.upload == "d1" and entry.reason == "clearing")
    assert (clearing.officer, clearing.why) == ("officer-1", "Typing error")
    check_cleared(entries)


def test_a_credit_holds_as_far_as_it_was_granted_while_the_das_stands() -> None:
    first, whole = dac("2025-01", 90 * THOUSAND), das([60 * THOUSAND, 0, 0, 0])
    entries = ledger(first, whole)
    entries = then(entries, *credit_over_declared(entries, "2025", decision(), RULES))
    more = then(entries, dac("2025-02", 10 * THOUSAND))
    assert balance_at(more) == 50_000 - 15_000, "the rest is proposed anew"
    less = then(entries, *replaced_by(first, dac("2025-01", 70 * THOUSAND, "again")))
    assert balance_at(less) == 30_000
    assert balance_at(then(entries, withdrawn(whole))) == 45_000
    assert balance_at(then(entries, *replaced_by(whole, das([50 * THOUSAND, 0, 0, 0], "das-2")))) == 45_000


def test_a_credit_is_granted_once_by_an_officer_and_where_there_is_something() -> None:
    entries = ledger(dac("2025-01", 90 * THOUSAND), das([60 * THOUSAND, 0, 0, 0]))
    with pytest.raises(NotDecided):
        credit_over_declared(entries, "2025", decision(officer=""), RULES)
    with pytest.raises(TooMuch):
        credit_over_declared(entries, "2024", decision(), RULES)
    entries = then(entries, *credit_over_declared(entries, "2025", decision(), RULES))
    assert then(entries, *credit_over_declared(entries, "2025", decision(), RULES)) == entries
    with pytest.raises(TooMuch):
        credit_over_declared(entries, "2025", decision("d2"), RULES)


def test_a_credit_that_was_spent_is_taken_back_where_it_settled() -> None:
    first = dac("2025-01", 90 * THOUSAND)
    entries = ledger(first, das([60 * THOUSAND, 0, 0, 0]), dac("2026-01", 20 * THOUSAND), pay(45_000), rules=CREDITED)
    assert (owed(entries), credit_at(entries)) == ({}, 5_000)
    entries = then(entries, *replaced_by(first, dac("2025-01", 60 * THOUSAND, "again")), rules=CREDITED)
    assert (owed(entries), credit_at(entries)) == ({}, 45_000 - 30_000 - 10_000)


def test_held_bases_stand_in_the_entry_so_that_it_can_be_cleared_anew_from_what_is_stored() -> None:
    held = das([60 * THOUSAND, 0, 0, 0], held=["2025-Q2 R98"])
    entries = then(ledger(held), dac("2025-04", 20 * THOUSAND))
    assert over(entries) == 0
    assert over(then(ledger(replace(held, held=())), dac("2025-04", 20 * THOUSAND))) == 10_000
