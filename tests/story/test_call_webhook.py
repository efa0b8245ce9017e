"""Programs are told of events: owed with what happened, signed, called until they answer, given up after days."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tasrih.register.webhooks import EVENTS, TRIAL, Delivery, Webhook, Webhooks
from tasrih.story.acknowledge import acknowledge
from tasrih.story.call_webhook import DELAYS, deliver
from tasrih.story.desk import Desk
from tasrih.story.ports import Busy, Lost, Replace
from tasrih.story.records import Letter
from tasrih.story.webhooks import SWEPT_AFTER, Wish, of_entity, register, remove, try_out
from tasrih.story.withdraw import withdraw

from tests.story import test_portfolio as portfolio
from tests.story.answers import Answers
from tests.story.faulty import Counted, Crash, Plan
from tests.story.world import CABINET, ONE, THEIRS, THEM, US, VOUCHED, World, pair, settled_world

URL = "https://paie.example/tasrih"


@pytest.fixture
def world() -> World:
    return settled_world()


def hooked(world: World, *events: str, by: str = US) -> Webhook:
    wish = Wish(URL, events or EVENTS)
    return register(wish, world.account(by), world.clock.now(), book=world.book, chance=world.chance)


def standing(world: World, by: str = US) -> Webhook:
    return of_entity(world.account(by), world.book).hooks[0]


def desk(world: World) -> Desk:
    return portfolio.desk(world)[0]


def owed(world: World) -> list[Delivery]:
    found = [each for each in world.book.all() if each["kind"]["S"] == "delivery"]
    keys = [(each["pk"]["S"], each["sk"]["S"]) for each in found]
    return [each for key in keys if (each := world.book.get(Delivery, *key))]


def call(world: World, answers: Answers, which: Delivery | None = None) -> str:
    one = which or owed(world)[0]
    return deliver(one.upload, one.key.sort, world.clock.now(), book=world.book, calls=answers)


def test_a_verdict_owes_one_call_to_each_that_asked_for_it(world: World) -> None:
    first, _ = hooked(world, "verdict.reached"), hooked(world, "filing.withdrawn")
    upload = world.file(pair())
    (one,) = owed(world)
    assert (one.upload, one.event, one.state, one.webhook) == (upload, "verdict.reached", "in_force", first.webhook)


def test_without_webhooks_a_verdict_costs_no_call_more(world: World) -> None:
    upload = world.send(world.open(pair()), pair())
    plan = Plan()
    world.receive(upload, **plan.ports(world))
    assert owed(world) == []
    other, again = settled_world(), Plan()
    hooked(other)
    other.receive(other.send(other.open(pair()), pair()), **again.ports(other))
    assert again.trace == plan.trace


def test_whoever_filed_under_a_mandate_is_told_too(world: World) -> None:
    hook = hooked(world, "verdict.reached", by=CABINET)
    world.mandate("declare")
    world.file(pair(), by=CABINET)
    assert [each.webhook for each in owed(world)] == [hook.webhook]


def test_a_receipt_is_told_of_when_it_can_be_fetched_and_a_withdrawal_twice(world: World) -> None:
    hooked(world, "receipt.ready", "filing.withdrawn")
    upload, at = world.file(pair()), desk(world)
    assert owed(world) == []
    acknowledge(upload, "in_force", world.clock.now(), at)
    acknowledge(upload, "in_force", world.clock.now(), at)
    withdraw(upload, "Envoyée deux fois", VOUCHED, world.account(US), world.clock.now(), book=world.book)
    acknowledge(upload, "withdrawn", world.clock.now(), at)
    assert sorted((each.event, each.state) for each in owed(world)) == [
        ("filing.withdrawn", "withdrawn"),
        ("receipt.ready", "in_force"),
        ("receipt.ready", "withdrawn"),
    ]


def test_an_archive_is_told_of_once_when_all_its_parts_are_decided(world: World) -> None:
    hooked(world, "archive.finished")
    upload = portfolio.send(world, portfolio.archive(portfolio.OF_TWO))
    world.receive(upload)
    portfolio.parts(world, upload)
    acknowledge(upload, "split", world.clock.now(), desk(world))
    acknowledge(upload, "split", world.clock.now(), desk(world))
    assert [(each.upload, each.state) for each in owed(world)] == [(upload, "split")]


def test_the_call_is_signed_as_standard_webhooks_says(world: World) -> None:
    hook, answers = hooked(world), Answers(204)
    world.file(pair())
    assert call(world, answers) == "sent"
    ((url, headers, body),) = answers.got
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    assert headers["webhook-timestamp"] == str(int(world.clock.now().timestamp()))
    assert (url, len(key)) == (URL, 32)


def test_the_body_names_the_upload_and_its_state_and_nobody(world: World) -> None:
    hooked(world)
    upload, answers = world.file(pair([ONE])), Answers()
    call(world, answers)
    told = json.loads(answers.got[0][2])
    assert told == {
        "type": "verdict.reached",
        "timestamp": "2020-01-20T10:00:00+01:00",
        "data": {"upload": upload, "state": "in_force"},
    }


def test_a_message_that_comes_again_makes_no_further_call(world: World) -> None:
    hooked(world)
    world.file(pair())
    answers = Answers(200)
    assert [call(world, answers), call(world, answers)] == ["sent", "nothing_owed"]
    failing = Answers(500)
    world.file(pair(year=2018))
    other = owed(world)[-1]
    assert [call(world, failing, other), call(world, failing, other)] == ["failed", "not_yet"]
    assert (len(answers.got), len(failing.got)) == (1, 1)


@pytest.mark.parametrize("status", [0, 199, 301, 404, 500])
def test_anything_but_a_success_is_tried_again_later_with_the_same_id(world: World, status: int) -> None:
    hooked(world)
    world.file(pair())
    answers = Answers(status, 200)
    assert call(world, answers) == "failed"
    assert standing(world).failing_since == world.clock.now()
    world.later(seconds=DELAYS[0].total_seconds())
    assert call(world, answers) == "sent"
    first, second = (headers for _, headers, _ in answers.got)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]
    assert standing(world).failing_since is None


def test_after_three_days_it_is_given_up_and_the_address_paused(world: World) -> None:
    hooked(world)
    world.file(pair())
    answers, start = Answers(503), world.clock.now()
    states = []
    for delay in (timedelta(0), *DELAYS):
        world.later(seconds=delay.total_seconds())
        states.append(call(world, answers))
    assert states == ["failed"] * len(DELAYS) + ["given_up"]
    assert timedelta(days=2.5) < world.clock.now() - start < timedelta(days=3)
    assert owed(world)[0].failed == "not_answered"
    assert standing(world).paused_at == world.clock.now()
    world.file(pair(year=2018))
    assert len(owed(world)) == 1


def paused(world: World, which: int = 0) -> Letter:
    """Failed to the end: the letter that this owes."""
    before = letters(world)
    for delay in (timedelta(0), *DELAYS):
        world.later(seconds=delay.total_seconds())
        call(world, Answers(503), owed(world)[which])
    (letter,) = [each for each in letters(world) if each not in before]
    return letter


def letters(world: World) -> list[Letter]:
    found = [each for each in world.book.all() if each["sk"]["S"] == "LETTER#webhook_paused"]
    read = (world.book.get(Letter, each["pk"]["S"], each["sk"]["S"]) for each in found)
    return sorted((each for each in read if each), key=lambda each: each.owed_since)


def test_a_pause_owes_the_entity_one_letter_in_its_language(world: World) -> None:
    hook, (at, post) = hooked(world, by=THEM), portfolio.desk(world)
    world.file(pair(employer=THEIRS), by=THEM)
    world.file(pair(employer=THEIRS, year=2018), by=THEM)
    letter = paused(world)
    assert (letter.language, letter.paused, letter.owed_since) == ("ar", f"{THEM}/{hook.webhook}", world.clock.now())
    world.later(days=1)
    assert call(world, Answers(503), owed(world)[1]) == "given_up"
    assert letters(world) == [letter]
    for state in ("sent", "nothing_owed"):
        assert acknowledge(letter.upload, "webhook_paused", world.clock.now(), at) == state
    ((to, message),) = post.sent
    assert to == "paie@autre.example"
    assert b"Content-Language: ar" in message


def test_whoever_failed_while_it_was_paused_owes_no_second_letter(world: World) -> None:
    """Two calls under way at once: the second finds the pause that the first brought."""
    hooked(world)
    world.file(pair())
    world.file(pair(year=2018))
    first, second = owed(world)
    for delay in (timedelta(0), *DELAYS[:-1]):
        world.later(seconds=delay.total_seconds())
        for each in (first, second):
            call(world, Answers(503), each)
    world.later(seconds=DELAYS[-1].total_seconds())

    class Meanwhile(Answers):
        def call(self, url: str, headers: dict[str, str], body: bytes) -> int:
            call(world, Answers(503), second)
            return super().call(url, headers, body)

    assert call(world, Meanwhile(503), first) == "given_up"
    assert len(letters(world)) == 1
    assert standing(world).paused_at == letters(world)[0].owed_since


def test_the_next_pause_owes_a_letter_of_its_own(world: World) -> None:
    hook = hooked(world)
    upload, (at, post) = world.file(pair()), portfolio.desk(world)
    first = paused(world)
    acknowledge(first.upload, "webhook_paused", world.clock.now(), at)
    try_out(hook.webhook, world.account(US), world.clock.now(), book=world.book, chance=world.chance)
    call(world, Answers(200), next(each for each in owed(world) if each.event == TRIAL))
    withdraw(upload, "Envoyée deux fois", VOUCHED, world.account(US), world.clock.now(), book=world.book)
    last = next(place for place, each in enumerate(owed(world)) if each.event == "filing.withdrawn")
    second = paused(world, last)
    assert acknowledge(second.upload, "webhook_paused", world.clock.now(), at) == "sent"
    assert len(post.sent) == 2


@pytest.mark.parametrize("mended", ["tried", "removed"])
def test_a_pause_that_is_over_before_its_mail_is_not_told(world: World, mended: str) -> None:
    hook = hooked(world)
    world.file(pair())
    letter, (at, post) = paused(world), portfolio.desk(world)
    if mended == "tried":
        try_out(hook.webhook, world.account(US), world.clock.now(), book=world.book, chance=world.chance)
        call(world, Answers(200), next(each for each in owed(world) if each.event == TRIAL))
    else:
        remove(hook.webhook, world.account(US), book=world.book)
    assert acknowledge(letter.upload, "webhook_paused", world.clock.now(), at) == "sent"
    assert post.sent == []


def test_the_sweep_finds_the_letter_of_a_pause_that_the_stream_lost(world: World) -> None:
    hooked(world)
    world.file(pair())
    letter = paused(world)
    world.later(minutes=11)
    world.sweep()
    assert {"upload": letter.upload, "about": "webhook_paused"} in world.letters.bodies


def test_a_test_that_gets_through_ends_a_pause_and_one_that_fails_is_not_repeated(world: World) -> None:
    hook = hooked(world)
    before = of_entity(world.account(US), world.book)
    world.book.commit(Replace(replace(before, hooks=(replace(hook, paused_at=world.clock.now()),))))
    try_out(hook.webhook, world.account(US), world.clock.now(), book=world.book, chance=world.chance)
    assert call(world, Answers(500)) == "given_up"
    assert standing(world).paused_at
    try_out(hook.webhook, world.account(US), world.clock.now(), book=world.book, chance=world.chance)
    assert call(world, Answers(200), owed(world)[-1]) == "sent"
    assert standing(world).paused_at is None


def test_gone_removes_the_address(world: World) -> None:
    hooked(world)
    world.file(pair())
    assert call(world, Answers(410)) == "given_up"
    assert world.book.get(Webhooks, f"ENTITY#{US}", "WEBHOOKS").hooks == ()  # type: ignore[union-attr]


def test_the_sweep_finds_what_the_stream_lost_and_what_is_due(world: World) -> None:
    hooked(world, "verdict.reached")
    upload = world.file(pair())
    assert world.sweep().deliveries == 0
    world.later(seconds=SWEPT_AFTER.total_seconds() + 1)
    assert world.sweep().deliveries == 1
    (message,) = world.deliveries.bodies
    assert message == {"upload": upload, "delivery": owed(world)[0].key.sort}
    call(world, Answers(500))
    assert world.sweep().deliveries == 0
    world.later(seconds=DELAYS[0].total_seconds() + 1)
    assert world.sweep().deliveries == 1
    call(world, Answers(200))
    world.later(days=1)
    assert world.sweep().deliveries == 0


def prepared() -> World:
    world = settled_world()
    hooked(world, "verdict.reached")
    world.file(pair())
    return world


def traced(status: int) -> int:
    world, plan = prepared(), Plan()
    attempt(world, plan, Answers(status))
    return len(plan.trace)


def attempt(world: World, plan: Plan, answers: Answers) -> None:
    one = owed(world)[0]
    book, calls = Counted("book", world.book, plan), Counted("calls", answers, plan)
    deliver(one.upload, one.key.sort, world.clock.now(), book=book, calls=calls)


FAULTS: list[tuple[type[BaseException], bool]] = [(Crash, False), (Crash, True), (Busy, False), (Lost, True)]


@pytest.mark.parametrize(("at", "error", "after"), [(at, *fault) for at in range(traced(200)) for fault in FAULTS])
def test_wherever_it_dies_the_program_is_told_at_least_once_with_one_id(
    at: int, error: type[BaseException], after: bool
) -> None:
    world, answers = prepared(), Answers(200)
    with pytest.raises(error):
        attempt(world, Plan(at, error, after), answers)
    again: Callable[[], str] = lambda: call(world, answers)  # noqa: E731
    again()
    world.later(minutes=20)
    world.sweep()
    for _ in world.deliveries.bodies:
        again()
    assert 1 <= len(answers.got) <= 2
    assert len({headers["webhook-id"] for _, headers, _ in answers.got}) == 1
    assert owed(world)[0].sent_at
