"""What a probe is: one question to our ports, asked in both worlds, and what AWS's documents say the answer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tasrih.adapters.codec import UnreadableItem
from tasrih.adapters.limits import TooMuch
from tasrih.adapters.lines import LostLines
from tasrih.story.ports import Busy, Changed, Gone, Lost, Undeliverable

from tests.conformance.world import World

NAMED = (Busy, Changed, Gone, Lost, LostLines, TooMuch, Undeliverable, UnreadableItem)
NOT_NAMED = "another error"
"""What nobody anticipated: loud, tried again, then among the dead letters."""


@dataclass(frozen=True)
class Probe:
    ask: Callable[[World], object]
    aws: str
    """The answer that AWS's documents promise, seen through our port."""

    @property
    def name(self) -> str:
        return self.ask.__name__  # type: ignore[attr-defined,no-any-return]


PROBES: dict[str, Probe] = {}


def probe(aws: object) -> Callable[[Callable[[World], object]], Callable[[World], object]]:
    """Registers a function as a probe. Its answer is compared as text."""

    def kept(ask: Callable[[World], object]) -> Callable[[World], object]:
        found = Probe(ask, str(aws))
        assert found.name not in PROBES, f"two probes are called {found.name}"
        PROBES[found.name] = found
        return ask

    return kept


def told(call: Callable[[], object]) -> object:
    """What the call returns ("done" for nothing), or the name of the error that our stories know it by."""
    try:
        answer = call()
    except NAMED as error:
        return type(error).__name__
    except Exception:
        return NOT_NAMED
    return "done" if answer is None else answer
