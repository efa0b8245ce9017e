"""Waiting for something to become true, for a bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NeverHappened(AssertionError):
    """What was waited for did not become true in time."""


def wait_for(
    look: Callable[[], T | None], what: str, seconds: float = 60.0, every: float = 0.05, hint: Callable[[], str] = str
) -> T:
    """The first truthy answer of `look`. Raises NeverHappened with `what` and, if given, a hint (say, last logs)."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() >= deadline:
            raise NeverHappened(f"not within {seconds:g} s: {what}\n{hint()}".rstrip())
        time.sleep(every)
