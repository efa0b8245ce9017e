"""The preview of names over HTTP, and the reading that a person confirms."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tasrih.register.mandates import READ

from tests.api.caller import Caller, agent, person
from tests.story.test_confirm_names import guessed
from tests.story.world import CABINET, OURS, OURS_TOO, World, pair

ASKED = {"code_page": "windows-1256", "certified": {"name": "NOMUN PRENOMUN", "capacity": "gérant"}}


@pytest.fixture
def upload(world: World) -> str:
    return world.file(guessed())


def test_the_verdict_says_that_it_waits_for_names_and_not_for_its_effect(
    api: Caller, world: World, upload: str
) -> None:
    told = api.get(f"/uploads/{upload}", lang="en").body
    assert (told["state"], told["awaits"]) == ("awaiting_confirmation", "names")
    assert "how the names are read" in told["meaning"]
    other = api.get(f"/uploads/{world.file(pair(kind='C'))}", lang="en").body
    assert (other["state"], other["awaits"]) == ("awaiting_confirmation", "effect")
    assert "effect" in other["meaning"]


def test_each_name_is_shown_as_every_code_page_reads_it(api: Caller, upload: str) -> None:
    shown = api.get(f"/uploads/{upload}/names").body
    assert (shown["asked"], shown["guessed"], shown["confirmed"]) == (True, "windows-1256", None)
    assert shown["names"][0]["windows-1256"] == "بن علي"
    assert shown["names"][0]["windows-1252"] == "Èä Úáí"
    assert set(shown["names"][0]) <= set(shown["code_pages"])


def test_confirmed_it_is_read_again_and_takes_force(api: Caller, world: World, upload: str) -> None:
    reply = api.call("POST", f"/uploads/{upload}/names", person(), ASKED)
    assert (reply.status, reply.body["state"]) == (200, "received")
    assert api.get(f"/uploads/{upload}/names").body["asked"] is False
    world.receive(upload)
    told = api.get(f"/uploads/{upload}").body
    assert (told["state"], told["awaits"]) == ("in_force", "")
    confirmed = api.get(f"/uploads/{upload}/names").body["confirmed"]
    assert (confirmed["code_page"], confirmed["certified"]["name"]) == ("windows-1256", "NOMUN PRENOMUN")
    lines = api.get(f"/uploads/{upload}/lines").body["lines"]
    assert {line["surname"] for line in lines} == {"NOMUN", "بن علي"}


def test_what_is_certain_has_nothing_to_confirm(api: Caller, world: World) -> None:
    upload = world.file(pair())
    shown = api.get(f"/uploads/{upload}/names").body
    assert (shown["asked"], shown["guessed"], shown["names"]) == (False, "", [])
    reply = api.call("POST", f"/uploads/{upload}/names", person(), ASKED)
    assert (reply.status, reply.body["problem"]) == (422, "names_not_asked")


def test_names_of_a_file_that_names_another_employer_are_not_shown(api: Caller, world: World) -> None:
    """An accountant may have sent it under the wrong one: it holds the people of somebody else."""
    upload = world.file(replace(guessed(), detail=_of(guessed().detail), header=_of(guessed().header)))
    assert world.outcome(upload).counts["E492"]
    shown = api.get(f"/uploads/{upload}/names").body
    assert (shown["guessed"], shown["names"]) == ("", [])


def _of(file: tuple[str, bytes]) -> tuple[str, bytes]:
    return file[0], file[1].replace(OURS.encode(), OURS_TOO.encode())


def test_officers_and_readers_see_the_names_and_confirm_nothing(api: Caller, world: World, upload: str) -> None:
    world.mandate(READ)
    for who, status in ((agent(), 403), (person(CABINET), 404)):
        assert api.get(f"/uploads/{upload}/names", who).status == 200
        assert api.call("POST", f"/uploads/{upload}/names", who, ASKED).status == status


def test_a_code_page_said_in_advance_is_taken_with_the_announcement(api: Caller) -> None:
    asked = {
        "employer": "1699999901",
        "files": [{"name": "a.csv", "size": 1, "sha256": "0" * 64, "lines": 1}],
        "total_centimes": 0,
        "certified": ASKED["certified"],
    }
    assert api.call("POST", "/uploads", person(), {**asked, "code_page": "windows-1256"}).status == 201
    assert api.call("POST", "/uploads", person(), {**asked, "code_page": "koi8-r"}).status == 422
