"""The book in memory: serialized items under DynamoDB's own limits and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from tasrih.adapters.changes import Step, steps
from tasrih.adapters.codec import Attributes
from tasrih.adapters.items import (
    OWNED_HASH,
    OWNED_RANGE,
    WAITING_HASH,
    WAITING_RANGE,
    kind_of,
    moment_text,
    owner_text,
    read_item,
)
from tasrih.story.ports import Change, Changed
from tasrih.story.removal_ports import Page
from tasrih.vocabulary.record import Key, Record

R = TypeVar("R", bound=Record)


class MemoryBook:
    """Fits `story.ports.Book`. `items` may be looked into by tests; only `commit` writes it."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Attributes]] = {}
        """Partition -> sort key -> low-level item."""
        self._counters: dict[str, int] = {}

    def get(self, kind: type[R], *key: str) -> R | None:
        stored = self._stored(Key(*key))
        return self._read(kind, stored) if stored else None

    def get_many(self, keys: Sequence[tuple[type[Record], tuple[str, str]]]) -> list[Record | None]:
        return [self.get(kind, *key) for kind, key in keys]

    def records(self, kind: type[R], partition: str, prefix: str = "", newest_first: bool = False) -> Iterator[R]:
        stand = self.items.get(partition, {})
        for sort in sorted((key for key in stand if key.startswith(prefix)), reverse=newest_first):
            if kind_of(stand[sort]) == kind.KIND:
                yield self._read(kind, stand[sort])

    def owned(self, kind: type[R], owner: str, before: int | None = None, limit: int = 50) -> list[R]:
        wanted = owner_text(kind, owner)
        found = [
            (int(item[OWNED_RANGE]["N"]), item) for item in self.all() if item.get(OWNED_HASH, {}).get("S") == wanted
        ]
        found = [(rank, item) for rank, item in found if before is None or rank < before]
        found.sort(key=lambda pair: pair[0], reverse=True)
        return [self._read(kind, item) for _, item in found[:limit]]

    def waiting(self, kind: type[R], for_what: str, before: datetime, limit: int = 1000) -> list[R]:
        until = moment_text(before)
        found = [
            item
            for item in self.all()
            if item.get(WAITING_HASH, {}).get("S") == for_what
            and item[WAITING_RANGE]["S"] < until
            and kind_of(item) == kind.KIND
        ]
        found.sort(key=lambda item: str(item[WAITING_RANGE]["S"]))
        return [self._read(kind, item) for item in found[:limit]]

    def scan(self, kind: type[R], after: tuple[str, str] | None, limit: int) -> Page[R]:
        """By key."""
        keys = sorted((partition, sort) for partition, stand in self.items.items() for sort in stand)
        looked_at = [key for key in keys if after is None or key > after][:limit]
        found = [self.items[partition][sort] for partition, sort in looked_at]
        more = bool(looked_at) and looked_at[-1] != keys[-1]
        records = [self._read(kind, item) for item in found if kind_of(item) == kind.KIND]
        return Page(records, looked_at[-1] if more else None)

    def commit(self, *changes: Change) -> None:
        asked = steps(changes)
        if not all(self._holds(step) for step in asked):
            raise Changed
        for step in asked:
            self._put(step.key, step.item)

    def count(self, name: str) -> int:
        self._counters[name] = self._counters.get(name, 0) + 1
        return self._counters[name]

    def all(self) -> Iterator[Attributes]:
        """Every item, in the order of first writing of its partition."""
        for stand in self.items.values():
            yield from stand.values()

    def _read(self, kind: type[R], item: Attributes) -> R:
        return read_item(kind, item)

    def _put(self, key: Key, item: Attributes) -> None:
        self.items.setdefault(key.partition, {})[key.sort] = item

    def _stored(self, key: Key) -> Attributes | None:
        return self.items.get(key.partition, {}).get(key.sort)

    def _holds(self, step: Step) -> bool:
        stored = self._stored(step.key)
        return (int(stored["revision"]["N"]) if stored else 0) == step.expected
