"""Does an officer post, forgive and give up only what may be, with all that it needs?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from tasrih.ledger import (
    AlreadyOwed,
    Entry,
    NotDecided,
    Rules,
    TooMuch,
    balance_at,
    credit_at,
    open_items,
    provisional,
    surcharged,
    taken_back,
    waiver,
    write_off,
)

from tests.ledger.made import DAY, EMPLOYER, TWO, dac, das, decision, ledger, line, pay, proposal, then

LATE = "surcharge:2025-01:late_payment"


def with_surcharge(amount: int = 1_000) -> list[Entry]:
    posted = surcharged([], EMPLOYER, proposal("2025-01", late_payment=amount), decision())
    return ledger(dac("2025-01", 2_000_000), posted)


def owed(entries: list[Entry]) -> dict[str, int]:
    return {item.account: item.open_centimes for item in open_items(entries)}


def test_a_surcharge_is_posted_with_its_officer_and_all_reasons() -> None:
    entry = with_surcharge()[-1]
    assert (entry.officer, entry.law_version, entry.value_date) == ("officer-1", "2026.11", "2026-01-20")
    debt, reasons = entry.legs
    assert (debt.account, debt.amount_centimes) == (LATE, 1_000)
    assert (reasons.account, reasons.amount_centimes) == ("penalty:2025-01:late_payment", -1_000)
    assert (reasons.base_centimes, reasons.rate, reasons.months) == (20_000, "5.00", 0)
    assert (reasons.article, reasons.source, reasons.confidence) == ("law 83-14, article 24", "El Moudjahid", "firm")


@pytest.mark.parametrize(
    ("officer", "amounts", "error"),
    [(" ", {"late_payment": 1_000}, NotDecided), ("o", {}, TooMuch), ("o", {"late_payment": 0}, TooMuch)],
)
def test_no_surcharge_without_an_officer_or_an_amount(
    officer: str, amounts: dict[str, int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        surcharged([], EMPLOYER, proposal("2025-01", **amounts), decision(officer=officer))


@pytest.mark.parametrize(
    ("people", "what"),
    [
        (TWO | {"why": "  "}, "why"),
        (TWO | {"second": ""}, "second"),
        (TWO | {"second": "officer-1"}, "second"),
        (TWO | {"second": " Officer-1 "}, "second"),
        (TWO | {"officer": ""}, "officer"),
    ],
)
@pytest.mark.parametrize("relief", [waiver, write_off])
def test_relief_needs_a_reason_and_two_different_people(relief: object, people: dict[str, str], what: str) -> None:
    with pytest.raises(NotDecided) as raised:
        relief(with_surcharge(), EMPLOYER, {LATE: 1_000}, decision("d2", **people))  # type: ignore[operator]
    assert raised.value.what == what


def test_a_waiver_forgives_surcharges_as_far_as_they_are_open() -> None:
    entries = with_surcharge()
    for amounts in ({LATE: 1_001}, {LATE: 0}, {}, {"receivable:2025-01": 1}, {"surcharge:2025-02:late_payment": 1}):
        with pytest.raises(TooMuch):
            waiver(entries, EMPLOYER, amounts, decision("d2", **TWO))
    granted = waiver(entries, EMPLOYER, {LATE: 400}, decision("d2", **TWO))
    assert (granted.officer, granted.second, granted.why) == ("officer-1", "officer-2", "Documented request")
    entries = then(entries, granted)
    assert owed(entries) == {"receivable:2025-01": 10_000, LATE: 600}
    assert then(entries, waiver(entries, EMPLOYER, {LATE: 400}, decision("d2", **TWO))) == entries


def test_money_leaves_the_surcharges_of_a_plan_alone_so_that_they_can_be_waived_at_its_end() -> None:
    kept = Rules(aside=frozenset({LATE}))
    entries = then(with_surcharge(), dac("2025-02", 2_000_000))
    for number in range(3):
        entries = then(entries, pay(10_000, f"p{number}"), rules=kept)
    assert owed(entries) == {LATE: 1_000}
    assert credit_at(entries) == 10_000
    waived = then(entries, waiver(entries, EMPLOYER, {LATE: 1_000}, decision("d2", **TWO)), rules=kept)
    assert (owed(waived), credit_at(waived)) == ({}, 10_000)
    broken = then(entries, pay(1, "p9"))
    assert (owed(broken), credit_at(broken)) == ({}, 9_001)


def test_contributions_can_be_written_off_but_not_forgiven() -> None:
    entries = with_surcharge()
    given_up = {"receivable:2025-01": 10_000, LATE: 1_000}
    entries = then(entries, write_off(entries, EMPLOYER, given_up, decision("d2", **TWO)))
    assert owed(entries) == {}
    assert balance_at(entries) == 0


def test_relief_of_what_turns_out_not_to_be_owed_never_becomes_money() -> None:
    entries = with_surcharge()
    posted = entries[-1]
    entries = then(entries, waiver(entries, EMPLOYER, {LATE: 400}, decision("d2", **TWO)))
    entries = then(entries, pay(10_600))
    entries = then(entries, taken_back(posted, entries, "d3", DAY, "mistake"))
    assert credit_at(entries) == 600, "the money that was paid, and nothing of the 400 that were forgiven"
    assert balance_at(entries) == -600
    with pytest.raises(TooMuch):
        taken_back(next(entry for entry in entries if entry.reason == "waiver"), entries, "d4", DAY, "mistake")


def test_a_waiver_that_is_withdrawn_is_owed_again() -> None:
    entries = with_surcharge()
    granted = waiver(entries, EMPLOYER, {LATE: 400}, decision("d2", **TWO))
    entries = then(entries, granted)
    back = taken_back(granted, entries, "d3", DAY, "mistake", officer="officer-3", why="Wrong employer")
    entries = then(entries, back)
    assert owed(entries)[LATE] == 1_000
    assert (entries[-1].second, entries[-1].why) == ("", "Wrong employer")


def test_what_the_fund_sets_is_owed_until_the_period_is_declared_and_the_surcharge_stays() -> None:
    proposed = replace(
        proposal("2025-02", provisional_assessment=600), contributions=(line("worker", 4_000), line("employer", 8_000))
    )
    entries = ledger(provisional([], EMPLOYER, proposed, decision("d1")))
    entries = then(entries, surcharged(entries, EMPLOYER, proposed, decision("d1")))
    (item, _) = open_items(entries)
    assert (item.open_centimes, item.worker_centimes) == (12_000, 4_000)
    entries = then(entries, dac("2025-02", 2_000_000))
    assert owed(entries) == {"receivable:2025-02": 10_000, "surcharge:2025-02:provisional_assessment": 600}
    back = next(entry for entry in entries if entry.reason == "replaced")
    assert (back.corrects, back.officer, back.upload) == (entries[0].key.sort, "", "dac-2025-02")


def test_an_annual_declaration_replaces_what_was_set_for_its_months_and_quarters() -> None:
    entries: list[Entry] = []
    for number, period in enumerate(("2025-Q2", "2025-11", "2024-12")):
        proposed = replace(proposal(period), contributions=(line("worker", 4_000),))
        entries = then(entries, provisional(entries, EMPLOYER, proposed, decision(f"d{number}")))
    entries = then(entries, das([2_000_000, 0, 0, 0]))
    assert owed(entries) == {"receivable:2024-12": 4_000, "receivable:2025": 10_000}


@pytest.mark.parametrize("period", ["2025-01", "2025-Q1", "2025"])
def test_nothing_is_set_for_what_is_declared_or_was_set_before(period: str) -> None:
    proposed = replace(proposal("2025-01"), contributions=(line("worker", 4_000),))
    before = {
        "2025-01": ledger(dac("2025-01", 1_000_000)),
        "2025": ledger(das([1_000_000, 0, 0, 0])),
        "2025-Q1": ledger(provisional([], EMPLOYER, replace(proposed, period="2025-Q1"), decision("d1"))),
    }[period]
    with pytest.raises(AlreadyOwed):
        provisional(before, EMPLOYER, proposed, decision("d2"))
