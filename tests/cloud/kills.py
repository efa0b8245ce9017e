"""SIGKILL for processes that execute deployed functions, at moments that a seed draws (Linux).

A worker executes while it is neither reading its next invocation from its pipe nor still importing (then it has no
socket). Whether a kill hit is not for this side to say: the emulator notes each invocation whose worker died under it.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from threading import Event, Thread

from tasrih.local.cloud import LocalCloud
from tasrih.local.deployed import Stack

DIED = "Worker process died"
"""What the emulator writes into the log of a function in place of an answer."""
LASTS_SECONDS = {
    "receive_declaration": 0.25,
    "send_letter": 0.5,
    "queue_letters": 0.02,
    "portal": 0.08,
    "sweep": 0.15,
}
"""About how long each executes: moments are drawn from it."""
TURNS = (*4 * ["receive_declaration"], *3 * ["send_letter"], *2 * ["portal"], "queue_letters", "sweep")
PATIENCE_SECONDS = 2.0
LOOK_EVERY_SECONDS, COUNT_EVERY_SECONDS = 0.004, 0.25


class Killer(Thread):
    """Kills a worker of this function and of that, in a drawn order, until `enough` invocations died under it, at least
    one of each function."""

    def __init__(self, cloud: LocalCloud, stack: Stack, seed: int, enough: int) -> None:
        super().__init__(name="killer", daemon=True)
        self._cloud, self._stack, self._enough = cloud, stack, enough
        self._random = random.Random(f"kills {seed}")
        self.shots = 0
        """Kills, those included that came too late to hit."""
        self._ended = Event()
        self._workers: dict[int, str] = {}
        self._counted = 0.0

    def run(self) -> None:
        turns = TURNS
        while turns and not self._ended.is_set():
            for function in self._random.sample(turns, len(turns)):
                self._shoot(function)
            if self.shots >= self._enough:
                hits = self.hits()
                spared = tuple(each for each in LASTS_SECONDS if not hits[each])
                turns = spared if hits.total() >= self._enough else TURNS

    def end(self) -> None:
        self._ended.set()
        self.join()

    def hits(self) -> Counter[str]:
        """Function -> invocations that died under it so far, as the emulator saw it."""
        return Counter({function: self._stack.logs(function).count(DIED) for function in LASTS_SECONDS})

    def _shoot(self, function: str) -> None:
        """As soon as a worker of the function executes, after a drawn while, if it still executes then."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and not self._ended.wait(LOOK_EVERY_SECONDS):
            at_work = [pid for pid, its in self._known().items() if its == function and executes(pid)]
            if at_work:
                self._ended.wait(self._random.uniform(0, LASTS_SECONDS[function]))
                if executes(at_work[0]):
                    os.kill(at_work[0], signal.SIGKILL)
                    self.shots += 1
                    return

    def _known(self) -> dict[int, str]:
        """Workers by process, counted anew a few times a second."""
        if time.monotonic() > self._counted + COUNT_EVERY_SECONDS:
            self._counted = time.monotonic()
            names = {f"-{self._stack.functions[function]}-": function for function in LASTS_SECONDS}
            self._workers = {
                process.pid: function
                for process in self._cloud.processes()
                for name, function in names.items()
                if name in process.command
            }
        return self._workers


def executes(pid: int) -> bool:
    """Whether a worker is in the middle of an invocation."""
    process = Path(f"/proc/{pid}")
    with contextlib.suppress(OSError):  # it ended while we looked
        if "pipe_read" not in (process / "wchan").read_text():
            return any("socket:" in os.readlink(each) for each in (process / "fd").iterdir())
    return False
