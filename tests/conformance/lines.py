"""What the table of lines and the store over it promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tasrih.adapters.limits import ITEM_BYTES
from tasrih.adapters.lines import CHUNK_SORT, Stored
from tasrih.declaration.sent import Lines
from tasrih.story.filings import StoredLines

from tests.adapters.samples import insured, sample_lines, stored_lines
from tests.conformance.probe import probe, told
from tests.conformance.samples import ORDERED
from tests.conformance.world import World


def chunks(*numbers: int, value: bytes = b"v") -> list[Stored]:
    return [Stored(f"C#{number}", CHUNK_SORT, value) for number in numbers]


def names(found: Iterable[str]) -> list[int]:
    return sorted(int(name.removeprefix("C#")) for name in found)


@probe(list(range(60)))
def more_than_two_batches_are_put(world: World) -> object:
    world.table.put(chunks(*range(60)))
    return names(world.table.get([f"C#{number}" for number in range(60)]))


@probe(True)
def more_than_a_hundred_are_got_at_once(world: World) -> object:
    world.table.put(chunks(*range(230)))
    return names(world.table.get([f"C#{number}" for number in range(230)])) == list(range(230))


@probe(([1, 2], {}))
def what_does_not_exist_is_left_out(world: World) -> object:
    world.table.put(chunks(1, 2))
    return names(world.table.get(["C#1", "C#3", "C#2"])), world.table.get([])


@probe([1])
def one_asked_for_twice_comes_once(world: World) -> object:
    world.table.put(chunks(1))
    return names(world.table.get(["C#1", "C#1"]))


@probe({"C#1": b"second"})
def what_is_put_again_takes_the_place_of_the_first(world: World) -> object:
    world.table.put(chunks(1, value=b"first"))
    world.table.put(chunks(1, value=b"second"))
    return world.table.get(["C#1"])


@probe("TooMuch")
def one_key_twice_in_a_batch(world: World) -> object:
    return told(lambda: world.table.put(chunks(1, 1)))


@probe(["done", "TooMuch"])
def a_chunk_of_400_kilobytes_and_of_a_byte_more(world: World) -> object:
    rest = len("pkC#1skCb")
    values = [b"x" * (ITEM_BYTES - rest), b"x" * (ITEM_BYTES - rest + 1)]
    return [told(lambda value=value: world.table.put(chunks(1, value=value))) for value in values]


@probe(["TooMuch", "TooMuch"])
def keys_that_are_empty_or_too_long(world: World) -> object:
    return [told(lambda pk=pk: world.table.put([Stored(pk, CHUNK_SORT, b"v")])) for pk in ("", "p" * 2049)]


@probe({"C#1": b"", "C#2": bytes(range(256))})
def bytes_of_all_kinds_come_back(world: World) -> object:
    world.table.put([*chunks(1, value=b""), *chunks(2, value=bytes(range(256)))])
    return dict(sorted(world.table.get(["C#1", "C#2"]).items()))


@probe(list(ORDERED))
def relations_come_in_the_order_of_their_bytes(world: World) -> object:
    world.table.put(Stored("R#1", sort, b"v") for sort in reversed(ORDERED))
    return [sort for sort, _ in world.table.query("R#1")]


@probe((["1", "2", "3", "4", "5"], []))
def relations_of_many_pages(world: World) -> object:
    world.paged(2)
    world.table.put(Stored("R#1", str(number), b"v") for number in range(1, 6))
    return [sort for sort, _ in world.table.query("R#1")], list(world.table.query("R#2"))


@probe(("done", [2], "done"))
def what_is_deleted_is_gone_and_may_be_deleted_again(world: World) -> object:
    world.table.put(chunks(1, 2))
    said = told(lambda: world.table.delete(["C#1", "C#9"]))
    return said, names(world.table.get(["C#1", "C#2"])), told(lambda: world.table.delete(["C#1"]))


@probe((["E#2025#u"], {}))
def deleting_a_chunk_leaves_what_stands_beside_it(world: World) -> object:
    world.table.put([Stored("X", "E#2025#u", b"v"), Stored("X", CHUNK_SORT, b"v")])
    world.table.delete(["X"])
    return [sort for sort, _ in world.table.query("X")], world.table.get(["X"])


@probe(60)
def more_than_two_batches_are_deleted(world: World) -> object:
    keys = [f"C#{number}" for number in range(60)]
    world.table.put(chunks(*range(60)))
    world.table.delete(keys)
    return 60 - len(world.table.get(keys))


@probe(True)
def more_than_16_megabytes_of_chunks_are_got_at_once(world: World) -> object:
    world.table.put(chunks(*range(50), value=bytes(390_000)))
    found = world.table.get([f"C#{number}" for number in range(50)])
    return names(found) == list(range(50)) and all(len(value) == 390_000 for value in found.values())


def written(world: World, upload: str, persons: list[int]) -> StoredLines:
    lines = sample_lines(persons)
    return stored_lines(upload, len(lines), world.lines.write(upload, lines, 100))


def bases(parts: Iterable[Lines]) -> list[int]:
    return sorted(base for part in parts for base in part.rows["base_year"].tolist())


@probe((True, [100, 100, 34]))
def all_lines_of_a_declaration_come_back(world: World) -> object:
    stored = written(world, "u", list(range(234)))
    parts = list(world.lines.read(stored))
    return bases(parts) == list(range(100_00, 100_00 + 234)), [len(part) for part in parts]


@probe("the same")
def writing_again_writes_the_same(world: World) -> object:
    first, again = (written(world, "u", list(range(234))) for _ in range(2))
    return "the same" if first == again else "another"


@probe((True, 234))
def the_hashes_of_a_declaration_are_sorted(world: World) -> object:
    known = list(world.lines.known(written(world, "u", list(range(234)))))
    return known == sorted(known), len(known)


@probe((16, 16, True))
def a_hash_has_16_bytes_and_is_zero_for_nobody(world: World) -> object:
    somebody, nobody = world.lines.hashes(sample_lines([1, -1]))
    return len(somebody), len(nobody), nobody == bytes(16) != somebody


@probe((32, True, True))
def a_persons_hash_is_the_same_text_each_time_and_no_other_persons(world: World) -> object:
    """The same as of a line, in hexadecimal."""
    named, other = world.lines.person(insured(1)), world.lines.person(insured(2))
    (hashed,) = world.lines.hashes(sample_lines([1]))
    return len(named), named == world.lines.person(insured(1)) == hashed.hex(), named != other


@probe(([("u1", 1), ("u2", 1)], []))
def one_person_is_found_in_each_declaration(world: World) -> object:
    among = [written(world, upload, list(range(300))) for upload in ("u1", "u2")]
    found = [(upload, len(held)) for upload, held in world.lines.find(insured(77), among)]
    return found, world.lines.find(insured(300), among)


@probe((3, [("1699999901", "2024")], []))
def employers_are_told_since_their_first_period(world: World) -> object:
    new = world.lines.relate("u2", "1699999901", "2025", sample_lines([1, 2, 3]), ())
    world.lines.relate("u1", "1699999901", "2024", sample_lines([1]), ())
    return new, world.lines.employers_of(insured(1)), world.lines.employers_of(insured(9))


@probe(1)
def only_persons_that_are_new_are_related(world: World) -> object:
    known = list(world.lines.known(written(world, "u1", [1, 2, 3])))
    return world.lines.relate("u2", "1699999901", "2025", sample_lines([2, 3, 4]), known)


@probe(("LostLines", "LostLines", "done"))
def lines_that_were_removed_are_missed(world: World) -> object:
    stored = written(world, "u", list(range(234)))
    world.lines.remove(stored)
    read, found = told(lambda: list(world.lines.read(stored))), told(lambda: world.lines.find(insured(7), [stored]))
    return read, found, told(lambda: world.lines.remove(stored))


@probe(({"C#1": b"second"}, "Changed", "Changed"))
def a_chunk_is_swapped_only_for_what_was_read(world: World) -> object:
    world.table.put(chunks(1, value=b"first"))
    world.table.swap("C#1", b"first", b"second")
    late = told(lambda: world.table.swap("C#1", b"first", b"third"))
    return world.table.get(["C#1"]), late, told(lambda: world.table.swap("C#2", b"", b"third"))


@probe((34, True, [], True))
def lines_that_do_not_stay_are_dropped(world: World) -> object:
    stored = written(world, "u", list(range(234)))
    dropped, digest = world.lines.rewrite(stored, lambda rows: rows["base_year"] >= 100_34)
    after = replace(stored, digest=digest)
    left = bases(world.lines.read(after)) == list(range(100_34, 100_00 + 234))
    return dropped, left, world.lines.find(insured(7), [after]), len(world.lines.find(insured(77), [after])) == 1


@probe([])
def a_declaration_without_lines(world: World) -> object:
    return list(world.lines.read(written(world, "u", [])))
