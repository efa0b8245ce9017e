"""Who looked at what: every reading by somebody else than whose it is leaves a trace, before it is answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tasrih.correspondence.looked import look_line
from tasrih.messages import LANGUAGES, table
from tasrih.story.looks import LOOKS_A_PAGE, Look
from tasrih.story.ports import Busy, Replace

from tests.api.caller import Caller, agent, person
from tests.api.test_machines import filed_by
from tests.api.test_tenants import ROUTES, filled
from tests.story.test_confirm_names import guessed
from tests.story.world import CABINET, ONE, OURS, THEIRS, THEM, TWO, US, World, pair

SHOWING = [(method, path) for method, path in ROUTES if method == "GET" and path.startswith("/uploads/<upload>")]
SHOWS_NOTHING = "/uploads/<upload>/pieces"
"""It tells senders which of their own pieces have not come; nobody else may ask it."""


def traced(world: World) -> list[Look]:
    return [look for partition in list(world.book.items) for look in world.book.records(Look, partition, "LOOK#")]


def filing(world: World, path: str) -> str:
    upload = world.file(guessed() if path.endswith("/names") else pair((ONE, replace(TWO, nss=" " * 12))))
    receipt = world.receipt(upload)
    if receipt:
        world.book.commit(Replace(replace(receipt, pdf="receipts/x.pdf")))
    return upload


def readers(api: Caller) -> dict[str, tuple[str, dict[str, Any]]]:
    """Name -> (what stands in front of the path, claims)."""
    return {
        "agent": ("", agent()),
        CABINET: ("", person(CABINET)),
        "machine": ("/machine", person(api.machine("read"))),
    }


@pytest.mark.parametrize(("method", "path"), [each for each in SHOWING if each[1] != SHOWS_NOTHING])
@pytest.mark.parametrize("who", ["agent", CABINET, "machine"])
def test_every_route_that_shows_an_upload_leaves_a_trace(
    api: Caller, world: World, who: str, method: str, path: str
) -> None:
    upload = filing(world, path)
    world.mandate("read")
    front, claims = readers(api)[who]
    reply = api.call(method, f"{front}{filled(path, upload, OURS)}", claims)
    assert reply.status == 200, reply.text
    (look,) = traced(world)
    assert (look.upload, look.entity, look.employers, look.at) == (upload, US, (OURS,), world.clock.now())
    assert (look.account, look.request) == (claims["username"], "r")
    assert look.what == (path.removesuffix(".csv").rpartition("/")[2] if path.count("/") > 2 else "upload")


@pytest.mark.parametrize(("method", "path"), SHOWING)
def test_the_owners_own_people_leave_none(api: Caller, world: World, method: str, path: str) -> None:
    upload = filing(world, path)
    api.call(method, filled(path, upload, OURS), person())
    assert traced(world) == []


def test_who_may_not_see_it_leaves_none(api: Caller, world: World) -> None:
    upload = filing(world, "")
    for claims in (person(THEM), agent("31000")):
        assert api.get(f"/uploads/{upload}/lines", claims).status == 404
    assert traced(world) == []


def test_nothing_is_answered_where_the_trace_cannot_be_written(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = filing(world, "")

    def down(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(world.book, "commit", down)
    for method, path, body in (
        ("GET", f"/uploads/{upload}/lines", None),
        ("POST", "/insured", {"nss": ONE.nss}),
    ):
        reply = api.call(method, path, agent(), body)
        assert reply.status == 503
        assert ONE.surname not in reply.text


def test_a_list_of_uploads_read_under_a_mandate_is_traced(api: Caller, world: World) -> None:
    world.mandate("read")
    assert api.get("/uploads", person(CABINET), entity=US).status == 200
    assert api.get("/uploads", person(CABINET)).status == 200
    (look,) = traced(world)
    assert (look.what, look.entity, look.by_entity) == ("uploads", US, CABINET)


def test_sending_for_another_leaves_no_trace_until_there_is_a_verdict_to_see(api: Caller, world: World) -> None:
    world.mandate("declare")
    upload = world.open(pair(), by=CABINET).ticket.upload
    assert api.get(f"/uploads/{upload}", person(CABINET)).status == 200
    assert traced(world) == []


def test_a_number_given_by_a_machine_shows_a_person_and_is_traced(api: Caller, world: World) -> None:
    machine = api.machine("declare")
    upload = filed_by(machine, world)
    assert api.by(machine, "POST", f"/uploads/{upload}/affiliations/2", {"nss": TWO.nss}).status == 200
    assert [(look.what, look.acts_for) for look in traced(world)] == [("affiliations", US)]


def test_a_person_asked_for_is_traced_with_the_person_and_with_each_entity_shown(api: Caller, world: World) -> None:
    world.file(pair())
    world.file(pair(employer=THEIRS), by=THEM)
    asked = {"nss": ONE.nss, "reason": "demande de l'intéressé"}
    assert len(api.call("POST", "/insured", agent(), asked).body["declared"]) == 1
    mine, theirs = traced(world)
    assert {mine.entity, theirs.entity} == {"", US}
    assert {look.reason for look in (mine, theirs)} == {asked["reason"]}
    assert mine.person == theirs.person == world.lines.person(ONE.nss)
    assert ONE.nss not in str(list(world.book.all()))


def test_the_entity_and_the_agencys_officers_read_who_looked(api: Caller, world: World) -> None:
    upload = filing(world, "")
    api.get(f"/uploads/{upload}/lines", agent())
    api.call("POST", "/insured", agent(), {"nss": ONE.nss})
    for claims, query in ((person(), {}), (person(), {"employer": OURS}), (agent(), {"employer": OURS})):
        looks = api.get("/looks", claims, lang="en", **query).body["looks"]
        assert [look["what"] for look in looks] == ["insured", "lines"]
        assert looks[1]["account"] == "agent"
        assert looks[1]["meaning"] == table("looks")["what_lines"]["en"]
    assert api.get("/looks", person(), employer=THEIRS).body["looks"] == []
    assert api.get("/looks", agent("31000"), employer=OURS).status == 404
    assert api.get("/looks", agent()).body["problem"] == "employer_needed"
    assert api.get("/looks", person(THEM)).body == {"looks": [], "next": None}


def test_many_looks_come_page_by_page_and_none_is_missing(api: Caller, world: World) -> None:
    upload = filing(world, "")
    for _ in range(LOOKS_A_PAGE + 3):
        world.later(seconds=1)
        api.get(f"/uploads/{upload}", agent())
    first = api.get("/looks").body
    rest = api.get("/looks", before=first["next"]).body
    times = [look["at"] for look in first["looks"] + rest["looks"]]
    assert len(set(times)) == LOOKS_A_PAGE + 3
    assert times == sorted(times, reverse=True)
    assert rest["next"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trace_is_told_in_one_line(api: Caller, world: World, language: str) -> None:
    upload = filing(world, "")
    api.get(f"/uploads/{upload}/findings", agent())
    (look,) = api.get("/looks", lang=language).body["looks"]
    line = look_line(look, language)
    assert "agent" in line
    assert line.endswith(f"{OURS}  {upload}")
