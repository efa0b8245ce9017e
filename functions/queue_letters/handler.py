"""Stream of the book -> letters owed, onto their queue. Nothing else is done here: the sweep finds what it loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasrih.adapters import wire
from tasrih.adapters.messages_in import Answer, each, letters_owed, sequence_number
from tasrih.adapters.telemetry import telemetry
from tasrih.settings import QueueLettersSettings


def handler(event: dict[str, Any], context: object) -> Answer:
    queue = wire.queue(QueueLettersSettings.read().letters_queue)

    def act(record: Mapping[str, Any]) -> None:
        letter = letters_owed(record)
        if letter:
            queue.put(letter)

    return each(event["Records"], sequence_number, act, telemetry("queue_letters"))
