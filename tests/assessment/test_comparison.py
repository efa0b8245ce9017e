"""Does a year's declaration compare with its DACs as by hand?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tasrih import law
from tasrih.assessment import Comparison, Declared, compare_with_dacs, declared_by_dac, declared_by_das
from tasrih.assessment import dues_over as over
from tasrih.assessment import dues_to_add as to_add
from tasrih.declaration.sent import CodeBase, Dac, Totals
from tasrih.law import LawBook
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

from tests.assessment.signed import cases, centimes

QUARTERS = Period(2025).quarters()
CASES = cases("comparison")


def dinars(amount: int) -> str:
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def book_of(case: dict[str, Any]) -> LawBook:
    """Another law where a case says so: one branch of R22 has one per cent more from a day on."""
    book = law.book()
    if "rate_changes" not in case:
        return book
    held = book.contributions["R22"][-1]
    assert held.value
    first, *others = held.value
    dearer = replace(held, valid_from=case["rate_changes"], value=(replace(first, rate=first.rate + 1), *others))
    return replace(book, contributions={**book.contributions, "R22": (*book.contributions["R22"], dearer)})


def totals_of(case: dict[str, Any]) -> Totals:
    bases = {(quarter, code): centimes(base) for quarter, code, base in case["das"]}

    def four(*codes: str) -> tuple[int, int, int, int]:
        first, second, third, fourth = (sum(bases.get((f"Q{n}", code), 0) for code in codes) for n in (1, 2, 3, 4))
        return first, second, third, fourth

    codes = sorted({code for _, code in bases})
    every = four(*codes)
    return Totals(every, sum(every), tuple((code, four(code)) for code in codes if code != "-"))


def compared(case: dict[str, Any]) -> Comparison:
    dacs = [
        declared_by_dac(Dac((CodeBase(code, centimes(base)),)), Period.parse(period))
        for period, code, base in case["dacs"]
    ]
    expected = [Period.parse(each) for each in case["expected"]] if "expected" in case else None
    das = declared_by_das(totals_of(case), 2025)
    return compare_with_dacs(das, dacs, codes=tuple(case["register"]), expected=expected, book=book_of(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_the_quarters_compare_as_by_hand(case: dict[str, Any]) -> None:
    found = []
    for each in compared(case).quarters:
        das, dacs = each.das_centimes, each.dacs_centimes
        words = [each.state, *(word for held in each.not_decided for word in held)]
        found.append(f"{each.quarter[5:]} : {dinars(das)} - {dinars(dacs)} = {dinars(das - dacs)} {' '.join(words)}")
    assert found == case["quarters"]


@pytest.mark.parametrize("case", [case for case in CASES if "codes" in case], ids=lambda case: case["title"])
def test_the_codes_compare_as_by_hand(case: dict[str, Any]) -> None:
    assert [
        f"{each.quarter[5:]} {code.code} : {dinars(code.das_centimes)} - {dinars(code.dacs_centimes)} = "
        f"{dinars(code.difference)}"
        for each in compared(case).quarters
        for code in each.by_code
    ] == case["codes"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_what_the_year_adds_and_what_was_too_much_come_out_as_by_hand(case: dict[str, Any]) -> None:
    comparison, book = compared(case), book_of(case)
    adds = to_add(comparison, tuple(case["register"]), book)
    check(adds, case["adds"], case.get("adds_held"))
    too_much = over(comparison, tuple(case["register"]), book)
    check(too_much, case["over"], case.get("over_held", case.get("adds_held") if comparison.undecided else None))


def check(dues: Dues, total: str, held: str | None) -> None:
    assert dues.total_centimes == centimes(total)
    assert (dues.state == "computed") == (held is None)
    assert dues.held_details == (() if held is None else (held,))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_the_hand_arithmetic_is_right_in_itself(case: dict[str, Any]) -> None:
    for line in (*case["quarters"], *case.get("codes", ())):
        das, _, dacs, _, difference, *_ = line.partition(" : ")[2].split()
        assert centimes(das) - centimes(dacs) == centimes(difference), line


def declared(quarter: int, workers: dict[str, int] | None, base: int = 0, period: str = "") -> Declared:
    bases = (("R22", base or sum((workers or {}).values())),)
    told = None if workers is None else tuple((worker, "R22", amount) for worker, amount in workers.items())
    return Declared(Period.parse(period) if period else QUARTERS[quarter - 1], bases, told)


def test_workers_are_compared_where_both_are_nominal() -> None:
    das = [declared(1, {"A": 300, "B": 200, "": 50}), declared(2, {"A": 300}), declared(3, {"A": 300}), declared(4, {})]
    dacs = [
        declared(1, {"A": 100, "B": 100, "": 20}, period="2025-01"),
        declared(1, {"A": 100, "B": 200, "": 30}, period="2025-02"),
        declared(1, {"A": 100, "C": 10}, period="2025-03"),
        declared(2, None, 300),
        declared(3, {"A": 300}),
    ]
    first, second, third, fourth = compare_with_dacs(das, dacs, book=law.book()).quarters
    assert [(each.worker, each.das_centimes, each.dacs_centimes) for each in first.workers or ()] == [
        ("B", 200, 300),
        ("C", 0, 10),
    ]
    assert second.workers is None
    assert third.workers == ()
    assert fourth.workers is None
    assert "A" not in repr(first)


def test_the_housing_fund_of_a_worker_is_not_a_second_wage() -> None:
    das = [declared(1, {"A": 100}), *(declared(quarter, {}) for quarter in (2, 3, 4))]
    dac = Declared(QUARTERS[0], (("R22", 100), ("R98", 100)), (("A", "R22", 100), ("A", "R98", 100)))
    first = compare_with_dacs(das, [dac]).quarters[0]
    assert (first.state, first.workers) == ("equal", ())


@pytest.mark.parametrize("period", ["2024-Q4", "2026-01", "2025"])
def test_a_declaration_of_another_year_or_of_a_whole_one_is_no_dac_of_it(period: str) -> None:
    das = declared_by_das(Totals(), 2025)
    with pytest.raises(ValueError, match=period):
        compare_with_dacs(das, [Declared(Period.parse(period), ())])


parts = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(["R22", "R07", "R06"]), st.integers(0, 10**10)), max_size=30
)


@given(parts, parts, st.randoms(use_true_random=False))
def test_nothing_is_lost_and_the_order_of_dacs_does_not_matter(ours: Any, theirs: Any, chance: Any) -> None:
    by_quarter = {quarter: [part for part in ours if (part[0] + 2) // 3 == quarter] for quarter in (1, 2, 3, 4)}
    das = [Declared(QUARTERS[n - 1], tuple((code, base) for _, code, base in part)) for n, part in by_quarter.items()]
    dacs = [Declared(Period(2025, month=month), ((code, base),)) for month, code, base in theirs]
    dacs += [Declared(Period(2025, month=month), ()) for month in range(1, 13)]
    found = compare_with_dacs(das, dacs)
    assert not found.undecided
    total = sum(base for *_, base in ours) - sum(base for *_, base in theirs)
    assert found.to_declare_centimes - found.over_centimes == total
    chance.shuffle(dacs)
    assert compare_with_dacs(das, dacs) == found


@given(parts)
def test_a_year_equal_to_its_dacs_adds_nothing(ours: Any) -> None:
    das = [
        Declared(quarter, tuple((code, base) for month, code, base in ours if (month + 2) // 3 == quarter.quarter))
        for quarter in QUARTERS
    ]
    dacs = [
        Declared(Period(2025, month=each), tuple((code, base) for month, code, base in ours if month == each))
        for each in range(1, 13)
    ]
    found = compare_with_dacs(das, dacs)
    assert {each.state for each in found.quarters} == {"equal"}
    assert to_add(found, ("R22",)) == over(found, ("R22",)) == Dues(
        "computed", law_version=law.LAW_VERSION, rounding="half_up"
    )  # fmt: skip


def test_a_comparison_tells_the_law_it_used() -> None:
    book = law.book(date(2026, 11, 1))
    assert compare_with_dacs(declared_by_das(Totals(), 2025), (), book=book).law_version == book.version
