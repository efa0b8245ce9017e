"""Schedule -> every upload has a verdict in bounded time, every letter a mail, every event its call."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tasrih.adapters import wire
from tasrih.adapters.clock import system_clock
from tasrih.adapters.telemetry import telemetry
from tasrih.settings import SweepSettings
from tasrih.story.sweep import sweep


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
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
    operator.measure("OldestOpenUploadSeconds", swept.oldest_open_seconds)
    operator.measure("UploadsQueuedAgain", swept.uploads)
    operator.measure("LettersQueuedAgain", swept.letters)
    operator.measure("DeliveriesQueuedAgain", swept.deliveries)
    operator.measure("OrphansSwept", swept.lines)
    operator.flush()
    return asdict(swept)
