"""What retention does with its rights, in one go: objects of all three kinds, lines whole and in part."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from tasrih.adapters.dynamodb import DynamoBook
from tasrih.adapters.lines import PackedLines
from tasrih.adapters.lines_dynamodb import DynamoLines
from tasrih.story.filings import COUNTS, Series, StoredLines
from tasrih.story.ports import Create
from tasrih.story.records import DECIDED, IN_FORCE, REFUSED, SUPERSEDED, Outcome
from tasrih.story.removal import Removal

from tests.adapters.samples import sample_lines, ticket
from tests.cloud.fund import Fund

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
DAYS = 5000
"""Only what was decided long ago is due: nothing of any other test."""


class Old:
    """Uploads as they were left long ago."""

    def __init__(self, fund: Fund, book: DynamoBook) -> None:
        self._book, self._objects = book, fund.stack.client("s3")
        self._bucket = fund.stack.outputs["InboxBucket"]
        table = fund.stack.outputs["LinesTable"]
        self.lines = PackedLines(DynamoLines(table, fund.stack.client("dynamodb")), lambda: b"any")

    def upload(self, state: str, keys: tuple[str, ...] = (), **more: Any) -> str:
        upload, employer = secrets.token_hex(16), f"9{secrets.randbelow(10**9):09d}"
        parent = "0" * 32 if any(key.startswith("parts/") for key in keys) else ""
        kept = {"upload": upload, "employer": employer}
        told = Outcome(
            state=state, kind="DAS", period="1999", arrived_at=LONG_AGO, decided_at=LONG_AGO, counts={}, **kept, **more
        )
        self._book.commit(
            Create(ticket(upload=upload, employer=employer, state=DECIDED, parent=parent)),
            Create(told),
            Create(Series(kind="DAS", period="1999", rank=1, version=1, fingerprint="", **kept)),
        )
        for key in keys:
            self._objects.put_object(Bucket=self._bucket, Key=key.format(upload), Body=b"long ago")
        return upload

    def with_lines(self, upload: str, people: list[int]) -> str:
        rows = sample_lines(people)
        bounds, digest = self.lines.write(upload, rows, 100)
        plan = {"employer": "9", "period": "1999", "lines": len(rows), "chunk_lines": 100, "stored_at": LONG_AGO}
        self._book.commit(Create(StoredLines(upload=upload, bounds=bounds, digest=digest, state=COUNTS, **plan)))
        return upload


def removal(fund: Fund, book: DynamoBook) -> None:
    old = Old(fund, book)
    refused = old.upload(REFUSED, ("uploads/{}/0", "reports/{}.json"))
    part = old.upload(REFUSED, ("parts/{}/0",))
    replaced = old.with_lines(old.upload(SUPERSEDED), [1, 2])
    reserve = old.with_lines(old.upload(IN_FORCE, in_reserve=1), [1, -1])
    with fund.keeping(never_counted=DAYS, old_lines=DAYS, reserve=DAYS):
        removed = fund.stack.tick("remove_due")
    assert set(removed) == {"never_counted", "old_lines", "reserve"}, removed
    counts = {(refused, "never_counted"): 2, (part, "never_counted"): 1, (replaced, "old_lines"): 2}
    for (upload, of), count in (counts | {(reserve, "reserve"): 1}).items():
        note = book.get(Removal, f"UPLOAD#{upload}", f"REMOVAL#{of}")
        assert note
        assert (note.count, note.done_at is not None) == (count, True), (of, note)
    stored = book.get(StoredLines, f"UPLOAD#{reserve}", "LINES")
    assert stored
    assert [len(part) for part in old.lines.read(stored)] == [1]
