"""In whatever order the uploads of one period are received, the same filing is in force in the end (I21)."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from tasrih.ledger.posting import balance, standing

from tests.story.test_interrupted import deliver
from tests.story.world import ONE, TWO, Pair, World, pair, settled_world

A, B, C = pair(), pair((ONE, replace(TWO, bases=(5400000,) * 3 + (1800000,)))), pair((ONE,))
SENT = [(A, B, A), (A, A, B), (B, A, A), (A, B, C), (A, B, A, B)]
"""What is announced, in the order of rank: the last of them is to be in force."""


def sent(world: World, bodies: tuple[Pair, ...]) -> list[str]:
    return [world.send(world.open(body), body) for body in bodies]


def in_force(world: World) -> tuple[str, ...]:
    """The files of the filing in force, and that exactly its dues are owed."""
    series = world.series()
    assert series
    entries = world.entries()
    assert [entry.upload for entry in standing(entries)] == [series.upload]
    assert balance(entries, "2019") == world.outcome(series.upload).dues_total_centimes
    return tuple(file.sha256 for file in world.ticket(series.upload).files)


@pytest.mark.parametrize(
    ("bodies", "order"), [(bodies, order) for bodies in SENT for order in permutations(range(len(bodies)))]
)
def test_the_last_announced_is_in_force_whoever_is_received_first(
    bodies: tuple[Pair, ...], order: tuple[int, ...]
) -> None:
    world = settled_world()
    uploads = sent(world, bodies)
    for place in order:
        world.receive(uploads[place])
    expected = tuple(file.sha256 for file in world.ticket(uploads[-1]).files)
    assert in_force(world) == expected


@pytest.mark.parametrize("seed", range(60))
def test_the_last_announced_is_in_force_when_all_are_received_at_once(seed: int) -> None:
    world = settled_world()
    uploads = sent(world, (A, B, A))
    deliver(world, seed, [uploads[0], uploads[2], uploads[1]])
    for upload in uploads:
        world.receive(upload)
    assert in_force(world) == tuple(file.sha256 for file in world.ticket(uploads[2]).files), f"seed {seed}"
