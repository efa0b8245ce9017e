"""Does every entry add up to zero, and is nothing posted twice?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from math import floor
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih import law
from tasrih.assessment import assess_das
from tasrih.ledger import (
    DoublePosting,
    Entry,
    NothingToPost,
    Rules,
    Unbalanced,
    balance,
    check_balanced,
    check_posted_once,
    dues_entry,
    reversal,
    rules,
    standing,
)

EMPLOYER = "1699999901"
DAY = date(2026, 1, 20)
BASES = st.tuples(st.integers(1, 10**14), *[st.integers(0, 10**14)] * 3)
HUNDREDTHS = (1150, 150, 125, 1100, 675, 50, 100, 50, 25, 25, 50)
quick = settings(derandomize=True, max_examples=100, deadline=None)


def posted(bases: tuple[int, int, int, int], upload: str = "a" * 32) -> Entry:
    return dues_entry(EMPLOYER, upload, "2025", DAY, assess_das(bases, 2025, ("R22",)))


@quick
@given(BASES)
def test_the_legs_of_dues_add_up_to_zero(bases: tuple[int, int, int, int]) -> None:
    entry = posted(bases)
    assert sum(leg.amount_centimes for leg in entry.legs) == 0
    assert len({leg.account for leg in entry.legs}) == len(entry.legs) == 1 + 11 * sum(1 for base in bases if base)


@quick
@given(BASES)
def test_the_balance_is_what_independent_arithmetic_gives(bases: tuple[int, int, int, int]) -> None:
    expected = sum(floor(Fraction(base * rate, 10_000) + Fraction(1, 2)) for base in bases for rate in HUNDREDTHS)
    assert balance([posted(bases)], "2025") == expected
    assert balance([posted(bases)], "2024") == 0


@quick
@given(BASES)
def test_an_entry_and_its_reversal_leave_nothing_on_any_account(bases: tuple[int, int, int, int]) -> None:
    entry = posted(bases)
    back = reversal(entry, "b" * 32, date(2026, 2, 1))
    left: dict[str, int] = {}
    for leg in (*entry.legs, *back.legs):
        left[leg.account] = left.get(leg.account, 0) + leg.amount_centimes
    assert set(left.values()) == {0}
    assert balance([entry, back]) == 0
    assert standing([entry, back]) == []


@quick
@given(st.lists(BASES, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_after_corrections_the_balance_is_that_of_the_last_filing_in_any_order(
    filings: list[tuple[int, int, int, int]], random: Random
) -> None:
    entries: list[Entry] = []
    for number, bases in enumerate(filings):
        upload = f"{number:032x}"
        if entries:
            entries.append(reversal(standing(entries)[0], upload, DAY))
        entries.append(posted(bases, upload))
    random.shuffle(entries)
    assert balance(entries, "2025") == balance([posted(filings[-1])], "2025")
    assert len({entry.key for entry in entries}) == len(entries)


def test_a_dues_entry_carries_the_reasons_of_each_amount() -> None:
    entry = posted((14_400_000, 0, 0, 0))
    debit, *credits = entry.legs
    assert (debit.account, debit.amount_centimes) == ("receivable:2025", 5_040_000)
    leg = next(leg for leg in credits if leg.account == "contribution:R22:retirement:employer:2025-Q1")
    assert (leg.amount_centimes, leg.base_centimes, leg.rate) == (-1_584_000, 14_400_000, "11.00")
    assert (leg.article, leg.valid_from, leg.confidence) == ("executive decree 94-187", "2024-01-01", "firm")
    assert (entry.reason, entry.period, entry.value_date, entry.corrects) == ("dues", "2025", "2026-01-20", "")
    assert entry.key == (f"LEDGER#{EMPLOYER}", f"ENTRY#2026-01-20#{'a' * 32}#dues")


def test_a_moment_counts_as_its_day() -> None:
    moment = datetime(2026, 1, 31, 23, 59, 59, tzinfo=ZoneInfo("Africa/Algiers"))
    entry = dues_entry(EMPLOYER, "a" * 32, "2025", moment, assess_das((100, 0, 0, 0), 2025, ("R22",)))
    assert entry.value_date == "2026-01-31"


def test_a_filing_that_replaced_another_may_be_withdrawn_on_the_same_day() -> None:
    entry = replace(posted((100, 0, 0, 0)), revision=1)
    replacing, withdrawing = (
        reversal(entry, "a" * 32, date(2026, 2, 1), reason) for reason in ("reversal", "withdrawal")
    )
    assert replacing.key != withdrawing.key
    assert replacing.legs == withdrawing.legs


def test_a_reversal_names_what_it_takes_back_and_is_a_new_record() -> None:
    entry = replace(posted((100, 0, 0, 0)), revision=1)
    back = reversal(entry, "b" * 32, date(2026, 2, 1))
    assert (back.corrects, back.reason, back.upload, back.revision) == (entry.key.sort, "reversal", "b" * 32, 0)
    assert back.law_version == entry.law_version


@pytest.mark.parametrize("codes", [None, ("R22", "R06")])
def test_held_dues_have_no_entry(codes: tuple[str, ...] | None) -> None:
    with pytest.raises(NothingToPost):
        dues_entry(EMPLOYER, "a" * 32, "2025", DAY, assess_das((100, 0, 0, 0), 2025, codes))


def test_dues_without_a_line_have_no_entry() -> None:
    with pytest.raises(NothingToPost):
        dues_entry(EMPLOYER, "a" * 32, "2025", DAY, assess_das((0, 0, 0, 0), 2025, ("R22",)))


def test_an_entry_that_is_one_centime_off_is_refused_everywhere() -> None:
    entry = posted((14_400_000, 0, 0, 0))
    legs = (replace(entry.legs[0], amount_centimes=entry.legs[0].amount_centimes + 1), *entry.legs[1:])
    off = replace(entry, legs=legs)
    for refuse in (check_balanced, lambda one: reversal(one, "b" * 32, DAY), lambda one: balance([one])):
        with pytest.raises(Unbalanced):
            refuse(off)


def test_an_entry_of_one_leg_is_refused() -> None:
    entry = posted((100, 0, 0, 0))
    with pytest.raises(Unbalanced):
        check_balanced(replace(entry, legs=(replace(entry.legs[0], amount_centimes=0),)))


def test_a_double_posting_is_found() -> None:
    entry = posted((100, 0, 0, 0))
    back = reversal(entry, "b" * 32, DAY)
    check_posted_once([entry, back])
    again = replace(entry, value_date="2026-01-21")
    for history in ([entry, entry], [entry, again], [entry, back, replace(back, upload="c" * 32)], [back]):
        with pytest.raises(DoublePosting):
            check_posted_once(history)


def test_no_amount_stands_in_an_error() -> None:
    entry = posted((14_400_000, 0, 0, 0))
    with pytest.raises(Unbalanced) as raised:
        check_balanced(replace(entry, legs=entry.legs[:3]))
    assert "14400000" not in str(raised.value)


def test_the_rules_are_the_choices_of_the_law_data() -> None:
    book = law.book()
    chosen = {name: book.choice(name).may_be[-1] for name in ("allocation_order", "allocation_within", "excess")}
    assert rules(book) == Rules()
    assert rules(book.choosing(**chosen, over_declared="credited")) == Rules(
        "newest_first", "surcharges_first", "refund_proposed", "credited"
    )
