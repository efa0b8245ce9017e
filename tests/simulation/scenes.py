"""Chooses the scenes of the boundaries anew, after functions, routes or stories were added: `python -m
tests.simulation.scenes` prints few calm seeds that meet, together, every call that calm runs make, with little to fail.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.simulation.boundaries import worth_failing
from tests.simulation.runner import Wanted, played

COMPARED, OFFERED = 200, 220
"""Seeds whose calls are to be met, and seeds to choose from."""
COST_OF_A_SCENE = 40
"""In calls: rather few scenes than short ones."""


class Calm(NamedTuple):
    calls: frozenset[str]
    boundaries: int


def chosen(runs: dict[int, Calm]) -> list[int]:
    """Greedy, then without those that the others make needless."""
    wanted = frozenset().union(*(calm.calls for seed, calm in runs.items() if seed < COMPARED))
    left, found = set(wanted), []
    while left:
        found.append(
            max(runs, key=lambda seed: len(runs[seed].calls & left) / (COST_OF_A_SCENE + runs[seed].boundaries))
        )
        left -= runs[found[-1]].calls
    for seed in list(found):
        others = frozenset().union(*(runs[each].calls for each in found if each != seed))
        if wanted <= others:
            found.remove(seed)
    return found


def main() -> None:
    wanted = [Wanted(seed, True, calm=True) for seed in range(OFFERED)]
    runs = {
        each.seed: Calm(report.executed, len(worth_failing(report.trace)))
        for each, report in played(wanted, keep_trace=True)
    }
    scenes = chosen(runs)
    print(f"SCENES = {tuple(scenes)}  # {sum(runs[seed].boundaries for seed in scenes):,} boundaries")


if __name__ == "__main__":
    main()
