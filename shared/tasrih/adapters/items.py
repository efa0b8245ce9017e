"""One record is one item of the book table. Names here are repeated by the template as plain text; a test compares.

Book table: hash `pk` (S), range `sk` (S).
    index `waiting`: hash `waiting` (S), range `waiting_since` (S), keys only: open work, read again before acting.
    index `owned`: hash `owner` (S), range `rank` (N), everything: uploads and employers of a legal entity.
Lines table: hash `pk` (S), range `sk` (S), no index, no stream.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.models import Model

from tasrih.adapters.codec import Attributes, UnreadableItem, read_record, write_record
from tasrih.vocabulary.record import Record

R = TypeVar("R", bound=Record)

PARTITION_KEY = "pk"
SORT_KEY = "sk"
WAITING_INDEX = "waiting"
WAITING_HASH = "waiting"
WAITING_RANGE = "waiting_since"
OWNED_INDEX = "owned"
OWNED_HASH = "owner"
OWNED_RANGE = "rank"
LINES_VALUE = "b"

SCHEMA = 1
"""Of every item. Grows when a reader of the number before could misread."""

_NOT_IN_BODY = frozenset({"revision"})


class Exactly(Attribute[int]):
    """A whole number as its digits: PynamoDB's own number attribute goes through JSON and its floats."""

    attr_type = "N"

    def serialize(self, value: int) -> str:
        return str(int(value))

    def deserialize(self, value: str) -> int:
        return int(value)


class Body(Attribute[dict[str, Any]]):
    """The record's fields, already as attribute values (`codec`)."""

    attr_type = "M"

    def serialize(self, value: Attributes) -> Attributes:
        return value

    def deserialize(self, value: Attributes) -> Attributes:
        return value


class Item(Model):
    class Meta:
        table_name = "book"  # never used: the calls are made with the stack's own name (`dynamodb.py`)

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    schema = Exactly()
    revision = Exactly()
    body = Body()
    waiting = UnicodeAttribute(null=True)
    waiting_since = UnicodeAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    rank = Exactly(null=True)


def write_item(record: Record, revision: int) -> Attributes:
    """The item as DynamoDB's low-level map."""
    item = Item(
        pk=record.key.partition,
        sk=record.key.sort,
        kind=record.KIND,
        schema=SCHEMA,
        revision=revision,
        body=write_record(record, leave_out=_NOT_IN_BODY),
        **_places(record),
    )
    stored: Attributes = item.serialize()
    return stored


def _places(record: Record) -> dict[str, object]:
    """What puts it into an index; nothing keeps it out."""
    found: dict[str, object] = {}
    if record.waiting and record.waiting_since:
        found |= {WAITING_HASH: record.waiting, WAITING_RANGE: moment_text(record.waiting_since)}
    if record.owner:
        found |= {OWNED_HASH: owner_text(type(record), record.owner), OWNED_RANGE: record.order}
    return found


def read_item(kind: type[R], stored: Attributes) -> R:
    """Raises UnreadableItem, also when another kind of record stands there."""
    item = Item.from_raw_data(stored)
    if item.kind != kind.KIND:
        raise UnreadableItem(f"a {item.kind} stands where a {kind.KIND} was asked for")
    return read_record(kind, item.body, revision=item.revision)


def kind_of(stored: Attributes) -> str:
    return str(stored["kind"]["S"])


def owner_text(kind: type[Record], owner: str) -> str:
    """The index's hash: uploads and employers of one entity do not mix."""
    return f"{kind.KIND}#{owner}"


def moment_text(moment: datetime) -> str:
    """Fixed width, UTC: sorts as text in the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
