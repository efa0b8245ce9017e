"""Events owed to programs of employers -> signed calls of their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasrih.adapters import wire
from tasrih.adapters.clock import system_clock
from tasrih.adapters.messages_in import Answer, delivery_named, each, message_id
from tasrih.adapters.telemetry import telemetry
from tasrih.settings import CallWebhookSettings
from tasrih.story.call_webhook import FAILED, GIVEN_UP, SENT, deliver


def handler(event: dict[str, Any], context: object) -> Answer:
    settings, clock, operator = CallWebhookSettings.read(), system_clock(), telemetry("call_webhook")
    book, calls = wire.book(settings.book_table), wire.calls()

    def act(record: Mapping[str, Any]) -> None:
        upload, delivery = delivery_named(record["body"])
        state = deliver(upload, delivery, clock.now(), book=book, calls=calls)
        operator.tell("webhook", upload=upload, state=state)
        operator.measure("WebhooksDelivered", int(state == SENT))
        operator.measure("WebhooksNotDelivered", int(state in (FAILED, GIVEN_UP)))

    answer = each(event["Records"], message_id, act, operator)
    operator.flush()
    return answer
