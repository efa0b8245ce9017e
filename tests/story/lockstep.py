"""Several deliveries at once, one port call at a time: a seed decides who goes next, so that a run can be repeated."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from typing import Any


class Lockstep:
    """Runs tasks in threads of which only one moves at any moment; at each port call another may go on."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._turn = threading.Condition()
        self._now: int | None = None
        self._alive: list[int] = []
        self._me = threading.local()

    def run(self, tasks: Sequence[Callable[[], Any]]) -> list[Any]:
        """Answers in the order of the tasks: what each returned, or the exception it ended with."""
        answers: list[Any] = [None] * len(tasks)
        self._alive = list(range(len(tasks)))

        def work(number: int) -> None:
            self._me.number = number
            self._wait()
            try:
                answers[number] = tasks[number]()
            except Exception as ended:
                answers[number] = ended
            with self._turn:
                self._alive.remove(number)
                self._choose()

        threads = [threading.Thread(target=work, args=(number,)) for number in self._alive]
        with self._turn:
            self._choose()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def step(self, port: Any) -> Any:
        return _Stepping(port, self)

    def pause(self) -> None:
        with self._turn:
            self._choose()
        self._wait()

    def _wait(self) -> None:
        with self._turn:
            self._turn.wait_for(lambda: self._now == self._me.number)

    def _choose(self) -> None:
        self._now = self._random.choice(self._alive) if self._alive else None
        self._turn.notify_all()


class _Stepping:
    def __init__(self, port: Any, steps: Lockstep) -> None:
        self._port, self._steps = port, steps

    def __getattr__(self, method: str) -> Any:
        called = getattr(self._port, method)

        def call(*arguments: Any, **named: Any) -> Any:
            self._steps.pause()
            return called(*arguments, **named)

        return call
