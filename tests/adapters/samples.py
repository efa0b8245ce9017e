"""Tables, records and lines to try the adapters with. All people are made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from tasrih.adapters import items
from tasrih.adapters.clock import ALGIERS
from tasrih.declaration.sent import Lines
from tasrih.story.files import Arrival
from tasrih.story.filings import StoredLines
from tasrih.story.records import Ticket

SECRET = b"a key for tests only, 32 bytes.."
START = datetime(2026, 1, 20, 10, 0, tzinfo=ALGIERS)
COLUMNS = np.dtype(
    [
        ("number", "<i4"),
        ("nss", "S12"),
        ("surname", "S25"),
        ("first_name", "S25"),
        ("base_year", "<i8"),
        ("entry", "S8"),
        ("code", "S3"),
    ]
)


def make_book_table(client: Any, table: str = "book") -> None:
    text = {name: "S" for name in ("pk", "sk", items.WAITING_HASH, items.WAITING_RANGE, items.OWNED_HASH)}
    types = {**text, items.OWNED_RANGE: "N"}
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            _index(items.WAITING_INDEX, items.WAITING_HASH, items.WAITING_RANGE, "KEYS_ONLY"),
            _index(items.OWNED_INDEX, items.OWNED_HASH, items.OWNED_RANGE, "ALL"),
        ],
    )


def make_lines_table(client: Any, table: str = "lines") -> None:
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=_keys("pk", "sk"),
    )


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _index(name: str, partition: str, sort: str, projection: str) -> dict[str, object]:
    return {
        "IndexName": name,
        "KeySchema": _keys(partition, sort),
        "Projection": {"ProjectionType": projection},
    }


def ticket(number: int = 1, **more: Any) -> Ticket:
    given: dict[str, Any] = {
        "upload": f"{number:032x}",
        "rank": number,
        "account": "a1",
        "entity": "E1",
        "employer": "1699999901",
        "opened_at": START + timedelta(minutes=number),
        "form_expires_at": START + timedelta(minutes=number + 10),
        "verdict_by": START + timedelta(hours=2),
        "arrivals": (None, Arrival(version="v", size=5, at=START)),
    }
    return Ticket(**(given | more))


def insured(number: int) -> str:
    return f"99{number:010d}"


def sample_lines(persons: range | list[int]) -> Lines:
    """One line per person; a negative one has no insured number."""
    rows = np.zeros(len(persons), COLUMNS)
    for place, person in enumerate(persons):
        nss = insured(person) if person >= 0 else ""
        rows[place] = (place + 1, nss.encode(), b"NOMUN", b"PRENOMUN", 100_00 + person, b"", b"")
    return Lines(rows)


def stored_lines(
    upload: str, count: int, written: tuple[bytes, str], chunk_lines: int = 100, period: str = "2025"
) -> StoredLines:
    bounds, digest = written
    return StoredLines(
        upload=upload,
        employer="1699999901",
        period=period,
        lines=count,
        chunk_lines=chunk_lines,
        bounds=bounds,
        digest=digest,
        stored_at=START,
    )
