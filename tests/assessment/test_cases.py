"""Do the dues of each signed case come out as done by hand?"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
from tasrih.assessment import assess_das, totals_by_branch, totals_by_share

FOLDER = Path(__file__).parent / "cases"
COMPUTED = sorted(FOLDER.glob("das_*.toml"))
HELD: list[dict[str, Any]] = tomllib.loads((FOLDER / "held.toml").read_text("utf-8"))["held"]
WORK = re.compile(r"(R\d\d) (\w+) (\w+) +: +(\d+\.\d\d) x +(\d+\.\d\d) % = +(\d+\.\d\d)")

Line = tuple[str, str, str, str, int, Decimal, int]


def centimes(dinars: str) -> int:
    return int(Decimal(dinars) * 100)


def bases(case: dict[str, Any]) -> tuple[int, int, int, int]:
    first, second, third, fourth = (centimes(base) for base in case["bases"])
    return first, second, third, fourth


def worked_lines(case: dict[str, Any]) -> list[Line]:
    lines: list[Line] = []
    for block in case["lines"]:
        for quarter in block["quarters"]:
            for written in block["work"]:
                found = WORK.fullmatch(written)
                assert found, written
                code, branch, share, base, rate, amount = found.groups()
                period = f"{case['year']}-Q{quarter}"
                lines.append((period, code, branch, share, centimes(base), Decimal(rate), centimes(amount)))
    return lines


@pytest.mark.parametrize("path", COMPUTED, ids=lambda path: path.stem)
def test_the_dues_are_those_done_by_hand(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    dues = assess_das(bases(case), case["year"], tuple(case["codes"]))
    assert dues.state == "computed"
    found = [
        (due.period, due.code, due.branch, due.share, due.base_centimes, due.rate, due.amount_centimes)
        for due in dues.lines
    ]
    assert found == worked_lines(case)
    assert {due.confidence for due in dues.lines} == {case["confidence"]}
    assert dues.provisional == (case["confidence"] == "provisional")
    assert all(due.article == case[f"article_{due.code}"] for due in dues.lines)
    assert dues.total_centimes == centimes(case["totals"]["year"])
    assert totals_by_share(dues) == {name: centimes(value) for name, value in case["totals"]["share"].items()}
    assert totals_by_branch(dues) == {name: centimes(value) for name, value in case["totals"]["branch"].items()}


@pytest.mark.parametrize("path", COMPUTED, ids=lambda path: path.stem)
def test_the_hand_arithmetic_is_right_in_itself(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    for *_, base, rate, amount in worked_lines(case):
        assert floor(Fraction(base) * Fraction(rate) / 100 + Fraction(1, 2)) == amount
    for block in case["lines"]:
        worked = [found.groups()[5] for found in map(WORK.fullmatch, block["work"]) if found]
        assert sum(centimes(amount) for amount in worked) == centimes(block["total"])


@pytest.mark.parametrize("case", HELD, ids=lambda case: case["title"])
def test_dues_are_held_with_the_reason_and_what_is_missing(case: dict[str, Any]) -> None:
    codes = tuple(case["codes"]) if "codes" in case else None
    dues = assess_das(bases(case), case["year"], codes)
    assert (dues.state, dues.lines, dues.total_centimes) == ("held", (), 0)
    assert (list(dues.held_because), list(dues.held_details)) == (case["reasons"], case["details"])
