"""What the store of lines promises, on the table in memory and on DynamoDB's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from tasrih.adapters import lines as lines_module
from tasrih.adapters.chunks import Packer, UnreadableChunk, unpack
from tasrih.adapters.lines import FEW_PERSONS, LostLines, PackedLines
from tasrih.adapters.memory import MemoryLines, memory_line_store
from tasrih.declaration.sent import Lines

from tests.adapters.samples import COLUMNS, SECRET, insured, sample_lines, stored_lines

SEED = 20261123


def table(store: PackedLines) -> MemoryLines:
    return cast(MemoryLines, store._table)


def shuffled(count: int) -> Lines:
    persons = list(range(count))
    random.Random(SEED).shuffle(persons)
    return sample_lines(persons)


def rows_of(parts: Iterator[Lines]) -> list[tuple[object, ...]]:
    return [tuple(row) for part in parts for row in part.rows]


def test_all_lines_of_a_declaration_come_back_in_the_order_of_their_hashes(lines: PackedLines) -> None:
    sent = shuffled(1_234)
    stored = stored_lines("u1", 1_234, lines.write("u1", sent, 100))
    parts = list(lines.read(stored))
    assert [len(part) for part in parts] == [100] * 12 + [34]
    assert sorted(rows_of(iter(parts))) == sorted(tuple(row) for row in sent.rows)
    assert len(stored.bounds) == 8 * 13
    hashes = [hashed for part in parts for hashed in lines.hashes(part)]
    assert hashes == sorted(hashes) == list(lines.known(stored))


def test_the_same_lines_give_the_same_chunks_whatever_wrote_them() -> None:
    one, other = memory_line_store(SECRET), memory_line_store(SECRET)
    assert one.write("u", shuffled(700), 100) == other.write("u", shuffled(700), 100)
    assert table(one).items == table(other).items
    before = {pk: dict(held) for pk, held in table(one).items.items()}
    one.write("u", shuffled(700), 100)
    assert table(one).items == before


def test_one_person_is_found_by_one_chunk_of_each_declaration(lines: PackedLines) -> None:
    among = [stored_lines(f"u{year}", 800, lines.write(f"u{year}", shuffled(800), 100)) for year in (1, 2)]
    found = lines.find(insured(77), among)
    assert [upload for upload, _ in found] == ["u1", "u2"]
    assert [held.rows["nss"].tolist() for _, held in found] == [[insured(77).encode()]] * 2
    assert lines.find(insured(800), among) == []


def test_every_person_is_found_also_at_the_boundaries_of_chunks() -> None:
    store = memory_line_store(SECRET)
    stored = stored_lines("u", 300, store.write("u", shuffled(300), 7), chunk_lines=7)
    for person in range(300):
        ((_, held),) = store.find(insured(person), [stored])
        assert held.rows["base_year"].tolist() == [100_00 + person]
    assert table(store).requests == 300


def test_a_persons_lines_on_both_sides_of_a_boundary_are_all_found(lines: PackedLines) -> None:
    sent = sample_lines([1, 2, 3, *[5] * 10, 7, 8])
    stored = stored_lines("u", len(sent), lines.write("u", sent, 3), chunk_lines=3)
    ((_, held),) = lines.find(insured(5), [stored])
    assert len(held) == 10
    assert held.rows["number"].tolist() == list(range(4, 14)), "lines of one person keep the file's order"


def test_employers_that_may_hold_a_person_are_told_with_their_first_period(lines: PackedLines) -> None:
    assert lines.relate("u2", "1699999901", "2025", shuffled(50), ()) == 50
    assert lines.relate("u1", "1699999901", "2024", shuffled(50), ()) == 50
    assert lines.relate("u3", "1699999902", "2025", sample_lines([7]), ()) == 1
    assert lines.employers_of(insured(7)) == [("1699999901", "2024"), ("1699999902", "2025")]
    assert lines.employers_of(insured(8)) == [("1699999901", "2024")]
    assert lines.employers_of(insured(51)) == []


def test_only_persons_new_since_the_declaration_before_are_related() -> None:
    store = memory_line_store(SECRET)
    stored = stored_lines("u1", 100, store.write("u1", shuffled(100), 50), chunk_lines=50)
    assert store.relate("u1", "1699999901", "2024", shuffled(100), ()) == 100
    before = sum(len(held) for pk, held in table(store).items.items() if pk.startswith("R"))
    assert store.relate("u2", "1699999901", "2025", shuffled(115), store.known(stored)) == 15
    after = sum(len(held) for pk, held in table(store).items.items() if pk.startswith("R"))
    assert after - before <= 15
    assert store.employers_of(insured(114)) == [("1699999901", "2025")]
    assert store.employers_of(insured(3)) == [("1699999901", "2024")]


def test_relating_again_changes_nothing_and_a_person_declared_twice_counts_once(lines: PackedLines) -> None:
    assert lines.relate("u", "1699999901", "2025", sample_lines([1, 1, 2]), ()) == 2
    assert lines.relate("u", "1699999901", "2025", sample_lines([1, 1, 2]), ()) == 2
    assert lines.employers_of(insured(1)) == [("1699999901", "2025")]


@pytest.mark.parametrize("count", [FEW_PERSONS, FEW_PERSONS + 1, 20_000])
def test_a_filing_of_any_size_relates_all_its_persons_in_few_items(count: int) -> None:
    store = memory_line_store(SECRET)
    assert store.relate("u", "1699999901", "2025", shuffled(count), ()) == count
    assert len(table(store).items) <= 4_096
    for person in random.Random(SEED).sample(range(count), 200):
        assert store.employers_of(insured(person)) == [("1699999901", "2025")]
    assert all(store.employers_of(insured(person)) == [] for person in range(count, count + 200))


def test_lines_without_insured_number_are_kept_but_related_to_nobody(lines: PackedLines) -> None:
    sent = sample_lines([-1, 4, -1])
    stored = stored_lines("u", 3, lines.write("u", sent, 100))
    assert lines.relate("u", "1699999901", "2025", sent, ()) == 1
    assert list(lines.known(stored))[:2] == [bytes(16)] * 2
    assert len(next(lines.read(stored))) == 3


def test_a_declaration_without_lines_has_no_chunks(lines: PackedLines) -> None:
    stored = stored_lines("u", 0, lines.write("u", sample_lines([]), 100))
    assert stored.bounds == b""
    assert list(lines.read(stored)) == []
    assert lines.relate("u", "1699999901", "2025", sample_lines([]), ()) == 0
    assert lines.find(insured(1), [stored]) == []


def test_removing_leaves_no_chunk_even_where_writing_was_cut_short_and_keeps_relations(lines: PackedLines) -> None:
    written = lines.write("u", shuffled(250), 100)
    lines.relate("u", "1699999901", "2025", shuffled(250), ())
    planned = stored_lines("u", 250, (b"", ""))
    lines.remove(planned)
    with pytest.raises(LostLines):
        list(lines.read(stored_lines("u", 250, written)))
    assert lines.employers_of(insured(3)) == [("1699999901", "2025")]
    lines.remove(planned)


def test_chunks_of_other_bytes_than_those_written_are_noticed() -> None:
    store = memory_line_store(SECRET)
    stored = stored_lines("u", 10, store.write("u", shuffled(10), 100))
    store.write("u", sample_lines(list(range(1, 11))), 100)
    with pytest.raises(LostLines, match="not those that were written"):
        list(store.read(stored))


def test_no_insured_number_stands_in_any_key() -> None:
    store = memory_line_store(SECRET)
    store.write("u", shuffled(500), 100)
    store.relate("u", "1699999901", "2025", shuffled(500), ())
    keys = " ".join(f"{pk} {sk}" for pk, held in table(store).items.items() for sk in held)
    assert not any(insured(person) in keys for person in range(500))


def test_another_secret_gives_other_hashes() -> None:
    one, other = memory_line_store(SECRET), memory_line_store(SECRET[::-1])
    assert set(one.hashes(shuffled(100))).isdisjoint(other.hashes(shuffled(100)))
    assert len(set(one.hashes(shuffled(100)))) == 100


def test_the_secret_is_asked_for_once_and_only_when_needed() -> None:
    asked = []
    store = PackedLines(MemoryLines(), lambda: asked.append(1) or SECRET)  # type: ignore[func-returns-value]  # append gives None
    assert asked == []
    store.hashes(shuffled(10))
    store.hashes(shuffled(10))
    assert asked == [1]


@pytest.mark.parametrize("size", [0, 501])
def test_chunks_have_one_to_five_hundred_lines(size: int) -> None:
    with pytest.raises(ValueError, match="1 to 500"):
        memory_line_store(SECRET).write("u", shuffled(10), size)


def test_a_full_chunk_of_lines_that_cannot_be_compressed_fits_one_item() -> None:
    wide = np.dtype(
        [("nss", "S12"), ("surname", "S100"), ("first_name", "S100"), ("function", "S80"), ("rest", "S120")]
    )
    noise = random.Random(SEED).randbytes(500 * wide.itemsize)
    packed = Packer(wide).pack(np.frombuffer(noise, wide))
    assert len(packed) < 300 * 1024


def test_a_chunk_says_its_own_columns_so_that_older_and_newer_ones_are_read() -> None:
    rows = sample_lines([1, 2]).rows
    back = unpack(Packer(COLUMNS).pack(rows))
    assert back.dtype == COLUMNS
    assert back.tolist() == rows.tolist()
    fewer = np.dtype([("nss", "S12")])
    assert unpack(Packer(fewer).pack(np.zeros(3, fewer))).dtype.names == ("nss",)


def test_lines_kept_before_they_had_a_code_come_back_with_a_blank_one(lines: PackedLines) -> None:
    names = [name for name in COLUMNS.names or () if name != "code"]
    older = Lines(sample_lines([1, 2, 3]).rows[names].copy())
    stored = stored_lines("u", 3, lines.write("u", older, 100))
    ((_, held),) = lines.find(insured(2), [stored])
    (part,) = lines.read(stored)
    assert part.rows["code"].tolist() == [b"", b"", b""]
    assert sorted(part.rows[names].tolist()) == sorted(older.rows.tolist())
    assert (held.rows["code"].tolist(), held.rows["number"].tolist()) == ([b""], [2])


def test_the_code_of_a_line_is_kept_with_it(lines: PackedLines) -> None:
    sent = sample_lines([1, 2])
    sent.rows["code"][1] = b"R22"
    stored = stored_lines("u", 2, lines.write("u", sent, 100))
    ((_, held),) = lines.find(insured(2), [stored])
    assert held.rows["code"].tolist() == [b"R22"]


def test_big_endian_and_padded_columns_are_stored_in_the_one_form() -> None:
    odd = np.dtype([("nss", "S12"), ("base_year", ">i8")], align=True)
    rows = np.array([(b"991", 5)], odd)
    plain = rows.astype(np.dtype([("nss", "S12"), ("base_year", "<i8")]))
    assert Packer(odd).pack(rows) == Packer(plain.dtype).pack(plain)


@pytest.mark.parametrize("bad", [b"", b"not zstd at all", b"\x28\xb5\x2f\xfd\x20\x01\x09\x00\x00x"], ids=len)
def test_bytes_that_are_no_chunk_are_named_so(bad: bytes) -> None:
    with pytest.raises(UnreadableChunk):
        unpack(bad)


def test_a_tail_is_found_only_at_its_own_place() -> None:
    tails = b"ABCDEFGH" + b"IJKLMNOP"
    assert lines_module._holds(tails, b"IJKLMNOP")
    assert not lines_module._holds(tails, b"EFGHIJKL")
    assert lines_module._holds(b"EFGHIJKL" * 2 + tails, b"ABCDEFGH")


def test_a_missing_chunk_is_named_by_its_key_not_by_a_person() -> None:
    store = memory_line_store(SECRET)
    stored = stored_lines("u", 10, store.write("u", shuffled(10), 100))
    with pytest.raises(LostLines, match=r"^C#v#0 is missing$"):
        store.find(insured(1), [replace(stored, upload="v")])
