"""What reaches a function from AWS, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

import pytest
from tasrih.adapters.memory import MemoryPost
from tasrih.adapters.messages_in import letter_named, letters_owed, uploads_named
from tasrih.settings import FUNCTIONS
from tasrih.story.ports import Busy, Replace

from functions.portal.handler import NotAnswered
from tests.api.caller import agent, http_event, person
from tests.story.test_secrets import CANARY, WORDS
from tests.story.world import US, World, pair

Deployed = Callable[[str], Any]
UPLOAD = "0123456789abcdef0123456789abcdef"
TEST_EVENT = {
    "Service": "Amazon S3",
    "Event": "s3:TestEvent",
    "Time": "2020-01-20T09:00:00.000Z",
    "Bucket": "inbox",
    "RequestId": "r",
    "HostId": "h",
}


def s3_event(*keys: str) -> str:
    """As the object store tells it: keys are url-encoded."""
    records = [
        {
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Post",
            "s3": {"bucket": {"name": "inbox"}, "object": {"key": quote_plus(key, safe="/"), "versionId": "v"}},
        }
        for key in keys
    ]
    return json.dumps({"Records": records})


def messages(*bodies: str) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": "1"}
    records = [{"messageId": f"m{at}", "body": body, "attributes": attributes} for at, body in enumerate(bodies)]
    return {"Records": records}


def failed(answer: dict[str, Any]) -> list[str]:
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_says_what_is_missing_in_its_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = FUNCTIONS[name]
    for field in settings.model_fields:
        monkeypatch.delenv(settings.variable(field), raising=False)
    with pytest.raises(ValueError, match=next(iter(settings.model_fields))):
        settings.read()


def test_a_message_names_its_uploads_once_each() -> None:
    assert uploads_named(s3_event(f"uploads/{UPLOAD}/0", f"uploads/{UPLOAD}/1")) == [UPLOAD]
    assert uploads_named(json.dumps({"upload": UPLOAD})) == [UPLOAD]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "uploads/",
        f"reports/{UPLOAD}.json",
        f"uploads/{UPLOAD}",
        f"uploads/{UPLOAD}/",
        f"uploads/{UPLOAD}/0/1",
        f"uploads/{UPLOAD.upper()}/0",
        f"uploads/../uploads/{UPLOAD}/0",
        f" uploads/{UPLOAD}/0",
        f"uploads/{UPLOAD}/0\n",
        "uploads/ملف + é%2F..",
        f"uploads%2F{UPLOAD}%2F0",
    ],
)
def test_a_key_that_is_none_of_ours_names_no_upload(key: str) -> None:
    assert uploads_named(s3_event(key)) == []


def test_a_key_is_decoded_once() -> None:
    encoded = f"uploads/{UPLOAD}/0".replace("/", "%2F").replace("u", "%75")
    body = json.dumps({"Records": [{"s3": {"object": {"key": encoded}}}]})
    assert uploads_named(body) == [UPLOAD]
    twice = json.dumps({"Records": [{"s3": {"object": {"key": encoded.replace("%", "%25")}}}]})
    assert uploads_named(twice) == []


@pytest.mark.parametrize("body", [TEST_EVENT, {}, {"Records": []}, {"Records": [{"eventSource": "aws:other"}]}])
def test_the_test_event_and_unknown_records_are_passed_over(deployed: Deployed, body: dict[str, Any]) -> None:
    assert failed(deployed("receive_declaration")(messages(json.dumps(body)), None)) == []


def test_an_upload_event_leads_to_a_verdict(deployed: Deployed, world: World) -> None:
    upload = world.send(world.open(pair()), pair())
    handler = deployed("receive_declaration")
    event = messages(s3_event(f"uploads/{upload}/0"), s3_event(f"uploads/{upload}/1"))
    assert failed(handler(event, None)) == []
    assert failed(handler(event, None)) == []
    assert world.outcome(upload).state == "in_force"
    assert len(world.entries()) == 1


def test_a_bad_message_is_the_only_one_that_comes_again(deployed: Deployed, world: World) -> None:
    first, second = (world.send(world.open(pair(year=year)), pair(year=year)) for year in (2018, 2019))
    bodies = [s3_event(f"uploads/{first}/0"), "no json", "[1]", "7", s3_event(f"uploads/{second}/0")]
    assert failed(deployed("receive_declaration")(messages(*bodies), None)) == ["m1", "m2", "m3"]
    assert {world.outcome(upload).state for upload in (first, second)} == {"in_force"}


def test_a_busy_service_gives_back_its_own_message_alone(
    deployed: Deployed, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (world.send(world.open(pair(year=year)), pair(year=year)) for year in (2018, 2019))
    write = world.lines.write

    def busy_once(upload: str, *rest: Any) -> Any:
        if upload == first:
            raise Busy
        return write(upload, *rest)

    monkeypatch.setattr(world.lines, "write", busy_once)
    bodies = [s3_event(f"uploads/{first}/0"), s3_event(f"uploads/{second}/0")]
    assert failed(deployed("receive_declaration")(messages(*bodies), None)) == ["m0"]
    monkeypatch.setattr(world.lines, "write", write)
    assert failed(deployed("receive_declaration")(messages(bodies[0]), None)) == []
    assert world.outcome(first).state == "in_force"


def stream_record(kind: str, pk: str, sk: str, number: str = "1") -> dict[str, Any]:
    keys = {"pk": {"S": pk}, "sk": {"S": sk}}
    return {"eventName": kind, "dynamodb": {"Keys": keys, "SequenceNumber": number}}


def test_only_new_letters_are_queued_from_the_stream(deployed: Deployed, world: World) -> None:
    records = [
        stream_record("INSERT", f"UPLOAD#{UPLOAD}", "LETTER#in_force"),
        stream_record("MODIFY", f"UPLOAD#{UPLOAD}", "LETTER#in_force"),
        stream_record("REMOVE", f"UPLOAD#{UPLOAD}", "LETTER#in_force"),
        stream_record("INSERT", f"UPLOAD#{UPLOAD}", "OUTCOME"),
        stream_record("INSERT", "EMPLOYER#1699999901", "LETTER#in_force"),
    ]
    assert failed(deployed("queue_letters")({"Records": records}, None)) == []
    assert world.letters.bodies == [{"upload": UPLOAD, "about": "in_force"}]


def test_every_letter_that_a_story_writes_is_recognised_in_the_stream(world: World) -> None:
    upload = world.file(pair())
    owed = [
        letters_owed(stream_record("INSERT", partition, sort))
        for partition, stand in world.book.items.items()
        for sort in stand
    ]
    assert [each for each in owed if each] == [{"upload": upload, "about": "in_force"}]


def test_a_stream_record_that_cannot_be_queued_is_named_by_its_sequence_number(
    deployed: Deployed, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_: object) -> None:
        raise Busy

    monkeypatch.setattr(world.letters, "put", down)
    record = stream_record("INSERT", f"UPLOAD#{UPLOAD}", "LETTER#refused", "4711")
    assert failed(deployed("queue_letters")({"Records": [record]}, None)) == ["4711"]


def test_a_letter_message_names_upload_and_subject() -> None:
    assert letter_named(json.dumps({"upload": UPLOAD, "about": "refused"})) == (UPLOAD, "refused")
    for body in ("{}", "no json"):
        with pytest.raises((KeyError, ValueError)):
            letter_named(body)


def test_a_letter_owed_is_mailed_once_and_a_bad_message_alone_comes_again(
    deployed: Deployed, world: World, post: MemoryPost
) -> None:
    upload = world.file(pair((CANARY,), kind="C"))
    message = json.dumps({"upload": upload, "about": "awaiting_confirmation"})
    handler = deployed("send_letter")
    assert failed(handler(messages("{}", message, message), None)) == ["m0"]
    assert [to for to, _ in post.sent] == ["paie@exemple.example"]
    assert failed(handler(messages(json.dumps({"upload": UPLOAD, "about": "refused"})), None)) == []
    assert len(post.sent) == 1


def test_the_sweep_answers_what_it_did(deployed: Deployed, world: World) -> None:
    world.send(world.open(pair()), pair())
    world.later(minutes=6)
    swept = deployed("sweep")({}, None)
    assert swept["uploads"] == 1
    assert len(world.uploads.bodies) == 1
    assert json.dumps(swept)


def test_retention_answers_what_it_removed_or_would(
    deployed: Deployed, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = world.file(pair((CANARY,)))
    for letter in world.letters_of(upload):
        world.book.commit(Replace(replace(letter, sent_at=world.clock.now())))
    world.later(days=31)
    handler = deployed("remove_due")
    assert handler({"dry_run": True}, None) == {"lines": 1, "after": None}
    assert handler({"dry_run": True, "after": ["UPLOAD#zz", ""]}, None) == {"after": None}
    assert handler({}, None) == {"lines": 1}
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["kind"], each["count"]) for each in told if each.get("message") == "removed"] == [("lines", 1)]
    assert [each["RemovalOverdueSeconds"] for each in told if "RemovalOverdueSeconds" in each] == [[0]]


def portal(deployed: Deployed) -> Any:
    from functions.portal import handler as module

    handler = deployed("portal")
    module.world.cache_clear()
    return handler


def test_the_portal_answers_over_the_gateway(deployed: Deployed, world: World) -> None:
    upload = world.file(pair())
    answer = portal(deployed)(http_event("GET", f"/uploads/{upload}", person(US), None, "", {}), None)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["state"] == "in_force"


def test_what_nobody_foresaw_fails_the_function_and_is_told_by_type_and_place_alone(
    deployed: Deployed,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    upload = world.file(pair((CANARY,)))

    def broken(*_: object) -> None:
        raise RuntimeError(f"{CANARY.nss} {CANARY.surname}")

    monkeypatch.setattr(world.lines, "read", broken)
    with pytest.raises(NotAnswered) as failure:
        portal(deployed)(http_event("GET", f"/uploads/{upload}/lines", person(US), None, "", {}), None)
    captured = capsys.readouterr()
    written = captured.out + captured.err + caplog.text
    assert "RuntimeError" in written
    for word in WORDS:
        assert word not in written + repr(failure.value.__context__)


def test_no_log_line_of_any_function_holds_a_person(
    deployed: Deployed,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = pair((CANARY,), stated=1, year=2018)
    uploads = [world.send(world.open(what), what) for what in (pair((CANARY,)), bad)]
    bodies = [s3_event(f"uploads/{upload}/0") for upload in uploads]

    def broken(*_: object) -> None:
        raise RuntimeError(f"{CANARY.nss} {CANARY.surname} {CANARY.bases[0]}")

    with monkeypatch.context() as patch:
        patch.setattr(world.lines, "write", broken)
        deployed("receive_declaration")(messages(*bodies, f'"{CANARY.nss}'), None)
    world.later(minutes=10)
    deployed("receive_declaration")(messages(*bodies), None)
    world.later(minutes=20)
    deployed("sweep")({}, None)
    handler = portal(deployed)
    for path in ("", "/lines", "/findings"):
        handler(http_event("GET", f"/uploads/{uploads[0]}{path}", person(US), None, "", {}), None)
    handler(http_event("POST", "/insured", agent(), {"nss": CANARY.nss}, "application/json", {}), None)
    handler(http_event("POST", "/insured", agent(), {"nss": CANARY.nss + "X"}, "application/json", {}), None)
    assert [world.outcome(upload).state for upload in uploads] == ["in_force", "refused"]
    captured = capsys.readouterr()
    assert all(word not in caplog.text for word in WORDS)
    lines = [json.loads(line) for line in captured.out.splitlines()]
    assert {line.get("error") for line in lines} >= {"RuntimeError"}
    assert {line.get("state") for line in lines} >= {"in_force", "refused"}
    for word in WORDS:
        assert word not in captured.out + captured.err
