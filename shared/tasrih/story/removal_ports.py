"""What retention needs from the world besides the ports of everybody: nobody else is given it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tasrih.story.filings import StoredLines
from tasrih.story.ports import Book, LineStore
from tasrih.vocabulary.record import Record

R = TypeVar("R", bound=Record)

Kept = Callable[[NDArray[np.void]], NDArray[np.bool_]]
"""Which rows of a chunk stay."""


class Page(NamedTuple, Generic[R]):
    """A stretch of the whole book, in the store's own order."""

    records: list[R]
    next: tuple[str, str] | None
    """Key to go on after; None: this was the last."""


class WholeBook(Book, Protocol):
    def scan(self, kind: type[R], after: tuple[str, str] | None, limit: int) -> Page[R]:
        """Looks at up to so many records of all kinds and returns those of one. Eventually consistent."""


class ErasableInbox(Protocol):
    def erase(self, prefix: str) -> int:
        """Removes every version and delete marker of every key under the prefix; returns how many there were."""


class RewritableLines(LineStore, Protocol):
    def rewrite(self, stored: StoredLines, kept: Kept) -> tuple[int, str]:
        """Drops the rows that do not stay, each chunk under the condition that it is what was read (raises Changed
        otherwise); returns (rows dropped, digest of all chunks). Those that stay are found as before."""
