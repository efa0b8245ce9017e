"""Whatever fails while a large file is opened, completed or swept: asked again, it arrives once, at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from tasrih.story.access import NotAsked
from tasrih.story.open_upload import open_upload
from tasrih.story.pieces import tend
from tasrih.story.ports import Busy, Changed
from tasrih.story.records import DECIDED

from tests.story.faulty import FAULTS, Crash, Plan
from tests.story.large import LARGE, complete, remaining, send_pieces, small_pieces, versions
from tests.story.lockstep import Lockstep
from tests.story.test_sweep import receive_queued
from tests.story.world import OURS, US, VOUCHED, World, announced, settled_world

SEEDS = 40


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Callable[[], World]:
    return lambda: small_pieces(settled_world(), monkeypatch)


def by_client(world: World, upload: str, ports: dict[str, Any]) -> None:
    complete(world, upload, book=ports["book"], inbox=ports["inbox"])


def by_sweep(world: World, upload: str, ports: dict[str, Any]) -> None:
    tend(world.ticket(upload), world.clock.now(), book=ports["book"], inbox=ports["inbox"])


WAYS = [by_client, by_sweep]


def plans(trace: list[str]) -> Iterator[Plan]:
    for at, call in enumerate(trace):
        for error, after, only in FAULTS:
            if only in ("", call):
                yield Plan(at, error, after)


@pytest.mark.parametrize("then", WAYS, ids=["client", "sweep"])
@pytest.mark.parametrize("first", WAYS, ids=["client", "sweep"])
def test_a_completion_cut_short_at_any_call_is_finished_by_the_client_or_the_sweep(
    make: Callable[[], World], first: Callable[..., None], then: Callable[..., None]
) -> None:
    world, clean = make(), Plan()
    first(world, send_pieces(world, world.open(LARGE)), clean.ports(world))
    assert {"book.commit", "inbox.pieces", "inbox.join"} <= set(clean.trace)
    for plan in plans(clean.trace):
        world = make()
        upload = send_pieces(world, world.open(LARGE))
        with suppress(Crash, Busy, Changed):
            first(world, upload, plan.ports(world))
        noted = world.ticket(upload).completed[1]
        world.later(minutes=10)
        then(world, upload, Plan().ports(world))
        assert versions(world, upload) == 1, plan.__dict__
        assert world.receive(upload) == "in_force"
        assert world.outcome(upload).arrived_at == (noted or world.clock.now()), "the first moment is kept"
        world.later(minutes=10)
        assert world.sweep().uploads == 0
        assert complete(world, upload).state == DECIDED


def test_an_opening_cut_short_at_any_call_and_asked_again_gives_one_upload(make: Callable[[], World]) -> None:
    from tasrih.story.open_upload import Asked

    def ask(world: World, plan: Plan) -> str:
        ports = plan.ports(world)
        asked = Asked(
            OURS, tuple(announced(*each) for each in LARGE.files), LARGE.total, "", "demande-1", "real", VOUCHED
        )
        return open_upload(
            asked, world.account(US), world.clock.now(), book=ports["book"], inbox=ports["inbox"], chance=world.chance
        ).ticket.upload  # fmt: skip

    clean = Plan()
    ask(make(), clean)
    assert "inbox.begin" in clean.trace
    for plan in plans(clean.trace):
        world = make()
        with suppress(Crash, Busy, Changed):
            ask(world, plan)
        upload = ask(world, Plan())
        assert send_pieces(world, remaining(world, upload)) == upload
        complete(world, upload)
        assert world.receive(upload) == "in_force"


def test_time_is_up_and_the_sweep_dies_at_any_call_yet_the_verdict_comes(make: Callable[[], World]) -> None:
    def late() -> tuple[World, str]:
        world = make()
        upload = send_pieces(world, world.open(LARGE), [1, 3])
        world.later(hours=26)
        return world, upload

    world, upload = late()
    clean = Plan()
    by_sweep(world, upload, clean.ports(world))
    assert clean.trace[-1] == "inbox.abandon"
    for plan in plans(clean.trace):
        world, upload = late()
        with suppress(Crash):
            by_sweep(world, upload, plan.ports(world))
        world.sweep()
        assert receive_queued(world) == ["refused"]
        assert world.outcome(upload).counts == {"E490": 1}
        assert not world.inbox.sessions


@pytest.mark.parametrize("seed", range(SEEDS))
def test_two_clients_the_sweep_and_a_delivery_at_once_make_one_object_and_one_verdict(
    make: Callable[[], World], seed: int
) -> None:
    world = make()
    upload = send_pieces(world, world.open(LARGE))
    steps = Lockstep(seed)
    ports = {name: steps.step(getattr(world, name)) for name in ("book", "inbox", "lines")}
    tasks = [partial(by_client, world, upload, ports)] * 2
    tasks += [partial(by_sweep, world, upload, ports), partial(world.receive, upload, **ports)]
    answers = steps.run(tasks)
    assert not [each for each in answers if isinstance(each, Exception) and not isinstance(each, Busy | Changed)], (
        answers
    )
    complete(world, upload)
    world.receive(upload)
    assert versions(world, upload) == 1, f"seed {seed}"
    assert world.outcome(upload).state == "in_force"
    assert [entry.upload for entry in world.entries()] == [upload]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_last_moment_ends_either_in_an_arrival_or_in_a_refusal(make: Callable[[], World], seed: int) -> None:
    """Time is up; the client completes while the sweep gives up what is missing and the verdict is due."""
    world = make()
    opened = world.open(LARGE)
    upload = send_pieces(world, opened, [1, 2])
    world.later(hours=23, minutes=59)
    again = remaining(world, upload)
    world.later(minutes=1)
    send_pieces(world, again)
    world.later(hours=1)
    steps = Lockstep(seed)
    ports = {name: steps.step(getattr(world, name)) for name in ("book", "inbox", "lines")}
    answers = steps.run(
        [
            partial(by_client, world, upload, ports),
            partial(by_sweep, world, upload, ports),
            partial(world.receive, upload, **ports),
        ]
    )
    client = answers[0]
    assert client is None or isinstance(client, NotAsked | Busy | Changed), answers
    world.sweep()
    receive_queued(world)
    state = world.outcome(upload).state
    assert state == ("in_force" if world.ticket(upload).arrivals[1] else "refused"), f"seed {seed}"
    assert versions(world, upload) <= 1
