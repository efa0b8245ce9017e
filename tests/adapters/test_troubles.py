"""Every way in which a call can fail, told apart: moto knows none of them, so they are played to the client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.stub import ANY
from tasrih.adapters.dynamodb import ATTEMPTS, DynamoBook
from tasrih.adapters.items import write_item
from tasrih.adapters.limits import TooMuch
from tasrih.adapters.trouble import LONGEST_PAUSE_SECONDS, pauses
from tasrih.story.ports import Busy, Changed, Create, Lost
from tasrih.story.records import Ticket
from urllib3 import HTTPResponse

from tests.adapters.played import Played
from tests.adapters.samples import ticket


@pytest.fixture
def played() -> Iterator[Played]:
    played = Played()
    yield played
    played.stub.assert_no_pending_responses()


CHANGE = Create(ticket())


@pytest.mark.parametrize(
    "reasons", [["ConditionalCheckFailed", "None"], ["TransactionConflict", "ConditionalCheckFailed"]]
)
def test_a_failed_condition_is_a_change_by_somebody_else_whatever_else_failed(
    played: Played, reasons: list[str]
) -> None:
    played.cancelled(*reasons)
    with pytest.raises(Changed):
        played.book.commit(CHANGE)
    assert played.slept == []


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_conflict_or_throttle_is_tried_again(played: Played, reason: str) -> None:
    played.cancelled("None", reason)
    played.cancelled(reason, "None")
    played.succeeds()
    played.book.commit(CHANGE)
    assert len(played.slept) == 2


def test_conflicts_without_end_end_in_busy(played: Played) -> None:
    for _ in range(ATTEMPTS):
        played.cancelled("TransactionConflict")
    with pytest.raises(Busy, match="TransactionConflict"):
        played.book.commit(CHANGE)
    assert len(played.slept) == ATTEMPTS - 1


@pytest.mark.parametrize(
    "reasons", [["ValidationError"], ["ItemCollectionSizeLimitExceeded", "TransactionConflict"], ["None"]]
)
def test_size_and_shape_are_permanent(played: Played, reasons: list[str]) -> None:
    played.cancelled(*reasons)
    with pytest.raises(TooMuch):
        played.book.commit(CHANGE)
    assert played.slept == []


def test_a_change_that_is_not_valid_is_permanent(played: Played) -> None:
    played.fails("ValidationException")
    with pytest.raises(TooMuch):
        played.book.commit(CHANGE)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ProvisionedThroughputExceededException", 400),
        ("ThrottlingException", 400),
        ("RequestLimitExceeded", 400),
        ("TransactionInProgressException", 400),
        ("InternalServerError", 500),
        ("AnythingNew", 503),
    ],
)
def test_a_table_that_cannot_serve_now_is_busy(played: Played, code: str, status: int) -> None:
    played.fails(code, status=status)
    with pytest.raises(Busy, match=code) as caught:
        played.book.commit(CHANGE)
    assert not isinstance(caught.value, Lost)


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ResourceNotFoundException", "IdempotentParameterMismatchException"]
)
def test_what_nobody_anticipated_fails_loudly(played: Played, code: str) -> None:
    played.fails(code)
    with pytest.raises(ClientError, match=code):
        played.book.commit(CHANGE)


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ReadTimeoutError(endpoint_url="https://x"), Lost),
        (ConnectionClosedError(endpoint_url="https://x"), Lost),
        (ConnectTimeoutError(endpoint_url="https://x"), Busy),
        (EndpointConnectionError(endpoint_url="https://x"), Busy),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_lost_reply_is_no_failure_and_an_unmade_connection_no_doubt(
    error: Exception, raised: type[Exception]
) -> None:
    class Client:
        def transact_write_items(self, **_: object) -> None:
            raise error

    with pytest.raises(Busy) as caught:
        DynamoBook("book", Client()).commit(CHANGE)
    assert type(caught.value) is raised


def test_messages_of_the_service_go_nowhere(played: Played) -> None:
    played.stub.add_client_error("get_item", "ThrottlingException", "the key 991234567890 is hot")
    with pytest.raises(Busy) as caught:
        played.book.get(Ticket, *ticket().key)
    assert "991234567890" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_each_commit_is_bound_to_revisions_and_has_a_token_of_its_own() -> None:
    client: Any = boto3.client("dynamodb", region_name="eu-south-1", aws_access_key_id="x", aws_secret_access_key="x")
    sent: list[dict[str, Any]] = []

    def answer(request: Any, **_: object) -> AWSResponse:
        sent.append(json.loads(request.body))
        return AWSResponse(request.url, 200, {}, HTTPResponse(BytesIO(b"{}"), preload_content=False))

    client.meta.events.register("before-send.dynamodb.TransactWriteItems", answer)
    for _ in range(2):
        DynamoBook("book", client).commit(CHANGE)
    conditions = [action["Put"]["ConditionExpression"] for body in sent for action in body["TransactItems"]]
    assert conditions == ["attribute_not_exists(pk)"] * 2
    assert len({body["ClientRequestToken"] for body in sent}) == 2


def test_pauses_double_up_to_a_bound_with_full_jitter() -> None:
    longest = list(pauses(10, chance=lambda: 1.0))
    assert longest[:3] == [0.05, 0.1, 0.2]
    assert max(longest) == LONGEST_PAUSE_SECONDS
    assert len(longest) == 9
    assert set(pauses(5, chance=lambda: 0.0)) == {0.0}


def test_every_read_of_the_book_is_consistent(played: Played) -> None:
    key = {"pk": {"S": ticket().key.partition}, "sk": {"S": "TICKET"}}
    played.stub.add_response("get_item", {}, {"TableName": "book", "Key": key, "ConsistentRead": True})
    asked = {"RequestItems": {"book": {"Keys": [key], "ConsistentRead": True}}}
    played.stub.add_response("batch_get_item", {"Responses": {"book": []}}, asked)
    page = {
        "TableName": "book",
        "ScanIndexForward": True,
        "ConsistentRead": True,
        "KeyConditionExpression": ANY,
        "ExpressionAttributeValues": ANY,
    }
    played.stub.add_response("query", {"Items": [], "LastEvaluatedKey": key}, page)
    played.stub.add_response("query", {"Items": []}, {**page, "ExclusiveStartKey": key})
    assert played.book.get(Ticket, *ticket().key) is None
    assert played.book.get_many([(Ticket, ticket().key)]) == [None]
    assert list(played.book.records(Ticket, ticket().key.partition)) == []


def test_work_that_the_index_still_lists_but_is_done_is_left_out(played: Played) -> None:
    done, still = ticket(1, state="decided"), ticket(2)
    items = [write_item(done, 2), write_item(still, 1)]
    keys = [{"pk": item["pk"], "sk": item["sk"]} for item in items]
    played.stub.add_response("query", {"Items": keys})
    played.stub.add_response("batch_get_item", {"Responses": {"book": items}})
    assert played.book.waiting(Ticket, "upload", still.verdict_by) == [replace(still, revision=1)]


def test_a_counter_grows_by_a_conditionless_addition(played: Played) -> None:
    played.stub.add_response(
        "update_item",
        {"Attributes": {"value": {"N": "41"}}},
        {
            "TableName": "book",
            "Key": {"pk": {"S": "COUNTER#rank"}, "sk": {"S": "COUNTER"}},
            "UpdateExpression": "ADD #v :one",
            "ExpressionAttributeNames": {"#v": "value"},
            "ExpressionAttributeValues": {":one": {"N": "1"}},
            "ReturnValues": "UPDATED_NEW",
        },
    )
    assert played.book.count("rank") == 41
