"""Time, chance and turns: executions as greenlets in one thread, of which a seed decides who goes on and what fails."""

from __future__ import annotations

import heapq
import inspect
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import greenlet
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from tasrih.story.ports import Busy, Changed, Lost

from tests.simulation.fund import START


class Crash(BaseException):
    """The process dies here. No code of ours catches it, and nothing it does afterwards has an effect."""


@dataclass
class Mood:
    """How likely what is, per call, in one schedule. All 0 once quiet time has come."""

    crash: float = 0.0
    busy: float = 0.0
    lost: float = 0.0
    changed: float = 0.0
    """A commit that happened is reported as not happened: its reply was lost and the repetition met its own effect."""
    partial: float = 0.0
    """A batch of lines is written in part."""
    slow: float = 0.0
    duplicate: float = 0.0
    late: float = 0.0
    """An event comes more than a day later."""
    lose_event: float = 0.0
    lag: float = 0.0
    """The indexes stand still for a while."""
    down: float = 0.0
    """A service is down for hours."""
    schedule: float = 0.0
    """A schedule fires twice, or not at all."""
    other_version: float = 0.0
    """An execution by another release; of these, every other one is later and writes what this one does not know."""


@dataclass(frozen=True)
class Fault:
    """One failure at one numbered call: for trying every boundary."""

    at: int
    what: str


@dataclass
class Execution:
    name: str
    run: Callable[[], Any]
    end: Callable[[Any], None] = lambda answer: None
    deadline: datetime | None = None
    later_release: bool = False
    """It writes what this release does not know."""
    dead: bool = False
    running: Any = None
    router: Any = None
    """What the API's library keeps for "the" request being served, of which there is one per process."""

    def begin(self) -> Any:
        return self.run()


class NoAnswer:
    """What an execution that died answers."""


class Hub:
    """`call` is what every port call goes through."""

    def __init__(self, seed: int, mood: Mood, faults: tuple[Fault, ...] = (), keep_trace: bool = False) -> None:
        self.random = random.Random(seed)
        self.mood = mood
        self.now = START
        self.happened: Counter[str] = Counter()
        self.calls = 0
        self.trace: list[str] = []
        self._keep_trace = keep_trace
        self._faults = {fault.at: fault.what for fault in faults}
        self._digest = blake2b(digest_size=16)
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._sequence = 0
        self._down: dict[str, datetime] = {}
        self.problems: list[str] = []
        self.names: set[str] = set()
        """"execution port.method" of every call that was made."""
        self._hub = greenlet.getcurrent()

    @property
    def digest(self) -> str:
        """Of everything that happened, in order: the same seed gives the same."""
        return self._digest.hexdigest()

    def chance(self, likely: float, what: str = "") -> bool:
        if likely and self.random.random() < likely:
            if what:
                self.happened[what] += 1
            return True
        return False

    def at(self, moment: datetime, action: Callable[[], None]) -> None:
        self._sequence += 1
        heapq.heappush(self._events, (moment, self._sequence, action))

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        self.at(self.now + timedelta(seconds=seconds), action)

    def next_at(self) -> datetime | None:
        return self._events[0][0] if self._events else None

    def step(self) -> bool:
        """The next thing that happens; False when nothing is left to happen."""
        if not self._events:
            return False
        moment, _, action = heapq.heappop(self._events)
        self.now = max(self.now, moment)
        action()
        return True

    def start(self, execution: Execution) -> None:
        def work() -> None:
            answer: Any = NoAnswer
            try:
                answer = execution.begin()
            except Crash:
                pass
            except Exception as error:  # an invocation that fails, as AWS sees it
                self.note(f"failed {execution.name} {type(error).__name__}")
                answer = error
            execution.end(NoAnswer if execution.dead else answer)

        execution.running = greenlet.greenlet(work, self._hub)
        execution.running.execution = execution
        self.resume(execution)

    def resume(self, execution: Execution) -> None:
        kept = getattr(BaseRouter, "current_event", None), getattr(BaseRouter, "lambda_context", None)
        if execution.router:
            BaseRouter.current_event, BaseRouter.lambda_context = execution.router
        execution.running.switch()
        BaseRouter.current_event, BaseRouter.lambda_context = kept  # type: ignore[assignment]

    def pause(self, seconds: float) -> None:
        """Others may go on meanwhile."""
        execution = self.current()
        execution.router = getattr(BaseRouter, "current_event", None), getattr(BaseRouter, "lambda_context", None)
        self.after(seconds, lambda: self.resume(execution))
        self.wait()
        if execution.deadline and self.now > execution.deadline and not execution.dead:
            self.happened["timeout"] += 1
            self.die(execution)

    def wait(self) -> None:
        """Until somebody resumes this execution."""
        self._hub.switch()

    def current(self) -> Execution:
        return greenlet.getcurrent().execution  # type: ignore[attr-defined,no-any-return]

    def die(self, execution: Execution) -> None:
        execution.dead = True
        raise Crash

    def note(self, what: str) -> None:
        self._digest.update(f"{self.now.isoformat()} {what}\n".encode())
        if self._keep_trace:
            self.trace.append(what)

    def call(self, name: str, effect: Callable[[], Any]) -> Any:
        """A port is called: it takes its time, it may fail before or after its effect, and its caller may die."""
        execution = self.current()
        if execution.dead:
            raise Crash
        number, self.calls = self.calls, self.calls + 1
        self.pause(self._takes())
        fault = self._faults.get(number) or self._drawn(name)
        self.note(f"{number} {execution.name} {name} {fault}")
        self.names.add(f"{execution.name} {name}")
        if fault:
            self.happened[f"{fault}"] += 1
        if fault == "crash before":
            self.die(execution)
        if fault == "busy":
            raise Busy("simulated")
        answer = effect()
        if inspect.isgenerator(answer):
            answer = iter(list(answer))
        if fault == "crash after":
            self.happened["crash after commit"] += name == "book.commit"
            self.die(execution)
        if fault == "lost":
            raise Lost("simulated")
        if fault == "changed":
            raise Changed
        return answer

    def _takes(self) -> float:
        if self.chance(self.mood.slow, "slow"):
            return self.random.uniform(1, 120)
        return self.random.uniform(0.001, 0.05)

    def _drawn(self, name: str) -> str:
        """What fails at this call, if anything: a service that is down, or an accident."""
        port = name.split(".", maxsplit=1)[0]
        if port in self._down and self.now < self._down[port]:
            return "busy"
        if self.chance(self.mood.down, "down"):
            self._down[port] = self.now + timedelta(hours=self.random.uniform(0.1, 48))
            return "busy"
        drawn = self.random.random()
        mood = self.mood
        for likely, fault in (
            (mood.crash / 2, "crash before"),
            (mood.crash / 2, "crash after"),
            (mood.busy, "busy"),
            (mood.lost, "lost"),
            (mood.changed * (name == "book.commit"), "changed"),
        ):
            if drawn < likely:
                return fault
            drawn -= likely
        return ""

    def calm(self) -> None:
        self.mood = Mood()
        self._down.clear()


@dataclass
class Gate:
    """A port behind the hub: every method call goes through `Hub.call` under the name "port.method"."""

    name: str
    port: Any
    hub: Callable[[], Hub]
    free: frozenset[str] = field(default_factory=frozenset)
    """Names that are no calls over a network."""

    def __getattr__(self, method: str) -> Any:
        found = getattr(self.port, method)
        if method in self.free or not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            return self.hub().call(f"{self.name}.{method}", lambda: found(*arguments, **named))

        return call
