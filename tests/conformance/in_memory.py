"""The world that stories and the simulation are tested in. Book, inbox, stream and queues are the simulation's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import greenlet
from tasrih.adapters.codec import Attributes
from tasrih.adapters.lines import PackedLines
from tasrih.adapters.memory import (
    MemoryChance,
    MemoryClock,
    MemoryInbox,
    MemoryLines,
    MemoryPost,
    MemoryQueue,
    MemoryReceipts,
    MemorySigner,
    UploadRefused,
)
from tasrih.adapters.memory_book import MemoryBook
from tasrih.adapters.memory_machines import MemorySignIns
from tasrih.vocabulary.record import Key

from tests.adapters.samples import SECRET, START
from tests.conformance.world import MAX_RECEIVES, Asked, Deliveries, Delivery, World, in_order
from tests.simulation.cloud import Cloud
from tests.simulation.deployment import Deployment, Function, QueueSpec, StreamTrigger
from tests.simulation.functions import Book
from tests.simulation.hub import Execution, Hub, Mood

A_DAY = timedelta(days=1)


class InMemory(World):
    name = "memory"

    def __init__(self, asked: Asked | None = None) -> None:
        super().__init__(asked)
        self._clock = MemoryClock(START + timedelta(microseconds=123_456))
        self._post, self._queue, self._sign_ins = MemoryPost(), MemoryQueue(), MemorySignIns()
        self._inbox, self._receipts, self._table = MemoryInbox(self._clock.now), MemoryReceipts(), MemoryLines()
        self._streamed: list[dict[str, Any]] = []

    def run(self, ask: Callable[[World], object]) -> object:
        """As one execution of the simulation, which asks its book who is writing."""

        def work() -> object:
            self._hub = Hub(0, Mood())
            self._cloud = _cloud(self._hub, lambda function, event: lambda: self._streamed.extend(event["Records"]))
            self._book = Book(self._hub, lambda before, after: None)
            self._book.told = self._cloud.changed
            return ask(self)

        execution = greenlet.greenlet(work)
        execution.execution = Execution("probe", work)
        return execution.switch()

    def make_book(self) -> MemoryBook:
        return self._book

    def make_chance(self) -> MemoryChance:
        return MemoryChance(1)

    def make_clock(self) -> MemoryClock:
        return self._clock

    def make_inbox(self) -> MemoryInbox:
        return self._inbox

    def make_lines(self) -> PackedLines:
        return PackedLines(self._table, lambda: SECRET)

    def make_post(self) -> MemoryPost:
        return self._post

    def make_queue(self) -> MemoryQueue:
        return self._queue

    def make_receipts(self) -> MemoryReceipts:
        return self._receipts

    def make_sign_ins(self) -> MemorySignIns:
        return self._sign_ins

    def make_signer(self) -> MemorySigner:
        return MemorySigner("a seed")

    def make_table(self) -> MemoryLines:
        return self._table

    def paged(self, size: int) -> None:
        """Nothing here has pages."""

    def lose_the_next_reply(self) -> None:
        """No line, no replies."""

    def plant(self, item: Attributes) -> None:
        self._book._put(Key(item["pk"]["S"], item["sk"]["S"]), item)

    def stream(self) -> list[dict[str, Any]]:
        _run(self._hub)
        return self._streamed

    def put(self, key: str, body: bytes) -> str:
        return self._inbox.put(key, body)

    def delete(self, key: str) -> str:
        return self._inbox.delete(key)

    def send_form(self, form: dict[str, Any], body: bytes, **changed: str) -> str:
        return _taken(lambda: self._inbox.upload({**form, "fields": {**form["fields"], **changed}}, body))

    def send_piece(self, form: dict[str, Any], body: bytes) -> str:
        return _taken(lambda: self._inbox.send_piece(form, body))

    def follow(self, link: str) -> object:
        key = urlsplit(link).path.lstrip("/")
        name = link.partition("?name=")[2].partition("&seconds=")[0]
        return (self._receipts.kept[key][0], name) if key in self._receipts.kept else "refused"

    def bodies(self) -> list[str]:
        return sorted(map(in_order, self._queue.bodies))

    def deliver(self, bodies: Iterable[str], answer: str) -> Deliveries:
        given: list[Delivery] = []

        def take(event: dict[str, Any]) -> object:
            batch = [{"id": record["messageId"], "body": record["body"]} for record in event["Records"]]
            for record in event["Records"]:
                receives = int(record["attributes"]["ApproximateReceiveCount"])
                given.append(Delivery(record["body"], receives, len(batch)))
            return eval(answer, {"batch": batch})

        hub = Hub(0, Mood())
        cloud = _cloud(hub, lambda function, event: lambda: take(event))
        for body in bodies:
            cloud.put("queue", body)
        _run(hub)
        return Deliveries(given, [message.body for message in cloud.queues["dead"].messages])

    def announced(self, objects: dict[str, bytes]) -> list[str]:
        bodies: list[str] = []
        hub = Hub(0, Mood())
        cloud = _cloud(hub, lambda function, event: lambda: bodies.extend(each["body"] for each in event["Records"]))
        for key, body in objects.items():
            cloud.object_created(key, len(body), self.put(key, body))
        _run(hub)
        return bodies

    def mails(self) -> list[tuple[str, bytes]]:
        return self._post.sent

    def signs_in(self, name: str, secret: str) -> bool:
        return self._sign_ins.secrets.get(name) == secret

    def another_key(self) -> dict[str, str]:
        return MemorySigner("another seed").public_keys()["keys"][0]  # type: ignore[index]

    def wait(self, seconds: float) -> None:
        self._clock.advance(timedelta(seconds=seconds))

    def now(self) -> datetime:
        return self._clock.now()

    def close(self) -> None:
        """Nothing is left open."""


def _run(hub: Hub) -> None:
    """Until nothing more happens."""
    while hub.step():
        pass


def _taken(send: Callable[[], object]) -> str:
    try:
        send()
    except UploadRefused:
        return "refused"
    return "taken"


def _cloud(hub: Hub, invoke: Callable[[str, Any], Callable[[], Any]]) -> Cloud:
    """One queue with dead letters, which hears of uploads, and a stream, each with a function."""
    queues = {"queue": QueueSpec(timedelta(seconds=1), MAX_RECEIVES, "dead"), "dead": QueueSpec(A_DAY, 0, "")}
    stream = StreamTrigger("taker", 100, (), -1, A_DAY, "")
    taker = Function("taker", timedelta(seconds=30), {})
    return Cloud(
        hub,
        Deployment({"taker": taker}, queues, {"queue": ("taker", 10)}, (stream,), (), (("uploads/", "queue"),)),
        invoke,
    )
