"""Schedule -> every upload has a verdict in bounded time, every letter a mail, every event its call."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tasrih.adapters import wire
from tasrih.adapters.clock import system_clock
from tasrih.adapters.telemetry import telemetry
from tasrih.settings import SweepSettings
from tasrih.story.sweep import sweep


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    settings, clock, operator = SweepSettings.read(), system_clock(), telemetry("sweep")
    swept = sweep(
        clock.now(),
        book=wire.book(settings.book_table),
        inbox=wire.inbox(settings.inbox_bucket, clock),
        lines=wire.lines(settings.lines_table, settings.hash_key),
        uploads=wire.queue(settings.uploads_queue),
        letters=wire.queue(settings.letters_queue),
        deliveries=wire.queue(settings.deliveries_queue),
    )
    for upload, seconds in swept.open_seconds.items():
        operator.tell("open", upload=upload, seconds=seconds)
    operator.measure("OldestOpenUploadSeconds", max(swept.open_seconds.values(), default=0))
    operator.measure("UploadsQueuedAgain", swept.uploads)
    operator.measure("LettersQueuedAgain", swept.letters)
    operator.measure("DeliveriesQueuedAgain", swept.deliveries)
    operator.measure("OrphansSwept", swept.lines)
    operator.flush()
    return asdict(swept)
