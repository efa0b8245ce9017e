"""Ports that fail at a chosen call: before it (nothing happened) or after it (it happened, the reply was lost)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tasrih.story.ports import Busy, Change, Changed, Lost


class Crash(BaseException):
    """The process dies here. No code of ours catches it."""


FAULTS: list[tuple[type[BaseException], bool, str]] = [
    (Crash, False, ""),
    (Crash, True, ""),
    (Busy, False, ""),
    (Lost, True, ""),
    (Changed, False, "book.commit"),
    (Changed, True, "book.commit"),
]
"""Error, whether the call took effect, and the only call that raises it ("" = every call)."""


class Counted:
    """Wraps a port; numbers every call of every port that shares the `plan`."""

    def __init__(self, name: str, port: Any, plan: Plan) -> None:
        self._name, self._port, self._plan = name, port, plan

    def __getattr__(self, method: str) -> Any:
        called = getattr(self._port, method)

        def call(*arguments: Any, **named: Any) -> Any:
            return self._plan.call(f"{self._name}.{method}", lambda: called(*arguments, **named), len(arguments))

        return call


class Plan:
    """Traces the calls of a run; lets the `at`th one fail with `error`, after it took effect if `after`."""

    def __init__(self, at: int = -1, error: type[BaseException] = Crash, after: bool = False) -> None:
        self.at, self.error, self.after = at, error, after
        self.trace: list[str] = []

    def call(self, name: str, effect: Callable[[], Any], arguments: int = 0) -> Any:
        self.trace.append(name)
        fails = len(self.trace) - 1 == self.at
        if fails and not self.after:
            raise self.error
        answer = effect()
        if fails:
            raise self.error
        return answer

    def ports(self, world: Any) -> dict[str, Any]:
        return {name: Counted(name, getattr(world, name), self) for name in ("book", "inbox", "lines")}


class Down(Plan):
    """A call that never works; "the transaction" is every commit of more than two changes."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def call(self, name: str, effect: Callable[[], Any], arguments: int = 0) -> Any:
        transaction = self._what == "the transaction" and name == "book.commit" and arguments > 2
        if name == self._what or transaction:
            raise Busy
        return effect()


class CommitsSeen:
    """A book that keeps what each commit held."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.commits: list[tuple[Change, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)

    def commit(self, *changes: Change) -> None:
        self._book.commit(*changes)
        self.commits.append(changes)
