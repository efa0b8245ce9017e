"""What an employer sees of workers declared without an insured number, and how a number is given."""

from __future__ import annotations

import pytest
from tasrih.register.mandates import READ

from tests.api.caller import Caller, agent, person
from tests.story.world import CABINET, ONE, Person, World, pair

NUMBER = "910000000005"


@pytest.fixture
def upload(world: World) -> str:
    return world.file(pair((ONE, Person(" " * 12, "=NOMNEUF", "PRENOMNEUF"))))


def test_an_upload_tells_its_reserve_and_its_requests(api: Caller, upload: str) -> None:
    assert api.get(f"/uploads/{upload}").body["reserve"] == {"lines": 1, "workers": 1, "complete_by": "2020-01-30"}
    told = api.get(f"/uploads/{upload}/affiliations", lang="fr").body
    assert (told["employer"], told["period"], told["complete_by"]) == ("1699999901", "2019", "2020-01-30")
    (request,) = told["requests"]
    assert (request["lines"], request["surname"], request["state"]) == ([2], "=NOMNEUF", "owed")
    assert "prénom du père" in request["missing"]


def test_the_table_is_safe_to_open(api: Caller, upload: str) -> None:
    heading, row = api.get(f"/uploads/{upload}/affiliations.csv", lang="ar").text.splitlines()
    assert heading.startswith("\ufeffرقم صاحب العمل;")
    assert row.startswith("'1699999901;2019;2;'=NOMNEUF;PRENOMNEUF;'01011980;'01032015;ينتظر الرقم;;")


def test_a_number_given_is_found_by_the_agency(api: Caller, upload: str) -> None:
    asked = {"nss": NUMBER}
    assert api.call("POST", "/insured", agent(), asked).body["declared"] == []
    given = api.call("POST", f"/uploads/{upload}/affiliations/2", person(), asked)
    assert (given.status, given.body["state"], given.body["nss"]) == (200, "completed", NUMBER)
    (declared,) = api.call("POST", "/insured", agent(), asked).body["declared"]
    assert [(line["number"], line["nss"]) for line in declared["lines"]] == [(2, NUMBER)]
    assert api.get(f"/uploads/{upload}/affiliations").body["requests"][0]["state"] == "completed"


def test_zeros_are_refused_in_words(api: Caller, upload: str) -> None:
    reply = api.call("POST", f"/uploads/{upload}/affiliations/2", person(), {"nss": "0" * 12}, lang="en")
    assert (reply.status, reply.body["problem"]) == (422, "insured_number")
    assert "12 digits" in reply.body["message"]


def test_who_may_read_sees_the_requests_and_gives_no_number(api: Caller, upload: str, world: World) -> None:
    world.mandate(READ)
    assert api.get(f"/uploads/{upload}/affiliations", person(CABINET)).status == 200
    assert api.call("POST", f"/uploads/{upload}/affiliations/2", person(CABINET), {"nss": NUMBER}).status == 404
