"""What would be owed on a day, or in instalments?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tasrih import law
from tasrih.assessment import Proposal, SurchargeLine
from tasrih.ledger import Brought, Decision, Entry, Payment, opening, payment, post, rules, surcharged
from tasrih.settlement.debts import debts
from tasrih.settlement.growth import late_payments
from tasrih.settlement.schedule import schedule
from tasrih.settlement.what_if import if_paid_in, if_paid_on, posted_surcharges

from tests.settlement.signed import (
    EMPLOYER,
    book_of,
    cases,
    centimes,
    extensions_of,
    owed_for,
    rules_of,
    title,
)

JUNE = "2026-06"
OWED = centimes("100000.00")
ARRIVED = date(2026, 7, 1)
END = date(2029, 12, 31)


@pytest.mark.parametrize("case", cases("schedules"), ids=title)
def test_instalments_are_those_done_by_hand(case: dict[str, Any]) -> None:
    total = centimes(case["total"])
    found = schedule(total, case["first"], case["number"], book=book_of(case), rules=rules_of(case))
    assert [(each.day, each.centimes) for each in found] == [(day, centimes(part)) for day, part in case["parts"]]
    assert [each.number for each in found] == list(range(1, case["number"] + 1))
    assert sum(each.centimes for each in found) == total


@pytest.mark.parametrize(("total", "number"), [(100, 0), (100, -1), (2, 3), (0, 1)])
def test_there_is_no_instalment_without_a_centime(total: int, number: int) -> None:
    with pytest.raises(ValueError, match="instalments"):
        schedule(total, ARRIVED, number)


def ledger(case: dict[str, Any]) -> list[Entry]:
    entries = [owed_for(JUNE, OWED, ARRIVED)]
    for number, (day, amount) in enumerate(case.get("paid", [])):
        money = Payment(identity=f"line {number}", means="bank", amount_centimes=centimes(amount), value_date=day)
        entries += post(entries, [payment(EMPLOYER, money)], rules(law.book()))
    if "posted" in case:
        amount = centimes(case["posted"])
        line = SurchargeLine(
            "late_payment", OWED, Decimal("5.00"), 0, amount, "law 83-14, article 24", "press", date(2020, 1, 1),
            "provisional", date(2026, 7, 31), date(2026, 7, 31), date(2026, 7, 31),
        )  # fmt: skip
        told = Proposal("late_payment", JUNE, date(2026, 8, 1), None, (line,))
        decision = Decision(number="D1", day=date(2026, 8, 1), officer="officer 1")
        entries += post(entries, [surcharged(entries, EMPLOYER, told, decision)], rules(law.book()))
    return entries


@pytest.mark.parametrize("case", cases("what_if", "day"), ids=title)
def test_a_day_of_payment_costs_what_was_done_by_hand(case: dict[str, Any]) -> None:
    entries, moved = ledger(case), extensions_of(case)
    growth = late_payments(entries, END, extensions=moved)
    for day, growing, total in case["days"]:
        found = if_paid_on(day, debts(entries, END, extensions=moved), posted_surcharges(entries, END), growth)
        assert (found.growing_centimes, found.total_centimes) == (centimes(growing), centimes(total)), day
        assert found.provisional == (found.growing_centimes > 0 or "posted" in case)
        assert not found.held


@pytest.mark.parametrize("case", cases("what_if", "instalments"), ids=title)
def test_instalments_cost_what_was_done_by_hand(case: dict[str, Any]) -> None:
    entries = ledger(case)
    parts = schedule(OWED, case["first"], case["number"])
    found = if_paid_in(parts, debts(entries, END), {}, late_payments(entries, END))
    assert (found.growing_centimes, found.total_centimes) == (centimes(case["growing"]), centimes(case["total"]))
    assert (found.day, found.instalments) == (parts[-1].day, parts)


def test_a_plan_of_no_instalment_is_none() -> None:
    with pytest.raises(ValueError, match="no instalment"):
        if_paid_in((), (), {}, lambda paid, day: ())


def test_what_is_not_known_is_held_and_said() -> None:
    entries, book = ledger({}), law.book()
    known = {name: series for name, series in book.surcharges.items() if name != "late_payment_month"}
    growth = late_payments(entries, END, book=replace(book, surcharges=known))
    found = if_paid_on(date(2026, 10, 1), debts(entries, END), {}, growth)
    assert found.growing_centimes == centimes("5000.00")
    assert found.held == (("law_of_lateness_not_known", "late_payment_month 2026-07-31"),)


def test_what_was_imported_grows_by_nothing() -> None:
    brought = [Brought(amount_centimes=OWED, period="2024-06", worker_centimes=0)]
    entries = [opening(EMPLOYER, "opening 1", date(2026, 1, 1), brought, "balance of the old system")]
    found = if_paid_on(END, debts(entries, END), {}, late_payments(entries, END))
    assert (found.growing_centimes, found.total_centimes) == (0, OWED)
    assert [debt.imported for debt in found.debts] == [True]
    assert found.provisional


def test_a_payment_that_might_come_settles_the_oldest_period_first() -> None:
    entries = [owed_for(JUNE, OWED, ARRIVED), owed_for("2026-07", OWED, date(2026, 8, 1))]
    growth = late_payments(entries, END)
    # July is due on 30 August: 5000.00 for it on 31 August; June paid on 30 July costs nothing
    found = {each.period: each.total_centimes for each in growth(((date(2026, 7, 30), OWED),), date(2026, 8, 31))}
    assert found == {"2026-07": centimes("5000.00")}


def test_the_earlier_of_two_payments_settles_the_older_debt_whatever_their_order() -> None:
    entries = [owed_for(JUNE, OWED, ARRIVED), owed_for("2026-07", OWED, date(2026, 8, 1))]
    growth = late_payments(entries, END)
    # June paid on its last day, July on 31 August, a day late: 5000.00
    paid = ((date(2026, 8, 31), OWED), (date(2026, 7, 30), OWED))
    assert [(each.period, each.total_centimes) for each in growth(paid, END)] == [("2026-07", centimes("5000.00"))]


def test_a_debt_carries_its_texts_and_is_as_firm_as_the_weakest() -> None:
    entries = [owed_for(JUNE, OWED, ARRIVED), owed_for("2026-07", OWED, ARRIVED, "provisional")]
    june, july = debts(entries, END)
    assert (june.articles, june.confidence, june.due) == (("law 83-16",), "firm", date(2026, 7, 30))
    assert (june.worker_centimes, june.imported) == (centimes("25000.00"), False)
    assert july.confidence == "provisional"
