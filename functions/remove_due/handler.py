"""Schedule -> what was kept as long as the settings say is removed. By hand, with {"dry_run": true}: what would be."""

from __future__ import annotations

from typing import Any

from tasrih.adapters import wire
from tasrih.adapters.clock import system_clock
from tasrih.adapters.telemetry import telemetry
from tasrih.settings import RemoveDueSettings
from tasrih.story.remove_due import Removed, remove_due, would_remove


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    settings, clock, operator = RemoveDueSettings.read(), system_clock(), telemetry("remove_due")
    book = wire.book(settings.book_table)
    if event.get("dry_run"):
        after = tuple(event["after"]) if event.get("after") else None
        place = would_remove(clock.now(), settings.retention, after, book=book)
        return {**_told(place.removed), "after": place.after}
    removed = remove_due(
        clock.now(),
        settings.retention,
        book=book,
        inbox=wire.inbox(settings.inbox_bucket, clock),
        lines=wire.lines(settings.lines_table, settings.hash_key),
    )
    for kind in removed.kinds.values():
        operator.tell("removed", kind=kind.of, count=kind.count)
    operator.measure("UploadsRemovedFrom", sum(kind.uploads for kind in removed.kinds.values()))
    operator.measure("RemovalOverdueSeconds", removed.overdue_seconds)
    operator.flush()
    return _told(removed)


def _told(removed: Removed) -> dict[str, Any]:
    """Uploads by kind."""
    return {kind: each.uploads for kind, each in sorted(removed.kinds.items())}
