"""Targets of everything else that is read: the register, receipts and their keys, requests, messages, stored bytes."""

from __future__ import annotations

import contextlib
import json
from dataclasses import fields
from functools import cache
from typing import Any

import zstandard
from tasrih.adapters.api.app import openapi
from tasrih.adapters.api.models import AskedUpload
from tasrih.adapters.chunks import UnreadableChunk, unpack
from tasrih.adapters.codec import UnreadableItem, read_record, write_record
from tasrih.adapters.messages_in import each, letter_named, letters_owed, message_id, uploads_named
from tasrih.adapters.telemetry import Telemetry
from tasrih.correspondence.canonical import Unreadable, decode, encode, read_canonical
from tasrih.correspondence.signed import read_qr, read_receipt, read_seal
from tasrih.correspondence.verify import verify
from tasrih.messages import LANGUAGES, sentence
from tasrih.register import read_register
from tasrih.register.parties import Affiliation, Employer
from tasrih.story.filings import StoredLines
from tasrih.story.records import Outcome, Ticket

from tests.adapters.samples import START, stored_lines, ticket
from tests.api.caller import Caller, agent, person
from tests.correspondence.samples import KEYS, made
from tests.fuzz import oracle
from tests.story.world import OURS, settled_world

RECORDS = (Ticket, Outcome, StoredLines, Employer)
GENUINE = ("normal", "held", "withdrawal")


def register(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    records, findings = read_register(text, "register.csv")
    assert (records, findings) == read_register(text, "register.csv")
    assert bool(records) != bool(findings), "records, or the reasons why not"
    assert all(found.severity == "error" for found in findings)
    oracle.check_findings(findings, ["register.csv"], text.count("\n") + text.count("\r") + 2)


def receipt(data: bytes) -> None:
    answer = verify(data, KEYS)
    assert answer == verify(data, KEYS)
    if answer.ok:
        assert answer.summary in genuine(), "something is signed that nobody signed"
    else:
        assert answer.reasons
        assert (answer.number, answer.facts, answer.summary) == ("", {}, {})
    for language in LANGUAGES:
        assert all(answer.sentences(language))


@cache
def genuine() -> tuple[dict[str, Any], ...]:
    return tuple(verify(made(name)[1], KEYS).summary for name in GENUINE)


def keys(data: bytes) -> None:
    """Published keys that are damaged prove nothing, and stop nothing."""
    try:
        published = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(published, dict):
        for paper in (made("normal")[1], made("normal")[2].encode()):
            answer = verify(paper, published)
            assert answer.ok or sentence("verify", answer.reasons[0], "fr")


def token(data: bytes) -> None:
    """The parts of signed papers: one spelling each, or Unreadable."""
    with contextlib.suppress(Unreadable):
        assert encode(decode(data.decode("latin-1"))).encode() == data
    with contextlib.suppress(Unreadable):
        read_canonical(data)
    with contextlib.suppress(Unreadable):
        read_qr(data.decode("latin-1"))
    with contextlib.suppress(Unreadable):
        read_seal(data)
    with contextlib.suppress(Unreadable):
        read_receipt(data)


@cache
def _caller() -> Caller:
    return Caller(settled_world())


def request(data: bytes) -> None:
    """The body of a request is answered: never by a fault of ours, never with a trace."""
    reply = _caller().call("POST", "/uploads", person(), data)
    assert reply.status in (201, 400, 401, 403, 404, 409, 413, 415, 422), reply.status
    assert "Traceback" not in reply.text
    if reply.status == 201:
        AskedUpload.model_validate_json(data)


PLACES = {"{upload}": "0" * 32, "{line}": "1", "{number}": OURS}


@cache
def routes() -> tuple[tuple[str, str], ...]:
    """All that take a body, as the API's own document tells them."""
    paths = json.loads(openapi())["paths"]
    return tuple(
        (method.upper(), path)
        for path in sorted(paths)
        for method, said in paths[path].items()
        if "requestBody" in said
    )


def body(data: bytes) -> None:
    """The body of any request, from an employer and from an officer: the first byte chooses the route."""
    method, path = routes()[data[0] % len(routes())] if data else ("POST", "/uploads")
    for place, value in PLACES.items():
        path = path.replace(place, value)
    for claims in (person(), agent()):
        reply = _caller().call(
            method, path, claims, data[1:], kind="text/csv" if method == "PUT" else "application/json"
        )
        assert reply.status < 500, reply.status
        assert "Traceback" not in reply.text


def messages_in(data: bytes) -> None:
    """Messages of queues and records of streams: what is none of ours is named to come again, and nothing else."""
    body = data.decode("utf-8", "replace")
    record = {"messageId": "m-1", "body": body}
    named: list[str] = []
    telemetry = _Kept()
    answer = each([record], message_id, lambda one: named.extend(uploads_named(one["body"])), telemetry)
    assert answer["batchItemFailures"] in ([], [{"itemIdentifier": "m-1"}])
    assert all(isinstance(upload, str) for upload in named)
    each([record], message_id, lambda one: named.extend(letter_named(one["body"])), telemetry)
    with contextlib.suppress(ValueError, RecursionError):
        stream = json.loads(body)
        each([{"messageId": "m-1", "of": stream}], message_id, lambda one: _owed(one["of"]), telemetry)
    assert set(telemetry.told) <= {"will be tried again"}


def _owed(record: Any) -> None:
    owed = letters_owed(record)
    assert owed is None or set(owed) == {"upload", "about"}


class _Kept(Telemetry):
    def __init__(self) -> None:
        self.told: list[str] = []

    def trouble(self, what: str, error: BaseException, **more: object) -> None:
        assert not isinstance(error, AssertionError), error
        self.told.append(what)


def chunk(data: bytes) -> None:
    """Stored lines: as they are stored, and as they are below their compression."""
    for packed in (data, zstandard.ZstdCompressor(level=1).compress(data)):
        with contextlib.suppress(UnreadableChunk):
            rows = unpack(packed)
            rows.tobytes()


def item(data: bytes) -> None:
    """Stored records: the first byte chooses the kind. What is read can be written again."""
    try:
        stored = json.loads(data[1:], object_hook=_with_bytes)
    except (ValueError, RecursionError):
        return
    if not isinstance(stored, dict):
        return
    kind = RECORDS[data[0] % len(RECORDS)]
    with contextlib.suppress(UnreadableItem):
        record = read_record(kind, stored, **{name: 1 for name in ("revision",) if name in _names(kind)})
        assert read_record(kind, write_record(record)) == record


def _names(kind: type[Any]) -> set[str]:
    return {field.name for field in fields(kind)}


def _with_bytes(found: dict[str, Any]) -> dict[str, Any]:
    return {"B": str(found["B"]).encode("utf-8", "replace")} if set(found) == {"B"} else found


def _stored(record: Any) -> bytes:
    """A record as the target `item` takes it."""
    written = write_record(record)
    text = json.dumps(written, default=lambda raw: raw.decode("latin-1"))
    return bytes([RECORDS.index(type(record))]) + text.encode()


def samples() -> list[bytes]:
    """One record of each kind."""
    outcome = Outcome(
        upload="0" * 32, state="refused", arrived_at=START, decided_at=START, counts={"E101": 3}, held_because=("rate",)
    )
    written = stored_lines("0" * 32, 5, (b"12345678", "ab" * 32))
    agencies = (Affiliation(agency="16000", since="2015-03-01"),)
    employer = Employer(number="1699999901", entity="e", agencies=agencies, since="2015-03-01", codes=("R22",))
    return [_stored(record) for record in (ticket(), outcome, written, employer)]
