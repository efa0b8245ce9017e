"""What every stored value has: a key, a revision, and perhaps a place in one of two indexes.

Every write is one of three: create (nothing stands there yet), replace (nobody changed it since it was read) or
unchanged (a check without a write). `revision` counts the writes; 0 means never stored.
Keys hold no insured number, name or wage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, NamedTuple, TypeVar


class Key(NamedTuple):
    partition: str
    sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`KIND` names the record in storage. `waiting` puts it in the index of open work, oldest first; `owner`
    (the legal entity) and `rank` put it in the owner's index, newest first."""

    KIND: ClassVar[str] = ""
    revision: int = 0

    @property
    def key(self) -> Key:
        raise NotImplementedError

    @property
    def waiting(self) -> str | None:
        """ "upload", "pieces", "letter" or "lines" while something is still to be done, else None."""
        return None

    @property
    def waiting_since(self) -> datetime | None:
        """When the open work becomes due."""
        return None

    @property
    def owner(self) -> str | None:
        return None

    @property
    def order(self) -> int:
        return 0


R = TypeVar("R", bound=Record)


def stored(record: R) -> R:
    """The record as it stands after it was written once more."""
    return replace(record, revision=record.revision + 1)
