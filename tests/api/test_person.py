"""All that is held on one insured person: every version kept, who looked, and nothing of another agency."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from tasrih.cli import main
from tasrih.correspondence.person import person_text
from tasrih.messages import LANGUAGES, sentence
from tasrih.register.parties import Affiliation, Employer
from tasrih.story.ports import Busy, Replace

from tests.api.caller import Caller, agent, person
from tests.api.test_looks import traced
from tests.story.test_remove_due import CANARY, NEW, NUMBER, give, mailed, run
from tests.story.world import ONE, OURS, OURS_TOO, THEIRS, THEM, TWO, World, pair

WHY = "à la demande de l'intéressé"


def export(api: Caller, nss: str = CANARY.nss, agency: str = "16000", **query: object) -> Any:
    reply = api.call("POST", "/insured/export", agent(agency), {"nss": nss, "reason": WHY}, **query)
    assert reply.status == 200, reply.text
    return reply.body


def test_every_version_that_is_kept_is_told_with_its_state(api: Caller, world: World) -> None:
    first = world.file(pair((ONE, CANARY)))
    second = world.file(pair((CANARY, TWO)))
    other = world.file(pair((CANARY,), employer=OURS_TOO, year=2018))
    world.file(pair((ONE, replace(CANARY, unit="X")), year=2017))
    found = export(api)
    told = [
        (each["upload"], each["employer"], each["period"], each["version"], each["state"]) for each in found["held"]
    ]
    assert told == [
        (second, OURS, "2019", 2, "in_force"),
        (first, OURS, "2019", 1, "superseded"),
        (other, OURS_TOO, "2018", 1, "in_force"),
    ]
    assert all(each["file_kept"] and len(each["lines"]) == 1 for each in found["held"])
    assert found["held"][0]["lines"][0]["surname"] == CANARY.surname
    assert ONE.surname not in str(found)
    assert TWO.surname not in str(found)


def test_a_number_given_later_brings_the_line_it_was_given_to(api: Caller, world: World) -> None:
    upload = world.file(pair((ONE, NEW)))
    give(world, upload, 2)
    (held,) = export(api, NUMBER)["held"]
    assert (held["upload"], held["number_given_later"], held["lines"][0]["surname"]) == (upload, True, NEW.surname)
    world.file(pair((TWO, NEW)))
    states = [(each["state"], each["number_given_later"]) for each in export(api, NUMBER)["held"]]
    assert states == [("in_force", True), ("superseded", True)]


def test_only_what_employers_of_the_officers_agency_declared_is_told(api: Caller, world: World) -> None:
    world.file(pair((CANARY,)))
    world.file(pair((CANARY,), employer=THEIRS), by=THEM)
    assert {each["employer"] for each in export(api)["held"]} == {OURS}
    assert {each["employer"] for each in export(api, agency="31000")["held"]} == {THEIRS}
    assert {look["agency"] for look in export(api)["looked"]} == {"16000"}


def test_an_employer_that_changed_its_agency_is_told_to_both(api: Caller, world: World) -> None:
    world.file(pair((CANARY,)))
    employer = world.book.get(Employer, f"EMPLOYER#{OURS}", "EMPLOYER")
    assert employer
    moved = (*employer.agencies, Affiliation(agency="31000", since="2019-06-01"))
    world.book.commit(Replace(replace(employer, agencies=moved)))
    assert [len(export(api, agency=agency)["held"]) for agency in ("16000", "31000")] == [1, 1]


def test_who_looked_is_part_of_it_this_export_included(api: Caller, world: World) -> None:
    upload = world.file(pair((CANARY,)))
    api.get(f"/uploads/{upload}/lines", agent())
    api.call("POST", "/insured", agent(), {"nss": CANARY.nss, "reason": "contrôle"})
    looked = export(api)["looked"]
    assert sorted((look["what"], look["reason"]) for look in looked) == [
        ("export", WHY),
        ("insured", "contrôle"),
        ("lines", ""),
    ]
    assert [look.reason for look in traced(world) if look.what == "export" and look.employers] == [WHY]


def test_a_reason_is_demanded_and_an_officer(api: Caller, world: World) -> None:
    world.file(pair((CANARY,)))
    for asked in ({"nss": CANARY.nss}, {"nss": CANARY.nss, "reason": "?"}):
        assert api.call("POST", "/insured/export", agent(), asked).status == 422
    asked = {"nss": CANARY.nss, "reason": WHY}
    assert api.call("POST", "/insured/export", person(), asked).status == 403
    assert traced(world) == []


def test_nothing_is_told_where_the_trace_cannot_be_written(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.file(pair((CANARY,)))

    def down(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(world.book, "commit", down)
    reply = api.call("POST", "/insured/export", agent(), {"nss": CANARY.nss, "reason": WHY})
    assert reply.status == 503
    assert CANARY.surname not in reply.text


def test_a_number_that_nobody_declared_has_nothing_and_its_asking_is_traced(api: Caller, world: World) -> None:
    assert export(api)["held"] == []
    assert [look.what for look in traced(world)] == ["export"]


def test_what_was_removed_is_told_no_more(api: Caller, world: World) -> None:
    world.file(pair((CANARY,)))
    world.file(pair((CANARY,), year=2018))
    mailed(world)
    world.later(days=31)
    run(world, {"originals": 30})
    assert [each["file_kept"] for each in export(api)["held"]] == [False, False]
    world.later(hours=1)
    run(world, {"lines": 30})
    assert export(api)["held"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_can_be_read_in_each_language(api: Caller, world: World, language: str) -> None:
    upload = world.file(pair((ONE, NEW)))
    give(world, upload, 2)
    text = person_text(export(api, NUMBER, lang=language), language)
    for words in (NUMBER, NEW.surname, "360\u00a0000,00", "01/01/1980", OURS, upload, WHY, "16000"):
        assert words in text
    for key in ("given_later", "file_kept", "rights", "looked"):
        assert sentence("person", key, language) in text
    assert sentence("person", "nothing", language) in person_text(export(api, "1" * 12, lang=language), language)


def test_the_command_asks_for_the_number_prints_it_saves_it_and_puts_it_in_no_address(
    api: Caller, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world.file(pair((CANARY,)))
    asked: list[str] = []

    class Service:
        def sign_in(self, _: object) -> Service:
            return self

        def post(self, path: str, body: dict[str, str]) -> Any:
            asked.append(path)
            return api.call("POST", path, agent(), body).body

    monkeypatch.setattr("tasrih.cli.person.Service", lambda *_: Service())
    monkeypatch.setattr("sys.stdin", StringIO(f"{CANARY.nss}\n"))
    out = tmp_path / "person.json"
    order = ["person", "export", "--reason", WHY, "--json", str(out), "--api", "http://s", "--lang", "fr"]
    assert main(order) == 0
    assert f"Ce qui est conservé sous le numéro d'assuré {CANARY.nss}" in capsys.readouterr().out
    assert CANARY.surname in out.read_text("utf-8")
    assert asked == ["/insured/export"]
