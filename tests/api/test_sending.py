"""Large files over HTTP: announced, asked for again, completed."""

from __future__ import annotations

import pytest

from tests.api.caller import Caller, agent, person
from tests.api.test_uploads import asked
from tests.story.large import DETAIL, LARGE, body_of, small_pieces
from tests.story.world import CABINET, THEM, World


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    return small_pieces(world, monkeypatch)


def test_an_employer_sends_a_large_file_in_pieces_and_completes_it(api: Caller, world: World) -> None:
    opened = api.call("POST", "/uploads", person(), asked(LARGE))
    assert opened.status == 201, opened.text
    path = f"/uploads/{opened.body['upload']}"
    (form,), (file,) = opened.body["forms"], opened.body["in_pieces"]
    assert (form["name"], file["name"], file["arrived"]) == (LARGE.header[0], LARGE.detail[0], [])
    assert opened.body["form_expires_at"] < file["expires_at"] < opened.body["verdict_by"]
    world.inbox.upload(form, LARGE.header[1])
    for piece in file["missing"][:2]:
        world.inbox.send_piece(piece, body_of(piece["first_byte"], piece["size"]))
    early = [api.call("POST", f"{path}/complete", person(), lang=lang) for lang in ("ar", "fr", "en")]
    assert {(reply.status, reply.body["problem"]) for reply in early} == {(422, "pieces_missing")}
    assert len({reply.body["message"] for reply in early}) == 3
    assert all(f"files[{DETAIL}].pieces[3]" in reply.body["message"] for reply in early)
    again = api.get(f"{path}/pieces").body
    assert again["forms"] == []
    (piece,) = again["in_pieces"][0]["missing"]
    assert (piece["number"], again["in_pieces"][0]["arrived"]) == (3, [1, 2])
    world.inbox.send_piece(piece, body_of(piece["first_byte"], piece["size"]))
    completed = api.call("POST", f"{path}/complete", person())
    assert (completed.status, completed.body["state"]) == (200, "awaiting_upload")
    world.receive(opened.body["upload"])
    view = api.call("POST", f"{path}/complete", person()).body
    assert (view["state"], view["lines"]) == ("in_force", 5)


def test_the_service_says_from_which_size_on_a_file_comes_in_pieces(api: Caller) -> None:
    told = api.get("/service").body
    assert (told["piece_bytes"], told["pieces_hours"]) == (8 * 1024 * 1024, 24)


@pytest.mark.parametrize("pieces", [None, [], ["0" * 64], ["0" * 64] * 4, ["zz"] * 3, ["0" * 64] * 33])
def test_hashes_of_pieces_that_do_not_fit_the_size_are_named(api: Caller, pieces: list[str] | None) -> None:
    body = asked(LARGE)
    if pieces is None:
        del body["files"][DETAIL]["pieces"]
    else:
        body["files"][DETAIL]["pieces"] = pieces
    reply = api.call("POST", "/uploads", person(), body, lang="en")
    assert reply.status == 422
    assert "pieces" in reply.body["field"]


@pytest.mark.parametrize(("method", "what"), [("GET", "pieces"), ("POST", "complete")])
def test_anothers_upload_and_none_are_answered_alike_and_an_officer_sends_nothing(
    api: Caller, world: World, method: str, what: str
) -> None:
    upload = api.call("POST", "/uploads", person(), asked(LARGE)).body["upload"]
    world.mandate("read")
    for name in (THEM, CABINET):
        theirs, nobodys = (api.call(method, f"/uploads/{each}/{what}", person(name)) for each in (upload, "0" * 32))
        assert (theirs.status, theirs.text) == (404, nobodys.text)
    assert api.call(method, f"/uploads/{upload}/{what}", agent()).status == 403


def test_a_time_that_is_over_is_said_in_three_languages(api: Caller, world: World) -> None:
    path = f"/uploads/{api.call('POST', '/uploads', person(), asked(LARGE)).body['upload']}"
    world.later(hours=24)
    replies = [api.get(f"{path}/pieces", lang=lang) for lang in ("ar", "fr", "en")]
    assert {(reply.status, reply.body["problem"]) for reply in replies} == {(422, "upload_over")}
    assert len({reply.body["message"] for reply in replies}) == 3


def test_a_machine_that_may_file_tests_sends_them_in_pieces_too(api: Caller) -> None:
    machine, reader = api.machine("test"), api.machine("read")
    opened = api.by(machine, "POST", "/uploads", asked(LARGE, purpose="test", certified=None))
    path = f"/uploads/{opened.body['upload']}/pieces"
    assert [api.by(each, "GET", path).status for each in (machine, reader)] == [200, 403]
