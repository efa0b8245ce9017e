"""What fell through is found, and nothing that counts is removed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tasrih.adapters.lines import chunk_keys
from tasrih.story.filings import StoredLines
from tasrih.story.ports import Busy, Replace
from tasrih.story.receive import READING
from tasrih.story.sweep import Swept, sweep

from tests.story.faulty import Crash, Plan
from tests.story.world import ONE, OURS, TWO, World, pair

CORRECTED = pair((ONE, replace(TWO, bases=(5400000, 5400000, 5400000, 1800000))))


def chunks(world: World, upload: str) -> list[str]:
    return [key for key in world.lines._table.items if key.startswith(f"C#{upload}#")]  # type: ignore[attr-defined]


def receive_queued(world: World) -> list[str]:
    bodies, world.uploads.bodies = world.uploads.bodies, []
    return [world.receive(body["upload"]) for body in bodies]


def test_an_upload_whose_event_was_lost_is_found_and_gets_its_verdict(world: World) -> None:
    upload = world.send(world.open(pair()), pair())
    world.later(minutes=4)
    assert world.sweep() == Swept()
    world.later(minutes=2)
    assert world.sweep().uploads == 1
    assert receive_queued(world) == ["in_force"]
    assert world.outcome(upload).state == "in_force"
    world.later(minutes=10)
    assert world.sweep().uploads == 0


def test_an_upload_still_awaited_is_left_alone_until_its_time_is_up(world: World) -> None:
    world.open(pair())
    world.later(minutes=59)
    assert world.sweep().uploads == 0
    world.later(minutes=1)
    assert world.sweep().uploads == 1
    assert receive_queued(world) == ["refused"]


def test_one_file_of_two_is_no_reason_to_read_again_and_again(world: World) -> None:
    upload = world.send(world.open(pair()), pair(), [0])
    world.later(minutes=6)
    assert world.sweep().uploads == 1
    assert receive_queued(world) == ["awaiting_upload"]
    world.later(minutes=5)
    assert world.sweep().uploads == 0
    world.later(minutes=50)
    assert world.sweep().uploads == 1
    assert receive_queued(world) == ["refused"]
    assert world.outcome(upload).counts == {"E490": 1}


def test_a_reading_that_died_is_taken_up_again(world: World) -> None:
    upload = world.send(world.open(pair()), pair())
    with pytest.raises(Crash):
        world.receive(upload, **Plan(4, Crash).ports(world))
    world.later(seconds=READING.total_seconds())
    assert world.sweep().uploads == 1
    assert receive_queued(world) == ["in_force"]


def test_the_age_of_each_open_upload_is_told_and_never_negative(world: World) -> None:
    upload = world.send(world.open(pair()), pair())
    world.later(minutes=7)
    assert all(seconds >= 0 for seconds in world.sweep().open_seconds.values())
    with pytest.raises(Crash):
        world.receive(upload, **Plan(4, Crash).ports(world))
    world.later(minutes=13)
    assert world.sweep().open_seconds == {upload: 20 * 60}


def test_the_age_of_an_upload_that_nobody_noticed_is_told_from_its_arrival(world: World) -> None:
    ticket = world.open(pair())
    world.later(minutes=2)
    upload = world.send(ticket, pair())
    half = world.send(world.open(pair()), pair(), [0])
    for minutes, ages in ((30, {upload: 30 * 60}), (60, {upload: 90 * 60, half: 30 * 60})):
        world.later(minutes=minutes)
        assert world.sweep().open_seconds == ages


def test_a_letter_still_owed_is_found_without_the_stream(world: World) -> None:
    upload = world.file(pair())
    assert world.sweep().letters == 0
    world.later(minutes=11)
    assert world.sweep().letters == 1
    assert world.letters.bodies == [{"upload": upload, "about": "in_force"}]
    (letter,) = world.letters_of(upload)
    world.book.commit(Replace(replace(letter, sent_at=world.clock.now())))
    assert world.sweep().letters == 0


def test_a_letter_that_cannot_be_delivered_is_not_tried_for_ever(world: World) -> None:
    upload = world.file(pair())
    (letter,) = world.letters_of(upload)
    world.book.commit(Replace(replace(letter, undeliverable="no_address")))
    world.later(days=1)
    assert world.sweep().letters == 0


def orphaned(world: World) -> str:
    """Lines written for a filing that a later one overtook before its commit."""
    early = world.send(world.open(pair()), pair())
    calls = Plan()
    with pytest.raises(Crash):
        world.receive(early, **_dying_at("lines.relate", calls).ports(world))
    world.file(CORRECTED)
    return early


def _dying_at(name: str, plan: Plan) -> Plan:
    class Dying(Plan):
        def call(self, called: str, effect: object, arguments: int = 0) -> object:
            if called == name:
                raise Crash
            return plan.call(called, effect, arguments)  # type: ignore[arg-type]  # passed through

    return Dying()


def test_orphan_lines_are_removed_only_once_their_upload_is_decided(world: World) -> None:
    upload = orphaned(world)
    assert chunks(world, upload)
    world.later(days=3)
    assert world.sweep().lines == 0
    assert chunks(world, upload), "it may still count"
    assert receive_queued(world) == ["superseded"]
    assert world.sweep().lines == 1
    assert not chunks(world, upload)
    stored = world.stored(upload)
    assert stored
    assert stored.state == "removed"
    assert world.sweep().lines == 0


def test_orphans_wait_two_days_even_when_decided(world: World) -> None:
    upload = orphaned(world)
    world.later(minutes=10)
    assert world.receive(upload) == "superseded"
    assert world.sweep().lines == 0
    assert chunks(world, upload)


def test_nothing_that_counts_is_ever_removed(world: World) -> None:
    uploads = [world.file(pair()), world.file(CORRECTED), world.file(pair(year=2018))]
    before = {upload: chunks(world, upload) for upload in uploads}
    for _ in range(10):
        world.later(days=10)
        assert world.sweep().lines == 0
    assert {upload: chunks(world, upload) for upload in uploads} == before
    assert all(before.values())


class Lagging:
    """A book whose index of open work still shows what stood there a while ago."""

    def __init__(self, world: World, then: list[StoredLines]) -> None:
        self._book, self._then = world.book, then

    def __getattr__(self, name: str) -> object:
        return getattr(self._book, name)

    def waiting(self, kind: type, what: str, *_: object) -> list[StoredLines]:
        return self._then if kind is StoredLines else []


def test_an_index_that_lags_behind_does_not_make_it_remove_what_counts_by_now(world: World) -> None:
    upload = world.send(world.open(pair()), pair())
    with pytest.raises(Crash):
        world.receive(upload, **_dying_at("lines.write", Plan()).ports(world))
    planned = world.stored(upload)
    assert planned
    world.later(minutes=10)
    world.receive(upload)
    world.later(days=3)
    lagging = Lagging(world, [planned])
    swept = sweep(
        world.clock.now(),
        book=lagging,  # type: ignore[arg-type]  # stands in for the port
        inbox=world.inbox,
        lines=world.lines,
        uploads=world.uploads,
        letters=world.letters,
        deliveries=world.deliveries,
    )
    assert (swept.lines, world.outcome(upload).state) == (0, "in_force")
    assert chunks(world, upload)


def test_an_orphan_whose_removal_was_cut_short_is_removed_by_the_next_sweep(world: World) -> None:
    upload = orphaned(world)
    world.later(days=3)
    world.receive(upload)
    stored = world.stored(upload)
    assert stored
    world.lines._table.delete(chunk_keys(stored)[:1])
    assert world.sweep().lines == 1


def test_one_upload_that_fails_does_not_keep_the_sweep_from_the_others(world: World) -> None:
    first = world.send(world.open(pair()), pair())
    second = world.send(world.open(pair(year=2018)), pair(year=2018))
    world.later(minutes=6)
    world.sweep()
    assert [body["upload"] for body in world.uploads.bodies] == [first, second]
    with pytest.raises(Busy):
        world.receive(first, **Plan(4, Busy).ports(world))
    assert world.receive(second) == "in_force"


def test_with_every_event_lost_the_sweep_alone_brings_each_upload_to_its_verdict(world: World) -> None:
    years = range(2010, 2019)
    uploads = [world.send(world.open(pair(year=year)), pair(year=year)) for year in years]
    never = world.open(CORRECTED).ticket.upload
    for _ in range(13):
        world.later(minutes=5)
        world.sweep()
        receive_queued(world)
    assert [world.outcome(upload).state for upload in uploads] == ["in_force"] * len(uploads)
    assert world.outcome(never).state == "refused"
    assert len(world.entries(OURS)) >= 1
