"""Names that rest on a guess, and workers without a number, over the wire."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tasrih.correspondence.verify import verify
from tasrih.local.waiting import wait_for

from tests.cloud.filings import ONE, TWO, Filing, das
from tests.cloud.fund import Fund
from tests.cloud.web import fetch
from tests.declaration.dacs import workers

pytestmark = pytest.mark.cloud

CERTIFIED = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}


def in_windows_1256(employer: str) -> Filing:
    made = das(employer, replace(ONE, surname="كناري"), TWO)
    (header, (name, body)) = made.files
    return replace(made, files=(header, (name, body.decode().encode("cp1256"))))


def test_names_are_asked_for_by_mail_confirmed_and_then_take_force(fund: Fund) -> None:
    employer = fund.employer()
    upload = employer.send(in_windows_1256(employer.number))
    asked = fund.verdict(employer, upload, lang="en")
    assert (asked["state"], asked["awaits"], asked["receipt"]) == ("awaiting_confirmation", "names", None)
    (mail,) = fund.mails(employer)
    assert "confirmez la lecture des noms" in str(mail.message["Subject"])
    shown = employer.web.must("GET", f"/uploads/{upload}/names")
    assert (shown["guessed"], shown["names"][0]["windows-1256"]) == ("windows-1256", "كناري")
    said = {"code_page": "windows-1256", "certified": CERTIFIED}
    assert employer.web.must("POST", f"/uploads/{upload}/names", said)["state"] == "received"
    view = fund.verdict(employer, upload)
    assert (view["state"], view["version"], view["arrived_at"]) == ("in_force", 1, asked["arrived_at"])
    link = employer.web.must("GET", f"/uploads/{upload}/receipt", form="json")["url"]
    answer = verify(fetch(link).body, fund.anybody.must("GET", "/keys"))
    assert answer.ok
    assert answer.facts["names"]["by"]["name"] == "NOMUN PRENOMUN"
    lines = employer.web.must("GET", f"/uploads/{upload}/lines")["lines"]
    assert {line["surname"] for line in lines} == {"كناري", TWO.surname}


def test_a_worker_without_a_number_is_completed_later_and_then_found_under_it(fund: Fund) -> None:
    employer = fund.employer()
    upload = employer.send(das(employer.number, ONE, replace(TWO, nss=" " * 12)))
    view = fund.verdict(employer, upload)
    assert (view["state"], view["reserve"]["lines"]) == ("in_force", 1)
    (request,) = employer.web.must("GET", f"/uploads/{upload}/affiliations")["requests"]
    assert (request["lines"], request["state"], request["surname"]) == ([2], "owed", TWO.surname)
    number = {"nss": TWO.nss}
    given = employer.web.must("POST", f"/uploads/{upload}/affiliations/2", number)
    assert given["state"] == "completed"
    declared = fund.officer.must("POST", "/insured", number)["declared"]
    assert [each["upload"] for each in declared if each["upload"] == upload] == [upload]


def test_a_dac_of_two_employers_is_asked_for_once_and_then_cut(fund: Fund) -> None:
    sender, client = fund.employer(), fund.employer()
    client.web.must("POST", "/mandates", {"account": sender.account, "scopes": ["declare", "read"]})
    body = workers({"Employeur": sender.number, "Nom": "كناري"}, {"Employeur": client.number}).encode("cp1256")
    upload = sender.send(Filing("", (("DAC-2026-03.csv", body),), 0, (3,)))
    asked = fund.verdict(sender, upload)
    assert (asked["state"], asked["awaits"]) == ("awaiting_confirmation", "names")
    sender.web.must("POST", f"/uploads/{upload}/names", {"code_page": "windows-1256", "certified": CERTIFIED})

    def look() -> list[str] | None:
        found = [part["state"] for part in sender.view(upload).get("parts") or []]
        return found if found and "received" not in found else None

    assert wait_for(look, "a verdict on each", 180, hint=fund.logs) == ["in_force", "in_force"]
    theirs = sender.view(upload)["parts"][0]["upload"]
    assert sender.web.must("GET", f"/uploads/{theirs}/lines")["lines"][0]["surname"] == "كناري"
