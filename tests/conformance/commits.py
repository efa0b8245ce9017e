"""What one transaction promises."""

from __future__ import annotations

from dataclasses import replace

from tasrih.adapters.limits import ITEM_BYTES, PARTITION_KEY_BYTES, SORT_KEY_BYTES
from tasrih.story.ports import Change, Create, Replace

from tests.conformance.probe import probe, told
from tests.conformance.samples import Sample, create, numbered, of_bytes, stored
from tests.conformance.world import World

FIRST = Sample(text="first")
READ = replace(FIRST, revision=1)


def commits(world: World, *changes: Change) -> str:
    """What the commit says, and what then stands where FIRST stands."""
    said = told(lambda: world.book.commit(*changes))
    stands = stored(world.book, FIRST)
    return f"{said}; {f'{stands.text} {stands.revision}' if stands else 'nothing'}"


@probe("done; first 1")
def create_where_nothing_stands(world: World) -> object:
    return commits(world, Create(FIRST))


@probe("Changed; first 1")
def create_where_something_stands(world: World) -> object:
    create(world.book, FIRST)
    return commits(world, Create(Sample(text="second")))


@probe("Changed; first 1")
def an_equal_create_that_comes_second(world: World) -> object:
    create(world.book, FIRST)
    return commits(world, Create(FIRST))


@probe("done; second 2")
def replace_the_revision_read(world: World) -> object:
    create(world.book, FIRST)
    return commits(world, Replace(replace(READ, text="second")))


@probe("Changed; second 2")
def replace_an_older_revision(world: World) -> object:
    create(world.book, FIRST)
    world.book.commit(Replace(replace(READ, text="second")))
    return commits(world, Replace(replace(READ, text="third")))


@probe("Changed; first 1")
def replace_a_revision_that_is_not_there_yet(world: World) -> object:
    create(world.book, FIRST)
    return commits(world, Replace(replace(READ, text="second", revision=2)))


@probe("Changed; nothing")
def replace_where_nothing_stands(world: World) -> object:
    return commits(world, Replace(READ))


@probe("another error; nothing")
def replace_what_was_never_stored(world: World) -> object:
    return commits(world, Replace(FIRST))


@probe("Changed; nothing")
def the_last_condition_fails_and_nothing_is_written(world: World) -> object:
    create(world.book, Sample(pk="Q"))
    return commits(world, Create(FIRST), Create(Sample(pk="Q")))


@probe("Changed; first 1")
def several_conditions_fail_at_once(world: World) -> object:
    create(world.book, FIRST)
    return commits(world, Create(FIRST), Replace(Sample(pk="Q", revision=3)), Replace(Sample(pk="R", revision=1)))


@probe("Changed; nothing")
def of_a_hundred_items_one_stands_already(world: World) -> object:
    create(world.book, Sample(sk="0099"))
    return commits(world, Create(FIRST), *map(Create, numbered(*range(1, 100))))


@probe("TooMuch; nothing")
def nothing_to_commit(world: World) -> object:
    return commits(world)


@probe("done; first 1")
def a_hundred_items(world: World) -> object:
    return commits(world, Create(FIRST), *map(Create, numbered(*range(1, 100))))


@probe("TooMuch; nothing")
def a_hundred_and_one_items(world: World) -> object:
    return commits(world, Create(FIRST), *map(Create, numbered(*range(1, 101))))


@probe("TooMuch; nothing")
def one_item_created_twice(world: World) -> object:
    return commits(world, Create(FIRST), Create(Sample(text="second")))


@probe("done")
def an_item_of_400_kilobytes(world: World) -> object:
    return told(lambda: create(world.book, of_bytes(ITEM_BYTES)))


@probe("TooMuch")
def an_item_of_a_byte_more(world: World) -> object:
    return told(lambda: create(world.book, of_bytes(ITEM_BYTES + 1)))


@probe(("done", "TooMuch"))
def arabic_letters_count_two_bytes_each(world: World) -> object:
    fits, exceeds = of_bytes(ITEM_BYTES, "ت"), of_bytes(ITEM_BYTES + 2, "ت", pk="Q")
    return told(lambda: create(world.book, fits)), told(lambda: create(world.book, exceeds))


@probe(("done", "TooMuch"))
def four_megabytes_and_more(world: World) -> object:
    """Ten items of 400 KB are just below 4 MB, which are 4,194,304 bytes; eleven are above."""
    ten = [of_bytes(ITEM_BYTES, sk=f"{number}") for number in range(10)]
    eleven = [of_bytes(ITEM_BYTES, pk="Q", sk=f"{number}") for number in range(11)]
    return told(lambda: create(world.book, *ten)), told(lambda: create(world.book, *eleven))


@probe("TooMuch; first 1")
def too_large_and_in_conflict(world: World) -> object:
    create(world.book, FIRST)
    return commits(world, Create(FIRST), Create(of_bytes(ITEM_BYTES + 1, pk="Q")))


@probe(("done", "done", "TooMuch", "TooMuch", "TooMuch"))
def lengths_of_keys(world: World) -> object:
    keys = [
        ("p" * PARTITION_KEY_BYTES, "s"),
        ("p", "s" * SORT_KEY_BYTES),
        ("p" * (PARTITION_KEY_BYTES + 1), "s"),
        ("p", "s" * (SORT_KEY_BYTES + 1)),
        ("p", ""),
    ]
    return tuple(told(lambda key=key: create(world.book, Sample(pk=key[0], sk=key[1]))) for key in keys)


@probe("done; first 1")
def the_reply_is_lost_and_the_same_request_comes_again(world: World) -> object:
    """The token of the request makes it happen once."""
    assert world.book.get(Sample, "nobody", "here") is None
    world.lose_the_next_reply()
    return commits(world, Create(FIRST))


@probe([1, 2, 3, 1])
def counters_grow_by_one_each_on_its_own(world: World) -> object:
    return [world.book.count(name) for name in ("rank", "rank", "rank", "receipt-2026")]


@probe([("INSERT", "P"), ("INSERT", "R"), ("MODIFY", "P")])
def the_stream_tells_what_was_written_and_nothing_else(world: World) -> object:
    """Not a commit that did not happen."""
    create(world.book, FIRST)
    told(lambda: create(world.book, Sample(pk="Q"), FIRST))
    world.book.commit(Create(Sample(pk="R")))
    world.book.commit(Replace(READ))
    return [(record["eventName"], record["dynamodb"]["Keys"]["pk"]["S"]) for record in world.stream()]


@probe("['Keys', 'SequenceNumber']; {'pk': {'S': 'P'}, 'sk': {'S': 'تصريح'}}; growing")
def a_stream_record_has_keys_alone(world: World) -> object:
    """As the stack's stream is made: no image of a record leaves the table by it."""
    create(world.book, Sample(sk="تصريح", text="NOMUN"))
    world.book.commit(Replace(Sample(sk="تصريح", revision=1)))
    first, second = (record["dynamodb"] for record in world.stream())
    held = sorted(name for name in first if name in ("Keys", "NewImage", "OldImage", "SequenceNumber"))
    growing = int(first["SequenceNumber"]) < int(second["SequenceNumber"])
    return f"{held}; {first['Keys']}; {'growing' if growing else 'not growing'}"


@probe(["INSERT", "MODIFY"])
def the_stream_tells_of_counters(world: World) -> object:
    for _ in range(2):
        world.book.count("rank")
    return [record["eventName"] for record in world.stream()]
