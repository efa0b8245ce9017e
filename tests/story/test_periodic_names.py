"""A nominal DAC whose names rest on a guess waits as a whole, is confirmed once, and only then cut into its parts."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import default

import pytest
from tasrih.ledger.posting import check_posted_once
from tasrih.story.acknowledge import acknowledge

from tests.story.faulty import Plan
from tests.story.periodic import parts, people, send
from tests.story.test_confirm_names import confirm, names
from tests.story.test_periodic_interrupted import failures, received
from tests.story.test_portfolio import archive, desk
from tests.story.world import OURS, OURS_TOO, THEIRS, World, pair, settled_world

ARABIC = {"Nom": "بن علي", "Prénom": "أمينة"}
MANY = people(ARABIC, {"Employeur": OURS_TOO, "NSS": "800000000002"}, {"Employeur": THEIRS}).decode().encode("cp1256")
ONE = people(ARABIC).decode().encode("cp1256")


def waiting(world: World, body: bytes = MANY, **how: str) -> str:
    upload = send(world, body, **how)
    assert world.receive(upload) == "awaiting_confirmation"
    return upload


def test_a_dac_of_many_waits_before_it_is_cut(world: World) -> None:
    upload = waiting(world)
    outcome = world.outcome(upload)
    assert (outcome.awaits, outcome.children, outcome.counts) == ("names", (), {"W502": 1})
    assert [letter.about for letter in world.letters_of(upload)] == ["names_to_confirm"]
    told = json.loads(world.inbox.get_report(outcome.report))["names"]
    assert [name["windows-1256"] for name in told["names"]] == ["بن علي", "أمينة"]
    assert (world.entries(), world.entries(OURS_TOO)) == ([], [])


def test_confirmed_once_every_part_is_cut_in_that_code_page_and_a_bad_one_stops_no_other(world: World) -> None:
    upload = waiting(world)
    arrived, rank = world.ticket(upload).arrived_at, world.ticket(upload).rank
    world.later(days=20)
    confirm(world, upload)
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["in_force", "in_force", "refused"]
    first, second, _ = world.outcome(upload).children
    assert [names(world, child.upload) for child in (first, second)] == [["بن علي"], ["NOMUN"]]
    assert (world.outcome(first.upload).arrived_at, world.ticket(first.upload).rank) == (arrived, rank)
    receipt = world.receipt(first.upload)
    assert receipt
    told = json.loads(receipt.payload)["names"]
    assert (told["code_page"], told["by"]["name"]) == ("windows-1256", "NOMUN PRENOMUN")
    assert told["at"].startswith("2020-02-")


def test_the_other_code_page_gives_the_other_names_to_every_part(world: World) -> None:
    upload = waiting(world)
    confirm(world, upload, "windows-1252")
    world.receive(upload)
    parts(world, upload)
    assert names(world, world.outcome(upload).children[0].upload) == ["Èä Úáí"]


def test_one_for_the_employer_named_waits_and_is_settled_as_it_is(world: World) -> None:
    upload = waiting(world, ONE, employer=OURS)
    assert world.outcome(upload).employer == OURS
    confirm(world, upload)
    assert world.receive(upload) == "in_force"
    assert names(world, upload) == ["بن علي"]


def test_said_in_advance_nothing_is_asked(world: World) -> None:
    upload = send(world, MANY, code_page="windows-1256")
    assert world.receive(upload) == "split"
    assert parts(world, upload)[0] == "in_force"


def test_where_every_declaration_is_refused_nobody_is_asked(world: World) -> None:
    wrong = people({**ARABIC, "Code": "?"}, {"Employeur": OURS_TOO, "Code": "?"}).decode().encode("cp1256")
    upload = send(world, wrong)
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["refused", "refused"]


def test_the_same_dac_again_is_a_duplicate_and_in_another_code_page_a_new_version(world: World) -> None:
    states = []
    for page in ("windows-1252", "windows-1256", "windows-1256"):
        upload = waiting(world)
        confirm(world, upload, page)
        world.receive(upload)
        states.append(parts(world, upload)[:2])
    assert states == [["in_force", "in_force"], ["in_force", "duplicate"], ["duplicate", "duplicate"]]
    check_posted_once(world.entries())


def test_a_test_is_asked_too_and_stays_a_test(world: World) -> None:
    upload = waiting(world, purpose="test")
    confirm(world, upload)
    world.receive(upload)
    assert parts(world, upload)[:2] == ["tested", "tested"]
    assert world.entries() == []


def test_the_letter_of_a_part_stays_in_the_digest_that_comes_after_the_confirmation(world: World) -> None:
    upload = waiting(world)
    here, post = desk(world)
    assert acknowledge(upload, "names_to_confirm", world.clock.now(), here) == "sent"
    asked = message_from_bytes(post.sent[0][1], policy=default).get_body(("plain",))
    assert asked
    assert "Numéro d'employeur" not in asked.get_content(), "it is not about one of them"
    world.later(days=1)
    confirm(world, upload)
    world.receive(upload)
    parts(world, upload)
    first = world.outcome(upload).children[0].upload
    assert acknowledge(first, "in_force", world.clock.now(), here) == "in_digest"
    assert len(post.sent) == 2


def test_a_part_of_an_archive_waits_for_its_names_and_has_a_digest_of_its_own_once_cut(world: World) -> None:
    packed = archive({"a": pair()}, {"dac.csv": MANY})
    upload = send(world, packed, names=("cabinet.zip",), inside=7)
    assert world.receive(upload) == "split"
    here, post = desk(world)
    assert sorted(parts(world, upload)) == ["awaiting_confirmation", "in_force"]
    assert acknowledge(upload, "split", world.clock.now(), here) == "sent"
    dac = next(each.upload for each in world.outcome(upload).children if world.outcome(each.upload).awaits)
    world.later(days=1)
    confirm(world, dac)
    assert world.receive(dac) == "split"
    assert parts(world, dac) == ["in_force", "in_force", "refused"]
    assert acknowledge(dac, "split", world.clock.now(), here) == "sent"
    told = message_from_bytes(post.sent[-1][1], policy=default).get_body(("plain",))
    assert told
    assert told.get_content().startswith("Dépôt dac.csv : déclarations 3, refusées 1")
    assert acknowledge(world.outcome(dac).children[0].upload, "in_force", world.clock.now(), here) == "in_digest"


def calls(confirmed: bool) -> list[str]:
    world, plan = settled_world(), Plan()
    upload = send(world, MANY)
    if confirmed:
        world.receive(upload)
        confirm(world, upload)
    world.receive(upload, **plan.ports(world))
    return plan.trace


ASKING, CUTTING = dict(failures(calls(confirmed=False))), dict(failures(calls(confirmed=True)))


@pytest.mark.parametrize("plan", ASKING.values(), ids=ASKING)
def test_a_failure_while_it_is_read_still_asks_once(plan: Plan) -> None:
    world = settled_world()
    upload = send(world, MANY)
    received(world, upload, plan)
    assert world.outcome(upload).awaits == "names"
    assert [letter.about for letter in world.letters_of(upload)] == ["names_to_confirm"]


@pytest.mark.parametrize("plan", CUTTING.values(), ids=CUTTING)
def test_a_failure_while_the_confirmed_dac_is_cut_opens_nothing_twice(plan: Plan) -> None:
    world = settled_world()
    upload = waiting(world)
    confirm(world, upload)
    received(world, upload, plan)
    assert parts(world, upload) == ["in_force", "in_force", "refused"]
    assert sorted(letter.about for letter in world.letters_of(upload)) == ["names_to_confirm", "split"]
    check_posted_once(world.entries())
    assert len(world.entries()) == 1
