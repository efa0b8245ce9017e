"""Which stories there are, and which of them a run of the simulation tells. Both are found, neither is listed."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import tasrih.story
from tasrih.story import ports, removal_ports

from tests.simulation import hub

_NAMED = {**vars(ports), **vars(removal_ports)}
PORTS = frozenset(name for name, each in _NAMED.items() if getattr(each, "_is_protocol", False)) | {"Desk"}


def all_stories() -> set[str]:
    """ "module.function" of every public function in `tasrih.story` that takes a port."""
    return {
        f"{module}.{name}"
        for module in (each.name for each in pkgutil.iter_modules(tasrih.story.__path__))
        for name, function in _functions(f"tasrih.story.{module}")
        if not name.startswith("_") and _takes_a_port(function)
    }


def _functions(module: str) -> Iterator[tuple[str, Callable[..., object]]]:
    found = importlib.import_module(module)
    return ((name, each) for name, each in inspect.getmembers(found, inspect.isfunction) if each.__module__ == module)


def _takes_a_port(function: Callable[..., object]) -> bool:
    hints = " ".join(str(hint) for name, hint in function.__annotations__.items() if name != "return")
    words = set(hints.replace("|", " ").replace("[", " ").replace("]", " ").replace(",", " ").split())
    return bool(words & PORTS)


@contextmanager
def listened() -> Iterator[set[str]]:
    """Gathers "module.function" of every story that an execution enters meanwhile."""
    told: set[str] = set()

    def hear(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            module = frame.f_globals.get("__name__", "")
            if module.startswith("tasrih.story."):
                told.add(f"{module.removeprefix('tasrih.story.')}.{frame.f_code.co_name}")

    began = hub.Execution.begin

    def begin(execution: hub.Execution) -> object:
        sys.setprofile(hear)
        return began(execution)

    hub.Execution.begin = begin  # type: ignore[method-assign]
    try:
        yield told
    finally:
        hub.Execution.begin = began  # type: ignore[method-assign]
        sys.setprofile(None)
