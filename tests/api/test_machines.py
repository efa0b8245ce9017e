"""A program acts for its entity: with a secret shown once, within its scopes, until it is revoked."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from tasrih.register.parties import Account
from tasrih.story.access import MACHINE_SCOPES, account_of, employer_for
from tasrih.story.machines import MAX_MACHINES
from tasrih.story.ports import Replace

from tests.api.caller import Caller, agent, person
from tests.api.test_tenants import (
    BODIES,
    CERTIFIED,
    EXPORT,
    GIVEN_NUMBER,
    NAMES,
    NO_MACHINE,
    PUBLIC,
    ROUTES,
    SENDING,
    WEBHOOK,
    WITHDRAWAL,
    filled,
)
from tests.story.world import CABINET, ONE, OURS, THEIRS, THEM, TWO, US, World, announced, pair

FILES = [{"name": n, "size": len(b), "sha256": announced(n, b).sha256, "lines": 1} for n, b in pair().files]
TEST: dict[str, Any] = {"employer": OURS, "files": FILES, "total_centimes": 0, "purpose": "test"}
REAL = {**TEST, "purpose": "real", "certified": CERTIFIED}
SEES_OWN = {"test", "declare", "read"}
NOBODY: set[str] = set()
OPENED_BY: dict[tuple[str, str], set[str]] = {
    ("POST", "/uploads"): {"declare"},
    ("GET", "/uploads"): {"read"},
    ("GET", "/uploads/<upload>"): SEES_OWN,
    ("GET", "/uploads/<upload>/findings"): SEES_OWN,
    ("GET", "/uploads/<upload>/receipt"): SEES_OWN,
    ("GET", "/uploads/<upload>/lines"): SEES_OWN,
    ("GET", "/uploads/<upload>/affiliations"): SEES_OWN,
    ("GET", "/uploads/<upload>/affiliations.csv"): SEES_OWN,
    GIVEN_NUMBER: {"declare"},
    ("GET", "/uploads/<upload>/names"): SEES_OWN,
    NAMES: NOBODY,
    WITHDRAWAL: {"declare"},
    **{route: {"declare"} for route in sorted(SENDING)},
    ("GET", "/register/employers/<number>"): {"read"},
    ("POST", "/insured"): NOBODY,
    EXPORT: NOBODY,
    ("PUT", "/register"): NOBODY,
    ("PATCH", "/register/employers/<number>"): NOBODY,
    ("GET", "/looks"): NOBODY,
    ("GET", "/mandates"): NOBODY,
    ("GET", "/mandates/held"): NOBODY,
    ("POST", "/mandates"): NOBODY,
    ("DELETE", "/mandates/<account>"): NOBODY,
    ("GET", "/machines"): NOBODY,
    ("POST", "/machines"): NOBODY,
    ("DELETE", "/machines/<machine>"): NOBODY,
    ("GET", "/webhooks"): NOBODY,
    ("POST", "/webhooks"): NOBODY,
    ("DELETE", "/webhooks/<webhook>"): NOBODY,
    ("POST", "/webhooks/<webhook>/test"): NOBODY,
}
"""Route -> the scopes that open it, for a real filing that the machine made itself. Every route must stand here."""
ASKED: dict[tuple[str, str], Any] = {
    **BODIES,
    ("POST", "/uploads"): REAL,
    ("POST", "/insured"): {"nss": "800000000001"},
    EXPORT: {"nss": "800000000001", "reason": "à la demande de l'intéressé"},
    ("POST", "/mandates"): {"account": CABINET, "scopes": ["read"]},
    ("POST", "/machines"): {"name": "serveur", "scopes": ["read"]},
    ("POST", "/webhooks"): WEBHOOK,
}


def filed_by(machine: str, world: World) -> str:
    """A real filing in force, with its paper ready, as if this machine had announced it."""
    upload = world.file(pair((ONE, replace(TWO, nss=" " * 12))))
    receipt = world.receipt(upload)
    assert receipt
    world.book.commit(
        Replace(replace(world.ticket(upload), account=machine, acts_for=US)),
        Replace(replace(receipt, pdf="receipts/x.pdf")),
    )
    return upload


def test_every_route_says_which_scopes_open_it() -> None:
    assert set(OPENED_BY) | PUBLIC == set(ROUTES)


@pytest.mark.parametrize(("route", "scope"), list(product(OPENED_BY, MACHINE_SCOPES)), ids=str)
def test_a_machine_does_what_its_scope_says_and_nothing_else(
    api: Caller, world: World, route: tuple[str, str], scope: str
) -> None:
    machine = api.machine(scope)
    upload = filed_by(machine, world)
    world.mandate("read")
    method, path = route
    reply = api.by(machine, method, filled(path, upload, OURS, CABINET, machine), ASKED.get(route))
    expected = {200, 201} if scope in OPENED_BY[route] else {403}
    assert reply.status in expected, reply.text


@pytest.mark.parametrize(("scope", "status"), [("test", 201), ("declare", 201), ("read", 403)])
def test_a_test_is_filed_by_machines_that_may_file(api: Caller, scope: str, status: int) -> None:
    assert api.by(api.machine(scope), "POST", "/uploads", TEST).status == status


@pytest.mark.parametrize("scope", ["test", "declare"])
def test_without_read_it_does_not_learn_of_what_others_filed(api: Caller, world: World, scope: str) -> None:
    machine, upload = api.machine(scope), world.file(pair())
    others, nobodys = (api.by(machine, "GET", f"/uploads/{each}") for each in (upload, "0" * 32))
    assert others == nobodys
    assert others.status == 404


def test_no_machine_certifies_in_its_own_name(api: Caller) -> None:
    reply = api.by(api.machine("declare"), "POST", "/uploads", {**REAL, "certified": None})
    assert (reply.status, reply.body["problem"]) == (422, "certified_missing")


def test_who_made_it_sees_what_it_filed_and_the_ticket_names_both(api: Caller, world: World) -> None:
    machine = api.machine("test")
    upload = api.by(machine, "POST", "/uploads", TEST).body["upload"]
    assert (world.ticket(upload).account, world.ticket(upload).acts_for) == (machine, US)
    assert api.get(f"/uploads/{upload}").status == 200


def test_a_machine_acts_under_the_mandates_of_who_made_it(api: Caller, world: World) -> None:
    machine = api.machine("declare", by=CABINET)
    theirs = {**TEST, "employer": THEIRS}
    assert api.by(machine, "POST", "/uploads", theirs).status == 404
    world.mandate("declare", by=THEM)
    upload = api.by(machine, "POST", "/uploads", theirs).body["upload"]
    assert api.get(f"/uploads/{upload}", person(CABINET)).status == 200
    world.mandate("read", by=THEM)
    assert api.by(machine, "POST", "/uploads", theirs).status == 404


def test_a_mandate_is_not_given_to_a_machine(api: Caller) -> None:
    asked = {"account": api.machine("read", by=CABINET), "scopes": ["read"]}
    assert api.call("POST", "/mandates", person(), asked).status == 404


def test_the_secret_is_told_once_and_kept_nowhere(api: Caller, world: World) -> None:
    made = api.call("POST", "/machines", person(), {"name": "Serveur", "scopes": ["test"]}).body
    assert api.sign_ins.secrets == {made["machine"]: made["secret"]}
    assert len(made["secret"]) >= 40
    assert made["secret"] not in api.get("/machines").text
    assert made["secret"] not in json.dumps(list(world.book.all()))


def test_who_made_and_revoked_it_stays_to_be_seen(api: Caller) -> None:
    machine = api.machine("test", "read")
    assert api.call("DELETE", f"/machines/{machine}", person()).status == 200
    (told,) = api.get("/machines").body["machines"]
    assert (told["scopes"], told["created_by"], told["revoked_by"]) == (["test", "read"], US, US)
    assert told["created_at"] == told["revoked_at"] == "2020-01-20T10:00:00+01:00"
    assert api.call("DELETE", f"/machines/{machine}", person()).body == told


def test_a_revoked_machine_may_do_nothing_with_a_token_that_is_still_good(api: Caller) -> None:
    machine = api.machine("test", "read")
    assert api.by(machine, "GET", "/uploads").status == 200
    api.call("DELETE", f"/machines/{machine}", person())
    assert api.by(machine, "GET", "/uploads").status == 403
    assert api.sign_ins.secrets == {}


def test_an_archive_that_a_revoked_machine_announced_still_gets_its_verdicts(api: Caller, world: World) -> None:
    machine = api.machine("declare")
    api.call("DELETE", f"/machines/{machine}", person())
    assert employer_for(account_of(machine, world.book), OURS, world.book, "declare").number == OURS


def test_a_persons_token_is_no_machines_and_the_other_way_round(api: Caller) -> None:
    assert api.call("GET", "/uploads", person(api.machine("read"))).status == 403
    assert api.by(US, "GET", "/uploads").status == 403
    assert api.call("GET", "/machine/uploads", {**agent(), "username": US}).status == 403


def test_another_entitys_machine_cannot_be_revoked(api: Caller, world: World) -> None:
    machine = api.machine("read", by=THEM)
    assert api.call("DELETE", f"/machines/{machine}", person()) == api.call(
        "DELETE", f"/machines/{NO_MACHINE}", person()
    )
    account = world.book.get(Account, f"ACCOUNT#{machine}", "ACCOUNT")
    assert account
    assert account.revoked_at is None
    assert api.get("/machines").body["machines"] == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"name": " ", "scopes": ["test"]}, "name"), ({"name": "x", "scopes": ["all"]}, "scopes")],
)
def test_what_is_wrong_with_a_wish_is_named(api: Caller, asked: dict[str, Any], field: str) -> None:
    reply = api.call("POST", "/machines", person(), asked)
    assert reply.status == 422
    assert field in reply.body["field"]


def test_an_entity_has_so_many_machines_at_most(api: Caller) -> None:
    machines = [api.machine("test") for _ in range(MAX_MACHINES)]
    asked = {"name": "encore", "scopes": ["test"]}
    assert api.call("POST", "/machines", person(), asked).body["problem"] == "too_many"
    api.call("DELETE", f"/machines/{machines[0]}", person())
    assert api.call("POST", "/machines", person(), asked).status == 201
