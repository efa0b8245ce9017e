"""One record with a field of every kind that records have, and ways to make it large."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from tasrih.adapters.items import write_item
from tasrih.adapters.limits import item_bytes
from tasrih.story.ports import Book, Create
from tasrih.vocabulary.record import Key, Record

from tests.adapters.samples import START

ORDERED = ("!", "0", "A", "Z", "a", "z", "é", "ت", "\ufffd", "𐎀")
"""By their bytes in UTF-8: by code point, not by the halves of UTF-16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Record):
    KIND: ClassVar[str] = "sample"
    pk: str = "P"
    sk: str = "S"
    text: str = ""
    names: tuple[str | None, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    centimes: int = 0
    rate: Decimal | None = None
    at: datetime | None = None
    raw: bytes = b""
    certain: bool = False
    waits: str | None = None
    since: datetime = START
    owned_by: str | None = None
    rank: int = 0

    @property
    def key(self) -> Key:
        return Key(self.pk, self.sk)

    @property
    def waiting(self) -> str | None:
        return self.waits

    @property
    def waiting_since(self) -> datetime | None:
        return self.since

    @property
    def owner(self) -> str | None:
        return self.owned_by

    @property
    def order(self) -> int:
        return self.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Sample):
    KIND: ClassVar[str] = "other"


def numbered(*numbers: int, **more: object) -> list[Sample]:
    return [Sample(sk=f"{number:04d}", rank=number, **more) for number in numbers]  # type: ignore[arg-type]


def of_bytes(size: int, letter: str = "x", **more: str) -> Sample:
    """A record whose item has exactly so many bytes, or one less when the letter does not fit."""
    free = size - item_bytes(write_item(Sample(**more), 1))  # type: ignore[arg-type]
    return Sample(text=letter * (free // len(letter.encode())), **more)  # type: ignore[arg-type]


def create(book: Book, *records: Record) -> None:
    book.commit(*map(Create, records))


def stored(book: Book, record: Sample) -> Sample | None:
    return book.get(Sample, *record.key)


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)
