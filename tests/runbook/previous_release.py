"""The previous release's stack, its data and its people, put into the local cloud as that release left them."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasrih.local.deployed import Stack
from tasrih.local.people import Person

from tests.cloud.fund import Employer
from tests.cloud.web import Web

FOLDER = Path(__file__).with_name("previous")
TABLES = {"book": "BookTable", "lines": "LinesTable"}
BUCKETS = {"inbox": "InboxBucket", "receipts": "ReceiptsBucket"}

Json = dict[str, Any]


def template() -> Json:
    found: Json = json.loads((FOLDER / "template.json").read_text("utf-8"))
    return found


@dataclass(frozen=True)
class Previous:
    keys: Json
    """Public keys, as that release published them."""
    uploads: dict[str, Json]
    """Name -> upload and its state."""
    people: tuple[tuple[str, Person, str], ...]
    """(employer number, account, mail)."""
    papers: dict[str, bytes]

    def employer(self, place: int, anybody: Web) -> Employer:
        number, person, email = self.people[place]
        web = anybody.signed_in(person.username, person.password)
        return Employer(number, person.username, person.password, email, web)


def move_in(stack: Stack) -> Previous:
    held: Json = json.loads((FOLDER / "data.json").read_text("utf-8"))
    for name, output in TABLES.items():
        for item in held[name]:
            stack.client("dynamodb").put_item(TableName=stack.outputs[output], Item=_bytes(item))
    for name, output in BUCKETS.items():
        for key, body in held[name].items():
            stack.client("s3").put_object(Bucket=stack.outputs[output], Key=key, Body=b64decode(body))
    accounts = stack.people([(each["account"], "") for each in held["employers"]])
    people = tuple((each["number"], accounts[each["account"]], each["email"]) for each in held["employers"])
    papers = {key: b64decode(body) for key, body in held["receipts"].items()}
    return Previous(held["keys"], held["uploads"], people, papers)


def _bytes(value: Any) -> Any:
    """JSON has no bytes: they stand as {"bytes": base64}."""
    if isinstance(value, dict):
        if set(value) == {"bytes"}:
            return b64decode(value["bytes"])
        return {name: _bytes(each) for name, each in value.items()}
    return [_bytes(each) for each in value] if isinstance(value, list) else value
