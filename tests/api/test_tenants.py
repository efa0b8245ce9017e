"""Another's, and one that does not exist: the same answer, on every route there is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tasrih.adapters.api.app import build

from tests.api.caller import Caller, agent, http_event, person
from tests.story.test_confirm_names import guessed
from tests.story.world import CABINET, ONE, OURS, THEIRS, THEM, TWO, World, pair, settled_world


def nothing() -> Any:
    raise AssertionError("no world is needed to list the routes")


ROUTES = [(route.method, route.path) for route in build(nothing)._static_routes + build(nothing)._dynamic_routes]
PUBLIC = {("GET", path) for path in ("/service", "/keys", "/openapi.json", "/rules", "/layouts")}
NAMED = [(method, path) for method, path in ROUTES if "<" in path]
BODIES: dict[tuple[str, str], Any] = {("PATCH", "/register/employers/<number>"): {"revision": 1, "until": ""}}
CERTIFIED = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}
WITHDRAWAL = ("POST", "/uploads/<upload>/withdraw")
BODIES[WITHDRAWAL] = {"reason": "Envoyée pour un autre", "certified": CERTIFIED}
OFFICERS_ONLY = {("PATCH", "/register/employers/<number>"), ("PUT", "/register"), ("POST", "/insured")}
EXPORT = ("POST", "/insured/export")
GIVEN_NUMBER = ("POST", "/uploads/<upload>/affiliations/<line>")
BODIES[GIVEN_NUMBER] = {"nss": "900000000002"}
NAMES = ("POST", "/uploads/<upload>/names")
BODIES[NAMES] = {"code_page": "windows-1256", "certified": CERTIFIED}
SENDING = {("GET", "/uploads/<upload>/pieces"), ("POST", "/uploads/<upload>/complete")}
EMPLOYERS_ONLY = {
    ("DELETE", "/mandates/<account>"),
    ("DELETE", "/machines/<machine>"),
    ("DELETE", "/webhooks/<webhook>"),
    ("POST", "/webhooks/<webhook>/test"),
    WITHDRAWAL,
    GIVEN_NUMBER,
    NAMES,
    *SENDING,
}
WEBHOOK = {"url": "https://paie.example/tasrih", "events": ["verdict.reached"]}
NO_MACHINE = "machine-" + "0" * 32


@pytest.fixture
def theirs(world: World) -> str:
    return world.file(pair(employer=THEIRS), by="eux")


def filled(
    path: str, upload: str, number: str, account: str = "inconnu", machine: str = NO_MACHINE, webhook: str = "0" * 32
) -> str:
    whole = path.replace("<upload>", upload).replace("<number>", number).replace("<account>", account)
    whole = whole.replace("<line>", "2")
    whole = whole.replace("<machine>", machine).replace("<webhook>", webhook)
    assert "<" not in whole, f"{path} names something this test does not know"
    return whole


def test_there_are_routes_that_name_something() -> None:
    assert len(NAMED) >= 6
    assert set(ROUTES) >= PUBLIC


@pytest.mark.parametrize(("method", "path"), NAMED)
@pytest.mark.parametrize("who", [person(), agent()], ids=["employer", "officer"])
def test_anothers_and_none_are_answered_alike(
    api: Caller, theirs: str, who: dict[str, Any], method: str, path: str
) -> None:
    body = BODIES.get((method, path))
    api.world.mandate("read", by=THEM)
    machine, webhook = api.machine("read", by=THEM), api.webhook(by=THEM)
    foreign = api.call(method, filled(path, theirs, THEIRS, CABINET, machine, webhook), who, body)
    nobodys = api.call(method, filled(path, "0" * 32, "1600000000"), who, body)
    assert (foreign.status, foreign.text) == (nobodys.status, nobodys.text)
    not_for_them = (method, path) in (OFFICERS_ONLY if who == person() else EMPLOYERS_ONLY)
    assert foreign.status == (403 if not_for_them else 404)


@pytest.mark.parametrize(("method", "path"), NAMED)
def test_the_same_routes_answer_the_owner(api: Caller, world: World, method: str, path: str) -> None:
    """Else the test above would pass on routes that never answer anything."""
    from dataclasses import replace

    from tasrih.story.ports import Replace

    asked = guessed() if (method, path) == NAMES else pair((ONE, replace(TWO, nss=" " * 12)))
    upload = world.file(asked)
    receipt = world.receipt(upload)
    if receipt:
        world.book.commit(Replace(replace(receipt, pdf="receipts/x.pdf")))
    who = agent() if (method, path) in OFFICERS_ONLY else person()
    world.mandate("read")
    places = filled(path, upload, OURS, CABINET, api.machine("read"), api.webhook())
    reply = api.call(method, places, who, BODIES.get((method, path)))
    assert reply.status == 200, reply.text


LISTS = [
    (method, path) for method, path in ROUTES if method == "GET" and "<" not in path and (method, path) not in PUBLIC
]


@pytest.mark.parametrize(("method", "path"), LISTS)
@pytest.mark.parametrize("who", [person(), agent()], ids=["employer", "officer"])
def test_no_list_shows_what_is_anothers(api: Caller, theirs: str, who: dict[str, Any], method: str, path: str) -> None:
    api.world.mandate("read", by=THEM)
    hidden = (THEIRS, theirs, api.machine("read", by=THEM), api.webhook(by=THEM), "NOMUN PRENOMUN", TWO.nss)
    for query in ({}, {"employer": THEIRS}, {"agency": "31000"}):
        reply = api.call(method, path, who, **query)
        assert reply.status in (200, 403, 404, 422)
        assert not [each for each in hidden if each in reply.text]


def test_the_same_lists_show_the_owner_what_is_theirs(api: Caller, theirs: str) -> None:
    machine, webhook = api.machine("read", by=THEM), api.webhook(by=THEM)
    told = "".join(api.call(method, path, person(THEM)).text for method, path in LISTS)
    assert not [each for each in (theirs, machine, webhook) if each not in told]


def test_an_upload_for_anothers_employer_is_opened_like_one_for_nobodys(api: Caller) -> None:
    body = {
        "files": [{"name": "a.csv", "size": 1, "sha256": "0" * 64, "lines": 1}],
        "total_centimes": 0,
        "certified": CERTIFIED,
    }
    replies = [
        api.call("POST", "/uploads", person(), {**body, "employer": number}) for number in (THEIRS, "1600000000")
    ]
    assert replies[0] == replies[1]
    assert replies[0].status == 404


FORGED: dict[str, dict[str, Any] | None] = {
    "no token": None,
    "an empty one": {},
    "an id token": {"username": "nous", "token_use": "id"},
    "an id token with the name Cognito puts there": {"cognito:username": "nous", "token_use": "id"},
    "no use told": {"username": "nous"},
    "no name": {"token_use": "access"},
    "an empty name": {"username": "", "token_use": "access"},
    "a name the register does not have": {"username": "inconnu", "token_use": "access"},
    "a machine's": {"client_id": "nous", "token_use": "access"},
    "an officer's id token": {"username": "agent", "token_use": "id", "cognito:groups": "[officers-16000]"},
    "an agency of four digits": {"username": "agent", "token_use": "access", "cognito:groups": "[officers-1600]"},
    "an agency of six digits": {"username": "agent", "token_use": "access", "cognito:groups": "[officers-160001]"},
    "Arabic digits": {"username": "agent", "token_use": "access", "cognito:groups": "[officers-١٦٠٠٠]"},
    "a group that only ends alike": {
        "username": "agent",
        "token_use": "access",
        "cognito:groups": "[former-officers-16000]",
    },
    "a group that only begins alike": {
        "username": "agent",
        "token_use": "access",
        "cognito:groups": "[officers-16000-trainees]",
    },
}


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route not in PUBLIC])
@pytest.mark.parametrize("claims", FORGED.values(), ids=list(FORGED))
def test_no_route_but_the_public_ones_answers_without_a_right_token(
    method: str, path: str, claims: dict[str, Any] | None
) -> None:
    world = settled_world()
    upload = world.file(pair())
    bodies = {
        ("POST", "/uploads"): {
            "employer": OURS,
            "files": [{"name": "a.csv", "size": 1, "sha256": "0" * 64, "lines": 1}],
            "total_centimes": 0,
            "certified": CERTIFIED,
        },
        ("POST", "/insured"): {"nss": "800000000001"},
        EXPORT: {"nss": "800000000001", "reason": "à la demande de l'intéressé"},
        ("POST", "/mandates"): {"account": CABINET, "scopes": ["read"]},
        ("POST", "/machines"): {"name": "serveur", "scopes": ["read"]},
        ("POST", "/webhooks"): WEBHOOK,
        **BODIES,
    }
    world.mandate("read")
    api = Caller(world)
    places = filled(path, upload, OURS, CABINET, api.machine("read"))
    reply = api.call(method, places, claims, bodies.get((method, path), ""))
    assert (reply.status, reply.body["problem"]) == (403, "not_allowed")


def test_several_groups_are_read(api: Caller, world: World) -> None:
    upload = world.file(pair())
    claims = {"username": "agent", "token_use": "access", "cognito:groups": "[readers officers-16000 others]"}
    assert api.get(f"/uploads/{upload}", claims).status == 200


@pytest.mark.parametrize(("method", "path"), sorted(PUBLIC))
def test_public_routes_need_no_token_and_name_nobody(api: Caller, world: World, method: str, path: str) -> None:
    world.file(pair([TWO]))
    reply = api.call(method, path, None)
    assert reply.status == 200
    assert not re.search(r"NOMDEUX|9000000000|EXEMPLE SARL|paie@", reply.text)


def test_what_is_not_there_is_answered_in_the_language_asked_for(api: Caller) -> None:
    told = {lang: api.get("/uploads/" + "0" * 32, lang=lang).body["message"] for lang in ("ar", "fr", "en")}
    assert len(set(told.values())) == 3


def test_an_unknown_route_is_answered_as_not_found(api: Caller) -> None:
    reply = api.get("/nowhere")
    assert (reply.status, reply.body["problem"]) == (404, "not_found")


def test_a_gateway_event_is_read_as_the_gateway_sends_it() -> None:
    event = http_event("PUT", "/register", agent(), b"a;b", "text/csv", {})
    assert event["isBase64Encoded"]
    assert json.dumps(event)
