"""One insured number over ten years and three employers, among 1,000,000 insured: requests and bytes read.

    python -m tests.benchmarks.look_up

An agency of 34,000 employers whose sizes follow Zipf's law; each year 15 in 100 of every employer's workers are new.
The table in memory keeps only what the persons asked for can touch; what it keeps is the same as if it kept all.
The peer, by the same run's relations: one item per person and employer in place of ours.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import numpy as np
from tasrih.adapters.clock import ALGIERS
from tasrih.adapters.items import write_item
from tasrih.adapters.limits import item_bytes
from tasrih.adapters.lines import FEW_PERSONS, Hashes, PackedLines, relations
from tasrih.adapters.memory import MemoryLines
from tasrih.story.filings import StoredLines
from tasrih.story.store_lines import chunk_lines

from tests.benchmarks.made_lines import insured, made_lines

SECRET = b"a key for figures only, 32 bytes"
EMPLOYERS, INSURED, YEARS, NEW = 34_000, 1_000_000, range(2016, 2026), 0.15
PERSONS = tuple(range(7))
"""Those who are looked up: each worked for a small, a middle and the largest employer."""
PLACES = {0: range(2016, 2019), 300: range(2019, 2022), 20_000: range(2022, 2026)}
"""Rank of the employer by size -> the years there."""


class Shape(NamedTuple):
    name: str
    few: int


SHAPES = (Shape("12 or 20 bits (ours)", FEW_PERSONS), Shape("12 bits always", 0), Shape("20 bits always", INSURED))


def sizes() -> list[int]:
    weights = 1 / np.arange(1, EMPLOYERS + 1)
    return [max(1, int(INSURED * share)) for share in weights / weights.sum()]


def upload(employer: int, year: int) -> str:
    return f"{employer:028x}{year:04d}"


def related(store: PackedLines, table: MemoryLines, few: int, asked: Hashes) -> None:
    """Every filing's new persons, of whom only those under the first bits of the persons asked for are put."""
    chance = np.random.default_rng(20261123)
    wanted = np.unique(asked.view(">u8")[::2].astype(np.uint64) >> np.uint64(52))
    for employer, size in enumerate(sizes()):
        for year in YEARS:
            new = size if year == YEARS[0] else round(NEW * size + chance.random() - 0.5)
            near = int(chance.binomial(new, len(wanted) / 4096)) if new else 0
            persons = _under(wanted, near, chance)
            if employer in PLACES and year == PLACES[employer][0]:
                persons = np.unique(np.concatenate([persons, asked]))
            sort = f"16{employer:08d}#{year}#{upload(employer, year)}"
            table.put(relations(persons, sort, few=len(persons) if new <= few else 0))


def _under(prefixes: Hashes, count: int, chance: np.random.Generator) -> Hashes:
    """Random hashes that begin with one of these 12 bits."""
    first = chance.choice(prefixes, count).astype(np.uint64) << np.uint64(52)
    high = first | chance.integers(0, 1 << 52, count, np.uint64)
    low = chance.integers(0, 1 << 63, count, np.uint64)
    return np.unique(np.stack([high, low], axis=1).astype(">u8").reshape(-1).view("S16"))


def stored(store: PackedLines, employer: int, year: int) -> StoredLines:
    """A declaration with the persons asked for among its lines."""
    size = max(sizes()[employer], len(PERSONS))
    lines = made_lines(size)
    lines.rows["nss"][len(PERSONS) :] = made_lines(size - len(PERSONS), 10_000_000 + employer).rows["nss"]
    each = chunk_lines(size)
    bounds, digest = store.write(upload(employer, year), lines, each)
    plan = StoredLines(
        upload=upload(employer, year),
        employer=f"16{employer:08d}",
        period=str(year),
        lines=size,
        chunk_lines=each,
        stored_at=datetime(year + 1, 1, 20, tzinfo=ALGIERS),
    )
    return replace(plan, bounds=bounds, digest=digest, state="counts")


def main() -> None:
    for shape in SHAPES:
        table = MemoryLines()
        store = PackedLines(table, lambda: SECRET)
        asked = np.unique(np.array(store.hashes(made_lines(len(PERSONS))), "S16"))
        related(store, table, shape.few, asked)
        table.requests = table.read_bytes = 0
        start = time.process_time()
        answers = [store.employers_of(insured(person)) for person in PERSONS]
        spent = 1e3 * (time.process_time() - start) / len(PERSONS)
        assert all(len(answer) == len(PLACES) for answer in answers), "three employers each"
        requests, read = table.requests / len(PERSONS), table.read_bytes / len(PERSONS)
        print(f"whose worker: {shape.name:<22} {requests:.0f} requests {read:>9,.0f} B {spent:6.2f} ms CPU")
    per_person = len(PLACES) * (2 + 32 + 52 + 6)
    print(f"        peer: one item per person       1 requests {per_person:>9,} B by count")
    table = MemoryLines()
    store = PackedLines(table, lambda: SECRET)
    among = [stored(store, employer, year) for employer in PLACES for year in YEARS]
    table.requests = table.read_bytes = 0
    start = time.process_time()
    found = [store.find(insured(person), among) for person in PERSONS]
    spent = 1e3 * (time.process_time() - start) / len(PERSONS)
    assert all(len(lines) == len(among) for lines in found)
    chunks, heads = table.read_bytes / len(PERSONS), sum(item_bytes(write_item(held, 2)) for held in among)
    print(
        f"   the lines: {len(among)} declarations       {table.requests / len(PERSONS):.0f} requests {chunks:>9,.0f} B"
        f" {spent:6.2f} ms CPU   (their heads in the book: 1 request, {heads:,} B)"
    )


if __name__ == "__main__":
    main()
