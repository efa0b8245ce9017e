"""From the announcement to the verdict, over HTTP."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from tasrih.story.ports import Replace
from tasrih.story.records import Signature

from tests.api.caller import Caller, agent, person
from tests.story.world import ONE, OURS, OURS_TOO, TWO, Pair, World, announced, crowd, pair


def asked(what: Pair, **changed: Any) -> dict[str, Any]:
    body = {
        "employer": what.header[0][4:14],
        "files": [asdict(announced(*each)) for each in what.files],
        "total_centimes": what.total,
        "request": "demande-0001",
        "certified": {"name": "NOMUN PRENOMUN", "capacity": "gérant"},
    }
    return {**body, **changed}


def test_an_employer_announces_sends_and_reads_the_verdict(api: Caller, world: World) -> None:
    opened = api.call("POST", "/uploads", person(), asked(pair()))
    assert opened.status == 201
    assert [form["name"] for form in opened.body["forms"]] == [name for name, _ in pair().files]
    path = f"/uploads/{opened.body['upload']}"
    waiting = api.get(path).body
    assert (waiting["state"], waiting["receipt"], waiting["dues"]) == ("awaiting_upload", None, None)
    for form, (_, body) in zip(opened.body["forms"], pair().files, strict=True):
        world.inbox.upload(form, body)
    world.receive(opened.body["upload"])
    view = api.get(path).body
    assert (view["state"], view["version"], view["lines"], view["period"]) == ("in_force", 1, 2, "2019")
    assert view["dues"]["state"] == "computed"
    assert view["dues"]["total_centimes"] == sum(line["amount_centimes"] for line in view["dues"]["lines"])
    assert view["receipt"] == {"number": view["receipt"]["number"], "signed": False, "pdf_ready": False}
    assert all(isinstance(line["amount_centimes"], int) for line in view["dues"]["lines"])


def test_the_same_request_again_gets_the_same_ticket_and_another_body_an_error(api: Caller) -> None:
    first = api.call("POST", "/uploads", person(), asked(pair())).body
    second = api.call("POST", "/uploads", person(), asked(pair())).body
    assert first["upload"] == second["upload"]
    other = api.call("POST", "/uploads", person(), asked(pair(), total_centimes=1))
    assert (other.status, other.body["problem"], other.body["field"]) == (422, "request_reused", "request")


def test_held_dues_say_why_and_have_no_total(api: Caller, world: World) -> None:
    upload = world.file(pair(employer=OURS_TOO))
    dues = api.get(f"/uploads/{upload}", lang="en").body["dues"]
    assert (dues["state"], dues["total_centimes"], dues["lines"]) == ("held", None, [])
    assert len(dues["held_because"]) == 1


def test_a_duplicate_shows_the_receipt_that_answers_it(api: Caller, world: World) -> None:
    first, second = world.file(pair()), world.file(pair())
    number = api.get(f"/uploads/{first}").body["receipt"]["number"]
    view = api.get(f"/uploads/{second}").body
    assert (view["state"], view["answered_by"], view["receipt"]["number"]) == ("duplicate", first, number)


def test_a_superseded_filing_still_shows_its_own_receipt(api: Caller, world: World) -> None:
    first = world.file(pair())
    second = world.file(pair((ONE,)))
    view = api.get(f"/uploads/{first}").body
    assert (view["state"], view["answered_by"]) == ("superseded", second)
    assert view["receipt"]["number"] != api.get(f"/uploads/{second}").body["receipt"]["number"]


def test_a_late_filing_has_no_receipt_of_its_own_or_of_another(api: Caller, world: World) -> None:
    early = world.send(world.open(pair()), pair())
    world.file(pair((ONE,)))
    world.receive(early)
    view = api.get(f"/uploads/{early}").body
    assert (view["state"], view["receipt"], view["dues"]) == ("superseded", None, None)
    assert api.get(f"/uploads/{early}/receipt").status == 404


def finished(world: World, upload: str) -> str:
    receipt = world.receipt(upload)
    assert receipt
    signature = Signature(key_id="k", value="v")
    world.book.commit(Replace(replace(receipt, signature=signature, pdf=f"receipts/{receipt.number}.pdf")))
    return receipt.number


def test_the_link_to_a_receipt_lives_five_minutes_and_names_its_number(api: Caller, world: World) -> None:
    upload = world.file(pair())
    assert api.get(f"/uploads/{upload}/receipt").status == 404
    number = finished(world, upload)
    for form in ("pdf", "json"):
        url = api.get(f"/uploads/{upload}/receipt", form=form).body["url"]
        assert url == f"memory://receipts/receipts/{number}.{form}?name={number}.{form}&seconds=300"
    assert api.get(f"/uploads/{upload}").body["receipt"] == {"number": number, "signed": True, "pdf_ready": True}
    assert api.get(f"/uploads/{upload}/receipt", form="exe").status == 422


def test_the_link_of_a_duplicate_is_that_of_the_first_receipt(api: Caller, world: World) -> None:
    first, second = world.file(pair()), world.file(pair())
    finished(world, first)
    assert api.get(f"/uploads/{second}/receipt").body == api.get(f"/uploads/{first}/receipt").body


def test_uploads_are_listed_newest_first_page_by_page(api: Caller, world: World) -> None:
    uploads = [world.open(pair(year=1990 + each % 30)).ticket.upload for each in range(60)]
    first = api.get("/uploads").body
    assert [row["upload"] for row in first["uploads"]] == uploads[:9:-1]
    second = api.get("/uploads", before=first["next"]).body
    assert [row["upload"] for row in second["uploads"]] == uploads[9::-1]
    assert second["next"] is None


def test_a_list_shows_the_verdict_and_no_one_elses_uploads(api: Caller, world: World) -> None:
    upload = world.file(pair())
    rows = api.get("/uploads").body["uploads"]
    assert [(row["upload"], row["state"], row["employer"]) for row in rows] == [(upload, "in_force", OURS)]
    assert api.get("/uploads", person("eux")).body == {"uploads": [], "next": None}


def test_findings_come_in_pages_of_500_in_three_languages(api: Caller, world: World) -> None:
    people = [replace(each, unit="X") for each in crowd(300)]
    upload = world.file(pair(people))
    total = sum(world.outcome(upload).counts.values())
    assert total == 1200
    found: list[dict[str, Any]] = []
    after: int | None = 0
    pages = 0
    while after is not None:
        page = api.get(f"/uploads/{upload}/findings", after=after).body
        found, after, pages = found + page["findings"], page["next"], pages + 1
    assert (len(found), pages) == (1200, 3)
    assert [(each["line"], each["column"]) for each in found] == sorted(
        (each["line"], each["column"]) for each in found
    )
    assert len({(each["line"], each["column"]) for each in found}) == 1200
    told = {
        lang: api.get(f"/uploads/{upload}/findings", lang=lang).body["findings"][0]["message"]
        for lang in ("ar", "fr", "en")
    }
    assert len(set(told.values())) == 3


def test_counts_put_errors_before_warnings(api: Caller, world: World) -> None:
    upload = world.file(pair((replace(ONE, unit="X"), TWO), year=2009))
    severities = [each["severity"] for each in api.get(f"/uploads/{upload}").body["counts"]]
    assert severities == sorted(severities)
    assert "error" in severities


def test_an_upload_without_findings_has_an_empty_list(api: Caller, world: World) -> None:
    upload = world.file(pair())
    assert api.get(f"/uploads/{upload}/findings").body == {"counts": [], "findings": [], "next": None}
    waiting = world.open(pair(year=2018)).ticket.upload
    assert api.get(f"/uploads/{waiting}/findings").body == {"counts": [], "findings": [], "next": None}


@pytest.mark.parametrize("count", [1, 999, 1000, 1001, 2000, 2345])
def test_lines_come_in_pages_of_1000_each_line_once(api: Caller, world: World, count: int) -> None:
    upload = world.file(pair(crowd(count)))
    found: list[dict[str, Any]] = []
    after: int | None = 0
    pages = 0
    while after is not None:
        page = api.get(f"/uploads/{upload}/lines", after=after).body
        assert page["lines"], "no empty page"
        found, after, pages = found + page["lines"], page["next"], pages + 1
    assert sorted(line["number"] for line in found) == list(range(1, count + 1))
    assert pages == -(-count // 1000)


def test_a_line_is_shown_as_it_was_declared(api: Caller, world: World) -> None:
    upload = world.file(pair((ONE,)))
    assert api.get(f"/uploads/{upload}/lines").body["lines"] == [
        {
            "number": 1,
            "nss": ONE.nss,
            "surname": "NOMUN",
            "first_name": "PRENOMUN",
            "birth": "01011980",
            "durations": [90] * 4,
            "units": ["J"] * 4,
            "bases_centimes": list(ONE.bases),
            "base_year_centimes": sum(ONE.bases),
            "base_centimes": None,
            "entry": "01032015",
            "exit": "",
            "function": "AGENT",
            "code": "",
        }
    ]


def test_lines_of_a_filing_that_is_not_in_force_are_not_shown(api: Caller, world: World) -> None:
    first = world.file(pair())
    world.file(pair((ONE,)))
    assert api.get(f"/uploads/{first}/lines").status == 404


def test_everything_in_force_for_one_person_is_for_officers_of_the_employers_agency(api: Caller, world: World) -> None:
    world.file(pair())
    world.file(pair((ONE,), employer="3199999903"), by="eux")
    found = api.call("POST", "/insured", agent(), {"nss": ONE.nss}).body["declared"]
    assert [each["employer"] for each in found] == [OURS]
    assert found[0]["lines"][0]["nss"] == ONE.nss
    elsewhere = api.call("POST", "/insured", agent("31000"), {"nss": ONE.nss}).body["declared"]
    assert [each["employer"] for each in elsewhere] == ["3199999903"]
    assert api.call("POST", "/insured", person(), {"nss": ONE.nss}).status == 403


def test_officers_see_the_uploads_of_their_agencys_employers(api: Caller, world: World) -> None:
    upload = world.file(pair())
    for path in ("", "/findings", "/lines"):
        assert api.get(f"/uploads/{upload}{path}", agent()).status == 200
        assert api.get(f"/uploads/{upload}{path}", agent("31000")).status == 404
    assert api.get("/uploads", agent()).status == 403
    assert api.call("POST", "/uploads", agent(), asked(pair())).status == 403
