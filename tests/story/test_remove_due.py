"""What is due is gone, in every version; what is not due, and what holds no person, stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from tasrih.story.affiliations import give_number, requests_of
from tasrih.story.filings import Series
from tasrih.story.look_up import declared_for, lines_in_force
from tasrih.story.ports import Busy, Replace
from tasrih.story.removal import KINDS, Removal, RemovalPlace, RemovalRun
from tasrih.story.remove_due import Removed, remove_due, would_remove

from tests.story.faulty import FAULTS, Plan
from tests.story.world import ONE, OURS, TWO, US, Person, World, crowd, pair, settled_world

CANARY = Person("123456789012", "ZQCANARI", "ZQPRENOM")
NEW = replace(CANARY, nss=" " * 12)
NUMBER = "910000000005"
WRONG = pair((ONE, replace(CANARY, unit="X")))
ALL = dict.fromkeys(KINDS, 30)
KEPT = ("receipt", "entry", "version", "series", "ticket", "outcome", "letter")
"""Kinds of records that no retention touches."""


def run(world: World, keep: dict[str, int] | None = None, **ports: Any) -> Removed:
    return remove_due(
        world.clock.now(),
        ALL if keep is None else keep,
        book=ports.get("book", world.book),
        inbox=ports.get("inbox", world.inbox),
        lines=ports.get("lines", world.lines),
    )


def mailed(world: World) -> None:
    """Every letter owed is sent: what it is made of may go."""
    for partition in list(world.book.items):
        for letter in world.letters_of(partition.removeprefix("UPLOAD#")):
            world.book.commit(Replace(replace(letter, sent_at=world.clock.now())))


def filed(world: World) -> list[str]:
    """The canary everywhere a person can be: in force, replaced, refused, a test, in reserve, with a number given."""
    uploads = [world.file(pair((ONE, CANARY))), world.file(pair((CANARY, TWO)))]
    uploads += [world.file(WRONG), world.file(pair((CANARY,), year=2018), purpose="test")]
    uploads += [world.file(pair((ONE, NEW, replace(NEW, surname="ZQAUTRE")), year=2017))]
    give(world, uploads[-1], 2)
    world.inbox.put(f"uploads/{uploads[0]}/1", b"a later version: ZQCANARI")
    world.inbox.delete(f"uploads/{uploads[0]}/1")
    mailed(world)
    return uploads


def give(world: World, upload: str, line: int) -> None:
    give_number(upload, line, NUMBER, world.account(US), world.clock.now(), book=world.book, lines=world.lines)


def everything(world: World) -> Iterator[tuple[str, bytes]]:
    """Every item of both tables and every version of every object, as plain bytes."""
    import gzip

    from tasrih.adapters.chunks import unpack

    for partition, stand in world.book.items.items():
        yield from ((f"{partition} {sort}", repr(item).encode()) for sort, item in stand.items())
    for key, stand in world.lines._table.items.items():  # type: ignore[attr-defined]
        yield from ((key, unpack(b).tobytes() if key.startswith("C#") else b) for b in stand.values())
    for key, versions in world.inbox._objects.items():
        for version in versions:
            packed = key.startswith("reports/") and version.body
            yield key, gzip.decompress(version.body) if packed and version.body else version.body or b""


def places(world: World, *words: str) -> set[str]:
    wanted = [word.encode() for word in words or (CANARY.nss, "ZQ", NUMBER)]
    return {where.split("#")[0] for where, body in everything(world) if any(word in body for word in wanted)}


def kept_records(world: World) -> list[str]:
    return sorted(repr(item) for item in world.book.all() if item["kind"]["S"] in KEPT)


def test_the_canary_is_everywhere_and_afterwards_nowhere(world: World) -> None:
    filed(world)
    assert len(places(world)) >= 4
    before = kept_records(world)
    world.later(days=31)
    removed = run(world)
    assert places(world) == set()
    assert kept_records(world) == before
    assert set(removed.kinds) >= {"originals", "reports", "never_counted", "lines"}
    assert not [key for key in world.lines._table.items if key.startswith("C#")]  # type: ignore[attr-defined]


def test_without_a_setting_nothing_is_ever_removed(world: World) -> None:
    filed(world)
    before = sorted(everything(world))
    world.later(days=40_000)
    assert run(world, {}).kinds == run(world, dict.fromkeys(KINDS, 0)).kinds == {}
    assert [each for each in sorted(everything(world)) if not each[0].startswith("REMOVALS")] == before


def test_nothing_goes_a_second_too_early(world: World) -> None:
    filed(world)
    world.later(days=30, seconds=-1)
    assert run(world).kinds == {}
    world.later(seconds=1)
    assert run(world).kinds


def test_each_kind_goes_by_its_own_time(world: World) -> None:
    first, second, wrong, test, _ = filed(world)
    world.later(days=31)
    run(world, {"old_lines": 30, "never_counted": 30})
    assert [world.stored(upload).state for upload in (first, second)] == ["expired", "counts"]  # type: ignore[union-attr]
    assert [bool(world.inbox.arrivals(f"uploads/{upload}/")) for upload in (second, wrong, test)] == [
        True,
        False,
        False,
    ]
    assert [each.upload for each in declared_for(CANARY.nss, book=world.book, lines=world.lines)] == [second]


def test_lines_in_reserve_leave_a_chunk_that_others_share(world: World) -> None:
    people = [NEW, replace(NEW, surname="ZQAUTRE"), *crowd(250)]
    upload = world.file(pair(people))
    give(world, upload, 2)
    mailed(world)
    world.later(days=31)
    assert run(world, {"reserve": 30}).kinds["reserve"].count == 1
    series = world.series()
    assert series
    rows = [row for part in lines_in_force(series, book=world.book, lines=world.lines) for row in part.rows]
    assert sorted(int(row["number"]) for row in rows) == list(range(2, 253))
    assert places(world, "ZQCANARI") == {"uploads/" + upload + "/1"}
    (request,) = requests_of(world.ticket(upload), book=world.book, lines=world.lines)
    assert request.lines == (2,)
    for person in (*crowd(250), replace(ONE, nss=NUMBER)):
        assert declared_for(person.nss, book=world.book, lines=world.lines), "whoever stays is found as before"


def test_a_chunk_may_be_left_without_a_line(world: World) -> None:
    upload = world.file(pair([*(replace(NEW, surname=f"ZQ{at}") for at in range(100)), ONE]))
    mailed(world)
    world.later(days=31)
    run(world, {"reserve": 30, "originals": 30})
    assert places(world) == set()
    assert [each.upload for each in declared_for(ONE.nss, book=world.book, lines=world.lines)] == [upload]


def test_the_next_declaration_is_accepted_after_the_lines_of_the_last_one_are_gone(world: World) -> None:
    filed(world)
    world.later(days=31)
    run(world)
    again = world.file(pair((ONE, CANARY), year=2020))
    correction = world.file(pair((CANARY,)))
    assert [world.outcome(upload).state for upload in (again, correction)] == ["in_force", "in_force"]
    assert len(declared_for(CANARY.nss, book=world.book, lines=world.lines)) == 2


def test_a_number_given_to_a_replaced_version_stays_while_the_one_in_force_lives_by_it(world: World) -> None:
    upload = world.file(pair((ONE, NEW)))
    give(world, upload, 2)
    later = world.file(pair((replace(ONE, function="CHEF"), NEW)))
    mailed(world)
    world.later(days=31)
    assert run(world, {"old_lines": 30}).kinds == {}
    assert [each.nss for each in requests_of(world.ticket(later), book=world.book, lines=world.lines)] == [NUMBER]


def test_nothing_goes_while_a_letter_is_still_to_be_made_of_it(world: World) -> None:
    upload = world.file(WRONG)
    world.later(days=31)
    assert run(world).kinds == {}
    mailed(world)
    assert run(world).kinds["never_counted"].uploads == 1
    assert not world.inbox.arrivals(f"uploads/{upload}/")


def test_what_was_removed_is_told_by_kind_count_and_days_and_names_nobody(world: World) -> None:
    uploads = filed(world)
    first = world.outcome(uploads[0]).decided_at
    world.later(days=31)
    now = world.clock.now()
    removed = run(world)
    (told,) = world.book.records(RemovalRun, "REMOVALS", "RUN#")
    assert told.run == now.isoformat()
    assert {each.of: each for each in told.removed} == removed.kinds
    note = world.book.get(Removal, f"UPLOAD#{uploads[0]}", "REMOVAL#originals")
    assert note
    assert (note.count, note.decided_at, note.done_at, note.run) == (4, first, now, now.isoformat())


def test_a_second_pass_finds_nothing_to_do(world: World) -> None:
    filed(world)
    world.later(days=31)
    run(world)
    assert run(world).kinds == {}


def test_a_dry_run_tells_the_same_and_changes_nothing(world: World) -> None:
    filed(world)
    world.later(days=31)
    before = sorted(everything(world))
    reached, would = would_remove(world.clock.now(), ALL, None, book=world.book)
    assert sorted(everything(world)) == before
    assert reached is None
    done = run(world)
    assert {kind: each.uploads for kind, each in would.kinds.items()} == {
        kind: each.uploads for kind, each in done.kinds.items()
    }


def test_runs_go_on_where_the_last_one_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filed(world)
    world.later(days=31)
    for name, value in (("ITEMS_A_PAGE", 3), ("PAGES_A_RUN", 2)):
        monkeypatch.setattr(f"tasrih.story.remove_due.{name}", value)
    runs, begun = 0, world.clock.now()
    while (place := world.book.get(RemovalPlace, "REMOVALS", "PLACE")) is None or place.partition:
        removed = run(world)
        world.later(hours=1)
        runs += 1
    assert runs > 3
    assert places(world) == set()
    assert timedelta(seconds=removed.overdue_seconds) == timedelta(0)
    assert place.began_at == begun + timedelta(hours=runs - 1)


def test_a_run_acts_on_a_bounded_number_of_uploads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filed(world)
    world.later(days=31)
    for name, value in (("ITEMS_A_PAGE", 1), ("UPLOADS_A_RUN", 1)):
        monkeypatch.setattr(f"tasrih.story.remove_due.{name}", value)
    removed = run(world)
    assert len({each.upload for part in list(world.book.items) for each in world.book.records(Removal, part)}) == 1
    assert removed.overdue_seconds == 0
    world.later(days=2)
    assert run(world).overdue_seconds == 2 * 86_400, "since the pass that is not finished yet began"


def test_an_upload_that_cannot_be_worked_on_stops_no_other_and_is_told(world: World) -> None:
    uploads = filed(world)
    for key in [key for key in world.lines._table.items if key.startswith(f"C#{uploads[-1]}")]:  # type: ignore[attr-defined]
        world.lines._table.items[key]["C"] = b"damaged"  # type: ignore[attr-defined]
    world.later(days=31)
    keep = {"reserve": 30, "never_counted": 30}
    with pytest.raises(Exception, match="not a chunk"):
        run(world, keep)
    assert not world.inbox.arrivals(f"uploads/{uploads[2]}/")


@cache
def due() -> World:
    world = settled_world()
    filed(world)
    world.later(days=31)
    return world


SCENES = {"all": (ALL, ()), "reserve": ({"reserve": 30, "originals": 30}, ("ZQAUTRE",))}
"""What is to be removed, and the words that are then nowhere."""


def trace(keep: dict[str, int]) -> list[str]:
    world, plan = deepcopy(due()), Plan()
    run(world, keep, **plan.ports(world))
    return plan.trace


def failures() -> Iterator[Any]:
    for scene, (keep, _) in SCENES.items():
        for at, call in enumerate(trace(keep)):
            for error, after, only in FAULTS:
                if only in ("", call):
                    when = "after" if after else "before"
                    name = f"{scene}-{at}-{call}-{error.__name__}-{when}"
                    yield pytest.param(scene, Plan(at, error, after), id=name)


@pytest.mark.parametrize(("scene", "plan"), list(failures()))
def test_whatever_fails_the_next_run_ends_it(scene: str, plan: Plan) -> None:
    world = deepcopy(due())
    before = kept_records(world)
    keep, words = SCENES[scene]
    with suppress(plan.error, Busy):
        run(world, keep, **plan.ports(world))
    for _ in range(2):
        world.later(hours=1)
        run(world, keep)
    assert places(world, *words) == set()
    assert kept_records(world) == before
    notes = [note for part in list(world.book.items) for note in world.book.records(Removal, part, "REMOVAL#")]
    assert all(note.done_at for note in notes)
    for series in world.book.records(Series, f"EMPLOYER#{OURS}", "SERIES#") if scene == "reserve" else ():
        assert sum(len(part) for part in lines_in_force(series, book=world.book, lines=world.lines)), "digest and all"


def test_without_a_setting_the_book_is_not_even_read(world: World) -> None:
    filed(world)
    before = dict(everything(world))
    assert run(world, dict.fromkeys(KINDS, 0), book=None, inbox=None, lines=None) == Removed()
    assert dict(everything(world)) == before
