"""Is money allocated by the rules, and does what bounces, goes back or was booked wrongly leave nothing behind?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tasrih.ledger import (
    DoublePosting,
    Entry,
    OpenedALot,
    Rules,
    TooMuch,
    balance_at,
    brought_over,
    check_posted_once,
    credit_at,
    moved,
    open_items,
    opening,
    payment,
    post,
    refund,
    refund_proposed,
    reversal,
    sent_over,
    settlements,
    surcharged,
    taken_back,
)
from tasrih.ledger.opening import Brought

from tests.ledger.made import (
    DAY,
    EMPLOYER,
    OTHER,
    RULES,
    TWO,
    Payment,
    cases,
    centimes,
    dac,
    decision,
    ledger,
    pay,
    proposal,
    replaced_by,
    then,
    withdrawn,
)

LATER = date(2026, 2, 20)


def owed(entries: list[Entry]) -> dict[str, int]:
    return {item.account: item.open_centimes for item in open_items(entries)}


def on(entries: list[Entry], account: str) -> int:
    return sum(leg.amount_centimes for entry in entries for leg in entry.legs if leg.account == account)


def bounce(entries: list[Entry], paid: Entry, cause: str = "b1") -> list[Entry]:
    return then(entries, taken_back(paid, entries, cause, LATER))


@pytest.mark.parametrize("case", cases("allocation"), ids=lambda case: case["name"])
def test_signed_cases(case: dict[str, Any]) -> None:
    rules = Rules(**{name: case[name] for name in ("allocation_order", "allocation_within") if name in case})
    brought = []
    for account, amount in case["debts"].items():
        _, period, *name = account.split(":")
        brought.append(Brought(period=period, name="".join(name), amount_centimes=centimes(amount)))
    before = opening(EMPLOYER, "o1", DAY, brought, "Ledger of the former system")
    paid = pay(centimes(case["paid"]), period=case.get("meant_for", ""))
    entries = ledger(before, paid, rules=rules)
    assert owed(entries) == {account: centimes(amount) for account, amount in case["open"].items()}
    assert credit_at(entries) == centimes(case["credit"])


def test_a_payment_and_what_it_settles_are_written_together_and_its_money_is_told_apart() -> None:
    before = ledger(dac("2025-01", 2_000_000))
    received, allocated = post(before, [pay(12_000)], RULES)
    assert [(leg.account, leg.amount_centimes) for leg in received.legs] == [("cheque", 12_000), ("credit", -12_000)]
    assert [(leg.account, leg.amount_centimes) for leg in allocated.legs] == [
        ("credit", 10_000),
        ("receivable:2025-01", -10_000),
    ]
    assert {leg.lot for entry in (received, allocated) for leg in entry.legs} == {"payment:p1"}


def test_the_same_payment_again_posts_nothing_and_with_another_amount_is_refused() -> None:
    entries = ledger(dac("2025-01", 2_000_000), pay(10_000))
    assert post(entries, [pay(10_000)], RULES) == ()
    with pytest.raises(DoublePosting):
        post(entries, [pay(10_001)], RULES)


def test_a_payment_before_the_declaration_settles_it_from_its_own_day() -> None:
    entries = ledger(pay(10_000, day=date(2026, 1, 5)), dac("2025-01", 2_000_000, day=DAY))
    assert settlements(entries, "receivable:2025-01") == ((date(2026, 1, 5), 10_000),)
    assert (balance_at(entries, date(2026, 1, 4)), balance_at(entries, date(2026, 1, 5))) == (0, -10_000)
    assert (balance_at(entries, DAY), credit_at(entries, DAY)) == (0, 0)


@pytest.mark.parametrize(("amount", "means"), [(0, "bank"), (-1, "bank"), (1, "gold")])
def test_there_is_no_payment_of_nothing_and_none_by_other_means(amount: int, means: str) -> None:
    with pytest.raises((TooMuch, ValueError)):
        pay(amount, means=means)
    with pytest.raises(ValueError, match="not a period"):
        payment(EMPLOYER, Payment(identity="p", means="bank", amount_centimes=1, value_date=DAY, period="soon"))


def test_a_bounced_cheque_takes_back_what_it_had_settled_and_only_that() -> None:
    paid = pay(15_000)
    entries = ledger(dac("2025-01", 2_000_000), pay(4_000, "p0", means="cash"), paid, dac("2025-02", 2_000_000))
    assert owed(entries) == {"receivable:2025-02": 1_000}
    entries = bounce(entries, paid)
    assert owed(entries) == {"receivable:2025-01": 6_000, "receivable:2025-02": 10_000}
    assert (on(entries, "cheque"), on(entries, "cash"), credit_at(entries)) == (0, 4_000, 0)
    assert next(entry for entry in entries if entry.reason == "bounce").corrects == paid.key.sort


def test_a_cheque_bounces_once_whoever_tells_it() -> None:
    paid = pay(15_000)
    entries = bounce(ledger(dac("2025-01", 2_000_000), paid), paid)
    assert bounce(entries, paid) == entries == bounce(entries, paid, "told by the bank")


def test_a_bounce_finds_its_money_where_a_correction_and_a_withdrawal_have_sent_it() -> None:
    first, second, paid = dac("2025-01", 2_000_000), dac("2025-02", 1_000_000), pay(10_000)
    entries = ledger(first, paid, second)
    entries = then(entries, *replaced_by(first, dac("2025-01", 1_000_000, "again")))
    assert owed(entries) == {}, "what was freed settles the other month"
    entries = then(entries, withdrawn(second))
    assert credit_at(entries) == 5_000
    entries = bounce(entries, paid)
    assert owed(entries) == {"receivable:2025-01": 5_000}
    assert credit_at(entries) == 0


def test_what_was_refunded_of_a_payment_that_bounces_is_to_be_paid_back_first() -> None:
    paid = pay(15_000)
    entries = ledger(dac("2025-01", 2_000_000), paid)
    entries = then(entries, refund(entries, EMPLOYER, 5_000, decision(day=LATER)))
    assert balance_at(entries) == 0
    entries = bounce(entries, paid)
    assert owed(entries) == {"repayable:payment:p1": 5_000, "receivable:2025-01": 10_000}
    entries = then(entries, pay(6_000, "p2"))
    assert owed(entries) == {"receivable:2025-01": 9_000}


def test_money_leaves_an_account_that_is_settled_twice_the_latest_first() -> None:
    first = dac("2025-01", 2_000_000)
    entries = ledger(first, pay(6_000, "p1"), pay(4_000, "p2", LATER))
    entries = then(entries, *replaced_by(first, dac("2025-01", 1_500_000, "again")))
    assert settlements(entries, "receivable:2025-01") == ((DAY, 6_000), (LATER, 1_500))
    assert credit_at(entries) == 2_500


def test_no_more_is_refunded_than_is_free_and_once() -> None:
    entries = ledger(dac("2025-01", 2_000_000), pay(8_000, "p1"), pay(5_000, "p2"))
    with pytest.raises(TooMuch):
        refund(entries, EMPLOYER, 3_001, decision())
    with pytest.raises(TooMuch):
        refund(entries, EMPLOYER, 0, decision())
    entries = then(entries, refund(entries, EMPLOYER, 3_000, decision()))
    assert then(entries, refund(entries, EMPLOYER, 3_000, decision())) == entries
    assert (credit_at(entries), on(entries, "refund"), balance_at(entries)) == (0, -3_000, 0)


def test_money_moves_on_no_day_on_which_it_had_not_come() -> None:
    paid = pay(15_000, day=LATER)
    entries = ledger(dac("2025-01", 2_000_000), dac("2025-02", 100_000), paid)
    back = refund(entries, EMPLOYER, 1_000, decision(day=DAY))
    assert (back.value_date, back.decided_on) == ("2026-02-20", "2026-01-20")
    assert taken_back(paid, entries, "b1", DAY).value_date == "2026-02-20"
    entries = then(entries, back)
    assert settlements(entries, "receivable:2025-01", DAY) == ()
    assert settlements(entries, "receivable:2025-01", LATER) == ((LATER, 10_000),)
    assert (balance_at(entries, DAY), credit_at(entries, LATER)) == (10_500, 3_500)


def test_a_refund_is_proposed_where_the_choice_says_so_and_nothing_is_owed() -> None:
    proposed = Rules(excess="refund_proposed")
    entries = ledger(dac("2025-01", 2_000_000), pay(13_000))
    assert (refund_proposed(entries, rules=proposed), refund_proposed(entries)) == (3_000, 0)
    assert refund_proposed(then(entries, dac("2025-02", 2_000_000)), rules=proposed) == 0


def test_money_on_the_wrong_period_is_moved_as_far_as_it_lies_there_and_is_owed_here() -> None:
    paid = pay(10_000, period="2025-01")
    entries = ledger(dac("2025-01", 2_000_000), dac("2025-02", 1_000_000), paid)
    for amount in (0, 5_001):
        with pytest.raises(TooMuch):
            moved(entries, EMPLOYER, paid, ("receivable:2025-01", "receivable:2025-02", amount), decision())
    places = ("receivable:2025-01", "receivable:2025-02", 5_000)
    entries = then(entries, moved(entries, EMPLOYER, paid, places, decision()))
    assert owed(entries) == {"receivable:2025-01": 5_000}
    assert owed(bounce(entries, paid)) == {"receivable:2025-01": 10_000, "receivable:2025-02": 5_000}


def test_money_of_another_employer_goes_over_with_its_day_and_bounces_in_both_ledgers() -> None:
    paid = pay(14_000)
    here = ledger(dac("2025-01", 1_000_000), dac("2025-02", 1_000_000), paid)
    sent = sent_over(here, paid, 6_000, decision(day=LATER))
    here, there = then(here, sent), list(post([], [brought_over(OTHER, sent)], RULES))
    assert owed(here) == {"receivable:2025-02": 2_000}, "what was free first, then the latest period"
    assert (there[0].employer, there[0].value_date, there[0].decided_on) == (OTHER, "2026-01-20", "2026-02-20")
    assert credit_at(there) == 6_000
    assert on(here, f"transfer:{sent.upload}") + on(there, f"transfer:{sent.upload}") == 0
    assert then(here, sent_over(here, paid, 6_000, decision(day=LATER))) == here
    here, there = bounce(here, paid), bounce(there, there[0])
    assert owed(here) == {"receivable:2025-01": 5_000, "receivable:2025-02": 5_000}
    assert there_is_nothing(there)
    check_posted_once(here)
    check_posted_once(there)


def there_is_nothing(entries: list[Entry]) -> bool:
    accounts = {leg.account for entry in entries for leg in entry.legs}
    return not any(on(entries, account) for account in accounts)


def test_no_more_goes_over_than_the_payment_brought() -> None:
    paid = pay(10_000)
    entries = ledger(dac("2025-01", 1_000_000), paid, pay(10_000, "p2"))
    with pytest.raises(TooMuch):
        sent_over(entries, paid, 10_001, decision())


def test_a_payment_is_not_reversed_leg_by_leg() -> None:
    with pytest.raises(OpenedALot):
        reversal(pay(1), "b1", DAY)


def test_a_surcharge_that_was_posted_by_mistake_is_taken_back_and_its_money_is_free() -> None:
    posted = surcharged([], EMPLOYER, proposal("2025-01", late_payment=500), decision())
    entries = ledger(posted, pay(500, means="cash"))
    back = taken_back(posted, entries, "d2", LATER, "mistake", officer=TWO["officer"], why="Wrong employer")
    entries = then(entries, back)
    assert (balance_at(entries), credit_at(entries), back.officer) == (-500, 500, "officer-1")
