"""Requests that were answered: asking again gets the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tasrih.vocabulary.record import Key, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Record):
    """An answer already given to a client's request key: the same request again gets the same upload."""

    KIND: ClassVar[str] = "request"
    account: str
    request: str
    """The client's own key."""
    digest: str
    """SHA-256 of what was asked, hexadecimal: the same key with another body is an error."""
    upload: str

    @property
    def key(self) -> Key:
        return Key(f"ACCOUNT#{self.account}", f"REQUEST#{self.request}")
