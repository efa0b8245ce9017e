"""Whatever fails while a DAC is taken apart, and while each part of it is settled: each has one verdict in the end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from tasrih.ledger.posting import balance, check_posted_once, standing
from tasrih.story.ports import Busy, Changed
from tasrih.story.receive import MAX_ATTEMPTS, READING
from tasrih.story.records import DECIDED, RECEIVED, Child

from tests.story.faulty import FAULTS, Crash, Down, Plan
from tests.story.periodic import dac, people, send
from tests.story.world import OURS, OURS_TOO, World, settled_world

BODY = dac({}, {"Employeur": OURS_TOO}, {"Période": "2019-T3", "Effectif": "trois"})


def split_calls() -> list[str]:
    world, plan = settled_world(), Plan()
    world.receive(send(world, BODY), **plan.ports(world))
    return plan.trace


def settle_calls() -> list[str]:
    world, plan = settled_world(), Plan()
    world.receive(_split(world)[0].upload, **plan.ports(world))
    return plan.trace


def _split(world: World) -> tuple[Child, ...]:
    """The parts of two employers, of which the first has lines of workers; nobody has looked at them."""
    upload = send(world, people({}, {"Employeur": OURS_TOO}))
    world.receive(upload)
    return world.outcome(upload).children


def failures(calls: list[str]) -> Iterator[tuple[str, Plan]]:
    for at, call in enumerate(calls):
        for error, after, only in FAULTS:
            if only in ("", call):
                yield f"{at}-{call}-{error.__name__}-{'after' if after else 'before'}", Plan(at, error, after)


def received(world: World, upload: str, plan: Plan) -> None:
    """Once with the failure, then as often as it is delivered again."""
    again = Plan(plan.at, plan.error, plan.after)
    with contextlib.suppress(Crash, Busy, Changed):
        world.receive(upload, **again.ports(world))
    if world.receive(upload) == RECEIVED:  # the dead one seems to be reading still
        world.later(seconds=READING.total_seconds())
        world.receive(upload)
    assert world.receive(upload) == DECIDED


SPLITTING, SETTLING = dict(failures(split_calls())), dict(failures(settle_calls()))


def test_the_failures_come_from_runs_that_meet_every_port() -> None:
    assert {"book.commit", "inbox.open", "inbox.put_part", "inbox.arrivals"} <= set(split_calls())
    assert {"book.commit", "inbox.open", "lines.write", "lines.relate"} <= set(settle_calls())


@pytest.mark.parametrize("plan", SPLITTING.values(), ids=SPLITTING)
def test_a_failure_while_a_dac_is_taken_apart_opens_nothing_twice(plan: Plan) -> None:
    undisturbed, world = settled_world(), settled_world()
    expected, upload = send(undisturbed, BODY), send(world, BODY)
    undisturbed.receive(expected)
    received(world, upload, plan)
    children = world.outcome(upload).children
    assert children == undisturbed.outcome(expected).children
    assert world.outcome(upload).counts == {}
    assert len(world.letters_of(upload)) == 1
    assert [world.receive(child.upload) for child in children] == ["in_force", "in_force", "refused"]
    numbers = {receipt.number for child in children if (receipt := world.receipt(child.upload))}
    assert len(numbers) == 2


@pytest.mark.parametrize("plan", SETTLING.values(), ids=SETTLING)
def test_a_failure_while_a_part_is_settled_leaves_one_posting_and_its_lines(plan: Plan) -> None:
    world = settled_world()
    children = _split(world)
    received(world, children[0].upload, plan)
    entries, outcome = world.entries(), world.outcome(children[0].upload)
    check_posted_once(entries)
    assert [entry.upload for entry in standing(entries)] == [children[0].upload]
    assert balance(entries, "2019-Q4") == outcome.dues_total_centimes > 0
    stored = world.stored(children[0].upload)
    assert stored
    assert (stored.state, stored.lines) == ("counts", 1)
    assert world.entries(OURS_TOO) == []
    assert len(world.letters_of(children[0].upload)) == 1


@pytest.mark.parametrize("call", ["inbox.put_part", "inbox.open", "the transaction"])
def test_a_service_that_is_down_for_long_never_makes_a_good_dac_unreadable(call: str) -> None:
    world = settled_world()
    upload = send(world, BODY)
    for _ in range(2 * MAX_ATTEMPTS):
        with pytest.raises(Busy):
            world.receive(upload, **Down(call).ports(world))
    assert world.receive(upload) == "split"


def test_a_part_whose_event_was_lost_is_found_by_the_sweep() -> None:
    world = settled_world()
    upload = send(world, BODY)
    world.receive(upload)
    children = [child.upload for child in world.outcome(upload).children]
    world.later(minutes=61)
    world.sweep()
    assert {body["upload"] for body in world.uploads.bodies} == set(children)
    assert world.series(OURS, "2019") is None
