"""What holds of any history, whatever the model says: the order of events, and more money."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from tasrih.ledger import balance_at, open_items, settlements

from tests.histories.books import Books
from tests.histories.compare import books_of
from tests.histories.events import EMPLOYERS, Event, Making

ALONE = ("surcharge", "opening")
CHAINED = ("file", "withdraw", "pay", "bounce")


def made(seed: int, kinds: Iterable[str]) -> tuple[Making, list[Event]]:
    """A history, and of what was done in it the events of some kinds, each once."""
    making = Making(seed)
    for _ in making.play():
        pass
    return making, [event for event in making.done if event["do"] in kinds]


def booked(making: Making, events: Iterable[Event]) -> Books:
    books = books_of(making)
    for event in events:
        books.apply(event)
    return books


def chain(event: Event) -> tuple[str, ...]:
    """Events of one chain follow one another: filings of one period; a payment and its bounce."""
    if event["do"] in ("file", "withdraw"):
        return (event["employer"], event["period"])
    return ("", event.get("of", event["id"]))


def shuffled(events: list[Event], random: Random) -> list[Event]:
    chains: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        chains.setdefault(chain(event), []).append(event)
    slots = [each for each in chains for _ in chains[each]]
    random.shuffle(slots)
    return [chains[each].pop(0) for each in slots]


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_events_does_not_change_what_is_owed_in_all(seed: int) -> None:
    making, events = made(seed, (*ALONE, *CHAINED))
    one, other = booked(making, events), booked(making, shuffled(events, Random(seed)))
    assert [balance_at(one.of(employer)) for employer in EMPLOYERS] == [
        balance_at(other.of(employer)) for employer in EMPLOYERS
    ]


@pytest.mark.parametrize("seed", range(60))
def test_paying_more_lowers_what_is_owed_in_all_by_as_much(seed: int) -> None:
    making, events = made(seed, (*ALONE, *CHAINED))
    bounced = {event["of"] for event in events if event["do"] == "bounce"}
    paid = [event for event in events if event["do"] == "pay" and event["id"] not in bounced]
    for event, more in zip(paid[:3], (1, 123_456, 10**9), strict=False):
        larger = [each if each is not event else {**event, "amount": event["amount"] + more} for each in events]
        before, after = (booked(making, each).of(event["employer"]) for each in (events, larger))
        assert balance_at(after) == balance_at(before) - more
        assert debt(after) <= debt(before)


@pytest.mark.parametrize("seed", range(60))
def test_paying_more_raises_no_debt(seed: int) -> None:
    """Of debts that stand already: what one payment settles more of is left over for others."""
    making, events = made(seed, (*ALONE, "file", "pay"))
    debts_first = sorted(events, key=lambda event: event["do"] == "pay")
    paid = [event for event in debts_first if event["do"] == "pay"]
    for event in paid[:2]:
        larger = [each if each is not event else {**event, "amount": 2 * event["amount"]} for each in debts_first]
        before, after = (booked(making, each).of(event["employer"]) for each in (debts_first, larger))
        left = {item.account: item.open_centimes for item in open_items(before)}
        assert all(item.open_centimes <= left.get(item.account, 0) for item in open_items(after))


@pytest.mark.parametrize("seed", range(60))
def test_a_bounced_payment_settles_nothing_and_lies_nowhere(seed: int) -> None:
    making, events = made(seed, {event["do"] for event, _ in Making(seed).play()})
    books = booked(making, events)
    bounced = {f"payment:{event['of']}" for event in events if event["do"] == "bounce"}
    for entries in books.entries.values():
        left: dict[tuple[str, str], int] = {}
        for leg in (leg for entry in entries for leg in entry.legs if leg.lot in bounced):
            left[leg.lot, leg.account] = left.get((leg.lot, leg.account), 0) + leg.amount_centimes
        kept = {account.partition(":")[0] for (_, account), amount in left.items() if amount}
        assert kept <= {"refund", "repayable"}


@pytest.mark.parametrize("seed", range(30))
def test_what_settles_a_debt_and_what_is_open_of_it_are_the_whole(seed: int) -> None:
    making, events = made(seed, (*ALONE, *CHAINED))
    books = booked(making, events)
    for entries in books.entries.values():
        for item in open_items(entries):
            assert sum(amount for _, amount in settlements(entries, item.account)) == item.settled_centimes


def debt(entries: list) -> int:
    return sum(item.open_centimes for item in open_items(entries))
