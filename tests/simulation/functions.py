"""The deployed functions as they are, over ports in memory behind the hub: settings, handlers, stories, adapters' glue.

A process that lives through several invocations is an *instance*: its module-level values last, as in Lambda. An
instance serves one execution at a time. What `wire` gives a function is replaced here, port by port; one that is not
known here fails by name, so that a new port cannot be forgotten.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

from tasrih.adapters import wire
from tasrih.adapters.api import views
from tasrih.adapters.codec import Attributes
from tasrih.adapters.lines import PackedLines, Stored
from tasrih.adapters.memory import MemoryInbox, MemoryLines, MemoryPost, MemoryReceipts, MemorySigner
from tasrih.adapters.memory_book import MemoryBook
from tasrih.adapters.memory_machines import MemorySignIns
from tasrih.adapters.telemetry import telemetry
from tasrih.story import pieces, receipt_papers, to_send
from tasrih.story.ports import Busy
from tasrih.vocabulary.record import Key, Record

from tests.simulation.checks import Remains
from tests.simulation.cloud import Cloud
from tests.simulation.deployment import deployment
from tests.simulation.fund import PIECE_BYTES
from tests.simulation.hub import Gate, Hub
from tests.simulation.retention import KEEP

R = TypeVar("R", bound=Record)
ROOT = Path(__file__).resolve().parents[2]


class Book(MemoryBook):
    """The table: its stream tells of every change, its indexes may stand still, and other releases write it too."""

    def __init__(self, hub: Hub, seen: Callable[[Attributes | None, Attributes], None]) -> None:
        super().__init__()
        self._hub = hub
        self._seen = seen
        self._indexed: dict[tuple[str, str], Attributes] = {}
        self._behind: list[Attributes] = []
        self._still_until: datetime | None = None
        self._known: dict[tuple[type[Record], int], tuple[Attributes, Record]] = {}
        self.told: Callable[[str, dict[str, Any]], None] = lambda name, keys: None

    def _read(self, kind: type[R], item: Attributes) -> R:
        """Once: an item is replaced, never changed, and a record cannot be. A quarter of all time went into this."""
        known = self._known.get((kind, id(item)))
        if known is None:  # the item is kept with it, so that no other gets its id
            known = self._known[kind, id(item)] = (item, super()._read(kind, item))
        return cast(R, known[1])

    def _put(self, key: Key, item: Attributes) -> None:
        before = self._stored(key)
        if self._hub.current().later_release:
            item["body"]["M"]["of_a_later_release"] = {"S": "kept by nobody"}
        super()._put(key, item)
        self._behind.append(item)
        self._seen(before, item)
        self.told("MODIFY" if before else "INSERT", {"pk": item["pk"], "sk": item["sk"]})

    def all(self) -> Iterator[Attributes]:
        """What the indexes have taken in. `items` has everything."""
        if self._still_until is None or self._hub.now >= self._still_until:
            self._catch_up()
            if self._hub.chance(self._hub.mood.lag, "index lag"):
                self._still_until = self._hub.now + timedelta(seconds=self._hub.random.uniform(1, 600))
        yield from self._indexed.values()

    def _catch_up(self) -> None:
        for item in self._behind:
            self._indexed[(item["pk"]["S"], item["sk"]["S"])] = item
        self._behind.clear()
        self._still_until = None

    def waiting(self, kind: type[R], for_what: str, before: datetime, limit: int = 1000) -> list[R]:
        """Keys from the index, records read again: as `DynamoBook.waiting`."""
        found = super().waiting(kind, for_what, before, limit)
        fresh = [self.get(kind, *record.key) for record in found]
        return [record for record in fresh if record is not None and record.waiting == for_what]


class Inbox(MemoryInbox):
    """The bucket tells of what is created in it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self.least_piece_bytes = 1
        self.told: Callable[[str, int, str], None] = lambda key, size, version: None

    def _add(self, key: str, body: bytes | None, dated: datetime | None = None) -> str:
        version = super()._add(key, body, dated)
        if body is not None:
            self.told(key, len(body), version)
        return version


class LinesTable(MemoryLines):
    """Writes in batches; one may be left undone in part."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub

    def put(self, items: Iterable[Stored]) -> None:
        wanted = list(items)
        if wanted and self._hub.chance(self._hub.mood.partial, "unprocessed items"):
            super().put(wanted[: self._hub.random.randrange(len(wanted))])
            raise Busy("unprocessed")
        super().put(wanted)


SILENT = "silent"


class Calls:
    """Programs that are told of events: they answer badly at times, and always in the end; but for those whose address
    says that they never do."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.taken: list[str] = []
        """webhook-id of every call answered well."""

    def call(self, url: str, headers: dict[str, str], body: bytes) -> int:
        if self._hub.chance(self._hub.mood.busy * 4, "webhook not answered") or url.endswith(SILENT):
            return 500
        self.taken.append(headers["webhook-id"])
        return 204


class Clock:
    shift = None

    def __init__(self, hub: Callable[[], Hub]) -> None:
        self._hub = hub

    def now(self) -> datetime:
        return self._hub().now


class Chance:
    def __init__(self, hub: Callable[[], Hub]) -> None:
        self._hub = hub

    def token(self) -> str:
        return f"{self._hub().random.getrandbits(128):032x}"

    def secret(self) -> bytes:
        return self._hub().random.randbytes(32)


class Queue:
    def __init__(self, name: str, cloud: Callable[[], Cloud]) -> None:
        self._name, self._cloud = name, cloud

    def put(self, body: dict[str, str]) -> None:
        self._cloud().put(self._name, json.dumps(body, sort_keys=True))


class Services:
    """Everything that outlives an execution, of one schedule."""

    def __init__(self, hub: Hub, seen: Callable[[Attributes | None, Attributes], None]) -> None:
        self.hub = hub
        self.book = Book(hub, seen)
        self.inbox = Inbox(lambda: hub.now)
        self.table = LinesTable(hub)
        self.lines = PackedLines(Gate("lines", self.table, lambda: hub), lambda: b"a secret of the tests, 32 bytes.")
        self.receipts = MemoryReceipts()
        self.signer = SIGNER
        self.post = MemoryPost()
        self.sign_ins = MemorySignIns()
        self.calls = Calls(hub)
        self.cloud = Cloud(hub, deployment(), self._invoke)
        self.book.told = self.cloud.changed
        self.inbox.told = self.cloud.object_created
        self.logs: list[str] = []

    def _invoke(self, function: str, event: Any) -> Callable[[], Any]:
        def run() -> Any:
            instance = _free_instance(function)
            try:
                return instance.module.handler(event, None)  # type: ignore[union-attr]
            finally:
                _POOL[function].append(instance)

        return run

    def remains(self) -> Remains:
        return Remains(
            items=[item for stand in self.book.items.values() for item in stand.values()],
            arrivals=self.inbox.arrivals,
            papers={key: body for key, (body, _) in self.receipts.kept.items()},
            stored=self.table.items,
            keys=SIGNER.public_keys(),
            mails=self.post.sent,
            calls=self.calls.taken,
            waiting={name: [each.body for each in queue.waiting] for name, queue in self.cloud.queues.items()},
            logs="".join(self.logs),
            happened=self.hub.happened,
            keep=KEEP,
        )


class Signer(MemorySigner):
    """As KMS signs: differently each time."""

    def __init__(self, seed: str) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256

        super().__init__(seed)
        self._how = ec.ECDSA(SHA256())


SIGNER = Signer("simulation")
_NOW: list[Services] = []
"""The services of the schedule that is running."""


def playing(services: Services) -> None:
    _NOW[:] = [services]


def _services() -> Services:
    return _NOW[0]


def _hub() -> Hub:
    return _services().hub


class _Current:
    """Leads to a port of the schedule that is running: what an instance keeps is good for the next schedule too."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> Any:
        return getattr(getattr(_services(), self._name), method)


def _gate(name: str, free: Sequence[str] = ()) -> Gate:
    return Gate(name, _Current(name), _hub, frozenset(free))


PORTS: dict[str, Callable[..., Any]] = {
    "book": lambda *_: _gate("book"),
    "inbox": lambda *_: _gate("inbox", ["form"]),
    "lines": lambda *_: _Current("lines"),
    "receipts": lambda *_: _gate("receipts", ["link"]),
    "signer": lambda *_: _gate("signer"),
    "post": lambda *_: _gate("post"),
    "sign_ins": lambda *_: _gate("sign_ins"),
    "calls": lambda: _gate("calls"),
    "queue": lambda name: Gate("queue", Queue(name, lambda: _services().cloud), _hub),
    "region": lambda: "eu-south-1",
    "endpoint": lambda: "",
}
"""What `wire` gives -> what stands for it here. Lines go through the gate at their table."""
FROM_THE_MACHINE: dict[str, Callable[..., Any]] = {
    "system_clock": lambda: Clock(_hub),
    "SystemChance": lambda: Chance(_hub),
    "child_workbooks": lambda *_: None,  # no child processes here: workbooks have tests of their own
}
"""Names that a handler imports from adapters of the machine itself."""


class Instance:
    """A module of its own made of a function's handler."""

    def __init__(self, function: str) -> None:
        path = ROOT / "functions" / function / "handler.py"
        spec = importlib.util.spec_from_file_location(f"simulated_{function}_{len(_ALL)}", path)
        assert spec
        assert spec.loader
        self.module: ModuleType = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        for name, stand_in in FROM_THE_MACHINE.items():
            if hasattr(self.module, name):
                setattr(self.module, name, stand_in)


_POOL: dict[str, list[Instance]] = {}
_ALL: list[Instance] = []


def _free_instance(function: str) -> Instance:
    pool = _POOL.setdefault(function, [])
    if pool:
        return pool.pop()
    made = Instance(function)
    _ALL.append(made)
    return made


def prepare() -> None:
    """Once per process: settings, ports, and papers that cost no typesetting (their bytes still tell all facts)."""
    os.environ.update(deployment().environment)
    os.environ["TASRIH_RETENTION"] = json.dumps(KEEP)
    os.environ.setdefault("AWS_REGION", "eu-south-1")
    given = {name for name, each in inspect.getmembers(wire, callable) if each.__module__ == wire.__name__}
    missing = {name for name in given if not name.startswith("_")} - set(PORTS)
    assert not missing, f"ports of wire that the simulation does not know: {sorted(missing)}"
    for name, stand_in in PORTS.items():
        setattr(wire, name, stand_in)
    for module in (pieces, to_send, views):
        module.PIECE_BYTES = PIECE_BYTES  # type: ignore[attr-defined]
    receipt_papers.receipt_pdf = _paper  # type: ignore[attr-defined]
    _quiet()


def _paper(facts: dict[str, Any], qr_text: str) -> bytes:
    """In place of the page: 11 ms of typesetting say nothing about faults."""
    told = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    return b"%PDF-1.7\n% " + told + b"\nstartxref\n0\n%%EOF\n"


class _Log:
    """What the functions print, kept by the schedule that is running."""

    def write(self, text: str) -> int:
        if _NOW:
            _services().logs.append(text)
        return len(text)

    def flush(self) -> None:
        return None


LOG = _Log()


def _quiet() -> None:
    """Loggers are made once per process and write to this log from then on."""
    telemetry.cache_clear()
    with redirect_stdout(LOG):  # type: ignore[type-var]
        for name in deployment().functions:
            telemetry(name)
            for handler in logging.getLogger(name).handlers:
                if isinstance(handler, logging.StreamHandler):
                    handler.stream = LOG
