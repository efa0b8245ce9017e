"""Tests and certified filings over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.caller import Caller, person
from tests.api.test_uploads import asked
from tests.story.world import ONE, World, pair

CERTIFIED = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"certified": None}, "certified"),
        ({"certified": {"name": "", "capacity": "gérant"}}, "certified.name"),
        ({"certified": {"name": "NOMUN", "capacity": " "}}, "certified.capacity"),
        ({"certified": {"name": "NOMUN"}}, "certified.capacity"),
        ({"certified": {**CERTIFIED, "holder": "AUTRE"}}, "certified.holder"),
        ({"purpose": "perhaps"}, "purpose"),
    ],
)
def test_what_is_missing_of_a_certification_is_named(api: Caller, changed: dict[str, Any], field: str) -> None:
    reply = api.call("POST", "/uploads", person(), asked(pair(), **changed))
    assert (reply.status, reply.body["field"]) == (422, field)
    assert "NOMUN" not in reply.text


def test_a_filing_is_real_unless_a_test_is_asked_for(api: Caller) -> None:
    opened = api.call("POST", "/uploads", person(), asked(pair()))
    view = api.get(f"/uploads/{opened.body['upload']}").body
    assert (view["purpose"], view["certified"]) == ("real", {**CERTIFIED, "mandate": None})


def test_a_test_needs_nobody_to_certify_and_says_test_from_its_ticket_on(api: Caller, world: World) -> None:
    opened = api.call("POST", "/uploads", person(), asked(pair(), purpose="test", certified=None))
    path = f"/uploads/{opened.body['upload']}"
    for lang, word in (("ar", "تجربة"), ("fr", "ESSAI"), ("en", "TEST")):
        assert api.get(path, lang=lang).body["meaning"].startswith(word)
    for form, (_, body) in zip(opened.body["forms"], pair().files, strict=True):
        world.inbox.upload(form, body)
    world.receive(opened.body["upload"])
    view = api.get(path, lang="en").body
    assert (view["state"], view["purpose"], view["receipt"], view["version"]) == ("tested", "test", None, 0)
    assert view["meaning"].startswith("TEST")
    assert view["dues"]["state"] == "computed"
    assert view["dues"]["total_centimes"] == sum(line["amount_centimes"] for line in view["dues"]["lines"]) > 0
    assert api.get(f"{path}/receipt").status == 404
    assert api.get(f"{path}/lines").status == 404
    assert api.get("/uploads").body["uploads"][0]["purpose"] == "test"


def test_a_refused_test_says_test_too(api: Caller, world: World) -> None:
    upload = world.file(pair(stated=1), purpose="test")
    view = api.get(f"/uploads/{upload}", lang="fr").body
    assert (view["state"], view["meaning"][:5]) == ("refused", "ESSAI")
    assert ONE.nss not in str(view)
