"""Which plans are open, how do they stand, and what follows at their end?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tasrih import law
from tasrih.ledger import Decision, Entry, NotDecided, Payment, payment, post, rules, taken_back, write_off
from tasrih.settlement.debts import Debt, debts
from tasrih.settlement.decided import NotProposed, decide, waiver_after
from tasrih.settlement.plan import NotGranted, Plan, commission_request, grant, ways
from tasrih.settlement.plan_conditions import Asked
from tasrih.settlement.plan_status import PlanStatus, plan_payments, status

from tests.settlement.signed import (
    EMPLOYER,
    account_of,
    book_of,
    cases,
    centimes,
    debt_of,
    extensions_of,
    owed_for,
    rules_of,
    title,
)

BOOK = law.book()
GRANTED = Decision(number="P1", day=date(2022, 1, 15), officer="officer 1", second="officer 2", why="asked for")
CONTRIBUTIONS = debt_of({"debt": "2021-09", "amount": "100000.00"})
SURCHARGE = debt_of({"debt": "2021-09 late_payment", "amount": "5000.00"})
ASKED = Asked(
    employer=EMPLOYER,
    day=date(2022, 1, 10),
    accounts=frozenset({CONTRIBUTIONS.account, SURCHARGE.account}),
    instalments=3,
    first=date(2022, 1, 31),
)


def asked_in(case: dict[str, Any]) -> Asked:
    chosen = frozenset(debt_of(told).account for told in case["debts"] if told.get("plan"))
    return Asked(
        employer=EMPLOYER,
        day=case["asked"],
        accounts=chosen,
        instalments=case["instalments"],
        first=case["first"],
    )


@pytest.mark.parametrize("case", cases("ways"), ids=title)
def test_a_plan_is_open_as_done_by_hand(case: dict[str, Any]) -> None:
    owed = [debt_of(told) for told in case["debts"]]
    found = ways(asked_in(case), owed, book=book_of(case), rules=rules_of(case))
    assert [way.kind for way in found] == ["plan_with_waiver", "plan_without_waiver"]
    for way, told in zip(found, (case["with_waiver"], case["without"]), strict=True):
        assert [condition.unmet.code for condition in way.conditions if condition.unmet] == told["unmet"]
        assert way.is_open == (not told["unmet"])
        assert sum(each.centimes for each in way.covered) == centimes(told["total"])
        assert sum(each.centimes for each in way.waived) == centimes(told["waived"])
        assert sum(each.centimes for each in way.instalments) == centimes(told["total"])


@pytest.mark.parametrize("case", cases("ways", "commission"), ids=title)
def test_a_request_goes_to_the_commission_of_its_amount(case: dict[str, Any]) -> None:
    owed = [
        debt_of({"debt": f"2025-0{number} late_payment", "amount": amount})
        for number, amount in enumerate(case["surcharges"], 1)
    ]
    found = commission_request([*owed, CONTRIBUTIONS], date(2026, 11, 25), BOOK)
    assert found
    assert (found.stage, found.most_cut_centimes) == (case["stage"], centimes(case["most_cut"]))
    assert (found.threshold_centimes, found.article) == (100_000_000, "law 08-08, article 7")


def test_without_a_surcharge_there_is_nothing_to_cut() -> None:
    assert commission_request([CONTRIBUTIONS], date(2026, 11, 25), BOOK) is None


def test_the_text_behind_each_condition_is_told() -> None:
    with_waiver, without = ways(ASKED, [CONTRIBUTIONS, SURCHARGE])
    texts = {each.name: (each.article, each.confidence) for each in with_waiver.conditions}
    assert texts["worker_share_paid"] == ("law 08-08, article 88", "firm")
    assert texts["scheme_open"] == texts["current_paid"] == ("ordinance 21-12", "provisional")
    assert {each.name: each.article for each in without.conditions}["current_paid"] == ""


def test_a_debt_is_in_one_plan_only() -> None:
    _, found = ways(ASKED, [CONTRIBUTIONS, SURCHARGE], [a_plan({})])
    assert [each.unmet.code for each in found.conditions if each.unmet] == ["in_another_plan"]


def test_before_the_law_on_disputes_no_deferral_can_be_decided() -> None:
    old = replace(CONTRIBUTIONS, due=date(2007, 1, 30))
    _, found = ways(replace(ASKED, day=date(2008, 3, 1), first=date(2008, 3, 31)), [old, SURCHARGE])
    assert "law_not_known" in [each.unmet.code for each in found.conditions if each.unmet]


def test_what_is_not_open_is_not_granted_and_nothing_without_an_officer() -> None:
    closed = ways(replace(ASKED, day=date(2022, 2, 1), first=date(2022, 2, 1)), [CONTRIBUTIONS, SURCHARGE])[0]
    with pytest.raises(NotGranted, match="scheme_open"):
        grant(closed, ASKED, "P1", GRANTED, [])
    with pytest.raises(NotGranted, match="officer"):
        grant(ways(ASKED, [CONTRIBUTIONS, SURCHARGE])[0], ASKED, "P1", replace(GRANTED, officer=" "), [])


def a_plan(case: dict[str, Any]) -> Plan:
    way = ways(ASKED, [CONTRIBUTIONS, SURCHARGE])[0]
    plan = grant(way, ASKED, "P1", GRANTED, [])
    return replace(plan, ended=replace(GRANTED, number="E1", day=case["ended"])) if "ended" in case else plan


def standing(case: dict[str, Any], day: date, owed: tuple[Debt, ...] = ()) -> PlanStatus:
    paid = [(on, centimes(amount)) for on, amount in case["paid"]]
    return status(a_plan(case), paid, day, owed, extensions=extensions_of(case), rules=rules_of(case))


@pytest.mark.parametrize("case", cases("plans"), ids=title)
def test_a_plan_stands_as_done_by_hand(case: dict[str, Any]) -> None:
    for day, state, instalments, arrears, still in case["days"]:
        found = standing(case, day)
        assert (found.state, " ".join(each.state for each in found.instalments)) == (state, instalments), day
        assert (found.arrears_centimes, found.still_centimes) == (centimes(arrears), centimes(still)), day
        assert len(found.why) == instalments.count("missed") + len(
            [each for each in instalments.split() if each == "late"]
        )


@pytest.mark.parametrize("case", [case for case in cases("plans") if "waiver" in case], ids=title)
def test_the_waiver_follows_the_last_instalment_or_is_lost(case: dict[str, Any]) -> None:
    relief = waiver_after(standing(case, case["days"][-1][0]), [SURCHARGE])
    assert [reason.code for reason in relief.why_not] == ([] if case["waiver"] else ["last_instalment_missed"])
    assert (relief.amounts, relief.article) == (((SURCHARGE.account, 500_000),), "ordinance 21-12")
    if case["waiver"]:
        assert decide(relief, GRANTED).amounts == relief.amounts
        with pytest.raises(NotDecided, match="second"):
            decide(relief, replace(GRANTED, second="Officer  1"))
    else:
        with pytest.raises(NotProposed, match="last_instalment_missed"):
            decide(relief, GRANTED)


def test_no_waiver_before_the_end_nor_while_current_contributions_are_unpaid() -> None:
    case = cases("plans")[1]
    early = waiver_after(standing(case, date(2022, 3, 30)), [SURCHARGE])
    assert [reason.code for reason in early.why_not] == ["plan_not_completed"]
    november = debt_of({"debt": "2021-11", "amount": "1000.00"})
    found = standing(case, date(2022, 3, 31), (november,))
    assert [reason.code for reason in waiver_after(found, [SURCHARGE]).why_not] == ["current_not_paid"]


def test_the_waiver_is_of_what_is_still_open_and_no_more_than_the_plan_names() -> None:
    done = standing(cases("plans")[1], date(2022, 3, 31))
    for still, waived in ((100, 100), (500_001, 500_000)):
        assert waiver_after(done, [replace(SURCHARGE, open_centimes=still)]).total_centimes == waived
    with pytest.raises(NotProposed, match="nothing_owed"):
        decide(waiver_after(done, []), GRANTED)


def test_a_plan_outside_a_scheme_forgives_nothing() -> None:
    plan = grant(ways(ASKED, [CONTRIBUTIONS, SURCHARGE])[1], ASKED, "P2", GRANTED, [])
    found = status(plan, [(date(2022, 1, 20), plan.total_centimes)], date(2022, 1, 20))
    assert (plan.scheme, plan.waived, found.state) == ("", (), "completed")
    assert [reason.code for reason in waiver_after(found, [SURCHARGE]).why_not] == ["no_scheme"]


def ledger_with(*paid: tuple[str, date, int]) -> list[Entry]:
    entries = [owed_for("2021-09", 100_000, date(2021, 10, 1))]
    for identity, day, amount in paid:
        money = Payment(identity=identity, means="bank", amount_centimes=amount, value_date=day)
        entries += post(entries, [payment(EMPLOYER, money)], rules(BOOK))
    return entries


def test_only_money_that_came_after_the_plan_counts_and_not_what_bounced() -> None:
    before = ledger_with(("a", date(2022, 1, 5), 40_000))
    (owed,) = debts(before, date(2022, 1, 10))
    owed = replace(owed, worker_centimes=0)
    asked = replace(ASKED, accounts=frozenset({owed.account}))
    plan = grant(ways(asked, [owed])[1], asked, "P1", GRANTED, before)
    assert plan.total_centimes == 60_000
    after = [*before]
    for identity, day, amount in (("b", date(2022, 1, 31), 20_000), ("c", date(2022, 1, 8), 5_000)):
        money = Payment(identity=identity, means="cheque", amount_centimes=amount, value_date=day)
        after += post(after, [payment(EMPLOYER, money)], rules(BOOK))
    assert plan_payments(plan, after) == ((date(2022, 1, 8), 5_000), (date(2022, 1, 31), 20_000))
    (cheque,) = [entry for entry in after if entry.opens == "payment:b"]
    bounced = post(after, [taken_back(cheque, after, "bounce b", date(2022, 2, 3))], rules(BOOK))
    assert plan_payments(plan, [*after, *bounced]) == ((date(2022, 1, 8), 5_000),)


def test_what_was_forgiven_counts_for_no_instalment() -> None:
    entries = ledger_with()
    entries += post(entries, [write_off(entries, EMPLOYER, {account_of("2021-09"): 500}, GRANTED)], rules(BOOK))
    assert plan_payments(a_plan({}), entries) == ()


def test_money_freed_since_counts_from_the_day_of_the_plan() -> None:
    before = ledger_with(("a", date(2022, 1, 5), 40_000))
    account = account_of("2021-09")
    plan = replace(a_plan({}), settled_before=((account, "payment:a", 30_000),))
    assert plan_payments(plan, before) == ((GRANTED.day, 10_000),)
