"""Is nothing lost and nothing doubled when the processes that execute the deployed functions are killed?

Time of the functions runs faster here, and queues hide messages for as much shorter: what takes the sweep five minutes
on AWS takes it five seconds. A seed draws who is killed when and who sends what; unlike the simulation's it does not
replay a run bit for bit: the processes are real.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from tasrih.local.cloud import LocalCloud
from tasrih.local.deployed import Failed, Stack
from tasrih.local.waiting import wait_for

from tests.cloud.crowd import Sender, all_sent, settle_in
from tests.cloud.fund import Fund
from tests.cloud.kills import LASTS_SECONDS, Killer
from tests.cloud.remains import items, queues, redrive, remains_of, waiting_in
from tests.cloud.watched import shown, written
from tests.simulation.checks import AtEachCommit, AtQuietTime
from tests.simulation.fund import START

pytestmark = [pytest.mark.cloud, pytest.mark.skipif(sys.platform != "linux", reason="workers are seen in /proc")]

KILLS = 50
PACE = 60
SWEEP_SECONDS = 5 * 60 / PACE
MOST_SECONDS = 330
"""Far more than 50 kills take, even on a machine that does other things too."""


def test_nothing_is_lost_or_doubled_when_workers_are_killed() -> None:
    seed = random.randrange(1_000_000)
    with LocalCloud() as cloud:
        stack, ended = cloud.deploy(pace=PACE, pretend_now=START), Event()
        senders = settle_in(stack, seed, ended)
        killer = Killer(cloud, stack, seed, KILLS)
        with sweeping(stack):
            killed_at_work(stack, senders, killer, ended)
            brought_to_rest(stack, senders)
        orphans_removed(stack)
        problems, hits = what_is_wrong(stack, senders), killer.hits()
        leaks = sorted({each for _, line in written(stack) for each in shown(line)})
    print(f"seed {seed}: {len(all_sent(senders))} uploads, {killer.shots} shots, killed {dict(hits)}")
    assert problems == []
    assert leaks == []
    assert KILLS <= hits.total() <= killer.shots, "enough of our kills hit, and nothing else killed"
    assert all(hits[function] for function in LASTS_SECONDS)


@contextmanager
def sweeping(stack: Stack) -> Iterator[None]:
    """As the schedule in the template has it: every five minutes, and once more when it failed."""
    ended = Event()

    def run() -> None:
        failed = False
        while not ended.wait(0 if failed else SWEEP_SECONDS):
            try:
                stack.tick("sweep")
                failed = False
            except Failed:
                failed = not failed

    thread = Thread(target=run, name="schedule", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def killed_at_work(stack: Stack, senders: list[Sender], killer: Killer, ended: Event) -> None:
    """Everybody sends; from the first mail on workers are killed, until enough kills hit."""
    for sender in senders:
        sender.start()
    try:
        wait_for(stack.mails, "a first mail", 120)
        killer.start()
        killer.join(MOST_SECONDS)
        killer.end()
    finally:
        ended.set()
    for sender in senders:
        sender.join()


def brought_to_rest(stack: Stack, senders: list[Sender]) -> None:
    """Nobody is killed any more; names are confirmed, dead letters given back, until nothing is left to do."""

    def at_rest() -> bool:
        for sender in senders:
            sender.confirm()
        if redrive(stack) or any(waiting_in(stack, url) for url in queues(stack).values()):
            return False
        return not [each for each in items(stack, "BookTable") if each.get("waiting", NOTHING)["S"] not in LATER]

    wait_for(at_rest, "everything comes to rest", 120, every=0.5)


NOTHING = {"S": ""}
LATER = ("", "lines")
"""Lines that do not count may still be made to for two days; then the sweep removes them."""


def orphans_removed(stack: Stack) -> None:
    with Fund(stack).later("sweep", days=3):
        stack.tick("sweep")


def what_is_wrong(stack: Stack, senders: list[Sender]) -> list[str]:
    """By the invariants of the simulation; an item that breaks one as it was written breaks it at the end too."""
    problems = [trouble for sender in senders for trouble in sender.troubles]
    remains, at_each_commit = remains_of(stack), AtEachCommit(problems)
    for item in remains.items:
        at_each_commit(None, item)
    return problems + AtQuietTime(remains, all_sent(senders), swept=True)()
