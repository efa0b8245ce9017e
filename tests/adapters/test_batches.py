"""Batches of DynamoDB may be done in part: nothing of them is ever forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tasrih.adapters.dynamodb import ATTEMPTS
from tasrih.adapters.lines import Stored
from tasrih.adapters.lines_dynamodb import ATTEMPTS as BATCH_ATTEMPTS
from tasrih.story.ports import Busy
from tasrih.story.records import Ticket

from tests.adapters.played import Played
from tests.adapters.samples import ticket


@pytest.fixture
def played() -> Iterator[Played]:
    played = Played()
    yield played
    played.stub.assert_no_pending_responses()


def unprocessed(*numbers: int) -> dict[str, Any]:
    return {"UnprocessedItems": {"lines": [{"PutRequest": {"Item": item(number)}} for number in numbers]}}


def item(number: int) -> dict[str, Any]:
    return {"pk": {"S": f"C#u#{number}"}, "sk": {"S": "C"}, "b": {"B": b"x"}}


def puts(*numbers: int) -> dict[str, Any]:
    return {"RequestItems": {"lines": [{"PutRequest": {"Item": item(number)}} for number in numbers]}}


def chunks(count: int) -> Iterator[Stored]:
    return (Stored(f"C#u#{number}", "C", b"x") for number in range(count))


def test_puts_left_undone_are_sent_until_none_is_left(played: Played) -> None:
    played.stub.add_response("batch_write_item", unprocessed(0, 1, 2), puts(0, 1, 2))
    played.stub.add_response("batch_write_item", unprocessed(1), puts(0, 1, 2))
    played.stub.add_response("batch_write_item", {"UnprocessedItems": {}}, puts(1))
    played.lines.put(chunks(3))
    assert len(played.slept) == 2


def test_puts_never_done_end_in_busy(played: Played) -> None:
    for _ in range(BATCH_ATTEMPTS):
        played.stub.add_response("batch_write_item", unprocessed(0), puts(0))
    with pytest.raises(Busy):
        played.lines.put(chunks(1))


def test_a_batch_has_at_most_twenty_five_puts(played: Played) -> None:
    played.stub.add_response("batch_write_item", {}, puts(*range(25)))
    played.stub.add_response("batch_write_item", {}, puts(*range(25, 30)))
    played.lines.put(chunks(30))


def test_reads_left_undone_are_asked_again(played: Played) -> None:
    key = [{"pk": {"S": f"C#u#{number}"}, "sk": {"S": "C"}} for number in (0, 1)]
    whole = {"lines": {"Keys": key, "ConsistentRead": True}}
    rest = {"lines": {"Keys": key[1:], "ConsistentRead": True}}
    played.stub.add_response(
        "batch_get_item", {"Responses": {"lines": [item(0)]}, "UnprocessedKeys": rest}, {"RequestItems": whole}
    )
    played.stub.add_response("batch_get_item", {"Responses": {"lines": [item(1)]}}, {"RequestItems": rest})
    assert played.lines.get(["C#u#0", "C#u#1"]) == {"C#u#0": b"x", "C#u#1": b"x"}
    assert len(played.slept) == 1


def test_reads_never_done_end_in_busy(played: Played) -> None:
    keys = {"book": {"Keys": [{"pk": {"S": ticket().key.partition}, "sk": {"S": "TICKET"}}], "ConsistentRead": True}}
    for _ in range(ATTEMPTS):
        played.stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": keys})
    with pytest.raises(Busy):
        played.book.get_many([(Ticket, ticket().key)])


def test_pages_are_followed_to_the_end(played: Played) -> None:
    last = {"pk": {"S": "R#abc"}, "sk": {"S": "1#2025#u"}}
    one = {"pk": {"S": "R#abc"}, "sk": {"S": "1#2025#u"}, "b": {"B": b"12345678"}}
    two = {"pk": {"S": "R#abc"}, "sk": {"S": "2#2025#u"}, "b": {"B": b"12345678"}}
    played.stub.add_response("query", {"Items": [one], "LastEvaluatedKey": last})
    played.stub.add_response("query", {"Items": [two]})
    assert [sort for sort, _ in played.lines.query("R#abc")] == ["1#2025#u", "2#2025#u"]
