"""Do the dues of a DAS whose lines tell their codes come out as done by hand?"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import floor
from pathlib import Path
from typing import Any

import pytest
from tasrih.assessment import CODED_HELD_REASONS, assess_das, assess_lines, assumed_code, held_sentences
from tasrih.declaration.sent import Totals
from tasrih.messages import LANGUAGES
from tasrih.vocabulary.dues import Dues

from tests.assessment.test_cases import centimes

CASES = sorted((Path(__file__).parent / "cases").glob("lines_*.toml"))
WORK = re.compile(r"(Q[1-4]) (R\d\d) (\w+) (\w+) +: +(\d+\.\d\d) x +(\d+\.\d\d) % = +(\d+\.\d\d)")
Quarters = tuple[int, int, int, int]


def case_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def four(written: list[str]) -> Quarters:
    first, second, third, fourth = map(centimes, written)
    return first, second, third, fourth


def totals(case: dict[str, Any]) -> Totals:
    told = tuple((code, four(bases)) for code, bases in case["told"])
    every = [*(bases for _, bases in told), four(case["without"])]
    first, second, third, fourth = map(sum, zip(*every, strict=True))
    return Totals((first, second, third, fourth), first + second + third + fourth, told)


def worked(case: dict[str, Any]) -> list[tuple[object, ...]]:
    lines = []
    for written in case["work"]:
        found = WORK.fullmatch(written)
        assert found, written
        quarter, code, branch, share, base, rate, amount = found.groups()
        period = f"{case['year']}-{quarter}"
        lines.append((period, code, branch, share, centimes(base), Decimal(rate), centimes(amount)))
    return lines


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_dues_are_those_done_by_hand(path: Path) -> None:
    case = case_of(path)
    dues = assess_lines(totals(case), case["year"], tuple(case["register"]))
    assert (dues.state, dues.total_centimes) == (case["state"], centimes(case["total"]))
    assert [
        (due.period, due.code, due.branch, due.share, due.base_centimes, due.rate, due.amount_centimes)
        for due in dues.lines
    ] == worked(case)
    assert (list(dues.held_because), list(dues.held_details)) == (case["reasons"], case["details"])
    assert [
        [base.period, base.code, base.base_centimes, base.reason, *filter(None, [base.indicative_centimes])]
        for base in dues.held
    ] == [
        [period, code, centimes(base), reason, *map(centimes, mark)]
        for period, code, base, reason, *mark in case["held"]
    ]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_code_assumed_from_the_register_is_told(path: Path) -> None:
    case = case_of(path)
    assert assumed_code(totals(case), tuple(case["register"])) == case["assumed"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_hand_arithmetic_is_right_in_itself(path: Path) -> None:
    case = case_of(path)
    lines = worked(case)
    for *_, base, rate, amount in lines:
        assert floor(Fraction(base) * Fraction(rate) / 100 + Fraction(1, 2)) == amount  # type: ignore[arg-type]
    assert sum(int(str(line[-1])) for line in lines) == centimes(case["total"])


def test_lines_without_any_code_are_assessed_as_ever() -> None:
    bases = (60_000_33, 0, 1_00, 5)
    for codes in (("R22",), ("R22", "R98"), ("R06", "R22"), (), None):
        assert assess_lines(Totals(bases, sum(bases)), 2025, codes) == assess_das(bases, 2025, codes)


def test_lines_that_all_tell_r22_owe_what_the_register_would_have_made_of_them() -> None:
    bases = (60_000_33, 0, 1_00, 5)
    told = assess_lines(Totals(bases, sum(bases), (("R22", bases),)), 2025, ("R22",))
    assert told == assess_das(bases, 2025, ("R22",))


def test_every_base_is_computed_or_held_and_none_of_it_twice() -> None:
    """But for the housing fund, which rests on bases that stand under their own code."""
    parts = [(0,) * 4, (5_00, 0, 7_00, 0)]
    for mine, reduced, odd, rest in product(parts, repeat=4):
        told = tuple((code, bases) for code, bases in (("R22", mine), ("R07", reduced), ("R15", odd)) if any(bases))
        sums = tuple(map(sum, zip(mine, reduced, odd, rest, strict=True)))
        for codes in (("R22",), ("R07",), ("R07", "R22"), ()):
            dues = assess_lines(Totals(sums, sum(sums), told), 2025, codes)  # type: ignore[arg-type]
            assert not told or accounted(dues) == sum(sums)


def accounted(dues: Dues) -> int:
    computed = {(due.period, due.code): due.base_centimes for due in dues.lines if due.code != "R98"}
    return sum(computed.values()) + sum(base.base_centimes for base in dues.held if base.code != "R98")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", CODED_HELD_REASONS)
def test_every_reason_has_its_sentences(reason: str, language: str) -> None:
    ((why, then),) = held_sentences(Dues("held", held_because=(reason,), held_details=("R07 2025-Q1",)), language)
    assert "2025-Q1" in why
    assert then
