"""A real filing is vouched for by a named person; a test is read to the end and changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy

import pytest
from tasrih.adapters.clock import ALGIERS
from tasrih.adapters.memory import MemoryPost, MemoryReceipts, MemorySigner
from tasrih.messages import LANGUAGES, table
from tasrih.story.access import NotAsked
from tasrih.story.acknowledge import acknowledge
from tasrih.story.desk import Desk
from tasrih.story.open_upload import Asked, open_upload
from tasrih.story.receipt_dues import dues_of, dues_of_test
from tasrih.vocabulary.certified import Certified

from tests.story.world import ONE, OURS, OURS_TOO, TWO, US, VOUCHED, World, announced, pair

WRONG = pair((ONE, replace(TWO, unit="X")))


def ask(world: World, certified: Certified | None, purpose: str = "real", request: str = "") -> Certified | None:
    files = tuple(announced(*each) for each in pair().files)
    asked = Asked(OURS, files, pair().total, "", request, purpose, certified)
    opened = open_upload(
        asked, world.account(US), world.clock.now(), book=world.book, inbox=world.inbox, chance=world.chance
    )
    return opened.ticket.certified


@pytest.mark.parametrize(
    ("certified", "field"),
    [
        (None, "certified"),
        (replace(VOUCHED, name=""), "certified.name"),
        (replace(VOUCHED, name=" \u202e\t "), "certified.name"),
        (replace(VOUCHED, name="1 2 ."), "certified.name"),
        (replace(VOUCHED, name="N" * 101), "certified.name"),
        (replace(VOUCHED, capacity="\u200f"), "certified.capacity"),
        (replace(VOUCHED, capacity="x" * 101), "certified.capacity"),
    ],
)
def test_a_real_filing_that_nobody_vouches_for_is_not_opened(
    world: World, certified: Certified | None, field: str
) -> None:
    with pytest.raises(NotAsked) as raised:
        ask(world, certified)
    assert raised.value.field == field
    assert set(table("api")[raised.value.why]) == set(LANGUAGES)
    assert "NNN" not in str(raised.value)
    assert world.book.count("rank") == 1, "no rank was spent"


def test_a_purpose_that_is_none_is_not_taken(world: World) -> None:
    with pytest.raises(NotAsked):
        ask(world, VOUCHED, purpose="perhaps")


def test_the_name_is_cleaned_before_it_is_kept(world: World) -> None:
    kept = ask(world, Certified(name=" NOMUN\u202e\r\n PRENOMUN ", capacity="g\u0065\u0301rant"))
    assert kept == Certified(name="NOMUN PRENOMUN", capacity="g\u00e9rant")


def test_nobody_vouches_for_a_test(world: World) -> None:
    assert ask(world, VOUCHED, purpose="test") is None
    assert ask(world, None, purpose="test") is None


def test_a_request_key_with_another_person_or_purpose_is_an_error(world: World) -> None:
    ask(world, VOUCHED, request="demande-0001")
    ask(world, VOUCHED, request="demande-0001")
    for certified, purpose in ((replace(VOUCHED, name="AUTRE NOM"), "real"), (VOUCHED, "test")):
        with pytest.raises(NotAsked):
            ask(world, certified, purpose, request="demande-0001")


def test_the_receipt_says_who_vouched(world: World) -> None:
    receipt = world.receipt(world.file(pair()))
    assert receipt
    expected = {"name": "NOMUN PRENOMUN", "capacity": "gérant", "mandate": None}
    assert json.loads(receipt.payload)["certified"] == expected


def test_no_key_holds_the_name_of_who_vouched(world: World) -> None:
    world.file(pair())
    keys = [f"{part} {sort}" for part, stand in world.book.items.items() for sort in stand]
    assert keys
    assert not [key for key in keys if "NOMUN" in key or "rant" in key]


def test_a_test_has_a_verdict_and_a_letter_and_nothing_else(world: World) -> None:
    upload = world.file(pair(), purpose="test")
    outcome = world.outcome(upload)
    assert (outcome.state, outcome.purpose, outcome.version) == ("tested", "test", 0)
    assert [letter.about for letter in world.letters_of(upload)] == ["tested"]
    assert set(world.book.items[f"UPLOAD#{upload}"]) == {"TICKET", "OUTCOME", "LETTER#tested"}
    assert not world.entries()
    assert not world.versions()
    assert world.series() is None
    assert not world.lines.employers_of(ONE.nss)


def test_a_test_is_assessed_as_the_real_filing_would_be(world: World) -> None:
    tested, real = world.file(pair(), purpose="test"), world.file(pair())
    receipt = world.receipt(real)
    assert receipt
    assert dues_of_test(world.outcome(tested)) == dues_of(receipt)
    assert world.outcome(tested).dues_total_centimes == world.outcome(real).dues_total_centimes > 0


def test_a_test_of_an_employer_whose_codes_are_not_known_says_why_dues_are_held(world: World) -> None:
    outcome = world.outcome(world.file(pair(employer=OURS_TOO), purpose="test"))
    assert (outcome.state, outcome.dues_state) == ("tested", "held")
    assert dues_of_test(outcome).held_because == outcome.held_because


@pytest.mark.parametrize("kind", ["C", "R"])
def test_a_test_of_a_correction_is_read_and_its_dues_wait_for_confirmation(world: World, kind: str) -> None:
    outcome = world.outcome(world.file(pair(kind=kind), purpose="test"))
    assert (outcome.state, outcome.held_because) == ("tested", ("awaiting_confirmation",))


def test_a_refused_test_is_refused_and_known_as_a_test(world: World) -> None:
    upload = world.file(WRONG, purpose="test")
    assert (world.outcome(upload).state, world.outcome(upload).purpose) == ("refused", "test")
    assert world.outcome(upload).report


def test_tests_and_real_filings_of_the_same_bytes_do_not_answer_one_another(world: World) -> None:
    order = ["test", "real", "test", "real", "test"]
    states = [world.outcome(world.file(pair(), purpose=purpose)).state for purpose in order]
    assert states == ["tested", "in_force", "tested", "duplicate", "tested"]
    assert len(world.entries()) == len(world.versions()) == 1


def test_a_later_test_leaves_what_is_in_force_alone(world: World) -> None:
    upload = world.file(pair())
    before = (world.series(), world.outcome(upload), world.entries())
    world.file(pair((ONE,)), purpose="test")
    assert (world.series(), world.outcome(upload), world.entries()) == before


@pytest.mark.parametrize("what", [pair(), WRONG], ids=["accepted", "refused"])
def test_the_mail_about_a_test_says_so_and_carries_no_paper(world: World, what: object) -> None:
    post = MemoryPost()
    desk = Desk(
        book=world.book,
        inbox=world.inbox,
        receipts=MemoryReceipts(),
        signer=MemorySigner("graine"),
        post=post,
        mail_from="tasrih@caisse.example",
        verify_url="https://caisse.example/verify",
    )
    upload = world.file(what, purpose="test")  # type: ignore[arg-type]  # a pair
    (letter,) = world.letters_of(upload)
    assert acknowledge(upload, letter.about, datetime(2020, 1, 20, 10, tzinfo=ALGIERS), desk) == "sent"
    mail = message_from_bytes(post.sent[0][1], policy=policy.default)
    assert mail["Subject"].startswith("ESSAI ·")
    assert b"application/pdf" not in post.sent[0][1]
