"""Mandates over HTTP."""

from __future__ import annotations

import pytest

from tests.api.caller import Caller, agent, person
from tests.api.test_uploads import asked
from tests.story.world import CABINET, OURS, THEM, US, World, pair


def test_an_employer_gives_a_mandate_and_the_accountant_finds_it_files_and_reads(api: Caller, world: World) -> None:
    given = api.call("POST", "/mandates", person(), {"account": CABINET, "scopes": ["declare", "read"]})
    assert (given.status, given.body["active"]) == (200, True)
    (mandate,) = api.get("/mandates/held", person(CABINET)).body["mandates"]
    assert (mandate["entity"], mandate["entity_name"]) == (US, "EXEMPLE SARL")
    opened = api.call("POST", "/uploads", person(CABINET), asked(pair()))
    assert opened.status == 201
    view = api.get(f"/uploads/{opened.body['upload']}", person(CABINET)).body
    assert view["certified"]["mandate"]["holder"] == "CABINET EXEMPLE"
    listed = api.get("/uploads", person(CABINET), entity=US).body["uploads"]
    assert [row["employer"] for row in listed] == [OURS]
    assert api.get("/uploads", person(CABINET)).body["uploads"] == []
    assert api.get("/uploads").body["uploads"] == listed


def test_a_mandate_taken_back_is_listed_with_its_dates_and_allows_nothing(api: Caller, world: World) -> None:
    world.mandate("declare", "read")
    upload = world.file(pair(), by=CABINET)
    assert api.call("DELETE", f"/mandates/{CABINET}", person()).body["active"] is False
    (mandate,) = api.get("/mandates").body["mandates"]
    (span,) = mandate["history"]
    assert (mandate["active"], span["given_by"], span["withdrawn_by"]) == (False, US, US)
    assert span["until"]
    for path in (f"/uploads/{upload}", f"/register/employers/{OURS}"):
        assert api.get(path, person(CABINET)).status == 404
    assert api.get("/uploads", person(CABINET), entity=US).status == 404
    assert api.call("POST", "/uploads", person(CABINET), asked(pair())).status == 404


def test_an_entity_that_gave_no_mandate_is_answered_as_one_that_does_not_exist(api: Caller, world: World) -> None:
    world.file(pair())
    replies = [api.get("/uploads", person(CABINET), entity=entity) for entity in (US, "personne")]
    assert replies[0] == replies[1]
    assert replies[0].status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"account": CABINET, "scopes": []}, "scopes"),
        ({"account": CABINET, "scopes": ["pay"]}, "scopes.0"),
        ({"account": "a#b", "scopes": ["read"]}, "account"),
        ({"account": "", "scopes": ["read"]}, "account"),
        ({"account": US, "scopes": ["read"]}, "account"),
    ],
)
def test_what_is_asked_wrongly_is_named(api: Caller, body: object, field: str) -> None:
    reply = api.call("POST", "/mandates", person(), body)
    assert (reply.status, reply.body["field"]) == (422, field)


def test_an_unknown_account_gets_no_mandate(api: Caller) -> None:
    assert api.call("POST", "/mandates", person(), {"account": "inconnu", "scopes": ["read"]}).status == 404


def test_officers_have_no_mandates(api: Caller) -> None:
    body = {"account": CABINET, "scopes": ["read"]}
    assert api.call("POST", "/mandates", agent(), body).status == 403
    for path in ("/mandates", "/mandates/held"):
        assert api.get(path, agent()).status == 403


def test_nobody_sees_anothers_mandates(api: Caller, world: World) -> None:
    world.mandate("read")
    assert api.get("/mandates", person(THEM)).body == {"mandates": []}
    assert api.get("/mandates/held", person(THEM)).body == {"mandates": []}
    assert api.get("/mandates", person(CABINET)).body == {"mandates": []}
