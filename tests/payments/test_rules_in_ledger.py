"""Do written rules and the ledger agree to the centime: each sort of payment, each remedy, in any order of a day?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.ledger import (
    Entry,
    NotDecided,
    Rules,
    brought_over,
    credit_at,
    moved,
    open_items,
    payment,
    post,
    refund,
    refund_proposed,
    sent_over,
    taken_back,
)
from tasrih.payments.bank.line import BankLine
from tasrih.payments.matching.match import Matched, Unsure, in_order, match, payment_of
from tasrih.payments.matching.past import past_of

from tests.ledger.made import dac, decision
from tests.payments.desk import DAY, ONE, TWO, Desk, line, written

CASES = tomllib.loads((Path(__file__).parent / "cases" / "ledger.toml").read_text("utf-8"))["case"]
quick = settings(derandomize=True, max_examples=60, deadline=None, database=None)


class Office:
    """Ledgers by employer, and how each movement ended."""

    def __init__(self, declared: Mapping[str, Mapping[str, int]], rules: Rules = Rules()) -> None:  # noqa: B008
        self.rules = rules
        self.entries: dict[str, list[Entry]] = {ONE: [], TWO: []}
        self.ended: dict[str, tuple[str, str]] = {}
        self.carried_out: set[str] = set()
        for employer, bases in declared.items():
            for period, base in bases.items():
                self.write(replace(dac(period, base * 100), employer=employer))

    def write(self, entry: Entry) -> Entry:
        self.entries[entry.employer] += post(self.entries[entry.employer], [entry], self.rules)
        return entry

    def directory(self) -> Desk:
        return Desk(
            known=(ONE, TWO),
            debts={each: open_items(held, rules=self.rules) for each, held in self.entries.items()},
            history={each: past_of(held, self.carried_out) for each, held in self.entries.items()},
        )

    def receive(self, movement: BankLine) -> Entry | None:
        found = match(movement, self.directory())
        if not isinstance(found, Matched):
            self.ended[movement.identity] = ("waits", "")
            return None
        self.ended[movement.identity] = (found.kind, found.employer)
        return self.write(payment(found.employer, payment_of(movement, found)))

    def open(self, employer: str = ONE) -> dict[str, int]:
        return {item.period: item.open_centimes for item in open_items(self.entries[employer], rules=self.rules)}


def play(case: Mapping[str, Any]) -> Office:
    office = Office({ONE: case["declared"]}, Rules(excess=case.get("excess", Rules().excess)))
    paid: list[Entry | None] = []
    for number, step in enumerate(case["steps"], start=1):
        if "pay" in step:
            paid.append(office.receive(line(step["pay"], step["text"], identity=f"line-{number}")))
        else:
            decide(office, step, paid, f"decision-{number}")
    return office


def decide(office: Office, step: Mapping[str, Any], paid: Sequence[Entry | None], number: str) -> None:
    held, by = office.entries[ONE], decision(number, DAY)
    received = paid[step.get("of", step.get("back", 1)) - 1]
    assert received
    if "refund" in step:
        office.write(refund(held, ONE, step["refund"], by))
    elif "moved" in step:
        office.write(moved(held, ONE, received, (step["from"], step["to"], step["moved"]), by))
    elif "sent" in step:
        sent = office.write(sent_over(held, received, step["sent"], by))
        office.write(brought_over(TWO, sent))
    else:
        office.write(taken_back(received, held, number, DAY, officer="officer-1", why="sans provision"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_owed_after_each_sort_of_payment_is_that_of_the_written_case(case: dict[str, Any]) -> None:
    office, expect = play(case), case["expect"]
    assert [kind for kind, _ in office.ended.values()] == expect["kinds"]
    assert office.open() == expect["open"]
    assert credit_at(office.entries[ONE]) == expect["credit"]
    if "refund_proposed" in expect:
        assert refund_proposed(office.entries[ONE], rules=office.rules) == expect["refund_proposed"]
    if "credit_of_the_other" in expect:
        assert credit_at(office.entries[TWO]) == expect["credit_of_the_other"]


def test_every_kind_of_payment_goes_through_the_ledger_in_a_case() -> None:
    from tasrih.payments.matching.rulebook import rulebook

    assert {kind for case in CASES for kind in case["expect"]["kinds"]} == {*rulebook().remedies, "waits"}


def test_the_past_of_a_ledger_is_what_stands_in_it() -> None:
    office = play(next(case for case in CASES if case["name"] == "a double, refunded"))
    past = past_of(office.entries[ONE])
    assert [(each.identity, each.kind, each.amount_centimes) for each in past] == [
        ("line-1", "payment", 3_500_000),
        ("line-2", "payment", 3_500_000),
        ("decision-3", "refund", 3_500_000),
    ]
    assert [each.reference for each in past] == [written("{1699999901 2026-07}"), written("{1699999901}"), ""]
    assert [each.kind for each in past_of(office.entries[ONE], {"decision-3"})] == ["payment", "payment"]


def test_what_bounced_is_no_past_payment() -> None:
    office = play(next(case for case in CASES if "bounced" in case["name"]))
    assert [each.identity for each in past_of(office.entries[ONE])] == ["line-3"]


def test_what_waits_is_posted_once_when_an_officer_takes_a_proposal() -> None:
    office = Office({ONE: {"2026-07": 7_000_000}})
    movement = line(2_000_000, "COTISATIONS JUILLET 1699999901")
    found = match(movement, office.directory())
    assert isinstance(found, Unsure)
    taken = payment(found.proposals[0].employer, payment_of(movement, found.proposals[0], "officer-1"))
    office.write(taken)
    office.write(taken)
    assert office.open() == {"2026-07": 1_500_000}
    assert office.entries[ONE][1].officer == "officer-1"
    with pytest.raises(NotDecided):
        payment_of(movement, found.proposals[0], " ")


def test_a_proposal_that_money_came_back_is_no_payment() -> None:
    office = play(next(case for case in CASES if case["name"] == "in full"))
    movement = line(-3_500_000, "REJET 1699999901", identity="line-9")
    found = match(movement, office.directory())
    assert isinstance(found, Unsure)
    (bounce,) = found.proposals
    assert (bounce.kind, bounce.identity) == ("bounce", "line-1")
    with pytest.raises(ValueError, match="bounce"):
        payment_of(movement, bounce, "officer-1")


# In any order of a day -----------------------------------------------------------------------------------------------

DECLARED = {ONE: {"2026-07": 7_000_000, "2026-08": 4_000_000}, TWO: {"2026-07": 7_000_000}}
TEXTS = ["{1699999901 2026-07}", "{1699999901}", "{1699999902 2026-07}", "1699999901", "1699999902", "1699999903"]
MOVEMENTS = st.lists(
    st.tuples(st.sampled_from([3_500_000, 2_000_000, 5_500_000, 100]), st.sampled_from(TEXTS)), max_size=6
).map(lambda told: [line(centimes, text, identity=f"line-{n}") for n, (centimes, text) in enumerate(told)])


def after(movements: Iterable[BankLine]) -> Office:
    office = Office(DECLARED)
    for each in movements:
        office.receive(each)
    return office


@quick
@given(MOVEMENTS, st.data())
def test_the_order_of_a_days_movements_changes_neither_who_is_credited_nor_what_is_owed(
    movements: list[BankLine], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(movements))
    one, other = after(in_order(movements)), after(in_order(shuffled))
    assert one.ended == other.ended
    assert one.entries == other.entries
    for identity, (_, employer) in after(shuffled).ended.items():
        assert len({employer, one.ended[identity][1]} - {""}) <= 1, "credited, or waiting: never to another"


def test_a_reference_goes_before_a_number_and_a_sum_of_the_same_day_and_no_day_before_an_earlier_one() -> None:
    told = line(3_500_000, "{1699999901 2026-07}", identity="b")
    guessed = line(3_500_000, "1699999901", identity="a")
    earlier = line(1, "1699999901", identity="c", value_date=date(2026, 11, 2))
    assert in_order([guessed, told, earlier]) == (earlier, told, guessed)
    assert after(in_order([guessed, told])).ended == {"b": ("full", ONE), "a": ("waits", "")}
