"""What one upload does to the book."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from tasrih.ledger.journal import Entry
from tasrih.ledger.posting import balance, check_balanced, check_posted_once, standing
from tasrih.story.filings import Series, StoredLines, Version
from tasrih.story.open_upload import Asked, open_upload
from tasrih.story.ports import Replace
from tasrih.story.records import DECIDED, Letter, Outcome, Receipt

from tests.story.faulty import CommitsSeen
from tests.story.world import ONE, OURS, OURS_TOO, THEIRS, TWO, US, VOUCHED, Pair, World, announced, pair

CORRECTED = pair((ONE, replace(TWO, bases=(5400000, 5400000, 5400000, 1800000))))


def everything(world: World) -> dict[str, dict[str, object]]:
    return {partition: dict(stand) for partition, stand in world.book.items.items()}


def opened_and_sent(world: World, what: Pair) -> str:
    return world.send(world.open(what), what)


def test_a_clean_pair_comes_into_force_as_version_one(world: World) -> None:
    upload = world.file(pair())
    outcome, series = world.outcome(upload), world.series()
    assert (outcome.state, outcome.version, outcome.counts) == ("in_force", 1, {})
    assert (outcome.kind, outcome.type, outcome.employer, outcome.period) == ("DAS", "N", OURS, "2019")
    assert (outcome.lines, outcome.total_centimes) == (2, 57600000)
    assert series
    assert (series.upload, series.version) == (upload, 1)
    assert [version.version for version in world.versions()] == [1]
    assert world.ticket(upload).state == DECIDED


def test_its_entry_is_balanced_and_equals_the_dues_of_its_outcome_and_of_its_receipt(world: World) -> None:
    upload = world.file(pair())
    (entry,) = world.entries()
    check_balanced(entry)
    receipt = world.receipt(upload)
    assert receipt
    told = json.loads(receipt.payload)
    owed = balance([entry], "2019")
    assert owed == world.outcome(upload).dues_total_centimes > 0
    assert owed == sum(due["amount_centimes"] for due in told["dues"]["lines"])
    assert told["base_centimes"] == 57600000
    assert entry.law_version == world.outcome(upload).law_version == told["law_version"]


def test_it_leaves_one_unsigned_receipt_and_one_letter_owed(world: World) -> None:
    upload = world.file(pair())
    receipt = world.receipt(upload)
    assert receipt
    assert (receipt.signature, receipt.pdf) == (None, "")
    (letter,) = world.letters_of(upload)
    assert (letter.about, letter.language, letter.waiting) == ("in_force", "fr", "letter")


def test_everything_that_counts_is_written_by_one_commit(world: World) -> None:
    upload = opened_and_sent(world, pair())
    seen = CommitsSeen(world.book)
    world.receive(upload, book=seen)  # type: ignore[arg-type]  # stands in for the whole port
    counting = [commit for commit in seen.commits if any(isinstance(each.record, Outcome) for each in commit)]
    assert len(counting) == 1
    kinds = sorted((type(change).__name__, type(change.record).__name__) for change in counting[0])
    created = [Entry, Letter, Outcome, Receipt, Series, Version]
    assert kinds == sorted(
        [("Create", kind.__name__) for kind in created] + [("Replace", "StoredLines"), ("Replace", "Ticket")]
    )
    effects = (Outcome, Entry, Receipt, Letter, Series, Version)
    others = [change.record for commit in seen.commits if commit is not counting[0] for change in commit]
    assert not [record for record in others if isinstance(record, effects)]
    assert {record.state for record in others if isinstance(record, StoredLines)} == {"planned"}
    stored = world.stored(upload)
    assert stored
    assert stored.state == "counts"


def test_five_deliveries_of_the_same_event_change_nothing_after_the_first(world: World) -> None:
    upload = opened_and_sent(world, pair())
    assert world.receive(upload) == "in_force"
    before = everything(world)
    assert [world.receive(upload) for _ in range(4)] == [DECIDED] * 4
    assert everything(world) == before


def test_an_event_that_names_no_ticket_of_ours_does_nothing(world: World) -> None:
    before = everything(world)
    assert world.receive("f" * 32) == "unknown"
    assert everything(world) == before


def test_the_same_bytes_again_are_answered_by_the_first_receipt_and_change_no_ledger(world: World) -> None:
    first = world.file(pair())
    entries, series = world.entries(), world.series()
    second = world.file(pair())
    outcome = world.outcome(second)
    assert (outcome.state, outcome.answered_by, outcome.version) == ("duplicate", first, 0)
    rank = world.ticket(second).rank
    assert series
    assert (world.entries(), world.series()) == (entries, replace(series, rank=rank, revision=series.revision + 1))
    assert (world.receipt(second), world.stored(second)) == (None, None)
    assert [letter.about for letter in world.letters_of(second)] == ["duplicate"]


def test_the_same_pair_in_a_zip_is_the_same_filing(world: World) -> None:
    first = world.file(pair())
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name, body in pair().files:
            archive.writestr(name, body)
    told = replace(announced("DAS.zip", box.getvalue()), lines=3)
    asked = Asked(OURS, (told,), pair().total, certified=VOUCHED)
    ticket = open_upload(
        asked, world.account(US), world.clock.now(), book=world.book, inbox=world.inbox, chance=world.chance
    )
    world.inbox.upload(ticket.forms[0], box.getvalue())
    assert world.receive(ticket.ticket.upload) == "duplicate"
    assert world.outcome(ticket.ticket.upload).answered_by == first


def test_a_corrected_file_becomes_version_two_and_only_its_dues_are_owed(world: World) -> None:
    first = world.file(pair())
    world.later(days=3)
    second = world.file(CORRECTED)
    old, new = world.outcome(first), world.outcome(second)
    assert (old.state, old.answered_by, old.version) == ("superseded", second, 1)
    assert (new.state, new.version) == ("in_force", 2)
    assert [(version.version, version.upload) for version in world.versions()] == [(1, first), (2, second)]
    entries = world.entries()
    assert sorted(entry.reason for entry in entries) == ["dues", "dues", "reversal"]
    check_posted_once(entries)
    assert [entry.upload for entry in standing(entries)] == [second]
    assert balance(entries, "2019") == new.dues_total_centimes != old.dues_total_centimes
    receipt, before = world.receipt(second), world.receipt(first)
    assert receipt
    assert before
    assert json.loads(receipt.payload)["replaces"] == before.number


def test_the_old_bytes_sent_after_a_correction_are_a_new_version_and_no_duplicate(world: World) -> None:
    first = world.file(pair())
    world.file(CORRECTED)
    third = world.file(pair())
    assert world.outcome(third).state == "in_force"
    assert world.outcome(third).version == 3
    assert balance(world.entries(), "2019") == world.outcome(first).dues_total_centimes
    check_posted_once(world.entries())


def test_a_filing_ranked_earlier_and_processed_late_is_superseded_and_posts_nothing(world: World) -> None:
    early = opened_and_sent(world, pair())
    world.later(minutes=1)
    late = world.file(CORRECTED)
    entries, before = world.entries(), world.series()
    world.later(days=2)
    assert world.receive(early) == "superseded"
    outcome = world.outcome(early)
    assert (outcome.answered_by, outcome.version, outcome.dues_total_centimes) == (late, 0, 0)
    assert (world.entries(), world.series()) == (entries, before)
    assert (world.receipt(early), world.stored(early)) == (None, None)
    assert [letter.about for letter in world.letters_of(early)] == ["superseded"]


def test_a_refused_file_changes_nothing_but_its_own_upload(world: World) -> None:
    world.file(pair())
    wrong = pair((ONE, replace(TWO, unit="X")))
    upload = opened_and_sent(world, wrong)
    before = everything(world)
    assert world.receive(upload) == "refused"
    after = everything(world)
    assert {partition for partition in after if after[partition] != before.get(partition)} == {f"UPLOAD#{upload}"}
    assert set(after[f"UPLOAD#{upload}"]) == {"TICKET", "OUTCOME", "LETTER#refused"}


@pytest.mark.parametrize("kind", ["C", "R"])
def test_complementary_and_regularising_filings_wait_for_confirmation(world: World, kind: str) -> None:
    world.file(pair())
    entries, series = world.entries(), world.series()
    upload = world.file(pair((ONE,), kind=kind))
    outcome = world.outcome(upload)
    assert (outcome.state, outcome.type, outcome.dues_state) == ("awaiting_confirmation", kind, "held")
    assert outcome.held_because == ("awaiting_confirmation",)
    assert (world.entries(), world.series(), world.receipt(upload)) == (entries, series, None)


def test_a_file_of_another_employer_is_refused_and_touches_nothing_of_theirs(world: World) -> None:
    foreign = pair(employer=THEIRS)
    asked = Asked(OURS, tuple(announced(*each) for each in foreign.files), foreign.total, certified=VOUCHED)
    opened = open_upload(
        asked, world.account(US), world.clock.now(), book=world.book, inbox=world.inbox, chance=world.chance
    )
    upload = world.send(opened, foreign)
    before = dict(world.book.items.get(f"EMPLOYER#{THEIRS}", {}))
    assert world.receive(upload) == "refused"
    assert world.outcome(upload).counts == {"E492": 1}
    assert world.book.items.get(f"EMPLOYER#{THEIRS}") == before
    assert not world.entries(THEIRS)


def test_unknown_contribution_codes_hold_the_dues_and_accept_the_file(world: World) -> None:
    upload = world.file(pair(employer=OURS_TOO))
    outcome = world.outcome(upload)
    assert (outcome.state, outcome.dues_state, outcome.held_because) == ("in_force", "held", ("codes_not_known",))
    assert not world.entries(OURS_TOO)
    receipt = world.receipt(upload)
    assert receipt
    assert json.loads(receipt.payload)["dues"]["state"] == "held"


def test_a_filing_whose_dues_are_held_is_replaced_by_one_whose_dues_are_computed(world: World) -> None:
    from tasrih.register.parties import Employer

    world.file(pair(employer=OURS_TOO))
    held = world.book.get(Employer, f"EMPLOYER#{OURS_TOO}", "EMPLOYER")
    assert held
    world.book.commit(Replace(replace(held, codes=("R22",))))
    upload = world.file(pair((ONE,), employer=OURS_TOO))
    entries = world.entries(OURS_TOO)
    assert [entry.reason for entry in entries] == ["dues"]
    assert balance(entries) == world.outcome(upload).dues_total_centimes


def test_years_and_employers_do_not_touch_one_another(world: World) -> None:
    for what in (pair(), pair(year=2018), pair(employer=OURS_TOO)):
        assert world.outcome(world.file(what)).version == 1
    assert len(world.entries()) == 2


def test_an_employer_that_was_not_affiliated_then_is_only_warned(world: World) -> None:
    upload = world.file(pair(year=2009))
    assert world.outcome(upload).counts.get("W490") == 1


def test_every_state_of_a_filing_stays_readable_after_ten_corrections(world: World) -> None:
    uploads = [world.file(pair((replace(ONE, bases=(9000000 + step,) * 4), TWO))) for step in range(10)]
    assert [world.outcome(upload).state for upload in uploads] == ["superseded"] * 9 + ["in_force"]
    assert [version.version for version in world.versions()] == list(range(1, 11))
    check_posted_once(world.entries())
    assert balance(world.entries(), "2019") == world.outcome(uploads[-1]).dues_total_centimes


def test_a_letter_is_in_the_language_asked_for_else_in_that_of_the_register(world: World) -> None:
    asked = world.send(world.open(pair(), language="en"), pair())
    world.receive(asked)
    theirs = pair(employer=THEIRS)
    registered = world.send(world.open(theirs, by="eux"), theirs)
    world.receive(registered)
    assert [world.letters_of(upload)[0].language for upload in (asked, registered)] == ["en", "ar"]
