"""The lines table in DynamoDB: batches of 25 puts or 100 reads, repeated until nothing is left undone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from tasrih.adapters.dynamodb import pause_or_busy, too_much_when_invalid
from tasrih.adapters.items import LINES_VALUE, PARTITION_KEY, SORT_KEY
from tasrih.adapters.limits import BATCH_GETS, BATCH_PUTS
from tasrih.adapters.lines import CHUNK_SORT, Stored
from tasrih.adapters.trouble import busy_when_down, code_of, pauses
from tasrih.story.ports import Changed

ATTEMPTS = 10
"""Of one batch, the first included: some ten seconds of throttling are borne."""


class DynamoLines:
    """Fits `lines.LinesTable`. `client`: a boto3 DynamoDB client; `sleep` takes seconds."""

    def __init__(self, table: str, client: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._table = table
        self._client = client
        self._sleep = sleep

    def put(self, items: Iterable[Stored]) -> None:
        self._write({"PutRequest": {"Item": _item(item)}} for item in items)

    def delete(self, pks: Sequence[str]) -> None:
        self._write({"DeleteRequest": {"Key": _key(pk)}} for pk in pks)

    def swap(self, pk: str, before: bytes, after: bytes) -> None:
        try:
            with busy_when_down(), too_much_when_invalid():
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(Stored(pk, CHUNK_SORT, after)),
                    ConditionExpression=f"{LINES_VALUE} = :before",
                    ExpressionAttributeValues={":before": {"B": before}},
                )
        except ClientError as error:
            if code_of(error) == "ConditionalCheckFailedException":
                raise Changed from None
            raise

    def get(self, pks: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for start in range(0, len(pks), BATCH_GETS):
            keys = [_key(pk) for pk in dict.fromkeys(pks[start : start + BATCH_GETS])]
            found.update(self._batch(keys))
        return found

    def query(self, pk: str) -> Iterator[tuple[str, bytes]]:
        page: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": f"{PARTITION_KEY} = :p",
            "ExpressionAttributeValues": {":p": {"S": pk}},
            "ConsistentRead": True,
        }
        while True:
            with busy_when_down():
                answer = self._client.query(**page)
            for item in answer["Items"]:
                yield item[SORT_KEY]["S"], item[LINES_VALUE]["B"]
            if not answer.get("LastEvaluatedKey"):
                return
            page["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _write(self, requests: Iterable[dict[str, Any]]) -> None:
        left = iter(requests)
        while batch := list(islice(left, BATCH_PUTS)):
            wait = pauses(ATTEMPTS)
            while batch:
                with busy_when_down(), too_much_when_invalid():
                    answer = self._client.batch_write_item(RequestItems={self._table: batch})
                batch = (answer.get("UnprocessedItems") or {}).get(self._table, [])
                if batch:
                    pause_or_busy(wait, self._sleep)

    def _batch(self, keys: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
        asked: dict[str, Any] = {self._table: {"Keys": keys, "ConsistentRead": True}} if keys else {}
        wait = pauses(ATTEMPTS)
        while asked:
            with busy_when_down():
                answer = self._client.batch_get_item(RequestItems=asked)
            for item in answer["Responses"].get(self._table, ()):
                yield item[PARTITION_KEY]["S"], item[LINES_VALUE]["B"]
            asked = answer.get("UnprocessedKeys") or {}
            if asked:
                pause_or_busy(wait, self._sleep)


def _item(item: Stored) -> dict[str, dict[str, object]]:
    return {PARTITION_KEY: {"S": item.pk}, SORT_KEY: {"S": item.sk}, LINES_VALUE: {"B": item.value}}


def _key(pk: str) -> dict[str, dict[str, str]]:
    return {PARTITION_KEY: {"S": pk}, SORT_KEY: {"S": CHUNK_SORT}}
