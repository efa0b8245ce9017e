"""No insured number, name or wage where it does not belong: keys, the book, exceptions, logs."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from tasrih.adapters.telemetry import Telemetry
from tasrih.story.look_up import declared_for, lines_in_force
from tasrih.story.ports import Busy, Changed

from tests.story.faulty import Crash, Plan
from tests.story.world import ONE, TWO, Person, World, pair, settled_world

CANARY = Person("765432109876", "CANARINOM", "CANARIPRENOM", (7654321, 7654321, 7654321, 7654321), "CANARIFONCTION")
WORDS = ("765432109876", "CANARI", "7654321", "30617284")
"""Number, names, a quarter's wage, the year's."""
PERSONAL = WORDS[:2]


def eventful() -> World:
    """Everything that can happen to a filing of one person."""
    world = settled_world()
    world.file(pair((CANARY,)))
    world.file(pair((CANARY,)))
    world.file(pair((CANARY, ONE)))
    world.file(pair((replace(CANARY, unit="X"),)))
    world.file(pair((CANARY,), kind="C"))
    world.file(pair((CANARY, CANARY), year=2018))
    world.file(pair((CANARY,), stated=7, year=2017))
    declared_for(CANARY.nss, book=world.book, lines=world.lines)
    world.later(days=3)
    world.sweep()
    return world


def keys(world: World) -> Iterator[str]:
    """Every key and index key of both tables, and every name and place in the buckets."""
    for partition, stand in world.book.items.items():
        for sort, item in stand.items():
            yield from (partition, sort)
            yield json.dumps({name: value for name, value in item.items() if name != "body"}, default=repr)
    for partition, stand in world.lines._table.items.items():  # type: ignore[attr-defined]
        yield from (partition, *map(repr, stand))
    yield from world.inbox._objects


def test_no_key_holds_an_insured_number_a_name_or_a_wage() -> None:
    told = list(keys(eventful()))
    assert len(told) > 50
    for word in WORDS:
        assert not [key for key in told if word in key]


def test_the_book_holds_no_insured_number_and_no_name() -> None:
    told = repr(eventful().book.items)
    for word in PERSONAL:
        assert word not in told


def test_messages_between_functions_hold_none() -> None:
    world = eventful()
    world.later(days=1)
    world.sweep()
    told = json.dumps([world.uploads.bodies, world.letters.bodies])
    assert len(world.letters.bodies) >= 7
    for word in WORDS:
        assert word not in told


def test_keyed_hashes_do_not_follow_from_the_number_aeventful() -> None:
    from tasrih.adapters.memory import memory_line_store

    stores = [memory_line_store(bytes([each]) * 32) for each in (1, 2)]
    world = settled_world()
    world.file(pair((CANARY,)))
    series = world.series()
    assert series
    (lines,) = lines_in_force(series, book=world.book, lines=world.lines)
    assert len({bytes(store.hashes(lines)[0]) for store in stores}) == 2


def provoked() -> Iterator[BaseException]:
    """Exceptions that reading, storing and looking up can end with."""
    trials: list[Callable[[World], object]] = [
        lambda world: world.file(pair((CANARY, TWO))),
        lambda world: declared_for(CANARY.nss, book=world.book, lines=world.lines),
        lambda world: [
            part
            for part in lines_in_force(world.series(), book=world.book, lines=world.lines)  # type: ignore[arg-type]  # filed
        ],
        lambda world: world.open(pair((CANARY,), employer="1600000000")),
    ]
    for damage in (_drop_chunks, _spoil_chunks, _spoil_book, _no_lines_secret):
        for trial in trials:
            world = settled_world()
            world.file(pair((CANARY, ONE)))
            damage(world)
            try:
                trial(world)
            except Exception as trouble:
                yield trouble


def _drop_chunks(world: World) -> None:
    world.lines._table.items.clear()  # type: ignore[attr-defined]


def _spoil_chunks(world: World) -> None:
    for stand in world.lines._table.items.values():  # type: ignore[attr-defined]
        for sort in stand:
            stand[sort] = b"\x00" * 40


def _spoil_book(world: World) -> None:
    for stand in world.book.items.values():
        for item in stand.values():
            item["body"] = {"B": b"CANARINOM 765432109876"}


def _no_lines_secret(world: World) -> None:
    def none() -> bytes:
        raise Busy

    world.lines._secret = none
    world.lines._key = None


def test_no_exception_repeats_what_a_file_holds(capsys: pytest.CaptureFixture[str]) -> None:
    troubles = list(provoked())
    assert len(troubles) >= 5
    operator = Telemetry("secrets")
    for trouble in troubles:
        told = f"{trouble!r} {trouble} {trouble.args!r}"
        for cause in (trouble.__cause__, trouble.__context__ if not trouble.__suppress_context__ else None):
            told += f" {cause!r}"
        for word in WORDS:
            assert word not in told, traceback.format_exception(trouble)
        operator.trouble("provoked", trouble)
    written = capsys.readouterr().out
    assert len(written.splitlines()) == len(troubles)
    for word in WORDS:
        assert word not in written


def test_no_exception_of_an_interrupted_story_does() -> None:
    world = settled_world()
    clean = Plan()
    world.receive(world.send(world.open(pair((CANARY,))), pair((CANARY,))), **clean.ports(world))
    for at in range(len(clean.trace)):
        for error in (Busy, Changed, Crash):
            other = settled_world()
            upload = other.send(other.open(pair((CANARY,))), pair((CANARY,)))
            assert not str(ended(other, upload, Plan(at, error)) or "")


def ended(world: World, upload: str, plan: Plan) -> BaseException | None:
    try:
        world.receive(upload, **plan.ports(world))
    except (Busy, Changed, Crash) as trouble:
        return trouble
    return None
