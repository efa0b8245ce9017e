"""A DynamoDB client whose answers are played."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.stub import ANY, Stubber
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.adapters.lines_dynamodb import DynamoLines


class Played:
    """A DynamoDB client whose answers are played, and the pauses made between them."""

    def __init__(self) -> None:
        self.client: Any = boto3.client(
            "dynamodb", region_name="eu-south-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        self.stub = Stubber(self.client)
        self.stub.activate()
        self.slept: list[float] = []
        self.book = DynamoBook("book", self.client, self.slept.append)
        self.lines = DynamoLines("lines", self.client, self.slept.append)

    def cancelled(self, *reasons: str) -> None:
        self.stub.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields={"CancellationReasons": [{"Code": reason} for reason in reasons]},
        )

    def fails(self, code: str, operation: str = "transact_write_items", status: int = 400) -> None:
        self.stub.add_client_error(operation, code, http_status_code=status)

    def succeeds(self) -> None:
        self.stub.add_response("transact_write_items", {}, {"TransactItems": ANY})
