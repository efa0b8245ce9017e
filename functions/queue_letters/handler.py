"""Stream of the book -> letters and deliveries owed, onto their queues. Nothing else is done here: the sweep finds what
it loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasrih.adapters import wire
from tasrih.adapters.messages_in import Answer, deliveries_owed, each, letters_owed, sequence_number
from tasrih.adapters.telemetry import telemetry
from tasrih.settings import QueueLettersSettings


def handler(event: dict[str, Any], context: object) -> Answer:
    settings = QueueLettersSettings.read()
    letters, deliveries = wire.queue(settings.letters_queue), wire.queue(settings.deliveries_queue)

    def act(record: Mapping[str, Any]) -> None:
        letter, delivery = letters_owed(record), deliveries_owed(record)
        if letter:
            letters.put(letter)
        if delivery:
            deliveries.put(delivery)

    return each(event["Records"], sequence_number, act, telemetry("queue_letters"))
