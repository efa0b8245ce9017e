"""Addresses that are told of events: registered, listed with what they did not take, removed."""

from __future__ import annotations

import pytest
from tasrih.story.call_webhook import deliver
from tasrih.story.webhooks import MAX_WEBHOOKS

from tests.api.caller import Caller, agent, person
from tests.api.test_tenants import WEBHOOK
from tests.story.answers import Answers
from tests.story.test_call_webhook import owed
from tests.story.world import THEM, World, pair


def test_the_secret_is_told_once(api: Caller) -> None:
    made = api.call("POST", "/webhooks", person(), WEBHOOK)
    assert made.status == 201
    assert made.body["secret"].startswith("whsec_")
    assert made.body["secret"] not in api.get("/webhooks").text
    (listed,) = api.get("/webhooks").body["webhooks"]
    assert listed == {name: value for name, value in made.body.items() if name != "secret"}


def test_what_an_address_did_not_take_is_listed_and_what_it_took_is_not(api: Caller, world: World) -> None:
    api.webhook()
    uploads = [world.file(pair()), world.file(pair(year=2018))]
    for one, status in zip(owed(world), (503, 200), strict=True):
        deliver(one.upload, one.key.sort, world.clock.now(), book=world.book, calls=Answers(status))
    (listed,) = api.get("/webhooks").body["webhooks"]
    (missed,) = listed["not_delivered"]
    assert (missed["upload"], missed["status"], missed["attempts"], missed["failed"]) == (uploads[0], 503, 1, "")
    assert missed["next_try"] == "2020-01-20T10:05:00+01:00"


def test_a_removed_address_is_told_nothing_more(api: Caller, world: World) -> None:
    webhook = api.webhook()
    world.file(pair())
    assert api.call("DELETE", f"/webhooks/{webhook}", person()).status == 200
    (one,), answers = owed(world), Answers(200)
    deliver(one.upload, one.key.sort, world.clock.now(), book=world.book, calls=answers)
    world.file(pair(year=2018))
    assert (answers.got, len(owed(world)), api.get("/webhooks").body["webhooks"]) == ([], 1, [])


def test_a_test_event_is_owed_to_the_one_address(api: Caller, world: World) -> None:
    webhook, _ = api.webhook(), api.webhook("https://autre.example/")
    assert api.call("POST", f"/webhooks/{webhook}/test", person()).status == 200
    assert [(each.event, each.webhook) for each in owed(world)] == [("test.sent", webhook)]


@pytest.mark.parametrize(
    "url",
    [
        "http://paie.example/",
        "https://",
        "https://nom:secret@paie.example/",
        "https://paie.example/#x",
        "ftp://paie.example/",
        "https://paie.example:99999/",
        "https://paie.example/ x",
        "https://paié.example/",
        "https://[::1/",
        "http://127.0.0.1:8000/",
        "x" * 501,
    ],
)
def test_an_address_that_is_none_is_not_taken(api: Caller, url: str) -> None:
    reply = api.call("POST", "/webhooks", person(), {**WEBHOOK, "url": url})
    assert (reply.status, reply.body["field"]) == (422, "url")


def test_an_unknown_event_is_not_taken(api: Caller) -> None:
    assert api.call("POST", "/webhooks", person(), {**WEBHOOK, "events": ["all"]}).status == 422


def test_an_entity_has_so_many_addresses_at_most(api: Caller) -> None:
    for _ in range(MAX_WEBHOOKS):
        api.webhook()
    assert api.call("POST", "/webhooks", person(), WEBHOOK).body["problem"] == "too_many"
    assert api.webhook(by=THEM)


def test_officers_have_none(api: Caller) -> None:
    assert api.call("POST", "/webhooks", agent(), WEBHOOK).status == 403
