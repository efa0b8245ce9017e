"""A filing for the wrong employer or year is taken back: at once, wholly, once, and on record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from tasrih.adapters.memory import MemoryPost, MemoryReceipts, MemorySigner
from tasrih.correspondence.numbers import rank_of
from tasrih.correspondence.verify import verify
from tasrih.ledger.posting import balance, check_posted_once, standing
from tasrih.messages import LANGUAGES, table
from tasrih.register.parties import Account
from tasrih.story.access import NotAllowed, NotAsked, NotFound
from tasrih.story.acknowledge import acknowledge
from tasrih.story.desk import Desk
from tasrih.story.look_up import declared_for, lines_in_force
from tasrih.story.ports import Busy, Changed, Lost
from tasrih.story.records import Ticket
from tasrih.story.withdraw import withdraw
from tasrih.story.withdrawn import WithdrawalReceipt
from tasrih.vocabulary.certified import Certified

from tests.story.faulty import CommitsSeen, Crash, Plan
from tests.story.lockstep import Lockstep
from tests.story.world import CABINET, ONE, OURS, OURS_TOO, THEM, TWO, US, VOUCHED, Pair, World, pair, settled_world

CORRECTED = pair((ONE, replace(TWO, bases=(5400000, 5400000, 5400000, 1800000))))
WHY = "Envoyée pour un autre employeur"


def take_back(world: World, upload: str, by: str = US, why: str = WHY, book: object = None) -> Ticket:
    return withdraw(upload, why, VOUCHED, world.account(by), world.clock.now(), book=book or world.book)  # type: ignore[arg-type]  # a port that fails


def receipt_of(world: World, upload: str) -> WithdrawalReceipt | None:
    return world.book.get(WithdrawalReceipt, f"UPLOAD#{upload}", "WITHDRAWAL")


def found(world: World) -> list[str]:
    return [each.upload for each in declared_for(ONE.nss, book=world.book, lines=world.lines)]


def test_a_withdrawn_filing_is_no_longer_in_force_and_owes_nothing(world: World) -> None:
    upload = world.file(pair())
    world.later(days=2)
    take_back(world, upload)
    outcome, series, entries = world.outcome(upload), world.series(), world.entries()
    assert series
    assert outcome.withdrawn
    assert (outcome.state, outcome.version, outcome.withdrawn.reason) == ("withdrawn", 1, WHY)
    assert (series.upload, series.withdrawn, series.version, series.entry) == ("", upload, 1, "")
    check_posted_once(entries)
    assert balance(entries) == 0
    assert not standing(entries)
    assert [entry.reason for entry in entries] == ["dues", "withdrawal"]
    assert entries[1].value_date == "2020-01-22"
    assert sorted(letter.about for letter in world.letters_of(upload)) == ["in_force", "withdrawn"]


def test_the_withdrawal_has_a_receipt_of_its_own_and_the_first_one_stays(world: World) -> None:
    upload = world.file(pair())
    first = world.receipt(upload)
    assert first
    owed = world.outcome(upload).dues_total_centimes
    take_back(world, upload)
    own = receipt_of(world, upload)
    assert own
    assert world.receipt(upload) == first
    facts = json.loads(own.payload)
    assert (facts["withdraws"], facts["number"], facts["reason"]) == (first.number, own.number, WHY)
    assert facts["reversed_centimes"] == owed > 0
    assert facts["certified"] == {"name": "NOMUN PRENOMUN", "capacity": "gérant", "mandate": None}
    assert own.number.startswith("TW-")
    ranks = {rank_of(own.number, "TW"), rank_of(first.number)}
    assert len(ranks - {None}) == 2


def test_a_filing_with_held_dues_is_withdrawn_without_any_posting(world: World) -> None:
    upload = world.file(pair(employer=OURS_TOO))
    take_back(world, upload)
    own = receipt_of(world, upload)
    assert own
    assert json.loads(own.payload)["reversed_centimes"] is None
    assert not world.entries(OURS_TOO)


def test_look_ups_no_longer_find_its_lines(world: World) -> None:
    other = world.file(pair(year=2018))
    upload = world.file(pair())
    assert set(found(world)) == {upload, other}
    take_back(world, upload)
    assert found(world) == [other]
    series = world.series()
    assert series
    assert not list(lines_in_force(series, book=world.book, lines=world.lines))


def test_all_of_it_is_one_transaction(world: World) -> None:
    upload = world.file(pair())
    seen = CommitsSeen(world.book)
    take_back(world, upload, book=seen)
    assert len(seen.commits) == 1


def test_the_same_bytes_filed_again_are_a_new_version_and_not_a_duplicate(world: World) -> None:
    first = world.file(pair())
    take_back(world, first)
    second = world.file(pair())
    assert (world.outcome(second).state, world.outcome(second).version) == ("in_force", 2)
    assert [version.version for version in world.versions()] == [1, 2]
    entries = world.entries()
    check_posted_once(entries)
    assert [entry.upload for entry in standing(entries)] == [second]
    assert balance(entries, "2019") == world.outcome(second).dues_total_centimes
    assert found(world) == [second]
    assert world.outcome(first).state == "withdrawn", "what is withdrawn is not superseded as well"
    receipt = world.receipt(second)
    assert receipt
    assert json.loads(receipt.payload)["replaces"] == ""


def test_filings_may_be_withdrawn_and_filed_again_and_again(world: World) -> None:
    numbers = set()
    for version in range(1, 5):
        upload = world.file(pair())
        assert world.outcome(upload).version == version
        take_back(world, upload)
        own = receipt_of(world, upload)
        assert own
        numbers.add(own.number)
    assert len(numbers) == 4
    check_posted_once(world.entries())
    assert balance(world.entries()) == 0


def test_a_filing_that_replaced_another_may_be_withdrawn_the_same_day_and_the_other_does_not_come_back(
    world: World,
) -> None:
    first, second = world.file(pair()), world.file(CORRECTED)
    take_back(world, second)
    assert [world.outcome(upload).state for upload in (first, second)] == ["superseded", "withdrawn"]
    check_posted_once(world.entries())
    assert balance(world.entries()) == 0
    assert len(world.entries()) == 4


def late(world: World, what: Pair) -> Callable[[], str]:
    """Opened now, its files arrive when called."""
    opened = world.open(what)
    return lambda: world.receive(world.send(opened, what))


def test_a_filing_opened_before_the_withdrawn_one_does_not_take_its_place(world: World) -> None:
    arrive = late(world, CORRECTED)
    upload = world.file(pair())
    take_back(world, upload)
    assert arrive() == "superseded"
    series = world.series()
    assert series
    assert series.upload == ""
    (older,) = [each for each in world.book.owned(Ticket, US) if each.upload != upload]
    assert world.outcome(older.upload).answered_by == upload


def test_the_withdrawn_bytes_sent_twice_before_the_withdrawal_do_not_come_back(world: World) -> None:
    upload = world.file(pair())
    arrive = late(world, pair())
    take_back(world, upload)
    assert arrive() == "superseded"
    assert balance(world.entries()) == 0


def test_another_filing_opened_after_the_withdrawn_one_counts_though_opened_before_the_withdrawal(
    world: World,
) -> None:
    upload = world.file(pair())
    arrive = late(world, CORRECTED)
    take_back(world, upload)
    assert arrive() == "in_force"
    series = world.series()
    assert series
    assert (series.version, series.withdrawn) == (2, "")


@pytest.mark.parametrize("after", [False, True], ids=["older first", "withdrawn first"])
def test_the_order_of_processing_does_not_matter_for_what_counts(world: World, after: bool) -> None:
    arrive = late(world, CORRECTED)
    if not after:
        arrive()
    upload = world.file(pair())
    take_back(world, upload)
    if after:
        arrive()
    series = world.series()
    assert series
    assert (series.upload, balance(world.entries()), found(world)) == ("", 0, [])


def test_asked_again_what_is_withdrawn_stays_as_it_was_withdrawn_first(world: World) -> None:
    upload = world.file(pair())
    take_back(world, upload)
    before = dict(world.book.items[f"UPLOAD#{upload}"])
    world.later(hours=1)
    take_back(world, upload, why="Une autre raison")
    assert world.book.items[f"UPLOAD#{upload}"] == before
    assert len(world.entries()) == 2


@pytest.mark.parametrize("state", ["awaiting_upload", "refused", "duplicate", "superseded", "tested"])
def test_only_what_is_in_force_can_be_withdrawn(world: World, state: str) -> None:
    wrong = pair((ONE, replace(TWO, unit="X")))
    if state in ("duplicate", "superseded"):
        first = world.file(pair())
        second = world.file(pair() if state == "duplicate" else CORRECTED)
        upload = second if state == "duplicate" else first
    elif state == "awaiting_upload":
        upload = world.open(pair()).ticket.upload
    else:
        upload = world.file(wrong if state == "refused" else pair(), purpose="test" if state == "tested" else "real")
    with pytest.raises(NotAsked) as raised:
        take_back(world, upload)
    assert (raised.value.field, raised.value.why) == ("upload", "not_in_force")


@pytest.mark.parametrize("why", ["", "  ", "\u202e\u200f", "ab", "x" * 501])
def test_a_withdrawal_has_a_reason(world: World, why: str) -> None:
    upload = world.file(pair())
    with pytest.raises(NotAsked) as raised:
        take_back(world, upload, why=why)
    assert raised.value.field == "reason"
    assert set(table("api")[raised.value.why]) == set(LANGUAGES)


@pytest.mark.parametrize("certified", [None, Certified(name="", capacity="gérant")])
def test_a_withdrawal_is_certified(world: World, certified: Certified | None) -> None:
    upload = world.file(pair())
    with pytest.raises(NotAsked):
        withdraw(upload, WHY, certified, world.account(US), world.clock.now(), book=world.book)


def test_neither_another_employer_nor_an_officer_nor_a_reader_withdraws(world: World) -> None:
    upload = world.file(pair())
    world.mandate("read")
    for by in (THEM, CABINET):
        with pytest.raises(NotFound):
            take_back(world, upload, by=by)
    officer = Account(account="agent", role="officer", agency="16000")
    with pytest.raises(NotAllowed):
        withdraw(upload, WHY, VOUCHED, officer, world.clock.now(), book=world.book)
    assert world.outcome(upload).state == "in_force"


def test_an_accountant_with_a_mandate_to_declare_withdraws_and_the_receipt_says_so(world: World) -> None:
    world.mandate("declare")
    upload = world.file(pair())
    take_back(world, upload, by=CABINET)
    own = receipt_of(world, upload)
    assert own
    mandate = json.loads(own.payload)["certified"]["mandate"]
    assert mandate == {"holder": "CABINET EXEMPLE", "since": "2020-01-20"}


def test_the_letter_carries_the_receipt_of_the_withdrawal_which_is_genuine_and_kept_beside_the_first(
    world: World,
) -> None:
    post, receipts, signer = MemoryPost(), MemoryReceipts(), MemorySigner("graine")
    desk = Desk(
        book=world.book,
        inbox=world.inbox,
        receipts=receipts,
        signer=signer,
        post=post,
        mail_from="tasrih@caisse.example",
        verify_url="https://caisse.example/verify",
    )
    upload = world.file(pair())
    acknowledge(upload, "in_force", world.clock.now(), desk)
    take_back(world, upload)
    now = world.clock.now() + timedelta(minutes=1)
    assert [acknowledge(upload, "withdrawn", now, desk) for _ in range(2)] == ["sent", "nothing_owed"]
    first, own = world.receipt(upload), receipt_of(world, upload)
    assert first
    assert own
    assert own.signature
    assert set(receipts.kept) == {
        f"receipts/{number}.{form}" for number in (first.number, own.number) for form in ("pdf", "json")
    }
    for form in ("pdf", "json"):
        answer = verify(receipts.kept[f"receipts/{own.number}.{form}"][0], signer.public_keys())
        assert answer.ok
        assert answer.summary["withdraws"] == first.number
    assert own.number.encode() in post.sent[1][1]


def records(world: World) -> Iterator[tuple[str, str, str]]:
    """What stands, without what differs from one try to the next: the rank drawn, and the count of writes."""
    for item in world.book.all():
        body = item["body"]["M"]
        told = {name: value for name, value in body.items() if name not in ("payload", "number", "withdrawn_rank")}
        if "withdrawn" in told and "M" in told["withdrawn"]:
            told["withdrawn"] = {k: v for k, v in told["withdrawn"]["M"].items() if k != "rank"}
        yield item["pk"]["S"], item["sk"]["S"], json.dumps(told, sort_keys=True, default=str)


def filed(world: World) -> str:
    return world.file(pair())


def replacing(world: World) -> str:
    world.file(pair())
    return world.file(CORRECTED)


def held(world: World) -> str:
    return world.file(pair(employer=OURS_TOO))


SCENES = [filed, replacing, held]
FAULTS: list[tuple[type[BaseException], bool]] = [(Crash, False), (Crash, True), (Busy, False), (Lost, True)]


def failures() -> Iterator[tuple[str, Callable[[World], str], Plan]]:
    for scene in SCENES:
        world, plan = settled_world(), Plan()
        take_back(world, scene(world), book=plan.ports(world)["book"])
        assert plan.trace.count("book.commit") == 1
        for at, call in enumerate(plan.trace):
            for error, after in [*FAULTS, *([(Changed, False)] if call == "book.commit" else [])]:
                name = f"{scene.__name__}-{at}-{call}-{error.__name__}-{'after' if after else 'before'}"
                yield name, scene, Plan(at, error, after)


ALL = list(failures())


@pytest.mark.parametrize(("scene", "plan"), [case[1:] for case in ALL], ids=[case[0] for case in ALL])
def test_a_failure_at_any_call_leaves_all_or_nothing_and_asking_again_completes(
    scene: Callable[[World], str], plan: Plan
) -> None:
    undisturbed, world = settled_world(), settled_world()
    take_back(undisturbed, scene(undisturbed))
    upload = scene(world)
    nothing, everything = list(records(world)), list(records(undisturbed))
    try:
        take_back(world, upload, book=Plan(plan.at, plan.error, plan.after).ports(world)["book"])
    except (Crash, Busy):
        assert list(records(world)) in (nothing, everything), "half of it was visible"
    take_back(world, upload)
    assert list(records(world)) == everything
    take_back(world, upload)
    assert list(records(world)) == everything


@pytest.mark.parametrize("seed", range(40))
def test_a_withdrawal_and_a_replacement_at_once_leave_one_of_two_sound_ends(seed: int) -> None:
    world = settled_world()
    first = world.file(pair())
    second = world.send(world.open(CORRECTED), CORRECTED)
    steps = Lockstep(seed)
    ports = {name: steps.step(getattr(world, name)) for name in ("book", "inbox", "lines")}
    answers = steps.run(
        [
            partial(take_back, world, first, book=ports["book"]),
            partial(world.receive, second, **ports),
            partial(take_back, world, first, book=ports["book"]),
        ]
    )
    world.receive(second)
    entries, series = world.entries(), world.series()
    assert series
    assert world.outcome(first).state in ("withdrawn", "superseded"), f"seed {seed}: {answers}"
    assert world.outcome(second).state == "in_force", f"seed {seed}: {answers}"
    assert (series.upload, series.version) == (second, 2)
    check_posted_once(entries)
    assert [entry.upload for entry in standing(entries)] == [second]
    assert balance(entries, "2019") == world.outcome(second).dues_total_centimes
    assert (receipt_of(world, first) is not None) == (world.outcome(first).state == "withdrawn")
    assert OURS
