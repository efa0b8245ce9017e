"""One world of ports, and the hands of everybody else in it. Two fit: `in_memory`, `local_cloud`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, Protocol, get_type_hints

from tasrih.adapters.codec import Attributes
from tasrih.adapters.lines import LinesTable
from tasrih.story.ports import (
    Chance,
    Clock,
    Inbox,
    Post,
    Queue,
    Receipts,
    Signer,
    SignIns,
)
from tasrih.story.removal_ports import ErasableInbox, RewritableLines, WholeBook

MAX_RECEIVES = 2


class Delivery(NamedTuple):
    """One message of one batch, as a function got it."""

    body: str
    receives: int
    batch: int
    """How many messages came together."""


class Deliveries(NamedTuple):
    """What became of some messages once nothing more happens to them."""

    given: list[Delivery]
    dead: list[str]


def in_order(body: dict[str, str]) -> str:
    """A message as text, its names sorted."""
    return "{" + ", ".join(f"{name}: {value}" for name, value in sorted(body.items())) + "}"


@dataclass
class Asked:
    """Hears what is asked of the ports: "book.commit"."""

    names: set[str] = field(default_factory=set)


class Heard:
    """A port whose calls are heard."""

    def __init__(self, name: str, port: Any, asked: Asked) -> None:
        self._name, self._port, self._asked = name, port, asked

    def __getattr__(self, method: str) -> Any:
        self._asked.names.add(f"{self._name}.{method}")
        return getattr(self._port, method)


class WholeInbox(Inbox, ErasableInbox, Protocol):
    """The inbox with what only retention is given."""


class World(ABC):
    """Empty when made. Ports are made when first asked for."""

    book: WholeBook
    chance: Chance
    clock: Clock
    inbox: WholeInbox
    lines: RewritableLines
    post: Post
    queue: Queue
    receipts: Receipts
    sign_ins: SignIns
    signer: Signer
    table: LinesTable

    def __init__(self, asked: Asked | None = None) -> None:
        self.asked = asked or Asked()

    def __getattr__(self, name: str) -> Any:
        """Raises AttributeError."""
        if name not in made_ports():
            raise AttributeError(name)
        made = Heard(name, getattr(self, f"make_{name}")(), self.asked)
        setattr(self, name, made)
        return made

    def run(self, ask: Callable[[World], object]) -> object:
        return ask(self)

    @abstractmethod
    def paged(self, size: int) -> None:
        """From now on no listing brings more than so many at once, where the world has pages."""

    @abstractmethod
    def lose_the_next_reply(self) -> None:
        """Of a commit: it happens, its reply is lost, and the line repeats the very same request."""

    @abstractmethod
    def plant(self, item: Attributes) -> None:
        """Puts an item into the table of the book as another release might have written it."""

    @abstractmethod
    def stream(self) -> list[dict[str, Any]]:
        """The records that the book's stream gave, in order."""

    @abstractmethod
    def put(self, key: str, body: bytes) -> str:
        """Somebody puts an object into the inbox; its version."""

    @abstractmethod
    def delete(self, key: str) -> str:
        """Somebody deletes an object of the inbox; the version of the marker."""

    @abstractmethod
    def send_form(self, form: dict[str, Any], body: bytes, **changed: str) -> str:
        """A browser posts a form, with some fields changed: "taken" or "refused"."""

    @abstractmethod
    def send_piece(self, form: dict[str, Any], body: bytes) -> str:
        """A browser puts a piece: "taken" or "refused"."""

    @abstractmethod
    def follow(self, link: str) -> object:
        """What a link gives: (bytes, name of the file), or "refused"."""

    @abstractmethod
    def bodies(self) -> list[str]:
        """Of the messages on the queue, sorted."""

    @abstractmethod
    def deliver(self, bodies: Iterable[str], answer: str) -> Deliveries:
        """Puts messages on a queue whose function tells failures by this expression of Python, given its `batch` (a
        list of {"id", "body"}). What was received MAX_RECEIVES times goes to the dead letters."""

    @abstractmethod
    def announced(self, objects: dict[str, bytes]) -> list[str]:
        """Puts objects into the inbox, which tells a queue of those under `uploads/`: the bodies of its messages."""

    @abstractmethod
    def mails(self) -> list[tuple[str, bytes]]:
        """(address, message) of every mail that went out."""

    @abstractmethod
    def signs_in(self, name: str, secret: str) -> bool: ...

    @abstractmethod
    def another_key(self) -> dict[str, str]:
        """The public half of a signing key of somebody else."""

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Time passes."""

    @abstractmethod
    def now(self) -> datetime:
        """By the clock of the world itself."""

    @abstractmethod
    def close(self) -> None: ...


@cache
def made_ports() -> dict[str, type]:
    """Attribute of a world -> the Protocol that it fits."""
    return get_type_hints(World)
