"""What one commit asks of the table, told the same way to DynamoDB and to the table in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tasrih.adapters.codec import Attributes
from tasrih.adapters.items import write_item
from tasrih.adapters.limits import check_transaction
from tasrih.story.ports import Change, Create
from tasrih.vocabulary.record import Key


class Step(NamedTuple):
    key: Key
    expected: int
    """The revision that must stand there; 0: nothing."""
    item: Attributes


def steps(changes: Sequence[Change]) -> list[Step]:
    """Raises TooMuch, or ValueError when a record that was never stored is to be replaced."""
    found = [_step(change) for change in changes]
    check_transaction([step.key for step in found], (step.item for step in found))
    return found


def _step(change: Change) -> Step:
    record = change.record
    if isinstance(change, Create):
        return Step(record.key, 0, write_item(record, 1))
    if record.revision < 1:
        raise ValueError(f"a {record.KIND} that was never stored cannot be replaced")
    return Step(record.key, record.revision, write_item(record, record.revision + 1))
