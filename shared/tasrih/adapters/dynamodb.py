"""The book in DynamoDB. A commit is one TransactWriteItems with a condition on every record's revision."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from tasrih.adapters.changes import Step, steps
from tasrih.adapters.codec import Attributes
from tasrih.adapters.items import (
    OWNED_HASH,
    OWNED_INDEX,
    OWNED_RANGE,
    PARTITION_KEY,
    SORT_KEY,
    WAITING_HASH,
    WAITING_INDEX,
    WAITING_RANGE,
    kind_of,
    moment_text,
    owner_text,
    read_item,
)
from tasrih.adapters.limits import BATCH_GETS, TooMuch, can_be_key
from tasrih.adapters.trouble import busy_when_down, code_of, pauses
from tasrih.story.ports import Busy, Change, Changed
from tasrih.story.removal_ports import Page
from tasrih.vocabulary.record import Key, Record

R = TypeVar("R", bound=Record)

ATTEMPTS = 6
"""Of one commit or one batch, the first included."""
COUNTER_SORT = "COUNTER"
_LATER_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class DynamoBook:
    """Fits `story.ports.Book`. `client`: a boto3 DynamoDB client; `sleep` takes seconds."""

    def __init__(self, table: str, client: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._table = table
        self._client = client
        self._sleep = sleep

    def get(self, kind: type[R], *key: str) -> R | None:
        if not can_be_key(*key):
            return None
        with busy_when_down():
            answer = self._client.get_item(TableName=self._table, Key=_named(Key(*key)), ConsistentRead=True)
        return read_item(kind, answer["Item"]) if answer.get("Item") else None

    def get_many(self, keys: Sequence[tuple[type[Record], tuple[str, str]]]) -> list[Record | None]:
        wanted = list(dict.fromkeys(Key(*key) for _, key in keys if can_be_key(*key)))
        found: dict[Key, Attributes] = {}
        for start in range(0, len(wanted), BATCH_GETS):
            for item in self._batch(wanted[start : start + BATCH_GETS]):
                found[_key_of(item)] = item
        return [read_item(kind, found[Key(*key)]) if Key(*key) in found else None for kind, key in keys]

    def records(self, kind: type[R], partition: str, prefix: str = "", newest_first: bool = False) -> Iterator[R]:
        if not can_be_key(partition, prefix or "any"):
            return
        values = {":p": {"S": partition}, **({":s": {"S": prefix}} if prefix else {})}
        condition = f"{PARTITION_KEY} = :p" + (f" AND begins_with({SORT_KEY}, :s)" if prefix else "")
        asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, "ConsistentRead": True}
        for item in self._query(asked, newest_first):
            if kind_of(item) == kind.KIND:
                yield read_item(kind, item)

    def owned(self, kind: type[R], owner: str, before: int | None = None, limit: int = 50) -> list[R]:
        values = {":o": {"S": owner_text(kind, owner)}, **({":r": {"N": str(before)}} if before is not None else {})}
        condition = "#o = :o" + (" AND #r < :r" if before is not None else "")
        names = {"#o": OWNED_HASH, **({"#r": OWNED_RANGE} if before is not None else {})}
        asked = {"IndexName": OWNED_INDEX, "KeyConditionExpression": condition, "Limit": limit}
        asked |= {"ExpressionAttributeValues": values, "ExpressionAttributeNames": names}
        return [read_item(kind, item) for item, _ in zip(self._query(asked, True), range(limit), strict=False)]

    def waiting(self, kind: type[R], for_what: str, before: datetime, limit: int = 1000) -> list[R]:
        """Only keys come from the index; the records are read again, consistently, and those done are left out."""
        values = {":w": {"S": for_what}, ":b": {"S": moment_text(before)}}
        condition = f"{WAITING_HASH} = :w AND {WAITING_RANGE} < :b"
        asked = {"IndexName": WAITING_INDEX, "KeyConditionExpression": condition, "ExpressionAttributeValues": values}
        keys = [_key_of(item) for item, _ in zip(self._query(asked, False), range(limit), strict=False)]
        found = self.get_many([(kind, key) for key in keys])
        return [record for record in found if isinstance(record, kind) and record.waiting == for_what]

    def scan(self, kind: type[R], after: tuple[str, str] | None, limit: int) -> Page[R]:
        asked: dict[str, Any] = {"TableName": self._table, "Limit": limit}
        if after:
            asked["ExclusiveStartKey"] = _named(Key(*after))
        with busy_when_down():
            answer = self._client.scan(**asked)
        last = answer.get("LastEvaluatedKey")
        ours = [item for item in answer["Items"] if "kind" in item]  # counters are no records
        records = [read_item(kind, item) for item in ours if kind_of(item) == kind.KIND]
        return Page(records, _key_of(last) if last else None)

    def commit(self, *changes: Change) -> None:
        """Botocore repeats a lost request under the same token, so that it happens once. The token is this call's own:
        of two workers with equal changes, one must learn that it came second."""
        actions = [self._action(step) for step in steps(changes)]
        wait = pauses(ATTEMPTS)
        while True:
            try:
                with busy_when_down(), too_much_when_invalid():
                    self._client.transact_write_items(TransactItems=actions)
                return
            except ClientError as error:
                again = _judged(error)
            pause = next(wait, None)
            if pause is None:
                raise again
            self._sleep(pause)

    def count(self, name: str) -> int:
        with busy_when_down():
            answer = self._client.update_item(
                TableName=self._table,
                Key=_named(Key(f"COUNTER#{name}", COUNTER_SORT)),
                UpdateExpression="ADD #v :one",
                ExpressionAttributeNames={"#v": "value"},
                ExpressionAttributeValues={":one": {"N": "1"}},
                ReturnValues="UPDATED_NEW",
            )
        return int(answer["Attributes"]["value"]["N"])

    def _action(self, step: Step) -> dict[str, object]:
        condition: dict[str, object] = {"TableName": self._table}
        if step.expected:
            condition["ConditionExpression"] = "revision = :r"
            condition["ExpressionAttributeValues"] = {":r": {"N": str(step.expected)}}
        else:
            condition["ConditionExpression"] = f"attribute_not_exists({PARTITION_KEY})"
        return {"Put": {**condition, "Item": step.item}}

    def _query(self, asked: dict[str, Any], newest_first: bool) -> Iterator[Attributes]:
        page: dict[str, Any] = {"TableName": self._table, "ScanIndexForward": not newest_first, **asked}
        while True:
            with busy_when_down():
                answer = self._client.query(**page)
            yield from answer["Items"]
            if not answer.get("LastEvaluatedKey"):
                return
            page["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _batch(self, keys: Sequence[Key]) -> Iterator[Attributes]:
        asked: dict[str, Any] = {self._table: {"Keys": [_named(key) for key in keys], "ConsistentRead": True}}
        wait = pauses(ATTEMPTS)
        while asked:
            with busy_when_down():
                answer = self._client.batch_get_item(RequestItems=asked)
            yield from answer["Responses"].get(self._table, ())
            asked = answer.get("UnprocessedKeys") or {}
            if asked:
                pause_or_busy(wait, self._sleep)


def pause_or_busy(wait: Iterator[float], sleep: Callable[[float], None]) -> None:
    """Raises Busy when no attempt is left."""
    pause = next(wait, None)
    if pause is None:
        raise Busy("the table leaves part of a batch undone")
    sleep(pause)


@contextmanager
def too_much_when_invalid() -> Iterator[None]:
    """Its limits are the only rules of the table that our writes could break."""
    try:
        yield
    except ClientError as error:
        if code_of(error) == "ValidationException":
            raise TooMuch("the table refuses the change as invalid") from None
        raise


def _judged(error: ClientError) -> Busy:
    """What to raise if no attempt is left; raises at once what no further attempt helps."""
    if code_of(error) != "TransactionCanceledException":
        raise error
    reasons = {str(reason.get("Code", "None")) for reason in error.response.get("CancellationReasons", ())}
    if "ConditionalCheckFailed" in reasons:
        raise Changed from None
    others = reasons - {"None"} - _LATER_REASONS
    if others or not reasons - {"None"}:
        raise TooMuch(f"cancelled: {', '.join(sorted(others)) or 'no reason given'}") from None
    return Busy(", ".join(sorted(reasons - {"None"})))


def _named(key: Key) -> Attributes:
    return {PARTITION_KEY: {"S": key.partition}, SORT_KEY: {"S": key.sort}}


def _key_of(item: Attributes) -> Key:
    return Key(item[PARTITION_KEY]["S"], item[SORT_KEY]["S"])
