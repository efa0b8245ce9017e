"""Are surcharges for lateness and silence those done by hand, at and around every boundary day?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tasrih import law
from tasrih.assessment import (
    Proposal,
    Refused,
    contributor_class,
    extensions_for,
    last_day,
    late_declaration,
    late_payment,
    months_late,
    provisional,
)
from tasrih.law import LawNotKnown
from tasrih.vocabulary.dues import Dues
from tasrih.vocabulary.period import Period

from tests.assessment.signed import (
    as_worked,
    book_of,
    cases,
    centimes,
    check_arithmetic,
    check_proposal,
    dues_of,
    extensions_of,
    worked,
)

PAYMENTS, DECLARATIONS, SILENCES = cases("late_payment"), cases("late_das"), cases("provisional")
LATE = centimes("100000.00")


def total(proposal: Proposal | None) -> int:
    return proposal.total_centimes if proposal else 0


@pytest.mark.parametrize("delay", cases("months", "delay"), ids=lambda delay: delay["title"])
def test_months_of_delay_are_counted_as_by_hand(delay: dict[str, Any]) -> None:
    for day, whole, started in delay["days"]:
        assert months_late(delay["first_late"], day, "whole_months") == whole, day
        assert months_late(delay["first_late"], day, "counts") == started, day


@pytest.mark.parametrize("case", cases("late_payment_days", "payment"), ids=lambda case: case["period"])
def test_a_payment_around_each_boundary_day(case: dict[str, Any]) -> None:
    period, book = Period.parse(case["period"]), law.book()
    assert last_day("payment", period, (), book).day == case["deadline"]
    for day, whole, started in case["days"]:
        for choice, amount in (("whole_months", whole), ("counts", started)):
            chosen = book.choosing(started_month=choice)
            found = late_payment(period, LATE, [(day, LATE)], date(2029, 12, 31), book=chosen)
            assert total(found) == centimes(amount), (day, choice)
            unpaid = late_payment(period, LATE, [], day, book=chosen)
            assert total(unpaid) == centimes(amount), (day, choice)


@pytest.mark.parametrize("case", cases("late_das_days", "declaration"), ids=lambda case: f"{case['year']}")
def test_a_declaration_around_each_boundary_day(case: dict[str, Any]) -> None:
    period, book = Period(case["year"]), book_of(case)
    assert last_day("das", period, (), book).day == case["deadline"]
    for day, whole, started in case["days"]:
        for choice, amount in (("whole_months", whole), ("counts", started)):
            found = late_declaration(period, dues_of(employer=LATE), day, book=book.choosing(started_month=choice))
            assert total(found) == centimes(amount), (day, choice)


@pytest.mark.parametrize("case", PAYMENTS, ids=lambda case: case["title"])
def test_a_late_payment_costs_what_was_done_by_hand(case: dict[str, Any]) -> None:
    paid = [(day, centimes(amount)) for day, amount in case["paid"]]
    found = late_payment(
        Period.parse(case["period"]),
        centimes(case["owed"]),
        paid,
        case["on"],
        extensions=extensions_of(case, "payment"),
        book=book_of(case),
    )
    check_proposal(found, case)


@pytest.mark.parametrize("case", DECLARATIONS, ids=lambda case: case["title"])
def test_a_late_declaration_costs_what_was_done_by_hand(case: dict[str, Any]) -> None:
    found = late_declaration(
        Period.parse(case["period"]),
        dues_of(employer=centimes(case["year"])),
        case["arrived"],
        difference=dues_of(employer=centimes(case["adds"])) if "adds" in case else None,
        extensions=extensions_of(case, "das"),
        refused=Refused(**case["refused"]) if "refused" in case else None,
        book=book_of(case),
    )
    check_proposal(found, case)


@pytest.mark.parametrize("case", SILENCES, ids=lambda case: case["title"])
def test_silence_costs_what_was_done_by_hand(case: dict[str, Any]) -> None:
    declared = {Period.parse(period): dues_of(**shares(told)) for period, *told in case["declared"]}
    found = provisional(
        Period.parse(case["period"]), declared, case["on"], extensions=extensions_of(case, "das"), book=book_of(case)
    )
    check_proposal(found, case)
    assert as_worked(found.contributions if found else ()) == worked(case["contributions"])


def shares(told: list[str]) -> dict[str, int]:
    return {share: centimes(amount) for share, amount in map(str.split, told)}


@pytest.mark.parametrize("case", [*PAYMENTS, *DECLARATIONS, *SILENCES], ids=lambda case: case["title"])
def test_the_hand_arithmetic_is_right_in_itself(case: dict[str, Any]) -> None:
    check_arithmetic(case)


@pytest.mark.parametrize("case", cases("contributor", "class"), ids=lambda case: f"{case['headcount']}")
def test_the_class_follows_from_the_headcount(case: dict[str, Any]) -> None:
    found = contributor_class(case["headcount"], date(2026, 1, 1), book_of(case))
    assert (found.name, found.headcount, found.confidence) == (case["class"], case["headcount"], "provisional")


def test_before_any_source_there_is_no_class() -> None:
    with pytest.raises(LawNotKnown):
        contributor_class(12, date(2017, 12, 31))


def test_every_line_carries_its_reasons() -> None:
    found = late_payment(Period.parse("2026-06"), LATE, [], date(2026, 10, 1))
    assert found
    assert (found.kind, found.period, found.day, found.state) == (
        "late_payment", "2026-06", date(2026, 10, 1), "computed",
    )  # fmt: skip
    assert found.provisional
    assert found.law_version == law.LAW_VERSION
    assert dict(found.choices) == {"started_month": "whole_months", "monthly_base": "contributions"}
    for line in found.lines:
        assert line.first_late == date(2026, 7, 31)
        assert (line.article, line.valid_from) == ("law 83-14, article 24", date(2020, 1, 1))
        assert line.source


def test_a_line_is_no_firmer_than_what_it_rests_on() -> None:
    """Rate and deadline of article 16 are firm; of what the 15 % are is a choice."""
    found = late_declaration(Period(2025), dues_of(employer=LATE), date(2026, 2, 1))
    assert found
    assert found.last_day
    assert found.last_day.deadline.confidence == "firm"
    assert law.book().surcharge("late_das", date(2026, 2, 1)).confidence == "firm"
    assert [line.confidence for line in found.lines] == ["provisional"]


def test_held_dues_hold_their_surcharge_and_what_is_computed_of_them_is_not() -> None:
    held = Dues("held", held_because=("codes_not_known",), held_details=("",))
    found = late_declaration(Period(2025), held, date(2026, 2, 1))
    assert found
    assert (found.state, found.lines, found.held) == ("held", (), (("codes_not_known", ""),))
    partly = Dues("partly_held", dues_of(employer=LATE).lines, ("split_not_known",), ("R07 2025-Q1",))
    found = late_declaration(Period(2025), partly, date(2026, 2, 1))
    assert found
    assert (found.state, found.total_centimes) == ("partly_held", centimes("15000.00"))
    assert found.held == (("split_not_known", "R07 2025-Q1"),)
    assert late_declaration(Period(2025), held, date(2026, 1, 31)) is None


def test_a_monthly_part_without_a_source_is_held_beside_the_first() -> None:
    book = law.book()
    known = {name: series for name, series in book.surcharges.items() if name != "late_payment_month"}
    found = late_payment(Period.parse("2026-06"), LATE, [], date(2026, 10, 1), book=replace(book, surcharges=known))
    assert found
    assert (found.state, found.total_centimes) == ("partly_held", centimes("5000.00"))
    assert found.held == (("law_of_lateness_not_known", "late_payment_month 2026-07-31"),)


def test_what_was_not_published_yet_is_not_known_yet() -> None:
    """The law of 10 November 2004, seen from the day before its journal."""
    found = late_declaration(Period(2004), dues_of(employer=LATE), date(2005, 3, 1), book=law.book(date(2004, 11, 12)))
    assert found
    assert (found.state, found.total_centimes) == ("held", 0)


def test_an_extension_applies_within_its_scope() -> None:
    scopes = ["all", "agency:16000", "agency:31000", "employer:1699999901", "employer:1699999902"]
    every = [each for scope in scopes for each in extensions_of(
        {"extensions": [{"scope": scope, "first": date(2026, 1, 31), "until": date(2026, 2, 15)}]}, "das"
    )]  # fmt: skip
    applying = extensions_for(every, "1699999901", "16000")
    assert [each.scope for each in applying] == ["all", "agency:16000", "employer:1699999901"]


def test_a_last_day_tells_what_moved_it() -> None:
    first, outage = extensions_of(
        {
            "extensions": [
                {"first": date(2026, 1, 31), "until": date(2026, 2, 15)},
                {"kind": "outage", "first": date(2026, 2, 14), "until": date(2026, 2, 17)},
            ]
        },
        "das",
    )
    for given in ((first, outage), (outage, first)):
        last = last_day("das", Period(2025), given, law.book())
        assert (last.day, last.first_late, last.moved_by) == (date(2026, 2, 17), date(2026, 2, 18), (first, outage))
        assert last.deadline.day == date(2026, 1, 31)


def test_a_payment_below_zero_is_no_payment() -> None:
    with pytest.raises(ValueError, match="below zero"):
        late_payment(Period.parse("2026-06"), LATE, [(date(2026, 7, 1), -1)], date(2026, 10, 1))


def test_the_end_of_time_is_reached() -> None:
    found = late_payment(Period.parse("2026-06"), 100, [], date.max - timedelta(days=1))
    assert found
    assert found.lines[1].months == (9999 - 2026) * 12 + 4
