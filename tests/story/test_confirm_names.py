"""A filing whose names rest on a guess waits for a person, and is nobody's loss for having waited."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from tasrih.ledger.posting import check_posted_once
from tasrih.register.mandates import READ
from tasrih.story.access import NotAllowed, NotAsked, NotFound
from tasrih.story.acknowledge import acknowledge
from tasrih.story.confirm_names import confirm_names
from tasrih.story.ports import Busy, Lost
from tasrih.story.records import Ticket

from tests.story.faulty import CommitsSeen
from tests.story.test_portfolio import archive, desk, parts, send
from tests.story.world import CABINET, ONE, OURS_TOO, TWO, US, VOUCHED, Pair, World, pair

ARABIC = replace(TWO, surname="بن علي", first_name="أمينة")


def guessed(year: int = 2019, kind: str = "N", encoding: str = "cp1256") -> Pair:
    made = pair((ONE, ARABIC), year=year, kind=kind)
    name, body = made.detail
    return replace(made, detail=(name, body.decode().encode(encoding)))


def confirm(world: World, upload: str, code_page: str = "windows-1256", by: str = US) -> Ticket:
    now, account = world.clock.now(), world.account(by)
    return confirm_names(upload, code_page, VOUCHED, account, now, book=world.book, uploads=world.uploads)


def names(world: World, upload: str) -> list[str]:
    stored = world.stored(upload)
    assert stored
    return sorted(row["surname"].decode() for part in world.lines.read(stored) for row in part.rows)


def test_a_filing_whose_names_were_guessed_counts_for_nothing_and_asks(world: World) -> None:
    upload = world.file(guessed())
    outcome = world.outcome(upload)
    assert (outcome.state, outcome.awaits) == ("awaiting_confirmation", "names")
    assert (outcome.dues_state, outcome.held_because) == ("held", ("names_to_confirm",))
    assert (world.entries(), world.series(), world.receipt(upload), world.stored(upload)) == ([], None, None, None)
    assert [letter.about for letter in world.letters_of(upload)] == ["names_to_confirm"]
    told = json.loads(world.inbox.get_report(outcome.report))["names"]
    assert told["guessed"] == "windows-1256"
    assert [name["windows-1256"] for name in told["names"]] == ["بن علي", "أمينة"]
    assert told["names"][0]["windows-1252"] == "Èä Úáí"


def test_confirmed_it_is_settled_with_the_time_and_the_rank_it_came_with(world: World) -> None:
    upload = world.file(guessed())
    arrived, rank = world.ticket(upload).arrived_at, world.ticket(upload).rank
    world.later(days=20)
    confirm(world, upload)
    assert world.receive(upload) == "in_force"
    outcome, series = world.outcome(upload), world.series()
    assert (outcome.arrived_at, outcome.awaits, outcome.version) == (arrived, "", 1)
    assert series
    assert (series.rank, series.upload) == (rank, upload)
    assert names(world, upload) == ["NOMUN", "بن علي"]
    assert [letter.about for letter in world.letters_of(upload)] == ["in_force", "names_to_confirm"]


def test_the_receipt_says_who_confirmed_the_reading_and_when(world: World) -> None:
    upload = world.file(guessed())
    world.later(days=1)
    confirm(world, upload)
    world.receive(upload)
    receipt = world.receipt(upload)
    assert receipt
    assert json.loads(receipt.payload)["names"] == {
        "code_page": "windows-1256",
        "by": {"name": "NOMUN PRENOMUN", "capacity": "gérant", "mandate": None},
        "at": "2020-01-21T10:00:00+01:00",
    }


def test_the_other_code_page_gives_the_other_names(world: World) -> None:
    upload = world.file(guessed())
    confirm(world, upload, "windows-1252")
    assert world.receive(upload) == "in_force"
    assert names(world, upload) == ["NOMUN", "Èä Úáí"]


def test_confirming_again_changes_nothing_and_another_code_page_comes_too_late(world: World) -> None:
    upload = world.file(guessed())
    confirm(world, upload)
    before = dict(world.book.items[f"UPLOAD#{upload}"])
    confirm(world, upload)
    assert world.book.items[f"UPLOAD#{upload}"] == before
    with pytest.raises(NotAsked):
        confirm(world, upload, "windows-1252")
    world.receive(upload)
    assert confirm(world, upload).state == "decided"
    with pytest.raises(NotAsked):
        confirm(world, upload, "windows-1252")


def test_said_in_advance_nothing_is_asked(world: World) -> None:
    what = guessed()
    upload = world.send(world.open(what, code_page="windows-1256"), what)
    assert world.receive(upload) == "in_force"
    receipt = world.receipt(upload)
    assert receipt
    assert json.loads(receipt.payload)["names"]["code_page"] == "windows-1256"


def test_where_every_letter_is_certain_the_receipt_speaks_of_no_code_page(world: World) -> None:
    upload = world.send(world.open(pair(), code_page="windows-1256"), pair())
    world.receive(upload)
    receipt = world.receipt(upload)
    assert receipt
    assert json.loads(receipt.payload)["names"] is None


def test_the_same_bytes_in_another_code_page_are_another_filing(world: World) -> None:
    first, second, third = (world.file(guessed()) for _ in range(3))
    confirm(world, first, "windows-1252")
    world.receive(first)
    confirm(world, second)
    assert world.receive(second) == "in_force"
    confirm(world, third)
    assert world.receive(third) == "duplicate"
    assert world.outcome(first).state == "superseded"
    check_posted_once(world.entries())


def test_a_later_filing_that_took_force_meanwhile_stays(world: World) -> None:
    early = world.file(guessed())
    late = world.file(pair())
    confirm(world, early)
    assert world.receive(early) == "superseded"
    assert world.outcome(early).answered_by == late


def test_a_test_is_asked_too_and_stays_a_test(world: World) -> None:
    upload = world.file(guessed(), purpose="test")
    assert world.outcome(upload).awaits == "names"
    confirm(world, upload)
    assert world.receive(upload) == "tested"
    assert world.series() is None


def test_names_are_asked_first_and_the_effect_of_a_complementary_filing_after_that(world: World) -> None:
    upload = world.file(guessed(kind="C"))
    assert world.outcome(upload).awaits == "names"
    confirm(world, upload)
    assert world.receive(upload) == "awaiting_confirmation"
    outcome = world.outcome(upload)
    assert (outcome.awaits, outcome.held_because) == ("effect", ("awaiting_confirmation",))
    assert [letter.about for letter in world.letters_of(upload)] == ["awaiting_confirmation", "names_to_confirm"]


def test_the_queue_is_told_and_the_sweep_finds_what_fell_through(world: World) -> None:
    upload = world.file(guessed())
    world.later(days=30)
    confirm(world, upload)
    assert world.uploads.bodies == [{"upload": upload}]
    world.uploads.bodies.clear()
    assert world.sweep().uploads == 0
    world.later(minutes=6)
    swept = world.sweep()
    assert (swept.uploads, world.uploads.bodies) == (1, [{"upload": upload}])
    assert list(swept.open_seconds.values()) == [timedelta(minutes=6).total_seconds()], (
        "it waited for us since the confirmation"
    )


def test_a_queue_that_is_down_loses_no_confirmation(world: World) -> None:
    class Down:
        def put(self, body: dict[str, str]) -> None:
            raise Busy

    upload = world.file(guessed())
    account, now = world.account(US), world.clock.now()
    confirm_names(upload, "windows-1256", VOUCHED, account, now, book=world.book, uploads=Down())
    assert world.ticket(upload).state == "received"


def test_a_crash_while_settling_leaves_it_to_the_next_delivery(world: World) -> None:
    upload = world.file(guessed())
    confirm(world, upload)

    class Dies(CommitsSeen):
        def commit(self, *changes: object) -> None:
            if len(changes) > 1:
                raise Lost
            super().commit(*changes)  # type: ignore[arg-type]

    with pytest.raises(Lost):
        world.receive(upload, book=Dies(world.book))  # type: ignore[arg-type]
    assert world.outcome(upload).state == "awaiting_confirmation"
    assert world.receive(upload) == "in_force"
    assert len(world.entries()) == 1


def test_what_waits_for_nothing_takes_no_confirmation(world: World) -> None:
    for upload in (world.file(pair()), world.file(pair(kind="C"))):
        with pytest.raises(NotAsked):
            confirm(world, upload)


def test_who_may_not_file_may_not_confirm(world: World) -> None:
    upload = world.file(guessed())
    world.mandate(READ)
    with pytest.raises(NotFound):
        confirm(world, upload, by=CABINET)
    officer = replace(world.account(US), role="officer", agency="16000")
    with pytest.raises(NotAllowed):
        confirm_names(
            upload, "windows-1256", VOUCHED, officer, world.clock.now(), book=world.book, uploads=world.uploads
        )


def test_a_real_filing_is_confirmed_by_a_named_person_and_in_a_known_code_page(world: World) -> None:
    upload = world.file(guessed())
    account, now = world.account(US), world.clock.now()
    with pytest.raises(NotAsked):
        confirm_names(upload, "windows-1256", None, account, now, book=world.book, uploads=world.uploads)
    with pytest.raises(NotAsked):
        confirm(world, upload, "koi8-r")


def test_a_refused_file_shows_its_names_and_asks_for_nothing(world: World) -> None:
    made = guessed()
    name, body = made.detail
    upload = world.file(replace(made, detail=(name, body.replace(b"90 J", b"90 X", 1))))
    outcome = world.outcome(upload)
    assert (outcome.state, outcome.awaits) == ("refused", "")
    assert json.loads(world.inbox.get_report(outcome.report))["names"]["names"]


def test_a_part_of_an_archive_is_asked_for_in_the_digest_and_its_verdict_is_mailed_by_itself(world: World) -> None:
    upload = send(world, archive({"a": guessed(), "b": pair(employer=OURS_TOO)}))
    world.receive(upload)
    assert parts(world, upload) == ["awaiting_confirmation", "in_force"]
    here, post = desk(world)
    assert acknowledge(upload, "split", world.clock.now(), here) == "sent"
    first = world.outcome(upload).children[0].upload
    assert acknowledge(first, "names_to_confirm", world.clock.now(), here) == "in_digest"
    ((_, digest),) = post.sent
    told = message_from_bytes(digest, policy=default).get_body(("plain",))
    assert told
    assert "confirmez la lecture des noms" in told.get_content()
    world.later(days=1)
    confirm(world, first)
    assert world.receive(first) == "in_force"
    assert acknowledge(first, "in_force", world.clock.now(), here) == "sent"


def test_said_in_advance_stays_in_the_digest_though_the_bucket_dates_in_whole_seconds(world: World) -> None:
    world.later(seconds=0.7)
    upload = send(world, archive({"a": guessed(), "b": pair(employer=OURS_TOO)}), code_page="windows-1256")
    assert world.receive(upload) == "split"
    assert parts(world, upload) == ["in_force", "in_force"]
    first = world.outcome(upload).children[0].upload
    assert acknowledge(first, "in_force", world.clock.now(), desk(world)[0]) == "in_digest"


def test_a_letter_that_asks_for_what_was_done_meanwhile_is_not_mailed(world: World) -> None:
    upload = world.file(guessed())
    confirm(world, upload)
    world.receive(upload)
    here, post = desk(world)
    assert acknowledge(upload, "names_to_confirm", world.clock.now(), here) == "sent"
    assert post.sent == []
