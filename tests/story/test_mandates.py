"""An employer lets an accountant act for it, and takes that back: who may what, and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tasrih.messages import LANGUAGES, table
from tasrih.register.mandates import HeldMandate, Mandate
from tasrih.register.parties import Account
from tasrih.story.access import NotAllowed, NotAsked, NotFound, employer_for, entity_for, ticket_for
from tasrih.story.mandates import MAX_GRANTS, give, given, held, take_back
from tasrih.story.ports import Busy, Changed, Lost

from tests.story.faulty import CommitsSeen, Crash, Plan
from tests.story.world import CABINET, OURS, THEIRS, THEM, US, World, pair

OFFICER = Account(account="agent", role="officer", agency="16000")


def both(world: World, entity: str = US) -> tuple[Mandate | None, HeldMandate | None]:
    return (
        world.book.get(Mandate, f"ENTITY#{entity}", f"MANDATE#{CABINET}"),
        world.book.get(HeldMandate, f"ACCOUNT#{CABINET}", f"MANDATE#{entity}"),
    )


def may(world: World, *scopes: str, number: str = OURS) -> bool:
    try:
        employer_for(world.account(CABINET), number, world.book, *scopes)
    except NotFound:
        return False
    return True


def take(world: World, by: str = US) -> Mandate:
    return take_back(CABINET, world.account(by), world.clock.now(), book=world.book)


def test_without_a_mandate_an_accountant_sees_nothing_and_files_nothing(world: World) -> None:
    assert not may(world, "read")
    assert not may(world, "declare")
    with pytest.raises(NotFound):
        world.open(pair(), by=CABINET)


@pytest.mark.parametrize("scopes", [("declare",), ("read",), ("declare", "read")])
def test_a_mandate_allows_what_it_says_for_who_gave_it_and_nobody_else(world: World, scopes: tuple[str, ...]) -> None:
    world.mandate(*scopes)
    for scope in ("declare", "read"):
        assert may(world, scope) == (scope in scopes)
        assert not may(world, scope, number=THEIRS)


def test_a_mandate_withdrawn_allows_nothing_from_then_on_and_stays_on_record(world: World) -> None:
    world.mandate("declare", "read")
    upload = world.file(pair(), by=CABINET)
    world.later(days=3)
    take(world)
    assert not may(world, "declare", "read")
    with pytest.raises(NotFound):
        ticket_for(world.account(CABINET), upload, world.book)
    (mandate,) = given(world.account(US), world.book)
    (span,) = mandate.grants
    assert span.until is not None
    assert ((span.until - span.since).days, span.by, span.ended_by) == (3, US, US)
    assert mandate.active is None


def test_a_mandate_given_again_begins_a_new_span_and_keeps_the_old_one(world: World) -> None:
    world.mandate("read")
    take(world)
    world.mandate("declare")
    world.mandate("declare", "read")
    (mandate,) = given(world.account(US), world.book)
    assert [span.scopes for span in mandate.grants] == [("read",), ("declare",), ("declare", "read")]
    assert [span.until is None for span in mandate.grants] == [False, False, True]


def test_the_same_again_changes_nothing(world: World) -> None:
    world.mandate("read", "declare")
    before = both(world)
    world.later(days=1)
    world.mandate("declare", "read")
    assert both(world) == before
    take(world)
    ended = both(world)
    take(world)
    assert both(world) == ended


def test_both_sides_are_written_at_once_and_never_differ(world: World) -> None:
    seen = CommitsSeen(world.book)
    us = world.account(US)
    give(CABINET, ["read"], us, world.clock.now(), book=seen)
    take_back(CABINET, us, world.clock.now(), book=seen)
    assert [len(commit) for commit in seen.commits] == [2, 2]
    ours, theirs = both(world)
    assert ours
    assert theirs
    assert (ours.grants, ours.revision) == (theirs.grants, theirs.revision)
    assert [mandate.grants for mandate in held(world.account(CABINET), world.book)] == [ours.grants]


@pytest.mark.parametrize(("error", "after"), [(Crash, False), (Crash, True), (Busy, False), (Lost, True)])
def test_whatever_fails_a_mandate_is_given_once_when_it_is_asked_again(
    world: World, error: type[BaseException], after: bool
) -> None:
    us, now = world.account(US), world.clock.now()
    trace = Plan()
    give(CABINET, ["read"], us, now, book=trace.ports(world)["book"])
    take(world)
    for at in range(len(trace.trace)):
        with pytest.raises((Crash, Busy)):
            give(CABINET, ["read"], us, now, book=Plan(at, error, after).ports(world)["book"])
        give(CABINET, ["read"], us, now, book=world.book)
        ours, theirs = both(world)
        assert ours
        assert theirs
        assert ours.grants == theirs.grants
        assert sum(span.until is None for span in ours.grants) == 1
        take(world)
    assert len(given(us, world.book)[0].grants) == len(trace.trace) + 1


def test_an_account_that_is_not_there_gets_no_mandate(world: World) -> None:
    world.book.items["ACCOUNT#agent-inscrit"] = {}
    for name in ("inconnu", "agent-inscrit"):
        with pytest.raises(NotFound):
            world.mandate("read", to=name)
    with pytest.raises(NotFound):
        take_back("inconnu", world.account(US), world.clock.now(), book=world.book)


@pytest.mark.parametrize("scopes", [(), ("pay",), ("read", "pay"), ("",)])
def test_scopes_that_are_none_are_not_taken(world: World, scopes: tuple[str, ...]) -> None:
    with pytest.raises(NotAsked) as raised:
        world.mandate(*scopes)
    assert set(table("api")[raised.value.why]) == set(LANGUAGES)


def test_ones_own_account_needs_no_mandate(world: World) -> None:
    with pytest.raises(NotAsked) as raised:
        world.mandate("read", to=US)
    assert raised.value.why == "mandate_own"


def test_officers_give_and_hold_no_mandates(world: World) -> None:
    now = world.clock.now()
    for act in (
        lambda: give(CABINET, ["read"], OFFICER, now, book=world.book),
        lambda: take_back(CABINET, OFFICER, now, book=world.book),
        lambda: given(OFFICER, world.book),
        lambda: held(OFFICER, world.book),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_mandate_is_not_handed_on(world: World) -> None:
    """The accountant's own mandates are given for the accountant's entity, not for the employer's."""
    world.mandate("declare", "read")
    world.mandate("declare", "read", by=CABINET, to=THEM)
    assert both(world, CABINET) == (None, None)
    with pytest.raises(NotFound):
        employer_for(world.account(THEM), OURS, world.book)


def test_a_mandate_cannot_change_for_ever(world: World) -> None:
    world.mandate("read")
    ours, theirs = both(world)
    assert ours
    assert theirs
    many = ours.grants * MAX_GRANTS
    from tasrih.story.ports import Replace

    world.book.commit(Replace(replace(ours, grants=many)), Replace(replace(theirs, grants=many)))
    with pytest.raises(NotAsked):
        world.mandate("declare")


def test_two_changes_at_once_do_not_lose_one_another(world: World) -> None:
    world.mandate("read")
    us, now = world.account(US), world.clock.now()
    with pytest.raises(Changed):
        give(CABINET, ["declare"], us, now, book=Plan(2, Changed).ports(world)["book"])
    assert both(world)[0]


def test_who_may_only_declare_sees_what_they_filed_and_nothing_else(world: World) -> None:
    world.mandate("declare")
    own, others = world.file(pair(), by=CABINET), world.file(pair(year=2018))
    accountant = world.account(CABINET)
    assert ticket_for(accountant, own, world.book).upload == own
    with pytest.raises(NotFound):
        ticket_for(accountant, others, world.book)
    with pytest.raises(NotFound):
        entity_for(accountant, US, world.book)


def test_who_may_only_read_files_nothing(world: World) -> None:
    world.mandate("read")
    upload = world.file(pair())
    accountant = world.account(CABINET)
    assert ticket_for(accountant, upload, world.book).upload == upload
    assert entity_for(accountant, US, world.book) == US
    with pytest.raises(NotFound):
        world.open(pair(year=2018), by=CABINET)


def test_a_filing_by_an_accountant_is_the_employers_and_its_receipt_names_the_mandate(world: World) -> None:
    world.mandate("declare")
    world.later(days=2)
    upload = world.file(pair(), by=CABINET)
    assert world.ticket(upload).entity == US
    receipt = world.receipt(upload)
    assert receipt
    certified = json.loads(receipt.payload)["certified"]
    assert certified == {
        "name": "NOMUN PRENOMUN",
        "capacity": "gérant",
        "mandate": {"holder": "CABINET EXEMPLE", "since": "2020-01-20"},
    }


def test_a_filing_announced_under_a_mandate_counts_though_the_mandate_ends_before_its_files_arrive(
    world: World,
) -> None:
    world.mandate("declare")
    opened = world.open(pair(), by=CABINET)
    take(world)
    upload = world.send(opened, pair())
    assert world.receive(upload) == "in_force"
