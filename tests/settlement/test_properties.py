"""What holds of every schedule, plan, appeal and payment."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih import law
from tasrih.settlement.appeal import Appeal, Stretch
from tasrih.settlement.case import Case
from tasrih.settlement.ladder import standings
from tasrih.settlement.plan_status import COMPLETED, PlanStatus, status
from tasrih.settlement.policy import policy
from tasrih.settlement.prescription import prescription
from tasrih.settlement.schedule import month_later, schedule
from tasrih.settlement.waiting import first_free_day, last_waiting_day

from tests.settlement.signed import debt_of
from tests.settlement.test_ladder import notice_of
from tests.settlement.test_plans import a_plan

FIRST = date(2021, 12, 1)
PLAN = a_plan({})
DUE = debt_of({"debt": "2026-06", "amount": "100000.00"})
NOTIFIED = date(2026, 9, 20)

settings.register_profile("settlement", derandomize=True, max_examples=150, deadline=None)
quickly = settings(settings.get_profile("settlement"))
days = st.integers(0, 200).map(lambda after: FIRST + timedelta(days=after))
payments = st.lists(st.tuples(days, st.integers(0, 12_000_000)), max_size=8)
rules = st.builds(
    lambda rest, grace, missed: policy().choosing(instalment_rest=rest, grace_days=grace, default_after_missed=missed),
    st.sampled_from(["first", "last"]),
    st.integers(0, 31),
    st.integers(1, 3),
)
stretches = st.lists(
    st.tuples(st.integers(-20, 200), st.one_of(st.none(), st.integers(0, 90))).map(
        lambda each: (
            NOTIFIED + timedelta(days=each[0]),
            None if each[1] is None else NOTIFIED + timedelta(days=each[0] + each[1]),
        )
    ),
    max_size=5,
)
appeals = st.lists(
    st.builds(
        lambda stage, runs, filed, notified, silent, named: Appeal(
            number="A",
            stage=stage,
            filed_on=NOTIFIED + timedelta(days=runs + filed),
            accounts=frozenset({DUE.account}),
            runs_from=NOTIFIED + timedelta(days=runs),
            after_silence=silent and stage != "local",
            remedies_named=named,
            notified_on=notified and NOTIFIED + timedelta(days=runs + filed + notified),
        ),
        st.sampled_from(["local", "national", "court"]),
        st.integers(0, 90),
        st.integers(0, 70),
        st.one_of(st.none(), st.integers(1, 120)),
        st.booleans(),
        st.booleans(),
    ),
    max_size=3,
)


@quickly
@given(st.integers(1, 10**14), st.integers(1, 120), days, rules, st.sampled_from(["kept", "next_working_day"]))
def test_a_schedule_adds_up_and_its_parts_are_equal(
    total: int, number: int, first: date, chosen: object, off: str
) -> None:
    number = min(number, total)
    book = law.book().choosing(deadline_on_day_off=off)
    found = schedule(total, first, number, book=book, rules=chosen)  # type: ignore[arg-type]
    parts = [each.centimes for each in found]
    assert sum(parts) == total
    assert sorted(parts)[:-1] == [total // number] * (number - 1)
    assert max(parts) - min(parts) == total % number
    months = [(each.day.year, each.day.month) for each in found]
    assert [each.day for each in found] == sorted(each.day for each in found)
    if off == "kept":
        assert len(set(months)) == number
        assert all(each.day.day <= first.day for each in found)


@quickly
@given(days, st.integers(0, 240))
def test_a_month_later_is_in_that_month_and_as_late_as_it_can_be(day: date, months: int) -> None:
    found = month_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


WORSE = ("completed", "honoured", "behind", "in_default")
WORSE_PART = {"paid": 0, "paid_late": 1, "coming": 1, "late": 2, "missed": 3}


def ranks(found: PlanStatus) -> list[int]:
    return [WORSE.index(found.state), *(WORSE_PART[each.state] for each in found.instalments)]


@quickly
@given(payments, days, rules, st.randoms(use_true_random=False))
def test_the_order_of_payments_does_not_matter_nor_into_how_many_a_day_is_split(
    paid: list[tuple[date, int]], day: date, chosen: object, chance: object
) -> None:
    before = status(PLAN, paid, day, rules=chosen)  # type: ignore[arg-type]
    mixed = [*paid]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    split = [(on, part) for on, amount in mixed for part in (amount // 3, amount - amount // 3)]
    assert status(PLAN, mixed, day, rules=chosen) == status(PLAN, split, day, rules=chosen) == before  # type: ignore[arg-type]


@quickly
@given(payments, st.tuples(days, st.integers(0, 12_000_000)), days, rules)
def test_paying_more_never_makes_a_plan_worse(
    paid: list[tuple[date, int]], more: tuple[date, int], day: date, chosen: object
) -> None:
    before = status(PLAN, paid, day, rules=chosen)  # type: ignore[arg-type]
    after = status(PLAN, [*paid, more], day, rules=chosen)  # type: ignore[arg-type]
    assert all(now <= then for now, then in zip(ranks(after), ranks(before), strict=True))
    assert (after.arrears_centimes, after.still_centimes) <= (before.arrears_centimes, before.still_centimes)
    assert after.still_centimes <= before.still_centimes
    if before.state == COMPLETED:
        assert after.state == COMPLETED
    for now, then in zip(after.instalments, before.instalments, strict=True):
        assert now.paid_on is not None or then.paid_on is None
        assert now.paid_on is None or then.paid_on is None or now.paid_on <= then.paid_on


@quickly
@given(st.integers(0, 60), stretches, stretches)
def test_days_that_rest_never_shorten_what_runs(length: int, some: list[Stretch], others: list[Stretch]) -> None:
    plain, less, more = (last_waiting_day(NOTIFIED, length, each) for each in ([], some, [*some, *others]))
    assert plain == NOTIFIED + timedelta(days=length)
    assert less is None or less >= plain
    assert more is None or (less is not None and more >= less)


@quickly
@given(st.integers(0, 60), stretches)
def test_days_that_run_are_counted_one_by_one(length: int, resting: list[Stretch]) -> None:
    day, left = NOTIFIED, length
    while left and day < NOTIFIED + timedelta(days=1000):
        day += timedelta(days=1)
        left -= not any(first <= day and (until is None or day <= until) for first, until in resting)
    assert last_waiting_day(NOTIFIED, length, resting) == (None if left else day)
    free = first_free_day(day, resting)
    assert free is None or not any(first <= free and (until is None or free <= until) for first, until in resting)


@quickly
@given(appeals, appeals, st.integers(0, 500))
def test_an_appeal_never_shortens_a_deadline(some: list[Appeal], others: list[Appeal], after: int) -> None:
    day = NOTIFIED + timedelta(days=after)
    case = Case(employer="1", debts=(DUE,), notices=(notice_of(DUE, NOTIFIED, NOTIFIED),), appeals=tuple(some))
    more = Case(employer="1", debts=(DUE,), notices=case.notices, appeals=(*some, *others))
    (fewer,), (with_more,) = standings(case, day), standings(more, day)
    assert with_more.from_day is None or (fewer.from_day is not None and with_more.from_day >= fewer.from_day)
    assert fewer.may or not with_more.may
    assert with_more.claimable_until == fewer.claimable_until


@quickly
@given(st.lists(st.integers(-100, 4000), max_size=6), st.randoms(use_true_random=False))
def test_a_notice_never_brings_prescription_forward_in_whatever_order(told: list[int], chance: object) -> None:
    due, book = date(2012, 7, 30), law.book()
    notified = [due + timedelta(days=each) for each in told]
    found = prescription(due, notified, book)
    mixed = [*notified]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert found == prescription(due, mixed, book)
    assert found.last_day >= prescription(due, notified[:-1], book).last_day >= date(2016, 7, 30)
