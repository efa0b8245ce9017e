"""Who calls, and what the API works on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from tasrih.adapters.api import models
from tasrih.adapters.clock import SystemClock
from tasrih.register.parties import Account
from tasrih.story.access import NotAllowed, account_of
from tasrih.story.ports import Book, Chance, Inbox, LineStore, Queue, Receipts, Signer

OFFICERS = re.compile(r"(?<![\w-])officers-([0-9]{5})(?![\w-])", re.ASCII)
"""Cognito group of an agency's officers: the token says who they are, and for which agency."""


@dataclass(frozen=True, slots=True)
class World:
    """What the API works on."""

    book: Book
    inbox: Inbox
    lines: LineStore
    receipts: Receipts
    signer: Signer
    uploads: Queue
    """Wakes the reading of an upload."""
    chance: Chance
    clock: SystemClock
    sign_in: models.SignIn


def caller(app: APIGatewayHttpResolver, book: Book) -> Account:
    """The account behind the verified token. Raises NotAllowed."""
    claims = app.current_event.request_context.authorizer.jwt_claim or {}
    name = str(claims.get("username", ""))
    if claims.get("token_use") != "access" or not name:
        raise NotAllowed
    officer = OFFICERS.search(str(claims.get("cognito:groups", "")))
    if officer:
        return Account(account=name, role="officer", agency=officer[1])
    return account_of(name, book)


def officer(app: APIGatewayHttpResolver, book: Book) -> Account:
    account = caller(app, book)
    if account.role != "officer":
        raise NotAllowed
    return account
