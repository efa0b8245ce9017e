"""One schedule: a seed makes a world, people at work in it and what fails; then quiet time, and what must hold."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import timedelta

from tests.simulation.checks import AtEachCommit, AtQuietTime
from tests.simulation.functions import LOG, Services, playing
from tests.simulation.fund import CANARIES, START, Sent, first_records
from tests.simulation.hub import Execution, Fault, Hub, Mood
from tests.simulation.people import Person, live

QUIET = timedelta(days=16)
"""Longer than a message can be hidden or an event be late, times the tries it has."""
MAX_STEPS = 15_000


@dataclass(frozen=True)
class Report:
    seed: int
    problems: tuple[str, ...]
    digest: str
    happened: Counter[str] = field(default_factory=Counter)
    trace: tuple[str, ...] = ()
    executed: frozenset[str] = frozenset()


def mood_of(seed: int, swept: bool) -> Mood:
    """Each schedule has troubles of its own kind, some none: what hides behind many faults shows under few."""
    chance = random.Random(f"mood {seed}")

    def some(most: float, often: float = 0.6) -> float:
        return chance.random() * most if chance.random() < often else 0.0

    return Mood(
        crash=some(0.05),
        busy=some(0.05),
        lost=some(0.05),
        changed=some(0.08) if swept else 0.0,
        partial=some(0.3),
        slow=some(0.02),
        duplicate=some(0.4),
        late=some(0.15),
        lose_event=some(0.3) if swept else 0.0,
        lag=some(0.5),
        down=some(0.004, 0.3),
        schedule=some(0.4),
        other_version=some(0.3),
    )


def play(
    seed: int,
    *,
    swept: bool,
    mood: Mood | None = None,
    faults: tuple[Fault, ...] = (),
    keep_trace: bool = False,
    script: Callable[[Person], None] = live,
) -> Report:
    """`swept`: whether the schedules run. Without them a bug that they would mend shows."""
    hub = Hub(seed, mood or mood_of(seed, swept), faults, keep_trace)
    services = Services(hub, AtEachCommit(hub.problems))
    playing(services)
    with redirect_stdout(LOG):  # type: ignore[type-var]
        sent = _busy_time(hub, services, swept, script)
        _quiet_time(hub, services, swept)
    if not hub.problems:
        hub.problems += AtQuietTime(services.remains(), sent, swept)()
    return Report(seed, tuple(hub.problems), hub.digest, hub.happened, tuple(hub.trace), frozenset(hub.names))


def _busy_time(hub: Hub, services: Services, swept: bool, script: Callable[[Person], None]) -> dict[str, Sent]:
    hub.start(Execution("setup", lambda: services.book.commit(*first_records())))
    if not swept:
        services.cloud.disabled.update(each.function for each in services.cloud.deployed.schedules)
    services.cloud.begin_schedules()
    sent: dict[str, Sent] = {}
    people = [Person(name, services, sent) for name in CANARIES]
    people += [Person(f"officer-{agency}", services, sent, agency) for agency in ("16000", "31000")]
    for person in hub.random.sample(people, hub.random.choice((1, 1, 2, 3))):
        hub.after(hub.random.uniform(0, 3 * 3600), lambda person=person: person.work(script))
    end = START + timedelta(days=4)
    for _ in range(MAX_STEPS):
        if (hub.next_at() or end) >= end or not hub.step():
            break
    return sent


def _quiet_time(hub: Hub, services: Services, swept: bool) -> None:
    """Nothing fails any more; dead letters are given back; schedules run until they find nothing to do."""
    hub.calm()
    end = hub.now + QUIET
    for day in range(QUIET.days):
        hub.after(86_400 * (day + hub.random.random()), services.cloud.redrive)
    for _ in range(MAX_STEPS):
        if (hub.next_at() or end) >= end or not hub.step():
            break
    services.cloud.end_schedules()
    for _ in range(MAX_STEPS):
        if not hub.step():
            return
    hub.problems.append("I18: it never comes to rest")
