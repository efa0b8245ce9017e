"""Where does a debt stand, what may come next, and why not yet?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tasrih import law
from tasrih.settlement.appeal import Appeal, answer_due, first_stage, onwards, remedy, suspends
from tasrih.settlement.case import Case, Confirmation, Recovery, Reminder
from tasrih.settlement.debts import Debt
from tasrih.settlement.ladder import Standing, may_come, standings
from tasrih.settlement.notice import FormalNotice, sums_of
from tasrih.settlement.plan_status import status
from tasrih.settlement.policy import policy
from tasrih.settlement.prescription import prescription

from tests.settlement.signed import EMPLOYER, book_of, cases, centimes, debt_of, extensions_of, rules_of, title
from tests.settlement.test_plans import CONTRIBUTIONS, SURCHARGE, a_plan

BOOK, RULES = law.book(), policy()
JUNE = "2026-06"


def debt_in(case: dict[str, Any]) -> Debt:
    told = {"debt": case.get("period", JUNE), "amount": "100000.00", "confidence": case.get("confidence", "firm")}
    return debt_of(told, extensions_of(case))


def appeal_of(told: dict[str, Any], number: int = 1) -> Appeal:
    return Appeal(
        number=f"A{number}",
        stage=told.get("stage", "local"),
        filed_on=told["filed"],
        accounts=frozenset({"receivable:2026-06"}),
        runs_from=told.get("from", date(2026, 9, 20)),
        remedies_named=told.get("remedies_named", True),
        notified_on=told.get("notified"),
    )


def notice_of(debt: Debt, made: date, told_on: date | None = None, number: str = "N1") -> FormalNotice:
    return FormalNotice(
        number=number, employer=EMPLOYER, debtor_name="SARL EXEMPLE", sums=sums_of([debt]), sanctions=("tax_roll",),
        officer="officer 1", made_on=made, days=30, notified_on=told_on,
    )  # fmt: skip


def case_of(case: dict[str, Any]) -> Case:
    debt = debt_in(case)
    told, given = case.get("noticed"), case.get("confirmed")
    accounts = frozenset({debt.account})
    return Case(
        employer=EMPLOYER,
        debts=(debt,),
        reminders=(Reminder(case["reminded"], accounts),) if "reminded" in case else (),
        notices=(notice_of(debt, told["made"], told.get("notified")),) if told else (),
        appeals=tuple(appeal_of(each, number) for number, each in enumerate(case.get("appeals", []))),
        recoveries=(Recovery("tax_roll", case["recovered"], accounts, "director"),) if "recovered" in case else (),
        confirmations=(
            (Confirmation(debt.account, centimes(given["amount"]), "officer 1", given["day"], "read the article"),)
            if given
            else ()
        ),
        extensions=extensions_of(case),
    )


def told_of(one: Standing) -> list[Any]:
    reasons = " ".join(reason.code for reason in one.why_not)
    return [one.step, one.next, one.from_day or "", one.by, reasons]


@pytest.mark.parametrize("case", cases("ladder"), ids=title)
def test_a_debt_stands_as_done_by_hand(case: dict[str, Any]) -> None:
    for day, *expected in case["days"]:
        (found,) = standings(case_of(case), day)
        assert told_of(found) == expected, day
        assert found.may == bool(found.next and not found.why_not)
        assert may_come([found], found.next) == ((found.debt,) if found.may else ())


@pytest.mark.parametrize("case", cases("appeals", "deadline"), ids=title)
def test_an_appeal_has_its_last_day(case: dict[str, Any]) -> None:
    found = remedy(case["stage"], case["from"], BOOK, after_silence=case["silent"])
    assert (found.last_day, found.stage, found.confidence) == (case["last"], case["stage"], "firm")


@pytest.mark.parametrize("case", cases("appeals", "rests"), ids=title)
def test_recovery_rests_while_an_appeal_is_open(case: dict[str, Any]) -> None:
    found = suspends(appeal_of(case), book_of(case), rules_of(case))
    assert [day for day in found or () if day] == case["rests"]


@pytest.mark.parametrize("case", cases("appeals", "prescription"), ids=title)
def test_a_debt_is_prescribed_after_its_last_day(case: dict[str, Any]) -> None:
    found = prescription(case["due"], case["notified"], BOOK)
    assert (found.last_day, found.article) == (case["last"], "law 08-08, article 79")
    assert not found.over_on(case["last"])
    assert found.over_on(date.fromordinal(case["last"].toordinal() + 1))


def test_an_amount_of_surcharges_says_who_hears_first() -> None:
    day = date(2026, 11, 25)
    assert [first_stage(each, day, BOOK) for each in (None, 99_999_999, 100_000_000)] == ["local", "local", "national"]


def test_after_a_court_there_is_no_further_stage_and_no_day_for_its_answer() -> None:
    court = appeal_of({"stage": "court", "filed": date(2026, 10, 1)})
    assert (onwards(court, BOOK), answer_due(court, BOOK)) == (None, None)


def test_nothing_is_before_the_local_commission_that_could_be_silent() -> None:
    with pytest.raises(ValueError, match="local commission"):
        replace(appeal_of({"filed": date(2026, 10, 1)}), after_silence=True)


DUE = debt_of({"debt": JUNE, "amount": "100000.00"})
NOTIFIED = date(2026, 9, 20)
LATER = date(2026, 12, 1)


def test_recovery_is_of_no_more_than_was_claimed_in_a_notice_whose_days_are_over() -> None:
    small = notice_of(replace(DUE, open_centimes=60_000), date(2026, 9, 15), NOTIFIED)
    second = notice_of(DUE, date(2026, 11, 20), date(2026, 11, 20), "N2")
    case = Case(employer=EMPLOYER, debts=(DUE,), notices=(second, small))
    for day, claimed in (
        (date(2026, 10, 1), 60_000),
        (date(2026, 12, 20), 60_000),
        (date(2026, 12, 21), DUE.open_centimes),  # 20 November and 30 days: 20 December
    ):
        (found,) = standings(case, day)
        assert (found.centimes, found.from_day) == (claimed, date(2026, 10, 21)), day


def test_a_debt_that_is_partly_paid_is_recovered_for_what_is_left() -> None:
    case = Case(
        employer=EMPLOYER, debts=(replace(DUE, open_centimes=5),), notices=(notice_of(DUE, NOTIFIED, NOTIFIED),)
    )
    assert standings(case, LATER)[0].centimes == 5


def test_what_happens_to_one_debt_is_of_that_debt_alone() -> None:
    july = debt_of({"debt": "2026-07", "amount": "1.00"})
    case = Case(employer=EMPLOYER, debts=(DUE, july), notices=(notice_of(DUE, NOTIFIED, NOTIFIED),))
    assert [one.step for one in standings(case, LATER)] == ["formal_notice", "overdue"]
    case = Case(employer=EMPLOYER, debts=(DUE, july), reminders=(Reminder(NOTIFIED, frozenset({DUE.account})),))
    assert [one.step for one in standings(case, LATER)] == ["reminder", "overdue"]


def test_the_days_of_a_notice_rest_on_its_article() -> None:
    case = Case(employer=EMPLOYER, debts=(DUE,), notices=(notice_of(DUE, NOTIFIED, NOTIFIED),))
    (found,) = standings(case, NOTIFIED)
    assert dict(found.why_not[0].values)["article"] == "law 08-08, article 46"


def test_an_imported_debt_is_reminded_of_by_an_officer_only() -> None:
    case = Case(employer=EMPLOYER, debts=(replace(DUE, imported=True),))
    (found,) = standings(case, LATER)
    assert (found.next, found.by, found.may) == ("reminder", "officer", True)


def test_an_old_debt_waits_from_its_due_day_by_the_practice_since_it_began() -> None:
    case = Case(employer=EMPLOYER, debts=(debt_of({"debt": "2023-06", "amount": "1.00"}),))
    (found,) = standings(case, date(2026, 1, 1))
    assert (found.next, found.from_day, found.may) == ("reminder", date(2023, 8, 30), True)
    (before,) = standings(case, date(2024, 12, 31))
    assert (before.next, [reason.code for reason in before.why_not]) == ("", ["law_not_known"])


def test_what_fell_due_before_the_law_on_disputes_is_held() -> None:
    case = Case(employer=EMPLOYER, debts=(replace(DUE, due=date(2008, 3, 1)),))
    old = appeal_of({"filed": LATER, "from": date(2008, 3, 1)})
    for each in (case, replace(case, debts=(DUE,), appeals=(old,))):
        (found,) = standings(each, LATER)
        assert (found.step, found.next, [reason.code for reason in found.why_not]) == ("held", "", ["law_not_known"])


@pytest.mark.parametrize(
    ("day", "paid", "steps"),
    [
        (date(2022, 1, 31), [], [("plan", "", "", "plan_kept"), ("plan", "", "", "plan_kept")]),
        (date(2022, 2, 6), [], [("plan", "", "", "plan_behind"), ("plan", "", "", "plan_behind")]),
        (date(2022, 3, 6), [], [("plan", "end_of_plan", "officer", ""), ("plan", "end_of_plan", "officer", "")]),
        (
            date(2022, 3, 31),
            [(date(2022, 1, 31), centimes("100000.00"))],
            [("overdue", "", "", "law_not_known"), ("plan", "waiver", "two_people", "")],
        ),
    ],
)
def test_a_plan_takes_the_place_of_recovery_as_long_as_it_lasts(day: date, paid: Any, steps: list[Any]) -> None:
    plan = status(a_plan({}), paid, day)
    case = Case(employer=EMPLOYER, debts=(CONTRIBUTIONS, SURCHARGE), plans=(plan,))
    found = [(one.step, one.next, one.by, " ".join(why.code for why in one.why_not)) for one in standings(case, day)]
    assert found == steps


def test_after_the_end_of_a_plan_the_ladder_goes_on() -> None:
    plan = status(a_plan({"ended": date(2022, 3, 10)}), [], date(2026, 1, 1))
    case = Case(employer=EMPLOYER, debts=(CONTRIBUTIONS,), plans=(plan,), notices=())
    assert standings(case, date(2025, 1, 1))[0].next == "reminder"
