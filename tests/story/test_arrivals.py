"""What came, in what order, and what came of it: the bucket says what arrived."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tasrih.story.objects import object_key
from tasrih.story.ports import Gone
from tasrih.story.records import DECIDED

from tests.story.world import ONE, TWO, Pair, World, pair

CORRECTED = pair((ONE, replace(TWO, bases=(5400000, 5400000, 5400000, 1800000))))


def opened_and_sent(world: World, what: Pair) -> str:
    return world.send(world.open(what), what)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_files_of_a_ticket_may_come_in_any_order(world: World, order: tuple[int, int]) -> None:
    opened = world.open(pair())
    upload = world.send(opened, pair(), order[:1])
    assert world.receive(upload) == "awaiting_upload"
    world.later(minutes=2)
    world.send(opened, pair(), order[1:])
    assert world.receive(upload) == "in_force"
    assert world.outcome(upload).arrived_at == world.clock.now()


def test_the_arrival_is_the_completion_of_the_last_needed_object(world: World) -> None:
    upload = opened_and_sent(world, pair())
    arrived = world.clock.now()
    world.later(hours=30)
    world.receive(upload)
    outcome = world.outcome(upload)
    assert (outcome.arrived_at, outcome.decided_at) == (arrived, world.clock.now())
    assert world.entries()[0].value_date == "2020-01-20"


def test_a_second_file_that_never_comes_is_waited_for_then_refused_and_named(world: World) -> None:
    opened = world.open(pair())
    upload = world.send(opened, pair(), [0])
    world.later(minutes=59)
    assert world.receive(upload) == "awaiting_upload"
    world.later(minutes=1)
    assert world.receive(upload) == "refused"
    outcome = world.outcome(upload)
    assert outcome.counts == {"E490": 1}
    report = json.loads(world.inbox.get_report(outcome.report))
    assert [finding["file"] for finding in report["findings"]] == [pair().detail[0]]
    assert outcome.arrived_at is None


def test_a_ticket_whose_files_never_come_names_both(world: World) -> None:
    upload = world.open(pair()).ticket.upload
    world.later(hours=1)
    assert world.receive(upload) == "refused"
    assert world.outcome(upload).counts == {"E490": 2}


def test_the_first_version_of_an_object_counts_and_a_later_one_changes_nothing(world: World) -> None:
    upload = opened_and_sent(world, pair())
    world.later(minutes=1)
    world.inbox.put(object_key(upload, 1), CORRECTED.detail[1])
    assert world.receive(upload) == "in_force"
    assert world.outcome(upload).total_centimes == pair().total


def test_bytes_that_are_not_those_announced_are_refused_even_if_the_store_took_them(world: World) -> None:
    upload = world.open(pair()).ticket.upload
    world.inbox.put(object_key(upload, 0), pair().header[1])
    world.inbox.put(object_key(upload, 1), pair().detail[1][:200])
    assert world.receive(upload) == "refused"
    assert "E401" in world.outcome(upload).counts


def test_swapped_files_are_named_as_swapped(world: World) -> None:
    upload = world.open(pair()).ticket.upload
    world.inbox.put(object_key(upload, 0), pair().detail[1])
    world.inbox.put(object_key(upload, 1), pair().header[1])
    assert world.receive(upload) == "refused"
    assert world.outcome(upload).counts["E402"] == 2


def test_a_deleted_object_is_refused_as_unreadable_at_once(world: World) -> None:
    upload = opened_and_sent(world, pair())
    heads = world.inbox.arrivals(f"uploads/{upload}/")

    class Emptied:
        """Lists what was there when the event was sent; the bytes are gone."""

        def arrivals(self, prefix: str) -> object:
            return heads

        def open(self, key: str, version: str) -> object:
            raise Gone

        def put_report(self, key: str, body: bytes) -> None:
            world.inbox.put_report(key, body)

    assert world.receive(upload, inbox=Emptied()) == "refused"  # type: ignore[arg-type]  # stands in for the port
    assert world.outcome(upload).counts == {"E491": 1}
    assert world.receive(upload) == DECIDED


def test_an_object_hidden_by_a_delete_marker_is_still_read(world: World) -> None:
    upload = opened_and_sent(world, pair())
    world.inbox.delete(object_key(upload, 0))
    assert world.receive(upload) == "in_force"
