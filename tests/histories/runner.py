"""Many histories, on all cores; one again, by its seed."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from functools import partial

from tests.histories.compare import problems

EVERY = 10
"""Comparing costs as much as posting: in a long run both sides are compared after so many events, and at the end."""
AT_ONCE = 25


def played(seeds: Iterable[int], processes: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Each seed with what is wrong with its history, in no particular order."""
    one = partial(_one, every=EVERY)
    if processes == 1:
        yield from map(one, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(processes or os.cpu_count()) as pool:
        yield from pool.imap_unordered(one, seeds, AT_ONCE)


def _one(seed: int, every: int) -> tuple[int, list[str]]:
    return seed, problems(seed, every)


def replay(seed: int) -> str:
    """The command that plays a history again."""
    return f"python -m tests.histories --replay {seed}"
