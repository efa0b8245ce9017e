"""Every boundary once: the calls of a traced run, each failing in each way; and pairs of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import combinations, product

from tests.simulation.hub import Fault
from tests.simulation.runner import Wanted, played

SCENES = (149, 32, 15, 105, 141, 23, 81)
"""Seeds whose calm runs meet, together, every call of calm runs: `test_simulation` compares, `scenes` chooses."""
WAYS = ("crash before", "crash after", "busy", "lost")
SWEEPS = 12
"""So many calls of the sweep are failed in a scene: it asks the same again and again. So does retention, until it finds
something due."""
LOOKING = {"book.get", "book.get_many", "book.scan"}


@cache
def calls_of_scenes() -> dict[int, list[int]]:
    """Seed -> numbers of the port calls that are to fail, as a calm run makes them."""
    calm = [Wanted(seed, True, calm=True) for seed in SCENES]
    return {wanted.seed: worth_failing(report.trace) for wanted, report in played(calm, 2, keep_trace=True)}


def worth_failing(trace: tuple[str, ...]) -> list[int]:
    numbered = [line.split(" ") for line in trace if line[0].isdigit()]
    sweeps = [int(number) for number, name, *_ in numbered if name == "sweep"]
    looks = [int(number) for number, name, call, *_ in numbered if name == "remove_due" and call in LOOKING]
    passed_over = {*sweeps[SWEEPS:], *looks[SWEEPS:]}
    return [int(number) for number, *_ in numbered if int(number) not in passed_over]


def singles(*, every_way: bool = True) -> list[Wanted]:
    """Every call failing in every way; or each in one of them, by turns."""
    wanted = [Wanted(seed, True, (Fault(at, way),), calm=True) for seed, at, way in _places()]
    ways = len(WAYS)
    return [each for place, each in enumerate(wanted) if every_way or place % ways == place // ways % ways]


def _places() -> Iterator[tuple[int, int, str]]:
    for seed, calls in sorted(calls_of_scenes().items()):
        yield from product((seed,), calls, WAYS)


def pairs(count: int, seed: int = 0) -> list[Wanted]:
    """A sample, or all of them (`count` -1): the second fault may lie behind the end of the run it meets."""
    by_scene: dict[int, list[Fault]] = {}
    for scene, at, way in _places():
        by_scene.setdefault(scene, []).append(Fault(at, way))
    if count < 0:
        return [
            Wanted(scene, True, two, calm=True) for scene, all_ in by_scene.items() for two in combinations(all_, 2)
        ]
    chosen = random.Random(seed)
    found = []
    for _ in range(count):
        scene = chosen.choice(sorted(by_scene))
        first, second = sorted(chosen.sample(by_scene[scene], 2), key=lambda fault: fault.at)
        found.append(Wanted(scene, True, (first, second), calm=True))
    return found
