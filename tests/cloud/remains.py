"""What a real stack holds, as the invariants of the simulation look at it."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

from tasrih.adapters.clock import SystemClock
from tasrih.adapters.s3 import S3Inbox
from tasrih.local.deployed import Stack

from tests.cloud.web import Web
from tests.simulation.checks import Remains


def remains_of(stack: Stack) -> Remains:
    storage, papers = stack.client("s3"), stack.outputs["ReceiptsBucket"]
    pages = storage.get_paginator("list_objects_v2").paginate(Bucket=papers)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    return Remains(
        items=[item for item in items(stack, "BookTable") if "kind" in item],  # a counter has none
        arrivals=S3Inbox(stack.outputs["InboxBucket"], storage, SystemClock().shifted).arrivals,
        papers={key: storage.get_object(Bucket=papers, Key=key)["Body"].read() for key in keys},
        stored={item["pk"]["S"] for item in items(stack, "LinesTable")},
        keys=Web(stack.api_url).must("GET", "/keys"),
        mails=[(to, mail.file.read_bytes()) for mail in stack.mails() for to in mail.to],
        calls=(),
        waiting={name: bodies(stack, url) for name, url in queues(stack).items()},
        logs="\n".join(stack.logs(function) for function in stack.functions),
        happened=Counter(),
    )


def items(stack: Stack, table: str) -> list[dict[str, Any]]:
    """All of a table, named as in the outputs."""
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs[table], ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def queues(stack: Stack) -> dict[str, str]:
    """Name -> address of every queue, dead letters among them."""
    return {url.rsplit("/", 1)[-1]: url for url in stack.resources["AWS::SQS::Queue"]}


def waiting_in(stack: Stack, url: str) -> int:
    """Hidden and delayed ones included."""
    kinds = ("", "NotVisible", "Delayed")
    names = [f"ApproximateNumberOfMessages{kind}" for kind in kinds]
    found = stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def bodies(stack: Stack, url: str) -> list[str]:
    """Of the messages in a queue; of a hidden one nothing but that it is there."""
    seen = stack.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    found = [message["Body"] for message in seen.get("Messages", ())]
    return found + list(itertools.repeat("hidden", max(0, waiting_in(stack, url) - len(found))))


def redrive(stack: Stack) -> int:
    """An operator moves all dead letters back to where they came from; the emulator cannot. Returns how many."""
    client, moved = stack.client("sqs"), 0
    for live in ("Uploads", "Letters", "Deliveries"):
        dead = stack.outputs[f"{live}FailedQueue"]
        while letters := client.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages"):
            for letter in letters:
                client.send_message(QueueUrl=stack.outputs[f"{live}Queue"], MessageBody=letter["Body"])
                client.delete_message(QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"])
                moved += 1
    return moved
