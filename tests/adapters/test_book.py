"""What both books promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tasrih.adapters.limits import TooMuch
from tasrih.register.parties import Employer
from tasrih.story.filings import Series, StoredLines, Version
from tasrih.story.ports import Book, Changed, Create, Replace
from tasrih.story.records import Letter, Ticket

from tests.adapters.samples import START, stored_lines, ticket


def version(number: int) -> Version:
    return Version(
        employer="1699999901",
        kind="DAS",
        period="2025",
        version=number,
        upload="u",
        rank=number,
        arrived_at=START,
    )


def test_what_was_created_is_read_with_revision_one(book: Book) -> None:
    book.commit(Create(ticket()))
    assert book.get(Ticket, *ticket().key) == replace(ticket(), revision=1)


def test_nothing_is_read_where_nothing_stands(book: Book) -> None:
    assert book.get(Ticket, "UPLOAD#0", "TICKET") is None


def test_creating_twice_changes_nothing(book: Book) -> None:
    book.commit(Create(ticket()))
    with pytest.raises(Changed):
        book.commit(Create(replace(ticket(), language="ar")))
    found = book.get(Ticket, *ticket().key)
    assert found is not None
    assert found.language == "fr"


def test_an_equal_commit_that_comes_second_is_told_so(book: Book) -> None:
    book.commit(Create(ticket()))
    with pytest.raises(Changed):
        book.commit(Create(ticket()))


def test_of_two_replacements_of_one_revision_one_wins(book: Book) -> None:
    book.commit(Create(ticket()))
    read = book.get(Ticket, *ticket().key)
    assert read is not None
    book.commit(Replace(replace(read, language="ar")))
    with pytest.raises(Changed):
        book.commit(Replace(replace(read, language="en")))
    found = book.get(Ticket, *ticket().key)
    assert found is not None
    assert (found.language, found.revision) == ("ar", 2)


def test_a_commit_is_all_or_nothing(book: Book) -> None:
    book.commit(Create(ticket(1)))
    with pytest.raises(Changed):
        book.commit(Create(ticket(2)), Create(ticket(1)))
    assert book.get(Ticket, *ticket(2).key) is None


@pytest.mark.parametrize("revision", [1, 3])
def test_only_the_very_revision_read_can_be_replaced(book: Book, revision: int) -> None:
    book.commit(Create(ticket()))
    book.commit(Replace(replace(ticket(), revision=1)))
    with pytest.raises(Changed):
        book.commit(Replace(replace(ticket(), revision=revision)))


def test_a_record_never_stored_cannot_be_replaced(book: Book) -> None:
    with pytest.raises(ValueError, match="never stored"):
        book.commit(Replace(ticket()))


def test_many_come_in_the_order_asked_with_gaps_and_repeats(book: Book) -> None:
    book.commit(*(Create(ticket(number)) for number in (1, 2)))
    asked = [(Ticket, ticket(number).key) for number in (2, 9, 1, 2)]
    assert [found.rank if isinstance(found, Ticket) else None for found in book.get_many(asked)] == [2, None, 1, 2]


def test_more_than_a_hundred_are_read_at_once(book: Book) -> None:
    book.commit(*(Create(ticket(number)) for number in range(1, 61)))
    book.commit(*(Create(ticket(number)) for number in range(61, 121)))
    found = book.get_many([(Ticket, ticket(number).key) for number in range(1, 121)])
    assert [record.rank for record in found if isinstance(record, Ticket)] == list(range(1, 121))


def test_records_of_a_partition_come_in_the_order_of_their_keys(book: Book) -> None:
    book.commit(*(Create(version(number)) for number in (2, 10, 1)))
    partition = version(1).key.partition
    assert [held.version for held in book.records(Version, partition, "VERSION#DAS#2025#")] == [1, 2, 10]
    assert [held.version for held in book.records(Version, partition, newest_first=True)] == [10, 2, 1]
    assert list(book.records(Version, partition, "VERSION#DAS#2024#")) == []
    assert list(book.records(Series, partition)) == []


def test_an_owners_uploads_come_highest_rank_first(book: Book) -> None:
    book.commit(*(Create(ticket(number)) for number in (3, 1, 2)), Create(ticket(4, entity="E2")))
    assert [held.rank for held in book.owned(Ticket, "E1")] == [3, 2, 1]
    assert [held.rank for held in book.owned(Ticket, "E1", before=3)] == [2, 1]
    assert [held.rank for held in book.owned(Ticket, "E1", limit=1)] == [3]


def test_an_owners_uploads_and_employers_do_not_mix(book: Book) -> None:
    book.commit(Create(ticket()), Create(Employer(number="1699999901", entity="E1", agencies=(), since="2000-01-01")))
    assert [held.number for held in book.owned(Employer, "E1")] == ["1699999901"]
    assert [held.rank for held in book.owned(Ticket, "E1")] == [1]


def test_open_work_comes_oldest_first_and_leaves_when_done(book: Book) -> None:
    book.commit(*(Create(ticket(number)) for number in (3, 1, 2)))
    before = START + timedelta(minutes=3)
    assert [held.rank for held in book.waiting(Ticket, "upload", before)] == [1, 2]
    assert [held.rank for held in book.waiting(Ticket, "upload", before, limit=1)] == [1]
    letter = Letter(upload="u", about="refused", language="fr", owed_since=START)
    book.commit(Create(letter))
    assert len(book.waiting(Letter, "letter", before)) == 1
    book.commit(Replace(replace(letter, revision=1, sent_at=START)))
    assert book.waiting(Letter, "letter", before) == []


def test_lines_not_yet_counted_wait_to_be_swept(book: Book) -> None:
    stored = stored_lines("u", 1, (b"12345678", "d"))
    book.commit(Create(stored))
    assert len(book.waiting(StoredLines, "lines", START + timedelta(seconds=1))) == 1
    book.commit(Replace(replace(stored, revision=1, state="counts")))
    assert book.waiting(StoredLines, "lines", START + timedelta(seconds=1)) == []


def test_counters_grow_by_one_each_on_its_own(book: Book) -> None:
    assert [book.count("rank") for _ in range(3)] == [1, 2, 3]
    assert book.count("receipt-2026") == 1


def test_a_hundred_items_are_one_commit_and_one_more_is_too_many(book: Book) -> None:
    book.commit(*(Create(ticket(number)) for number in range(100)))
    with pytest.raises(TooMuch, match="101 items"):
        book.commit(*(Create(ticket(number)) for number in range(100, 201)))
    assert book.get(Ticket, *ticket(100).key) is None


def test_an_item_over_four_hundred_kilobytes_is_refused(book: Book) -> None:
    with pytest.raises(TooMuch, match="over 409600"):
        book.commit(Create(ticket(language="x" * 409_600)))


def test_four_megabytes_are_too_much_for_one_commit(book: Book) -> None:
    with pytest.raises(TooMuch, match="over 4194304"):
        book.commit(*(Create(ticket(number, language="x" * 390_000)) for number in range(11)))


def test_one_commit_names_no_record_twice(book: Book) -> None:
    with pytest.raises(TooMuch, match="twice"):
        book.commit(Create(ticket()), Create(ticket()))
