"""Queue of upload events -> the story of one upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasrih.adapters import wire
from tasrih.adapters.clock import system_clock
from tasrih.adapters.messages_in import Answer, each, message_id, uploads_named
from tasrih.adapters.telemetry import telemetry
from tasrih.adapters.workbooks import child_workbooks
from tasrih.settings import ReceiveDeclarationSettings
from tasrih.story.receive import receive
from tasrih.story.records import AWAITING_UPLOAD, DECIDED, RECEIVED, REFUSED

NO_VERDICT = (AWAITING_UPLOAD, RECEIVED, DECIDED, "unknown")
"""States reached without deciding anything: still waiting, read by another delivery, decided before."""


def handler(event: dict[str, Any], context: object) -> Answer:
    settings, clock, operator = ReceiveDeclarationSettings.read(), system_clock(), telemetry("receive_declaration")
    book, inbox = wire.book(settings.book_table), wire.inbox(settings.inbox_bucket, clock)
    lines = wire.lines(settings.lines_table, settings.hash_key)

    def act(record: Mapping[str, Any]) -> None:
        attempt = int(record["attributes"]["ApproximateReceiveCount"])
        for upload in uploads_named(record["body"]):
            operator.measure("ExecutionsPerUpload", attempt)
            # of a reader that is killed this line is all that names the file
            operator.tell("began", upload=upload, attempt=attempt)
            state = receive(upload, clock.now(), book=book, inbox=inbox, lines=lines, workbooks=child_workbooks)
            operator.tell("received", upload=upload, state=state)
            operator.measure("Verdicts", int(state not in NO_VERDICT))
            operator.measure("VerdictsRefused", int(state == REFUSED))

    answer = each(event["Records"], message_id, act, operator)
    operator.flush()
    return answer
