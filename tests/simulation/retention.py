"""Retention in the simulation: short times, so that everything becomes due, and what must hold of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from tasrih.adapters.codec import Attributes
from tasrih.story.filings import EXPIRED, StoredLines
from tasrih.story.records import Letter, Outcome, Ticket
from tasrih.story.removal import NEVER_COUNTED, ORIGINALS, Keep, Removal, RemovalPlace, kinds_due

KEEP = {"never_counted": 4, "originals": 5, "reports": 5, "old_lines": 3, "reserve": 6}
"""Days: short, since a schedule lasts some twenty. Lines in force stay: people ask for them."""
A_WHILE = timedelta(days=2)
"""In which the last pass of all can have met what was in its way."""


def too_early(body: Attributes) -> Iterator[str]:
    """I26, at each commit."""
    decided, begun = (datetime.fromisoformat(body[name]["S"]) for name in ("decided_at", "begun_at"))
    if begun < decided + timedelta(days=KEEP[body["of"]["S"]]):
        yield f"I26: {body['of']['S']} were removed before their time"


class Retained:
    """What is left of what was due when the book was last looked through."""

    def __init__(
        self,
        keep: Keep,
        tickets: Mapping[str, Ticket],
        outcomes: Mapping[str, Outcome],
        removals: Iterable[Removal],
        places: Iterable[RemovalPlace],
    ) -> None:
        self._keep, self._tickets, self._outcomes = keep, tickets, outcomes
        self._removals = list(removals)
        self._passed = max((place.began_at - A_WHILE for place in places), default=None)

    def came(self, upload: str) -> bool:
        """Its objects are gone since it came whole once."""
        return any(each.upload == upload and each.of in (ORIGINALS, NEVER_COUNTED) for each in self._removals)

    def problems(
        self, lines: Iterable[StoredLines], letters: Iterable[Letter], objects: Iterable[str], chunks: Iterable[str]
    ) -> Iterator[str]:
        """I27: what is due is gone, whatever failed on the way."""
        yield from (f"I27: a removal of {each.upload} was never ended" for each in self._removals if not each.done_at)
        stored = {each.upload: each for each in lines}
        late = {each.upload for each in letters if each.sent_at is None or self._after(each.sent_at)}
        due = {
            upload: kinds_due(self._tickets[upload], outcome, stored.get(upload), self._keep, self._passed)
            for upload, outcome in self._outcomes.items()
            if self._passed and upload not in late
        }
        for key in objects:
            upload = key.split("/")[1].removesuffix(".json")
            if {ORIGINALS, NEVER_COUNTED} & set(due.get(upload, ())):
                yield f"I27: {key} outlives its time"
        gone = {upload for upload, each in stored.items() if each.state == EXPIRED}
        yield from (f"I27: {key} outlives its time" for key in chunks if key.split("#")[1] in gone)

    def _after(self, moment: datetime) -> bool:
        return self._passed is None or moment > self._passed
