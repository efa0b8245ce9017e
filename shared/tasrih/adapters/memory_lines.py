"""The table of lines in memory: DynamoDB's batches and limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from tasrih.adapters.limits import BATCH_PUTS, TooMuch, check_item
from tasrih.adapters.lines import CHUNK_SORT, PackedLines, Stored
from tasrih.story.ports import Changed


class MemoryLines:
    """Fits `lines.LinesTable`. `requests` and `read_bytes` count what a look-up costs."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, bytes]] = {}
        self.requests = 0
        self.read_bytes = 0

    def put(self, items: Iterable[Stored]) -> None:
        left = iter(items)
        while batch := list(islice(left, BATCH_PUTS)):
            for pk, sk, value in batch:
                check_item({"pk": {"S": pk}, "sk": {"S": sk}, "b": {"B": value}})
            if len({(pk, sk) for pk, sk, _ in batch}) < len(batch):
                raise TooMuch("a batch names one item twice")
            for pk, sk, value in batch:
                self.items.setdefault(pk, {})[sk] = value

    def get(self, pks: Sequence[str]) -> dict[str, bytes]:
        found = {pk: self.items[pk][CHUNK_SORT] for pk in pks if CHUNK_SORT in self.items.get(pk, ())}
        self._count((pk, CHUNK_SORT, value) for pk, value in found.items())
        return found

    def query(self, pk: str) -> Iterator[tuple[str, bytes]]:
        found = sorted(self.items.get(pk, {}).items())
        self._count((pk, sk, value) for sk, value in found)
        yield from found

    def delete(self, pks: Sequence[str]) -> None:
        for pk in pks:
            held = self.items.get(pk, {})
            held.pop(CHUNK_SORT, None)
            if not held:
                self.items.pop(pk, None)

    def swap(self, pk: str, before: bytes, after: bytes) -> None:
        if self.items.get(pk, {}).get(CHUNK_SORT) != before:
            raise Changed
        self.put([Stored(pk, CHUNK_SORT, after)])

    def _count(self, read: Iterable[tuple[str, str, bytes]]) -> None:
        self.requests += 1
        self.read_bytes += sum(len(pk) + len(sk) + len(value) + 5 for pk, sk, value in read)


def memory_line_store(secret: bytes = b"a secret of the tests, 32 bytes.") -> PackedLines:
    """The same code as on AWS over a table in memory."""
    return PackedLines(MemoryLines(), lambda: secret)
