"""An accountant sends, tests and withdraws for several employers at once."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from functools import partial

import pytest
from tasrih.story.acknowledge import acknowledge
from tasrih.story.open_upload import Asked, open_upload
from tasrih.story.withdraw import withdraw
from tasrih.story.withdrawn import WithdrawalReceipt

from tests.story.lockstep import Lockstep
from tests.story.test_portfolio import OF_TWO, archive, desk, parts
from tests.story.world import CABINET, OURS, THEIRS, THEM, US, VOUCHED, World, announced, pair


def send(world: World, body: bytes, by: str = US, purpose: str = "real") -> str:
    asked = Asked("", (announced("portefeuille.zip", body),), 0, "", "", purpose, VOUCHED)
    opened = open_upload(
        asked, world.account(by), world.clock.now(), book=world.book, inbox=world.inbox, chance=world.chance
    )
    world.inbox.upload(opened.forms[0], body)
    world.receive(opened.ticket.upload)
    return opened.ticket.upload


def test_each_part_names_the_mandate_of_its_own_employer_and_one_without_is_refused(world: World) -> None:
    world.mandate("declare")
    world.later(days=1)
    both = {"a": pair(employer=OURS), "b": pair(employer=THEIRS)}
    first = send(world, archive(both), by=CABINET)
    assert parts(world, first) == ["in_force", "refused"]
    world.mandate("declare", by=THEM)
    second = send(world, archive(both), by=CABINET)
    assert parts(world, second) == ["duplicate", "in_force"]
    since = []
    for upload in (world.outcome(first).children[0].upload, world.outcome(second).children[1].upload):
        receipt = world.receipt(upload)
        assert receipt
        since.append(json.loads(receipt.payload)["certified"]["mandate"])
    assert since == [
        {"holder": "CABINET EXEMPLE", "since": "2020-01-20"},
        {"holder": "CABINET EXEMPLE", "since": "2020-01-21"},
    ]


def test_an_archive_sent_as_a_test_changes_nothing_and_its_one_mail_says_test(world: World) -> None:
    upload = send(world, archive(OF_TWO), purpose="test")
    assert parts(world, upload) == ["tested", "tested"]
    assert not world.entries()
    assert world.series() is None
    here, post = desk(world)
    for child in world.outcome(upload).children:
        acknowledge(child.upload, "tested", world.clock.now(), here)
    acknowledge(upload, "split", world.clock.now(), here)
    ((_, message),) = post.sent
    mail = message_from_bytes(message, policy=policy.default)
    assert mail["Subject"].startswith("ESSAI ·")


def test_the_withdrawal_of_a_part_is_mailed_though_the_archive_had_its_digest(world: World) -> None:
    upload = send(world, archive(OF_TWO))
    parts(world, upload)
    here, post = desk(world)
    children = [child.upload for child in world.outcome(upload).children]
    for child in children:
        acknowledge(child, "in_force", world.clock.now(), here)
    assert len(post.sent) == 1
    withdraw(children[0], "Mauvaise année", VOUCHED, world.account(US), world.clock.now(), book=world.book)
    assert acknowledge(children[0], "withdrawn", world.clock.now(), here) == "sent"
    assert b"TW-" in post.sent[1][1]
    assert world.outcome(children[1]).state == "in_force"


@pytest.mark.parametrize("seed", range(20))
def test_two_deliveries_of_a_withdrawals_letter_at_once_keep_one_signature(world: World, seed: int) -> None:
    upload = world.file(pair())
    withdraw(upload, "Mauvaise année", VOUCHED, world.account(US), world.clock.now(), book=world.book)
    here, post = desk(world)
    steps = Lockstep(seed)
    stepping = type(here)(
        steps.step(here.book), here.inbox, here.receipts, here.signer, here.post, here.mail_from, here.verify_url
    )
    answers = steps.run([partial(acknowledge, upload, "withdrawn", world.clock.now(), stepping)] * 2)
    assert set(answers) <= {"sent", "nothing_owed"}, f"seed {seed}: {answers}"
    own = world.book.get(WithdrawalReceipt, f"UPLOAD#{upload}", "WITHDRAWAL")
    assert own
    assert own.signature
    assert all(own.number.encode() in message for _, message in post.sent)
