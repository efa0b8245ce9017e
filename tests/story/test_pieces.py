"""A large file comes in pieces, is resumed piece by piece, and arrives when it is completed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from tasrih.adapters.memory import UploadRefused
from tasrih.messages import LANGUAGES, table
from tasrih.register.parties import Account
from tasrih.story.access import NotAllowed, NotAsked, NotFound
from tasrih.story.objects import object_key
from tasrih.story.open_upload import PIECES_HOURS
from tasrih.story.pieces import complete_upload, tend
from tasrih.story.ports import Busy

from tests.story.large import (
    DETAIL,
    LARGE,
    PIECE,
    body_of,
    complete,
    numbers,
    remaining,
    send_pieces,
    small_pieces,
    versions,
)
from tests.story.test_open_upload import ask
from tests.story.test_portfolio import OF_TWO, archive, parts
from tests.story.test_sweep import receive_queued
from tests.story.world import CABINET, OURS, THEM, US, VOUCHED, Asked, World, announced, crowd, pair


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    return small_pieces(world, monkeypatch)


def test_each_piece_has_a_number_a_stretch_of_the_file_and_its_own_address(world: World) -> None:
    opened = world.open(LARGE)
    assert list(opened.forms) == [0]
    file = opened.in_pieces[DETAIL]
    size = len(LARGE.detail[1])
    assert [(piece.number, piece.first_byte, piece.size) for piece, _ in file.missing] == [
        (1, 0, PIECE),
        (2, PIECE, PIECE),
        (3, 2 * PIECE, size - 2 * PIECE),
    ]
    assert len({form["url"] for _, form in file.missing}) == 3
    assert file.arrived == ()


def test_a_file_of_exactly_the_size_of_a_piece_comes_by_form(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasrih.story.pieces.PIECE_BYTES", len(LARGE.detail[1]))
    opened = world.open(LARGE)
    assert (list(opened.forms), opened.in_pieces, opened.ticket.sessions) == ([0, 1], {}, ())


def test_pieces_are_taken_for_a_day_and_the_verdict_comes_an_hour_later(world: World) -> None:
    opened = world.open(LARGE)
    ticket = opened.ticket
    assert ticket.form_expires_at - ticket.opened_at == timedelta(hours=PIECES_HOURS)
    assert ticket.verdict_by - ticket.form_expires_at == timedelta(hours=1)
    assert opened.forms_until - ticket.opened_at == timedelta(minutes=10)
    assert opened.pieces_until - ticket.opened_at == timedelta(hours=1)


def test_the_arrival_is_the_completion_not_the_beginning_and_not_the_last_piece(world: World) -> None:
    upload = world.open(LARGE).ticket.upload
    world.later(hours=2)
    send_pieces(world, remaining(world, upload))
    world.later(hours=3)
    assert world.receive(upload) == "awaiting_upload", "pieces are no arrival"
    complete(world, upload)
    completed = world.clock.now()
    world.later(hours=4)
    assert world.receive(upload) == "in_force"
    assert world.outcome(upload).arrived_at == completed
    assert world.outcome(upload).lines == 5


def test_after_a_broken_line_only_what_is_missing_is_asked_for_with_fresh_addresses(world: World) -> None:
    opened = world.open(LARGE)
    upload = send_pieces(world, opened, [2])
    world.later(hours=20)
    with pytest.raises(UploadRefused, match="expired"):
        send_pieces(world, replace(opened, forms={}), [1])
    again = remaining(world, upload)
    assert (numbers(again), again.in_pieces[DETAIL].arrived) == ([1, 3], (2,))
    assert again.forms == {}, "the small file has come"
    send_pieces(world, again)
    assert numbers(remaining(world, upload)) == []
    complete(world, upload)
    assert world.receive(upload) == "in_force"


def test_a_form_that_expired_meanwhile_is_renewed_too(world: World) -> None:
    upload = world.open(LARGE).ticket.upload
    world.later(hours=1)
    again = remaining(world, upload)
    assert list(again.forms) == [0]
    send_pieces(world, again)
    complete(world, upload)
    assert world.receive(upload) == "in_force"


def test_the_same_request_again_goes_on_with_the_same_upload(world: World) -> None:
    first = world.open(LARGE, request="demande-0001")
    send_pieces(world, first, [1, 3])
    world.later(hours=5)
    again = world.open(LARGE, request="demande-0001")
    assert again.ticket.upload == first.ticket.upload
    assert (list(again.forms), numbers(again)) == ([], [2])
    assert len(world.inbox.sessions) == 1


def test_the_same_request_with_other_pieces_is_an_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.open(LARGE, request="demande-0001")
    monkeypatch.setattr("tasrih.story.pieces.PIECE_BYTES", PIECE + 1)
    with pytest.raises(NotAsked, match="request_reused"):
        world.open(LARGE, request="demande-0001")


def test_an_address_takes_its_own_bytes_alone(world: World) -> None:
    (first, form), (second, _), _ = world.open(LARGE).in_pieces[DETAIL].missing
    for body, why in (
        (body_of(second.first_byte, second.size), "checksum"),
        (body_of(first.first_byte, first.size)[:-1], "size"),
        (b"x" * 10**6, "size"),
    ):
        with pytest.raises(UploadRefused, match=why):
            world.inbox.send_piece(form, body)
    with pytest.raises(UploadRefused, match="signature"):
        world.inbox.send_piece({**form, "url": f"{form['url']}0"}, body_of(0, PIECE))


def test_a_piece_sent_twice_is_one_piece(world: World) -> None:
    opened = world.open(LARGE)
    upload = send_pieces(world, opened)
    send_pieces(world, replace(opened, forms={}), [2])
    complete(world, upload)
    assert world.receive(upload) == "in_force"
    assert versions(world, upload) == 1


def test_a_piece_sent_again_while_the_object_is_made_costs_another_try(world: World) -> None:
    opened = world.open(LARGE)
    upload = send_pieces(world, opened)

    class SentAgain:
        def __getattr__(self, name: str) -> object:
            return getattr(world.inbox, name)

        def join(self, *arguments: object) -> None:
            send_pieces(world, replace(opened, forms={}), [3])
            world.inbox.join(*arguments)  # type: ignore[arg-type]  # passed through

    with pytest.raises(Busy):
        complete(world, upload, inbox=SentAgain())  # type: ignore[arg-type]  # stands in for the port
    assert versions(world, upload) == 0
    complete(world, upload)
    assert versions(world, upload) == 1


def test_completing_with_pieces_missing_names_them_and_changes_nothing(world: World) -> None:
    upload = send_pieces(world, world.open(LARGE), [2])
    with pytest.raises(NotAsked) as trouble:
        complete(world, upload)
    assert (trouble.value.field, trouble.value.why) == ("files[1].pieces[1, 3]", "pieces_missing")
    assert set(table("api")["pieces_missing"]) == set(table("api")["upload_over"]) == set(LANGUAGES)
    assert world.ticket(upload).completed == (None, None)
    assert versions(world, upload) == 0


def test_a_piece_that_lies_there_with_another_size_is_missing(world: World) -> None:
    opened = world.open(LARGE)
    upload = send_pieces(world, opened)
    held = world.inbox.sessions[opened.ticket.sessions[DETAIL]].bodies
    held[2] = (held[2][0][:-1], held[2][1])
    assert numbers(remaining(world, upload)) == [2]
    with pytest.raises(NotAsked, match="pieces_missing"):
        complete(world, upload)


def test_completing_again_at_any_time_changes_nothing(world: World) -> None:
    upload = send_pieces(world, world.open(LARGE))
    complete(world, upload)
    arrived = world.clock.now()
    world.later(minutes=3)
    complete(world, upload)
    assert world.receive(upload) == "in_force"
    world.later(days=3)
    assert complete(world, upload).state == "decided"
    assert numbers(remaining(world, upload)) == []
    assert (versions(world, upload), world.outcome(upload).arrived_at) == (1, arrived)


def test_whoever_sends_all_and_dies_loses_nothing_the_sweep_completes(world: World) -> None:
    upload = send_pieces(world, world.open(LARGE))
    world.later(minutes=6)
    assert world.sweep().uploads == 1
    assert receive_queued(world) == ["in_force"]
    assert world.outcome(upload).arrived_at == world.clock.now()


def test_the_sweep_leaves_alone_what_still_comes(world: World) -> None:
    upload = send_pieces(world, world.open(LARGE), [1])
    world.receive(upload)
    world.later(hours=23)
    assert world.sweep().uploads == 0
    assert numbers(remaining(world, upload)) == [2, 3]


def test_what_has_not_come_in_time_is_given_up_and_named_in_the_verdict(world: World) -> None:
    upload = send_pieces(world, world.open(LARGE), [1, 2])
    world.later(hours=25)
    assert world.sweep().uploads == 1
    assert not world.inbox.sessions, "the pieces are dropped"
    assert receive_queued(world) == ["refused"]
    assert world.outcome(upload).counts == {"E490": 1}
    for step in (remaining, complete):
        with pytest.raises(NotAsked, match="upload_over"):
            step(world, upload)


def test_between_the_last_address_and_the_verdict_what_is_there_can_be_completed_but_nothing_sent(
    world: World,
) -> None:
    whole, half = send_pieces(world, world.open(LARGE)), send_pieces(world, world.open(LARGE), [1])
    world.later(hours=24, minutes=30)
    with pytest.raises(NotAsked, match="upload_over"):
        remaining(world, half)
    complete(world, whole)
    assert world.receive(whole) == "in_force"


def test_after_the_verdict_nothing_is_completed(world: World) -> None:
    """The other file's event came when the time was up, before any sweep."""
    opened = world.open(LARGE)
    upload = send_pieces(world, opened)
    world.later(hours=25)
    assert world.receive(upload) == "refused"
    with pytest.raises(NotAsked, match="upload_over"):
        complete(world, upload)
    tend(replace(opened.ticket, revision=1), world.clock.now(), book=world.book, inbox=world.inbox)
    assert versions(world, upload) == 0


def test_only_who_may_declare_for_the_employer_sends_and_completes(world: World) -> None:
    upload = send_pieces(world, world.open(LARGE))
    world.mandate("read")
    for name in (THEM, CABINET):
        for step in (remaining, complete):
            with pytest.raises(NotFound):
                step(world, upload, name)
    officer = Account(account="agent", role="officer", agency="16000")
    with pytest.raises(NotAllowed):
        complete_upload(upload, officer, world.clock.now(), book=world.book, inbox=world.inbox)
    world.mandate("declare")
    with pytest.raises(NotFound):  # it was filed by others: the answer would tell the verdict on it
        complete(world, upload, CABINET)
    own = send_pieces(world, world.open(LARGE, by=CABINET))
    assert complete(world, own, CABINET).upload == own
    world.mandate("declare", "read")
    assert complete(world, upload, CABINET).upload == upload


def test_a_small_upload_has_nothing_to_complete_and_its_missing_form_is_told(world: World) -> None:
    small = pair(crowd(1))
    opened = world.open(small)
    upload = world.send(opened, small, [0])
    complete(world, upload)
    assert list(remaining(world, upload).forms) == [1]
    world.later(minutes=11)
    with pytest.raises(NotAsked, match="upload_over"):
        remaining(world, upload)


def test_large_uploads_that_wait_for_a_day_stand_apart_from_the_others(world: World) -> None:
    large = world.open(LARGE).ticket
    small = world.open(pair(crowd(1))).ticket
    assert (large.waiting, small.waiting) == ("pieces", "upload")
    upload = send_pieces(world, remaining(world, large.upload))
    complete(world, upload)
    assert replace(world.ticket(upload), state="received").waiting == "upload"


def test_an_object_that_stands_there_already_is_the_first_and_no_second_is_made(world: World) -> None:
    upload = send_pieces(world, world.open(LARGE))
    world.inbox.put(object_key(upload, DETAIL), LARGE.detail[1])
    complete(world, upload)
    assert versions(world, upload) == 1
    assert world.receive(upload) == "in_force"


def test_a_large_file_that_is_not_what_was_announced_as_a_whole_is_refused(world: World) -> None:
    """Pieces that are right, and a hash of the whole that is not: it is computed again when the file is read."""
    header, detail = (announced(*each) for each in LARGE.files)
    wrong = replace(detail, sha256=sha256(b"other").hexdigest())
    opened = ask(world, Asked(OURS, (header, wrong), LARGE.total, certified=VOUCHED), world.account(US))
    upload = send_pieces(world, opened)
    complete(world, upload)
    assert world.receive(upload) == "refused"
    assert world.outcome(upload).counts == {"E403": 1}


def test_a_large_archive_is_taken_apart_and_its_parts_wait_for_no_pieces(world: World) -> None:
    body = archive(OF_TWO)
    opened = ask(world, Asked("", (announced("portefeuille.zip", body),), 0, certified=VOUCHED), world.account(US))
    for piece, form in opened.in_pieces[0].missing:
        world.inbox.send_piece(form, body[piece.first_byte : piece.first_byte + piece.size])
    world.later(hours=2)
    upload = complete(world, opened.ticket.upload).upload
    completed = world.clock.now()
    world.later(hours=2)
    assert world.receive(upload) == "split"
    children = [world.ticket(child.upload) for child in world.outcome(upload).children]
    assert {(child.sessions, child.completed, child.waiting, child.came_at) for child in children} == {
        ((), (), "upload", completed)
    }
    assert parts(world, upload) == ["in_force", "in_force"]
    assert {world.outcome(child.upload).arrived_at for child in children} == {completed}
    assert remaining(world, children[0].upload).forms == {}
