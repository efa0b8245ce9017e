"""What reaches a function from queues and streams, as plain values; and the answer that tells what to give again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from tasrih.adapters.telemetry import Telemetry

_OBJECT = re.compile(r"(?:uploads|parts)/(?P<upload>[0-9a-f]{32})/[0-9]{1,3}", re.ASCII)
_LETTER = re.compile(r"LETTER#(?P<about>[a-z_]{1,40})", re.ASCII)
_DELIVERY = re.compile(r"DELIVERY#[a-z.]{1,40}#[a-z_]{1,40}#[0-9a-f]{32}", re.ASCII)
_UPLOAD = re.compile(r"(?:UPLOAD#)?(?P<upload>[0-9a-f]{32})", re.ASCII)

Answer = dict[str, list[dict[str, str]]]


def uploads_named(body: str) -> list[str]:
    """The uploads that a message of the uploads queue names, each once: an S3 event, or {"upload": …} from the sweep.

    A test event, and a key that is none of ours, name none. Raises ValueError for what is not JSON.
    """
    message = json.loads(body)
    if "upload" in message:
        return [str(message["upload"])]
    keys = (unquote_plus(record["s3"]["object"]["key"]) for record in message.get("Records", ()) if "s3" in record)
    found = (_OBJECT.fullmatch(key) for key in keys)
    return list(dict.fromkeys(match["upload"] for match in found if match))


def letter_named(body: str) -> tuple[str, str]:
    """(upload, about) of a message of the letters queue. Raises ValueError, KeyError for anything else."""
    message = json.loads(body)
    return str(message["upload"]), str(message["about"])


def delivery_named(body: str) -> tuple[str, str]:
    """(upload, sort key) of a message of the deliveries queue. Raises ValueError, KeyError for anything else."""
    message = json.loads(body)
    return str(message["upload"]), str(message["delivery"])


def deliveries_owed(record: Mapping[str, Any]) -> dict[str, str] | None:
    """The delivery that a stream record newly owes, as a message of their queue; None for any other record."""
    owed = _newly_owed(record, _DELIVERY)
    return {"upload": owed[0], "delivery": owed[1][0]} if owed else None


def letters_owed(record: Mapping[str, Any]) -> dict[str, str] | None:
    """The letter that a stream record newly owes, as a message of the letters queue; None for any other record."""
    owed = _newly_owed(record, _LETTER)
    return {"upload": owed[0], "about": owed[1]["about"]} if owed else None


def _newly_owed(record: Mapping[str, Any], sort: re.Pattern[str]) -> tuple[str, re.Match[str]] | None:
    """(upload, what its sort key says) of a record that was created under such a key."""
    if record.get("eventName") != "INSERT":
        return None
    keys = record["dynamodb"]["Keys"]
    owed, upload = sort.fullmatch(keys["sk"]["S"]), _UPLOAD.fullmatch(keys["pk"]["S"])
    return (upload["upload"], owed) if owed and upload else None


def each(
    records: Sequence[Mapping[str, Any]],
    identifier: Callable[[Mapping[str, Any]], str],
    act: Callable[[Mapping[str, Any]], None],
    telemetry: Telemetry,
) -> Answer:
    """Acts on every record; what could not be done is named, so that only that comes again."""
    return {"batchItemFailures": [{"itemIdentifier": each} for each in _failed(records, identifier, act, telemetry)]}


def _failed(
    records: Sequence[Mapping[str, Any]],
    identifier: Callable[[Mapping[str, Any]], str],
    act: Callable[[Mapping[str, Any]], None],
    telemetry: Telemetry,
) -> Iterator[str]:
    for record in records:
        try:
            act(record)
        except Exception as error:
            telemetry.trouble("will be tried again", error)
            yield identifier(record)


def message_id(record: Mapping[str, Any]) -> str:
    return str(record["messageId"])


def sequence_number(record: Mapping[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
