"""What all worlds of one local cloud share: clients made as functions make them, a sender, a mailbox, a warm worker."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest
from tasrih.adapters import clients
from tasrih.local.clients import ACCOUNT, SECRET
from tasrih.local.cloud import LocalCloud
from tasrih.local.mail import Mailbox

from tests.local.bench import Bench
from tests.simulation.deployment import TEMPLATE

SENDER = "caisse.example"
"""The domain that mails come from."""
TAKER = """
import json, boto3
sqs = boto3.client("sqs")
def handler(event, context):
    records = [(record, json.loads(record["body"])) for record in event.get("Records", ())]
    if records:
        batch = [{"id": record["messageId"], "body": told["body"]} for record, told in records]
        counts = [int(record["attributes"]["ApproximateReceiveCount"]) for record, _ in records]
        said = [[each["body"], count, len(batch)] for each, count in zip(batch, counts)]
        sqs.send_message(QueueUrl=records[0][1]["to"], MessageBody=json.dumps(said))
        return eval(records[0][1]["answer"])
"""
"""A message says what its function answers, and where it tells what it got."""


def stream_view() -> str:
    """What the stack's stream tells of a change."""
    resources = json.loads(TEMPLATE.read_text("utf-8"))["Resources"].values()
    (view,) = (
        each["Properties"]["StreamSpecification"]["StreamViewType"]
        for each in resources
        if "StreamSpecification" in each["Properties"]
    )
    return str(view)


class Line:
    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self.bench = Bench(cloud)
        self.bench("sesv2").create_email_identity(EmailIdentity=SENDER)
        self.mailbox = Mailbox(folder, cloud.endpoint)
        self._clients: dict[str, Any] = {}
        self._environment = {
            "AWS_ENDPOINT_URL": cloud.endpoint,
            "AWS_ENDPOINT_URL_SESV2": self.mailbox.endpoint,
            "AWS_DEFAULT_REGION": cloud.region,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def client(self, service: str) -> Any:
        if service not in self._clients:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(boto3, "DEFAULT_SESSION", None)
                for name, value in self._environment.items():
                    patch.setenv(name, value)
                self._clients[service] = clients.client.__wrapped__(service)
        return self._clients[service]

    @cached_property
    def taker(self) -> str:
        """A function whose worker is warm: how soon a message is taken must not depend on it."""
        name = self.bench.function(TAKER)
        self.bench.invoke(name)
        return name

    def close(self) -> None:
        self.mailbox.close()
        self.bench.close()
        for client in self._clients.values():
            client.close()
