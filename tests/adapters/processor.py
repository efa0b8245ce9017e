"""Seconds of the processor: what a file costs, however long a busy machine lets it wait.

The wait itself is bounded by `workbooks.Limits.patience`, which a test of its own pins.
"""

from __future__ import annotations

import resource


def processor_seconds() -> float:
    """Of this process and of all children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
