"""What retention asks of the stores: chunks rewritten on a condition, the book page by page, every version gone."""

from __future__ import annotations

import pytest
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.adapters.lines import PackedLines, chunk_key
from tasrih.adapters.memory import MemoryInbox
from tasrih.adapters.memory_book import MemoryBook
from tasrih.adapters.s3 import S3Inbox
from tasrih.register.parties import Entity
from tasrih.story.ports import Changed, Create
from tasrih.story.records import Ticket

from tests.adapters.samples import insured, sample_lines, stored_lines, ticket
from tests.adapters.test_buckets import Sender, inbox  # noqa: F401  a fixture


def test_rows_that_do_not_stay_leave_their_chunks_and_all_others_are_found_as_before(lines: PackedLines) -> None:
    people = [-1, -1, *range(250)]
    stored = stored_lines("u1", len(people), lines.write("u1", sample_lines(people), 100))
    dropped, digest = lines.rewrite(stored, lambda rows: rows["nss"] != b"")
    assert dropped == 2
    after = stored_lines("u1", len(people), (stored.bounds, digest))
    assert sum(len(part) for part in lines.read(after)) == 250
    for person in range(250):
        ((_, found),) = lines.find(insured(person), [after])
        assert found.rows["nss"].tolist() == [insured(person).encode()]


def test_rewriting_again_changes_nothing(lines: PackedLines) -> None:
    people = [-1] * 100 + [1, 2]
    stored = stored_lines("u1", len(people), lines.write("u1", sample_lines(people), 100))
    first = lines.rewrite(stored, lambda rows: rows["nss"] != b"")
    assert first == (100, first[1])
    assert lines.rewrite(stored, lambda rows: rows["nss"] != b"") == (0, first[1])


def test_a_chunk_that_is_not_what_was_read_is_left_alone(lines: PackedLines) -> None:
    lines.write("u1", sample_lines([1, 2]), 100)
    table, key = lines._table, chunk_key("u1", 0)
    before = table.get([key])[key]
    with pytest.raises(Changed):
        table.swap(key, b"something else", b"new")
    with pytest.raises(Changed):
        table.swap(chunk_key("u2", 0), before, b"new")
    assert table.get([key, chunk_key("u2", 0)]) == {key: before}
    table.swap(key, before, b"new")
    assert table.get([key]) == {key: b"new"}


def test_the_whole_book_is_looked_through_page_by_page(book: MemoryBook | DynamoBook) -> None:
    for number in range(1, 8):
        book.commit(Create(ticket(number)), Create(Entity(entity=f"e{number}", name="EXEMPLE")))
    book.count("rank")
    found, after, pages = [], None, 0
    while pages == 0 or after is not None:
        page = book.scan(Ticket, after, 3)
        found += [each.rank for each in page.records]
        after, pages = page.next, pages + 1
    assert sorted(found) == list(range(1, 8))
    assert pages >= 5


def test_every_version_and_delete_marker_under_a_prefix_is_removed_and_counted(inbox: MemoryInbox | S3Inbox) -> None:  # noqa: F811
    sender = Sender(inbox)
    for key, body in (("a/0", b"one"), ("a/0", b"two"), ("a/1", b"three"), ("b/0", b"another's")):
        sender.put(f"uploads/{key}", body)
    sender.delete("uploads/a/0")
    assert inbox.erase("uploads/a/") == 4
    assert inbox.arrivals("uploads/a/") == {}
    assert len(inbox.arrivals("uploads/b/")) == 1
    assert inbox.erase("uploads/a/") == 0
