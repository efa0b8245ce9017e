"""Many schedules, on as many processes as there are cores; each replays from its seed alone."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.simulation.hub import Fault, Mood
from tests.simulation.schedule import Report, play

AT_ONCE = 20


@dataclass(frozen=True)
class Wanted:
    seed: int
    swept: bool
    faults: tuple[Fault, ...] = ()
    calm: bool = False
    """No accident but those in `faults`."""


@dataclass
class Summary:
    schedules: int = 0
    failed: list[tuple[Wanted, Report]] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    calls: set[str] = field(default_factory=set)
    """"execution port.method"."""

    def add(self, wanted: Wanted, report: Report) -> None:
        self.schedules += 1
        self.happened += report.happened
        self.calls |= report.executed
        if report.problems:
            self.failed.append((wanted, report))

    def told(self) -> str:
        """Each failure with all that replays it."""
        return "\n".join(f"{replay(wanted)}: {'; '.join(report.problems[:3])}" for wanted, report in self.failed[:20])


def replay(wanted: Wanted) -> str:
    faults = "".join(f" --fault {fault.at}:{fault.what.replace(' ', '-')}" for fault in wanted.faults)
    calm = " --calm" if wanted.calm else ""
    return f"python -m tests.simulation --replay {wanted.seed} --sweep {'on' if wanted.swept else 'off'}{calm}{faults}"


def one(wanted: Wanted, keep_trace: bool = False) -> Report:
    mood = Mood() if wanted.calm else None
    return play(wanted.seed, swept=wanted.swept, mood=mood, faults=wanted.faults, keep_trace=keep_trace)


def played(wanted: Iterable[Wanted], processes: int = 0, keep_trace: bool = False) -> Iterator[tuple[Wanted, Report]]:
    """In no particular order. Processes of their own: what the simulation puts in place of AWS stays in them; one
    process is this one, from then on good for nothing else."""
    if processes == 1:
        _prepare()
        yield from ((each, one(each, keep_trace)) for each in wanted)
        return
    with multiprocessing.get_context("spawn").Pool(processes or os.cpu_count(), _prepare) as pool:
        for batch in pool.imap_unordered(partial(_batch, keep_trace), _in_batches(wanted)):
            yield from batch


def summed(wanted: Iterable[Wanted], processes: int = 0) -> Summary:
    summary = Summary()
    for each, report in played(wanted, processes):
        summary.add(each, report)
    return summary


def _prepare() -> None:
    from tests.simulation.functions import prepare

    prepare()


def _batch(keep_trace: bool, wanted: Sequence[Wanted]) -> list[tuple[Wanted, Report]]:
    return [(each, one(each, keep_trace)) for each in wanted]


def _in_batches(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    batch: list[Wanted] = []
    for each in wanted:
        batch.append(each)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
