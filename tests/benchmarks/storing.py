"""Client CPU per line for storing chunks and relations, against a table that answers at once.

    python -m tests.benchmarks.storing [--small]

The peer, in the same run: one PutItem per line through boto3, as a direct way would do it. No TLS.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import boto3
import numpy as np
from botocore.config import Config
from tasrih.adapters.lines import Hashes, PackedLines, Stored, relations
from tasrih.adapters.lines_dynamodb import DynamoLines
from tasrih.declaration.sent import Lines
from tasrih.story.store_lines import chunk_lines

from tests.benchmarks.made_lines import made_lines
from tests.benchmarks.stub_table import stub_table

SECRET = b"a key for figures only, 32 bytes"
EMPLOYER = "1699999901"
TARGET_MICROSECONDS = 20
SMALL, ALL = (30, 1_000, 100_000), (30, 1_000, 100_000, 999_999)


class Counted:
    """Passes on, and counts what is written."""

    def __init__(self, table: DynamoLines) -> None:
        self._table = table
        self.items = self.bytes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def put(self, items: Any) -> None:
        self._table.put(self._each(items))

    def _each(self, items: Iterator[Stored]) -> Iterator[Stored]:
        for item in items:
            self.items += 1
            self.bytes += len(item.pk) + len(item.sk) + len(item.value) + 5
            yield item


def client(address: str, checked: bool) -> Any:
    return boto3.client(
        "dynamodb",
        endpoint_url=address,
        region_name="eu-south-1",
        aws_access_key_id="figures",
        aws_secret_access_key="figures",
        config=Config(parameter_validation=checked),
    )


def seconds(work: Callable[[], object]) -> float:
    """CPU of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measured(count: int, address: str) -> None:
    lines = made_lines(count)
    table = Counted(DynamoLines("lines", client(address, checked=False)))
    store = PackedLines(table, lambda: SECRET)
    store.write("warm", made_lines(30), 100)
    chunks = per_line(lambda: store.write("u", lines, chunk_lines(count)), count, table)
    told(count, "chunks", chunks, table)
    before = sorted(store.hashes(Lines(lines.rows[count * 15 // 100 :])))
    for new, known in (("15 % new", before), ("100 % new", [])):
        related = per_line(partial(store.relate, "u", EMPLOYER, "2025", lines, known), count, table)
        told(count, f"relations {new}", related, table)
        whole = chunks + related
        verdict = "within" if whole <= TARGET_MICROSECONDS else "over"
        print(f"{'':16} together {whole:22.2f} us/line  {verdict} {TARGET_MICROSECONDS}")


def per_line(work: Callable[[], object], count: int, table: Counted) -> float:
    """Microseconds a line, mean of some repetitions; the table's counts are left as of one."""
    times = max(1, min(20, 20_000 // count))
    table.items = table.bytes = 0
    spent = sum(seconds(work) for _ in range(times))
    table.items, table.bytes = table.items // times, table.bytes // times
    return 1e6 * spent / times / count


def told(count: int, what: str, each: float, table: Counted) -> None:
    print(
        f"{count:>9,} lines {what:<20} {each:11.2f} us/line {table.items:>7,} items {table.bytes / count:6.1f} B/line"
    )


def per_person(persons: Hashes, sort: str) -> Iterator[Stored]:
    """The plain shape: an item for each insured person and employer."""
    for hashed in persons.tolist():
        yield Stored(f"P#{hashed.hex()}", sort, b"1")


Shape = Callable[[Hashes, str], Iterator[Stored]]
SHAPES: dict[str, Shape] = {
    "one item per person": per_person,
    "12 bits of hash always": lambda persons, sort: relations(persons, sort, few=0),
    "12 or 20 bits (ours)": relations,
}


def shapes(count: int, address: str) -> None:
    """What relating `count` new persons costs in each shape; the hashes are made already."""
    table = Counted(DynamoLines("lines", client(address, checked=False)))
    store = PackedLines(table, lambda: SECRET)
    store.write("warm", made_lines(30), 100)
    persons = np.unique(np.array(store.hashes(made_lines(count)), "S16"))
    sort = f"{EMPLOYER}#2025#{'0' * 32}"
    for name, shape in SHAPES.items():
        each = per_line(partial(put_as, table, shape, persons, sort), count, table)
        size = table.bytes / count
        print(f"{count:>9,} new   {name:<24} {each:7.2f} us/person {table.items:>7,} items {size:6.1f} B/person")


def put_as(table: Counted, shape: Shape, persons: Hashes, sort: str) -> None:
    table.put(shape(persons, sort))


def peer(address: str, count: int = 1_000) -> float:
    """Microseconds of one PutItem per line."""
    direct, rows = client(address, checked=True), made_lines(count).rows
    items = [
        {name: {"S": value.decode()} if isinstance(value, bytes) else {"N": str(value)} for name, value in named}
        for named in (zip(rows.dtype.names, row.tolist(), strict=True) for row in rows)
    ]
    direct.put_item(TableName="lines", Item=items[0])
    return 1e6 * seconds(lambda: [direct.put_item(TableName="lines", Item=item) for item in items]) / count


def main() -> None:
    small = "--small" in sys.argv
    with stub_table() as address:
        for count in SMALL if small else ALL:
            measured(count, address)
        for count in (30, 1_000, 10_000, 100_000):
            shapes(count, address)
        print(f"    peer: one PutItem per line through boto3 {peer(address):7.0f} us/line")


if __name__ == "__main__":
    main()
