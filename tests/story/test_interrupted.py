"""Whatever fails, wherever: delivered again, an upload has one verdict, one entry, one receipt, one letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from tasrih.ledger.journal import Entry
from tasrih.ledger.posting import balance, check_posted_once, standing
from tasrih.story.filings import Series, Version
from tasrih.story.ports import Busy, Changed, Lost
from tasrih.story.receive import MAX_ATTEMPTS, READING
from tasrih.story.records import DECIDED, RECEIVED, Letter, Outcome, Receipt
from tasrih.vocabulary.record import Record

from tests.story.faulty import FAULTS, Crash, Down, Plan
from tests.story.lockstep import Lockstep
from tests.story.world import ONE, OURS, TWO, World, pair, settled_world

CORRECTED = pair((ONE, replace(TWO, bases=(5400000, 5400000, 5400000, 1800000))))
WRONG = pair((ONE, replace(TWO, unit="X")))
SEEDS = 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def clean(world: World) -> str:
    return world.send(world.open(pair()), pair())


def corrected(world: World) -> str:
    world.file(pair())
    return world.send(world.open(CORRECTED), CORRECTED)


def refused(world: World) -> str:
    return world.send(world.open(WRONG), WRONG)


def duplicate(world: World) -> str:
    world.file(pair())
    return world.send(world.open(pair()), pair())


def late(world: World) -> str:
    early = world.send(world.open(pair()), pair())
    world.file(CORRECTED)
    return early


def never_complete(world: World) -> str:
    upload = world.send(world.open(pair()), pair(), [0])
    world.later(hours=2)
    return upload


SCENES: list[Callable[[World], str]] = [clean, corrected, refused, duplicate, late, never_complete]


def traced(scene: Callable[[World], str]) -> list[str]:
    world = settled_world()
    upload = scene(world)
    plan = Plan()
    world.receive(upload, **plan.ports(world))
    return plan.trace


def failures() -> Iterator[tuple[str, str, Callable[[World], str], Plan]]:
    for scene in SCENES:
        for at, call in enumerate(traced(scene)):
            for error, after, only in FAULTS:
                if only in ("", call):
                    when = "after" if after else "before"
                    yield f"{scene.__name__}-{at}-{call}-{error.__name__}-{when}", call, scene, Plan(at, error, after)


def effect(world: World, upload: str) -> list[Record]:
    """All that makes the upload's verdict, without the count of writes and the moment of deciding."""
    found: list[Record] = [*world.letters_of(upload), *world.entries(), *world.versions()]
    for kind, sort in ((Outcome, "OUTCOME"), (Receipt, "RECEIPT")):
        one = world.book.get(kind, f"UPLOAD#{upload}", sort)
        found += [one] if one else []
    series = world.series()
    found += [series] if series else []
    return [_timeless(each) for each in found]


def _timeless(record: Record) -> Record:
    if isinstance(record, Outcome):
        return replace(record, revision=0, decided_at=EPOCH)
    if isinstance(record, Letter):
        return replace(record, revision=0, owed_since=EPOCH)
    return replace(record, revision=0)


def counts(world: World, upload: str) -> bool:
    return any(getattr(record, "upload", "") == upload for record in effect(world, upload))


ALL = list(failures())


def test_the_list_of_failures_comes_from_a_run_and_meets_every_port() -> None:
    calls = {call for _, call, _, _ in ALL}
    assert {"book.commit", "inbox.arrivals", "inbox.open", "inbox.put_report", "lines.write", "lines.relate"} <= calls
    assert len(ALL) > 200


@pytest.mark.parametrize(("scene", "plan"), [case[2:] for case in ALL], ids=[case[0] for case in ALL])
def test_a_failure_at_any_call_leaves_all_or_nothing_and_the_next_delivery_completes(
    scene: Callable[[World], str], plan: Plan
) -> None:
    undisturbed, world = settled_world(), settled_world()
    expected = scene(undisturbed)
    undisturbed.receive(expected)
    upload = scene(world)
    assert upload == expected
    nothing = effect(world, upload)
    again = Plan(plan.at, plan.error, plan.after)
    try:
        world.receive(upload, **again.ports(world))
    except (Crash, Busy, Changed):
        assert effect(world, upload) in (nothing, effect(undisturbed, upload)), "half of it was visible"
    if world.receive(upload) == RECEIVED:  # the dead one seems to be reading still
        world.later(seconds=READING.total_seconds())
        world.receive(upload)
    assert effect(world, upload) == effect(undisturbed, upload)
    assert world.receive(upload) == DECIDED
    assert effect(world, upload) == effect(undisturbed, upload)


def test_nothing_of_a_verdict_is_visible_while_its_commit_does_not_happen() -> None:
    world = settled_world()
    upload = clean(world)
    last = max(at for at, call in enumerate(traced(clean)) if call == "book.commit")
    with pytest.raises(Busy):
        world.receive(upload, **Plan(last, Busy).ports(world))
    assert not effect(world, upload)
    stored = world.stored(upload)
    assert stored
    assert stored.state == "planned"


@pytest.mark.parametrize("call", ["lines.write", "lines.relate", "inbox.open", "inbox.put_report", "the transaction"])
def test_a_service_that_is_down_for_long_never_makes_a_good_file_unreadable(call: str) -> None:
    world = settled_world()
    upload = corrected(world) if call != "inbox.put_report" else refused(world)
    expected = "refused" if call == "inbox.put_report" else "in_force"
    for _ in range(5 * MAX_ATTEMPTS):
        with pytest.raises(Busy):
            world.receive(upload, **Down(call).ports(world))
    assert world.receive(upload) == expected
    assert "E491" not in world.outcome(upload).counts


def test_an_attempt_that_began_unheard_does_not_count() -> None:
    world = settled_world()
    upload = clean(world)
    begins = traced(clean).index("book.commit")
    for _ in range(2 * MAX_ATTEMPTS):
        with pytest.raises(Busy):
            world.receive(upload, **Plan(begins, Lost, after=True).ports(world))
    assert world.receive(upload) == "in_force", "and nobody waits for one that does not read"


def test_a_file_at_which_the_process_dies_each_time_is_refused_as_unreadable_in_the_end() -> None:
    world = settled_world()
    upload = clean(world)
    reading = traced(clean).index("inbox.open")
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Crash):
            world.receive(upload, **Plan(reading, Crash).ports(world))
        world.later(seconds=READING.total_seconds())
    assert world.receive(upload) == "refused"
    assert world.outcome(upload).counts == {"E491": 1}


def test_a_file_at_which_the_process_dies_now_and_then_is_read_in_the_end() -> None:
    world = settled_world()
    upload = clean(world)
    reading = traced(clean).index("inbox.open")
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(Crash):
            world.receive(upload, **Plan(reading, Crash).ports(world))
        world.later(seconds=READING.total_seconds())
    assert world.receive(upload) == "in_force"


def deliver(world: World, seed: int, uploads: list[str]) -> list[object]:
    steps = Lockstep(seed)
    ports = {name: steps.step(getattr(world, name)) for name in ("book", "inbox", "lines")}
    return steps.run([partial(world.receive, upload, **ports) for upload in uploads])


@pytest.mark.parametrize("seed", range(SEEDS))
def test_three_deliveries_of_one_upload_at_once_make_one_verdict(seed: int) -> None:
    world = settled_world()
    upload = clean(world)
    answers = deliver(world, seed, [upload] * 3)
    assert answers.count("in_force") == 1, f"seed {seed}: {answers}"
    assert set(answers) <= {"in_force", DECIDED, RECEIVED}, f"seed {seed}: {answers}"
    assert world.ticket(upload).attempts == 1
    assert [entry.upload for entry in world.entries()] == [upload]


def test_while_one_delivery_reads_another_leaves_it_alone() -> None:
    world = settled_world()
    upload = clean(world)
    with pytest.raises(Crash):
        world.receive(upload, **Plan(traced(clean).index("inbox.open"), Crash).ports(world))
    world.later(minutes=5)
    assert world.receive(upload) == RECEIVED
    world.later(minutes=2)
    assert world.receive(upload) == "in_force"


def test_after_a_busy_service_the_next_delivery_need_not_wait() -> None:
    world = settled_world()
    upload = clean(world)
    with pytest.raises(Busy):
        world.receive(upload, **Plan(traced(clean).index("lines.write"), Busy).ports(world))
    assert world.ticket(upload).attempts == 0
    assert world.receive(upload) == "in_force"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_three_filings_of_one_year_received_at_once_leave_the_last_ranked_in_force(seed: int) -> None:
    world = settled_world()
    bodies = [pair((replace(ONE, bases=(9000000 + step,) * 4), TWO)) for step in range(3)]
    uploads = [world.send(world.open(body), body) for body in bodies]
    answers = deliver(world, seed, [uploads[2], uploads[0], uploads[1]])
    for upload in uploads:
        world.receive(upload)
    entries, series = world.entries(), world.series()
    assert series
    assert series.upload == uploads[2], f"seed {seed}: {answers}"
    assert [version.version for version in world.versions()] == list(range(1, series.version + 1))
    check_posted_once(entries)
    assert [entry.upload for entry in standing(entries)] == [uploads[2]]
    assert balance(entries, "2019") == world.outcome(uploads[2]).dues_total_centimes
    states = [world.outcome(upload).state for upload in uploads]
    assert states == ["superseded", "superseded", "in_force"]


def test_the_records_of_one_upload_stand_once_each() -> None:
    world = settled_world()
    upload = clean(world)
    for _ in range(3):
        world.receive(upload)
    kinds = [item["kind"]["S"] for item in world.book.all()]
    for kind in (Outcome, Entry, Receipt, Letter, Series, Version):
        assert kinds.count(kind.KIND) == 1, kind.KIND
    assert list(world.book.items[f"LEDGER#{OURS}"]) == [f"ENTRY#2020-01-20#{upload}#dues"]
