"""What holds of every surcharge, whatever was paid when and under whatever choices."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tasrih import law
from tasrih.assessment import Extension, Proposal, last_day, late_declaration, late_payment, months_late
from tasrih.assessment.months import counts_from
from tasrih.law import LawBook
from tasrih.vocabulary.period import Period

from tests.assessment.signed import dues_of

PERIODS = [Period.parse(each) for each in ("2025", "2026-01", "2026-02", "2026-03", "2026-Q2", "2026-Q4", "2028-01")]
FIRST = date(2025, 12, 1)
days = st.integers(0, 1200).map(lambda after: FIRST + timedelta(days=after))
periods = st.sampled_from(PERIODS)
amounts = st.one_of(st.integers(0, 500), st.integers(0, 10**12))
payments = st.lists(st.tuples(days, amounts), max_size=6)
books = st.builds(
    lambda started, base, rounding: law.book().choosing(
        started_month=started, monthly_base=base, rounding_surcharge=rounding
    ),
    st.sampled_from(["counts", "whole_months"]),
    st.sampled_from(["contributions", "contributions_and_first_part"]),
    st.sampled_from(["half_up", "down"]),
)
extensions = st.lists(
    st.builds(
        lambda first, length, kind: Extension(
            "all", kind, ("das", "dac", "payment"), first, first + timedelta(days=length), "", FIRST
        ),
        days,
        st.integers(0, 90),
        st.sampled_from(["extension", "outage"]),
    ),
    max_size=4,
)


def cost(proposal: Proposal | None) -> int:
    return proposal.total_centimes if proposal else 0


@given(periods, amounts, payments, days, books, st.randoms(use_true_random=False))
def test_the_order_of_payments_on_the_list_does_not_matter(period, owed, paid, on, book, chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(paid)
    chance.shuffle(shuffled)
    assert late_payment(period, owed, paid, on, book=book) == late_payment(period, owed, shuffled, on, book=book)


@given(periods, amounts, payments, st.tuples(days, amounts), days, books)
def test_paying_more_never_raises_a_surcharge(
    period: Period, owed: int, paid: list[tuple[date, int]], more: tuple[date, int], on: date, book: LawBook
) -> None:
    less = late_payment(period, owed, paid, on, book=book)
    assert cost(late_payment(period, owed, [*paid, more], on, book=book)) <= cost(less)


@given(periods, amounts, payments, st.tuples(days, amounts), st.integers(0, 400), days, books)
def test_paying_earlier_never_raises_a_surcharge(
    period: Period,
    owed: int,
    paid: list[tuple[date, int]],
    one: tuple[date, int],
    earlier: int,
    on: date,
    book: LawBook,
) -> None:
    late = late_payment(period, owed, [*paid, one], on, book=book)
    sooner = (one[0] - timedelta(days=earlier), one[1])
    assert cost(late_payment(period, owed, [*paid, sooner], on, book=book)) <= cost(late)


@given(periods, amounts, payments, days, books)
def test_a_portion_split_on_its_day_costs_the_same(
    period: Period, owed: int, paid: list[tuple[date, int]], on: date, book: LawBook
) -> None:
    split = [(day, part) for day, amount in paid for part in (amount // 3, amount - amount // 3)]
    whole, parts = late_payment(period, owed, paid, on, book=book), late_payment(period, owed, split, on, book=book)
    assert (whole.lines if whole else None) == (parts.lines if parts else None)


@given(periods, st.integers(-(10**9), 0), payments, days, books)
def test_nothing_owed_costs_nothing(
    period: Period, owed: int, paid: list[tuple[date, int]], on: date, book: LawBook
) -> None:
    assert late_payment(period, owed, paid, on, book=book) is None
    assert late_declaration(Period(2025), dues_of(), on, book=book) is None


@given(periods, amounts, payments, days, extensions, books)
def test_in_time_costs_nothing_and_late_at_least_the_first_part(
    period: Period, owed: int, paid: list[tuple[date, int]], on: date, moved: list[Extension], book: LawBook
) -> None:
    last = last_day("payment", period, moved, book)
    found = late_payment(period, owed, paid, on, extensions=moved, book=book)
    in_time = sum(amount for day, amount in paid if day <= last.day)
    assert (found is None) == (on <= last.day or in_time >= owed)
    if found:
        assert found.lines[0].base_centimes == owed - in_time
        assert {line.first_late for line in found.lines} == {last.first_late}


@given(periods, amounts, payments, days, st.integers(0, 400), books)
def test_it_never_sinks_with_time(
    period: Period, owed: int, paid: list[tuple[date, int]], on: date, later: int, book: LawBook
) -> None:
    now = late_payment(period, owed, paid, on, book=book)
    assert cost(now) <= cost(late_payment(period, owed, paid, on + timedelta(days=later), book=book))


@given(periods, amounts, payments, days, extensions, st.randoms(use_true_random=False))
def test_an_extension_never_costs_and_their_order_does_not_matter(period, owed, paid, on, moved, chance) -> None:  # type: ignore[no-untyped-def]
    without = late_payment(period, owed, paid, on)
    found = late_payment(period, owed, paid, on, extensions=moved)
    chance.shuffle(moved)
    assert cost(found) <= cost(without)
    assert found == late_payment(period, owed, paid, on, extensions=moved)


@given(st.integers(0, 10**13), days, days, books)
def test_a_declaration_that_comes_earlier_costs_no_more(due: int, one: date, other: date, book: LawBook) -> None:
    earlier, later = (
        cost(late_declaration(Period(2025), dues_of(employer=due), day, book=book)) for day in sorted((one, other))
    )
    assert earlier <= later


@given(days, days, st.sampled_from(["counts", "whole_months"]))
def test_months_late_are_those_that_count_by_then(first_late: date, day: date, started: str) -> None:
    months = months_late(first_late, day, started)
    if months:
        assert counts_from(first_late, months, started) <= day
    assert counts_from(first_late, months + 1, started) > day


@given(days, st.integers(1, 60))
def test_months_follow_each_other_without_a_gap_and_are_28_to_31_days_long(first_late: date, month: int) -> None:
    begins, ends = counts_from(first_late, month, "counts"), counts_from(first_late, month, "whole_months")
    assert ends == counts_from(first_late, month + 1, "counts")
    assert 28 <= (ends - begins).days <= 31
