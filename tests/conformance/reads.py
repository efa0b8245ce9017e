"""What is found where, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tasrih.adapters.limits import ITEM_BYTES
from tasrih.story.ports import Replace
from tasrih.vocabulary.record import Record

from tests.conformance.probe import probe, told
from tests.conformance.samples import ORDERED, Other, Sample, create, later, numbered, of_bytes
from tests.conformance.world import World


@probe("None")
def nothing_stands_there(world: World) -> object:
    return world.book.get(Sample, "nobody", "here")


@probe(["None", "None", "None"])
def keys_that_no_table_can_hold_name_nothing(world: World) -> object:
    """Callers choose what stands in an address."""
    keys = (("p" * 2049, "s"), ("p", "s" * 1025), ("p", ""))
    return [told(lambda key=key: str(world.book.get(Sample, *key))) for key in keys]


@probe(([None], []))
def keys_that_no_table_can_hold_name_nothing_in_lists(world: World) -> object:
    many = told(lambda: world.book.get_many([(Sample, ("p" * 2049, "s"))]))
    return many, told(lambda: list(world.book.records(Sample, "p" * 2049)))


@probe([2, None, 1, 2])
def many_come_in_the_order_asked_with_gaps_and_repeats(world: World) -> object:
    create(world.book, *numbered(1, 2))
    asked = [(Sample, each.key) for each in numbered(2, 9, 1, 2)]
    return [each.rank if isinstance(each, Sample) else None for each in world.book.get_many(asked)]


@probe([])
def none_asked_none_come(world: World) -> object:
    return world.book.get_many([])


@probe(True)
def more_than_one_batch_is_read(world: World) -> object:
    wanted = numbered(*range(120))
    for start in (0, 60):
        create(world.book, *wanted[start : start + 60])
    return ranks(world.book.get_many([(Sample, each.key) for each in wanted])) == list(range(120))


@probe(44)
def more_than_16_megabytes_are_read_at_once(world: World) -> object:
    """One answer has at most 16 MB: the rest is left unprocessed and asked for again."""
    large = [of_bytes(ITEM_BYTES, sk=f"{number}") for number in range(44)]
    for start in range(0, 44, 10):
        create(world.book, *large[start : start + 10])
    found = world.book.get_many([(Sample, each.key) for each in large])
    sizes = {each.key: len(each.text) for each in large}
    return sum(isinstance(each, Sample) and len(each.text) == sizes[each.key] for each in found)


@probe(list(ORDERED))
def a_partition_is_read_in_the_order_of_the_bytes(world: World) -> object:
    create(world.book, *(Sample(sk=sort) for sort in reversed(ORDERED)))
    return [each.sk for each in world.book.records(Sample, "P")]


@probe(list(reversed(ORDERED)))
def a_partition_is_read_from_its_end(world: World) -> object:
    create(world.book, *(Sample(sk=sort) for sort in ORDERED))
    return [each.sk for each in world.book.records(Sample, "P", newest_first=True)]


@probe((["V#1", "V#10", "V#2"], ["V#1", "V#10"], []))
def only_what_begins_with_the_prefix(world: World) -> object:
    create(world.book, *(Sample(sk=sort) for sort in ("U#1", "V#1", "V#10", "V#2", "W", "v#1")))
    return tuple([each.sk for each in world.book.records(Sample, "P", prefix)] for prefix in ("V#", "V#1", "X"))


@probe(["1", "3"])
def other_kinds_in_the_partition_are_passed_over(world: World) -> object:
    create(world.book, Sample(sk="1"), Other(sk="2"), Sample(sk="3"), Sample(pk="Q", sk="4"))
    return [each.sk for each in world.book.records(Sample, "P")]


@probe([1, 2, 3, 4, 5, 6, 7])
def a_partition_of_many_pages(world: World) -> object:
    world.paged(2)
    create(world.book, *numbered(*range(1, 8)))
    return ranks(world.book.records(Sample, "P"))


@probe([0, 1, 2, 3, 4])
def a_page_has_one_megabyte(world: World) -> object:
    create(world.book, *(replace(of_bytes(ITEM_BYTES - 9, sk=f"{rank}"), rank=rank) for rank in range(5)))
    return ranks(world.book.records(Sample, "P"))


def ranks(found: object) -> list[int | None]:
    records: Sequence[Record | None] = list(found)  # type: ignore[call-overload]
    return [each.rank if isinstance(each, Sample) else None for each in records]


def owned_five(world: World) -> None:
    create(world.book, *numbered(3, 1, 5, 2, 4, owned_by="E1"), Sample(sk="x", owned_by="E2", rank=9))


@probe([5, 4, 3, 2, 1])
def what_an_owner_has_comes_highest_first(world: World) -> object:
    owned_five(world)
    return ranks(world.book.owned(Sample, "E1"))


@probe(([2, 1], [5, 4], [3, 2], [], []))
def what_an_owner_has_below_a_rank_and_up_to_a_number(world: World) -> object:
    owned_five(world)
    asked: list[dict[str, int]] = [{"before": 3}, {"limit": 2}, {"before": 4, "limit": 2}, {"before": 1}]
    found = [ranks(world.book.owned(Sample, "E1", **each)) for each in asked]
    return (*found, ranks(world.book.owned(Sample, "nobody")))


@probe([5, 4, 3, 2])
def what_an_owner_has_in_many_pages(world: World) -> object:
    world.paged(2)
    owned_five(world)
    return ranks(world.book.owned(Sample, "E1", limit=4))


@probe([10, 9, 0, -1, -10])
def ranks_are_numbers_and_no_texts(world: World) -> object:
    create(world.book, *numbered(9, 10, -1, 0, -10, owned_by="E1"))
    return ranks(world.book.owned(Sample, "E1"))


@probe((["S"], ["other"]))
def kinds_of_one_owner_do_not_mix(world: World) -> object:
    create(world.book, Sample(owned_by="E1"), Other(sk="other", owned_by="E1"))
    return tuple([each.sk for each in world.book.owned(kind, "E1")] for kind in (Sample, Other))


@probe([])
def what_has_no_owner_any_more_leaves_the_index(world: World) -> object:
    create(world.book, Sample(owned_by="E1"))
    world.book.commit(Replace(Sample(revision=1)))
    return world.book.owned(Sample, "E1")


@probe((["0001", "0002", "0003", "0004", "0005"], True))
def the_whole_book_is_looked_at_stretch_by_stretch(world: World) -> object:
    """Other kinds and counters are looked at and left out; a stretch may bring none."""
    create(world.book, *numbered(1, 2, 3, 4, 5), Other(sk="x"))
    world.book.count("rank")
    found, after, stretches = [], None, 0
    while stretches == 0 or after:
        records, after = world.book.scan(Sample, after, 2)
        found += [each.sk for each in records]
        stretches += 1
    return sorted(found), stretches >= 3


def waiting_five(world: World) -> None:
    create(world.book, *(Sample(sk=f"{n}", rank=n, waits="upload", since=later(n)) for n in (3, 1, 5, 2, 4)))


@probe([1, 2])
def open_work_before_a_moment_oldest_first(world: World) -> object:
    waiting_five(world)
    return ranks(world.book.waiting(Sample, "upload", later(3)))


@probe([1, 2])
def open_work_up_to_a_number(world: World) -> object:
    waiting_five(world)
    return ranks(world.book.waiting(Sample, "upload", later(9), limit=2))


@probe([1, 2, 3, 4])
def open_work_in_many_pages(world: World) -> object:
    world.paged(3)
    waiting_five(world)
    return ranks(world.book.waiting(Sample, "upload", later(9), limit=4))


@probe([1, 2])
def a_microsecond_decides_what_is_due(world: World) -> object:
    tick = timedelta(microseconds=1)
    moments = (later(0), later(0) + tick, later(0) + 2 * tick)
    create(world.book, *(Sample(sk=f"{n}", rank=n, waits="letter", since=at) for n, at in enumerate(moments, 1)))
    return ranks(world.book.waiting(Sample, "letter", moments[2]))


@probe(([], [1]))
def work_that_is_done_leaves_the_index(world: World) -> object:
    create(world.book, *(Sample(sk=f"{n}", rank=n, waits="letter") for n in (1, 2)))
    world.book.commit(Replace(Sample(sk="2", rank=2, revision=1)))
    return ranks(world.book.waiting(Sample, "upload", later(9))), ranks(world.book.waiting(Sample, "letter", later(9)))
