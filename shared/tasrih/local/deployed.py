"""A stack that stands in the local cloud, and what one does with it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from tasrih.local.clients import client
from tasrih.local.mail import Mail, Mailbox
from tasrih.local.people import Person, sign_in, sign_up


class Failed(RuntimeError):
    """A function answered with an error; the message has its type and text."""


class Stack:
    """One stack of the local cloud, with its mailbox and its people."""

    def __init__(self, name: str, endpoint: str, region: str, mails: Path) -> None:
        self.endpoint = endpoint
        self.region = region
        self.name = name
        self.outputs: dict[str, str] = {}
        self.functions: dict[str, str] = {}
        """Folder under `functions/` → name in the cloud."""
        self.log_groups: dict[str, str] = {}
        self.resources: dict[str, list[str]] = {}
        """Type (`AWS::SQS::Queue`) → physical ids, in the order of the template."""
        self.transforms: tuple[str, ...] = ()
        """Names of the transforms that were applied."""
        self.mailbox = Mailbox(mails, endpoint)
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """A boto3 client with all rights."""
        if service not in self._clients:
            self._clients[service] = client(service, self.endpoint, self.region)
        return self._clients[service]

    @property
    def api_url(self) -> str:
        """Address of the HTTP API, without a slash at its end."""
        (api,) = self.resources["AWS::ApiGatewayV2::Api"]
        return f"{self.endpoint}/_aws/execute-api/{api}/$default"

    @property
    def user_pool(self) -> str:
        """Of people."""
        return self.outputs.get("UserPool") or self.resources["AWS::Cognito::UserPool"][0]

    @property
    def sign_in_client(self) -> str:
        """The app client that people sign in with."""
        return self.outputs.get("SignInClient") or self.resources["AWS::Cognito::UserPoolClient"][0]

    def people(self, wanted: list[tuple[str, str]]) -> dict[str, Person]:
        """Creates an account for each (user name, group; "" for none) with a fresh password."""
        identity = self.client("cognito-idp")
        return {name: sign_up(identity, self.user_pool, name, group) for name, group in wanted}

    def sign_in(self, person: Person) -> str:
        """An access token for the HTTP API."""
        return sign_in(self.client("cognito-idp"), self.sign_in_client, person)

    def mails(self) -> list[Mail]:
        """All mails accepted so far, in order."""
        return self.mailbox.mails()

    def invoke(self, function: str, event: object) -> Any:
        """Runs a function now and returns its answer. Raises Failed."""
        answer = self.client("lambda").invoke(FunctionName=self.functions[function], Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise Failed(f"{function}: {payload.get('errorType')}: {payload.get('errorMessage')}")
        return payload

    def tick(self, function: str) -> Any:
        """Runs a scheduled function now, as its schedule would. Raises Failed."""
        return self.invoke(function, {})

    def logs(self, function: str) -> str:
        """All that a function wrote, oldest first."""
        logs = self.client("logs")
        lines: list[tuple[int, str]] = []
        with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=self.log_groups[function])
            lines = [(event["timestamp"], event["message"]) for page in pages for event in page["events"]]
        return "\n".join(text.rstrip("\n") for _, text in sorted(lines, key=lambda line: line[0]))

    def close(self) -> None:
        """Closes what lives in this process. May be called twice."""
        self.mailbox.close()
        for open_client in self._clients.values():
            open_client.close()
        self._clients.clear()
