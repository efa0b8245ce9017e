"""Withdrawing a filing over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tasrih.story.ports import Replace
from tasrih.story.withdrawn import WithdrawalReceipt

from tests.api.caller import Caller, agent, person
from tests.story.world import CABINET, ONE, World, pair

CERTIFIED = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}
ASKED = {"reason": "Envoyée pour une autre année", "certified": CERTIFIED}


def withdrawn(api: Caller, upload: str, by: dict[str, Any] | None = None, **changed: Any) -> Any:
    return api.call("POST", f"/uploads/{upload}/withdraw", by or person(), {**ASKED, **changed})


def test_a_withdrawn_filing_tells_when_why_by_whom_and_its_two_receipts(api: Caller, world: World) -> None:
    upload = world.file(pair())
    number = api.get(f"/uploads/{upload}").body["receipt"]["number"]
    view = withdrawn(api, upload).body
    assert (view["state"], view["dues"], view["version"], view["receipt"]["number"]) == ("withdrawn", None, 1, number)
    told = view["withdrawal"]
    assert (told["reason"], told["certified"]) == (ASKED["reason"], {**CERTIFIED, "mandate": None})
    assert told["at"].startswith("2020-01-20T10:00:00")
    assert told["receipt"]["number"].startswith("TW-")
    assert api.get(f"/uploads/{upload}").body == view
    assert api.get("/uploads").body["uploads"][0]["state"] == "withdrawn"


def test_its_lines_are_no_longer_shown_to_anybody(api: Caller, world: World) -> None:
    upload = world.file(pair())
    withdrawn(api, upload)
    assert api.get(f"/uploads/{upload}/lines").status == 404
    assert api.call("POST", "/insured", agent(), {"nss": ONE.nss}).body == {"declared": []}


def test_the_link_to_either_receipt_names_its_own_number(api: Caller, world: World) -> None:
    upload = world.file(pair())
    path = f"/uploads/{upload}/receipt"
    assert api.get(path, of="withdrawal").status == 404
    withdrawn(api, upload)
    assert api.get(path, of="withdrawal").status == 404
    own, first = world.book.get(WithdrawalReceipt, f"UPLOAD#{upload}", "WITHDRAWAL"), world.receipt(upload)
    assert own
    assert first
    for receipt in (own, first):
        world.book.commit(Replace(replace(receipt, pdf=f"receipts/{receipt.number}.pdf")))
    assert f"name={own.number}.json" in api.get(path, of="withdrawal", form="json").body["url"]
    assert f"name={first.number}.pdf" in api.get(path).body["url"]
    assert api.get(path, of="other").status == 422


def test_asked_again_it_is_answered_as_the_first_time(api: Caller, world: World) -> None:
    upload = world.file(pair())
    first = withdrawn(api, upload)
    world.later(minutes=5)
    assert withdrawn(api, upload, reason="Une autre raison").body == first.body


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "\u202e\u202e\u202e"}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"certified": {"name": "", "capacity": "gérant"}}, "certified.name"),
        ({"certified": None}, "certified"),
    ],
)
def test_what_is_missing_is_named(api: Caller, world: World, changed: dict[str, Any], field: str) -> None:
    reply = withdrawn(api, world.file(pair()), **changed)
    assert (reply.status, reply.body["field"]) == (422, field)


def test_what_is_not_in_force_is_not_withdrawn(api: Caller, world: World) -> None:
    world.file(pair())
    reply = withdrawn(api, world.file(pair()))
    assert (reply.status, reply.body["problem"]) == (422, "not_in_force")


def test_officers_do_not_withdraw_and_readers_do_not_find(api: Caller, world: World) -> None:
    upload = world.file(pair())
    world.mandate("read")
    assert withdrawn(api, upload, agent()).status == 403
    assert withdrawn(api, upload, person(CABINET)).status == 404
    assert api.get(f"/uploads/{upload}", person(CABINET)).status == 200
