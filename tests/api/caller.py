"""Calls of the HTTP API as the gateway makes them: with the claims of a token that it has verified."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from tasrih.adapters.api.app import World as Served
from tasrih.adapters.api.app import build
from tasrih.adapters.api.models import SignIn
from tasrih.adapters.memory import MemoryReceipts, MemorySigner
from tasrih.adapters.memory_machines import MemorySignIns

from tests.story.world import US, World


def person(name: str = US) -> dict[str, Any]:
    return {"username": name, "token_use": "access"}


def agent(agency: str = "16000") -> dict[str, Any]:
    return {"username": "agent", "token_use": "access", "cognito:groups": f"[officers-{agency}]"}


BYTE_ORDER_MARK = "\ufeff"
"""Before a table, which is no JSON."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    text: str


class Caller:
    def __init__(self, world: World) -> None:
        self.world = world
        self.receipts = MemoryReceipts()
        self.sign_ins = MemorySignIns()
        served = Served(
            book=world.book,
            inbox=world.inbox,
            lines=world.lines,
            receipts=self.receipts,
            signer=MemorySigner("graine"),
            uploads=world.uploads,
            chance=world.chance,
            clock=world.clock,  # type: ignore[arg-type]  # stands still
            sign_in=SignIn(region="eu-south-1", client="client", machine_client="programs", endpoint=""),
            machines=self.sign_ins,
        )
        self.app: APIGatewayHttpResolver = build(lambda: served)

    def call(
        self,
        method: str,
        path: str,
        claims: dict[str, Any] | None,
        body: object = None,
        *,
        kind: str = "application/json",
        **query: object,
    ) -> Reply:
        event = http_event(method, path, claims, body, kind, {name: str(value) for name, value in query.items()})
        answer = self.app.resolve(event, None)  # type: ignore[arg-type]  # no context is needed
        text = str(answer["body"])
        if answer.get("isBase64Encoded"):
            text = base64.b64decode(text).decode()
        body = json.loads(text) if text and not text.startswith(BYTE_ORDER_MARK) else None
        return Reply(int(answer["statusCode"]), body, text)

    def machine(self, *scopes: str, by: str = US) -> str:
        """One that a person makes; returns its id."""
        made = self.call("POST", "/machines", person(by), {"name": "serveur", "scopes": scopes})
        assert made.status == 201, made.text
        return str(made.body["machine"])

    def webhook(self, url: str = "https://paie.example/tasrih", by: str = US) -> str:
        made = self.call("POST", "/webhooks", person(by), {"url": url, "events": ["verdict.reached"]})
        assert made.status == 201, made.text
        return str(made.body["webhook"])

    def by(self, machine: str, method: str, path: str, body: object = None, **query: object) -> Reply:
        """A call as the gateway lets a machine make it."""
        return self.call(method, f"/machine{path}", person(machine), body, **query)

    def get(self, path: str, claims: dict[str, Any] | None = None, **query: object) -> Reply:
        return self.call("GET", path, claims if claims is not None else person(), **query)


def http_event(
    method: str, path: str, claims: dict[str, Any] | None, body: object, kind: str, query: dict[str, str]
) -> dict[str, Any]:
    """Payload format 2.0. Bytes come base64-encoded, as the gateway does for what it does not take for text."""
    context: dict[str, Any] = {
        "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"},
        "stage": "$default",
        "requestId": "r",
        "routeKey": "$default",
    }
    if claims is not None:
        context["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": urlencode(query),
        "headers": {"content-type": kind},
        "queryStringParameters": query or None,
        "requestContext": context,
        "isBase64Encoded": isinstance(body, bytes),
    }
    if isinstance(body, bytes):
        event["body"] = base64.b64encode(body).decode()
    elif body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event
