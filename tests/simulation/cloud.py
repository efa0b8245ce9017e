"""The services around the functions: queues with dead letters, a stream, schedules, the inbox's notifications."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

from tests.simulation.deployment import Deployment, QueueSpec, StreamTrigger, matches
from tests.simulation.hub import Execution, Hub, NoAnswer

STREAM_RETRY_SECONDS = 1.0
RAREST_SECONDS = 12 * 3600.0
MAX_DELIVERIES = 400
"""Of one message: more means that it is retried for ever."""


@dataclass
class Message:
    number: int
    body: str
    receives: int = 0
    deliveries: int = 0
    deleted: bool = False
    hidden_until: datetime | None = None

    def record(self) -> dict[str, Any]:
        attributes = {"ApproximateReceiveCount": str(self.receives)}
        return {"messageId": f"m{self.number}", "body": self.body, "attributes": attributes}


@dataclass
class Queue:
    name: str
    spec: QueueSpec
    messages: list[Message] = field(default_factory=list)

    @property
    def waiting(self) -> list[Message]:
        return [message for message in self.messages if not message.deleted]


class Cloud:
    """Wakes functions as the template says. `invoke(function, event)` gives the work of one execution."""

    def __init__(self, hub: Hub, deployed: Deployment, invoke: Callable[[str, Any], Callable[[], Any]]) -> None:
        self.hub = hub
        self.deployed = deployed
        self.queues = {name: Queue(name, spec) for name, spec in deployed.queues.items()}
        self._invoke = invoke
        self._numbers = 0
        self._streams = [Stream(trigger, self) for trigger in deployed.streams]
        self._scheduled = True
        self.disabled: set[str] = set()
        """Functions whose schedules do not fire."""
        self.busy = 0
        """Executions under way."""
        self.happenings = 0
        """Messages, objects and changes of records so far."""

    # queues

    def put(self, queue: str, body: str, delay: float = 0.0) -> None:
        self._numbers += 1
        self.happenings += 1
        message = Message(self._numbers, body)
        self.queues[queue].messages.append(message)
        self.hub.after(delay + self.hub.random.uniform(0.01, 5), lambda: self._deliver(self.queues[queue], message))

    def _deliver(self, queue: Queue, message: Message) -> None:
        trigger = self.deployed.queue_triggers.get(queue.name)
        if message.deleted or trigger is None or message not in queue.messages:
            return
        if message.hidden_until and self.hub.now < message.hidden_until:
            return
        function, size = trigger
        batch = [message, *self._beside(message, queue, size)]
        for each in batch:
            self._receive(queue, each)
        kept = [each for each in batch if not each.deleted and each in queue.messages]
        if kept:
            self._process(queue, function, kept)

    def _beside(self, message: Message, queue: Queue, size: int) -> list[Message]:
        now = self.hub.now
        others = [
            each
            for each in queue.waiting
            if each is not message and (each.hidden_until is None or each.hidden_until <= now)
        ]
        self.hub.random.shuffle(others)
        return others[: self.hub.random.randint(0, size - 1)] if size > 1 else []

    def _receive(self, queue: Queue, message: Message) -> None:
        message.receives += 1
        message.deliveries += 1
        if message.deliveries > MAX_DELIVERIES:
            self.hub.problems.append(f"I18: a message of {queue.name} is tried for ever: {message.body}")
            message.deleted = True
            return
        if queue.spec.max_receives and message.receives > queue.spec.max_receives:
            self._bury(queue, message)
            return
        message.hidden_until = self.hub.now + queue.spec.visibility
        self.hub.at(message.hidden_until, lambda: self._deliver(queue, message))

    def _bury(self, queue: Queue, message: Message) -> None:
        """To the dead letters."""
        queue.messages.remove(message)
        self.hub.happened["dead letter"] += 1
        message.hidden_until = None
        message.receives = 0
        self.queues[queue.spec.dead].messages.append(message)

    def _process(self, queue: Queue, function: str, batch: list[Message]) -> None:
        if self.hub.chance(self.hub.mood.duplicate, "duplicate delivery"):
            for each in batch:
                self.hub.after(self.hub.random.uniform(0.01, 120), lambda each=each: self._again(queue, function, each))

        def end(answer: Any) -> None:
            failed = _failed(answer)
            for each in batch:
                each.deleted = each.deleted or (failed is not None and f"m{each.number}" not in failed)
            queue.messages = [each for each in queue.messages if not each.deleted]

        self.execute(function, {"Records": [each.record() for each in batch]}, end)

    def _again(self, queue: Queue, function: str, message: Message) -> None:
        """A second delivery of the same message, whatever became of the first."""
        self.execute(function, {"Records": [message.record()]}, lambda answer: None)

    def redrive(self) -> int:
        """An operator moves all dead letters back to where they came from."""
        moved = 0
        for queue in self.queues.values():
            dead = self.queues.get(queue.spec.dead)
            for message in list(dead.messages) if dead else ():
                assert dead
                dead.messages.remove(message)
                queue.messages.append(message)
                self.hub.after(1.0, lambda queue=queue, message=message: self._deliver(queue, message))
                moved += 1
        self.hub.happened["redrive"] += moved > 0
        return moved

    # executions

    def execute(self, function: str, event: Any, end: Callable[[Any], None]) -> None:
        hub = self.hub
        later = hub.chance(hub.mood.other_version, "other version") and hub.random.choice((False, True))
        self.busy += 1

        def ended(answer: Any) -> None:
            self.busy -= 1
            end(answer)

        deadline = hub.now + self.deployed.functions[function].timeout
        hub.start(Execution(function, self._invoke(function, event), ended, deadline, later))

    def begin_schedules(self) -> None:
        for schedule in self.deployed.schedules:
            self._schedule(schedule.function, schedule.every)

    def _schedule(self, function: str, every: timedelta) -> None:
        """As often as stated while anything happens; ever more rarely, up to half a day, while nothing does: the runs
        between would find what the last one found."""
        state = {"seconds": every.total_seconds(), "happenings": -1}

        def fire() -> None:
            if not self._scheduled:
                return
            still = state["happenings"] == self.happenings
            state["seconds"] = min(state["seconds"] * 2, RAREST_SECONDS) if still else every.total_seconds()
            state["happenings"] = self.happenings
            self.hub.after(state["seconds"], fire)
            if function in self.disabled:
                return
            times = self.hub.random.choice((0, 2)) if self.hub.chance(self.hub.mood.schedule) else 1
            self.hub.happened["schedule fired twice"] += times == 2
            self.hub.happened["schedule missed"] += times == 0
            for _ in range(times):
                self.execute(function, {}, lambda answer: None)

        self.hub.after(self.hub.random.uniform(1, every.total_seconds()), fire)

    def end_schedules(self) -> None:
        self._scheduled = False

    def run_schedules_once(self) -> None:
        for schedule in self.deployed.schedules:
            if schedule.function not in self.disabled:
                self.execute(schedule.function, {}, lambda answer: None)

    # what wakes functions

    def object_created(self, key: str, size: int, version: str) -> None:
        hub = self.hub
        self.happenings += 1
        for prefix, queue in self.deployed.notifications:
            if not key.startswith(prefix):
                continue
            if hub.chance(hub.mood.lose_event, "lost event"):
                continue
            copies = 2 if hub.chance(hub.mood.duplicate, "duplicate event") else 1
            for _ in range(copies):
                late = hub.chance(hub.mood.late, "late event")
                delay = hub.random.uniform(86_400, 3 * 86_400) if late else hub.random.uniform(0.1, 30)
                self.put(queue, _s3_event(key, size, version), delay)

    def changed(self, name: str, keys: dict[str, Any]) -> None:
        """A stream record of the book table: keys alone, as the stack asks."""
        self.happenings += 1
        record = {"eventName": name, "dynamodb": {"Keys": keys}}
        for stream in self._streams:
            if not stream.trigger.patterns or any(matches(pattern, record) for pattern in stream.trigger.patterns):
                stream.add(record)

    @property
    def idle(self) -> bool:
        """Nothing is under way or waiting to be delivered."""
        waiting = any(queue.waiting for name, queue in self.queues.items() if name in self.deployed.queue_triggers)
        return not (self.busy or waiting or any(stream.records for stream in self._streams))


class Stream:
    """One shard: in order, a batch at a time, tried again until its age or its tries are over."""

    def __init__(self, trigger: StreamTrigger, cloud: Cloud) -> None:
        self.trigger = trigger
        self.records: list[tuple[datetime, dict[str, Any]]] = []
        self._cloud = cloud
        self._numbers = 0
        self._running = False
        self._tries = 0

    def add(self, record: dict[str, Any]) -> None:
        self._numbers += 1
        record["dynamodb"]["SequenceNumber"] = f"{self._numbers:021d}"
        self.records.append((self._cloud.hub.now, record))
        self._wake(self._cloud.hub.random.uniform(0.05, 2))

    def _wake(self, seconds: float) -> None:
        self._cloud.hub.after(seconds, self._go)

    def _go(self) -> None:
        if self._running or not self.records:
            return
        self._drop_old()
        batch = [record for _, record in self.records[: self.trigger.batch]]
        if not batch:
            return
        self._running = True
        self._cloud.execute(self.trigger.function, {"Records": batch}, lambda answer: self._ended(batch, answer))

    def _drop_old(self) -> None:
        oldest = self._cloud.hub.now - self.trigger.max_age
        kept = [(at, record) for at, record in self.records if at >= oldest]
        self._cloud.hub.happened["lost stream record"] += len(self.records) - len(kept)
        self.records = kept

    def _ended(self, batch: list[dict[str, Any]], answer: Any) -> None:
        self._running = False
        failed = _failed(answer)
        done = len(batch)
        if failed is None:
            done = 0
        elif failed:
            numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
            done = min(numbers.index(each) for each in failed)
        self._tries = 0 if done else self._tries + 1
        if not done and self._tries > self.trigger.retries >= 0:
            self._cloud.hub.happened["lost stream record"] += len(batch)
            done, self._tries = len(batch), 0
        self.records = self.records[done:]
        self._wake(STREAM_RETRY_SECONDS if done < len(batch) else 0.01)


def _failed(answer: Any) -> set[str] | None:
    """Identifiers that come again; None: all of them. What AWS makes of a partial answer."""
    if answer is NoAnswer or isinstance(answer, BaseException):
        return None
    failures = (answer or {}).get("batchItemFailures") or []
    identifiers = {failure.get("itemIdentifier") for failure in failures}
    return None if identifiers & {None, ""} else identifiers


def _s3_event(key: str, size: int, version: str) -> str:
    held = {"key": quote_plus(key, safe="/"), "size": size, "versionId": version, "sequencer": "0"}
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Post",
        "s3": {"bucket": {"name": "inbox"}, "object": held},
    }
    return json.dumps({"Records": [record]})
