"""Who calls, and what the API works on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from tasrih.adapters.api import models
from tasrih.adapters.clock import SystemClock
from tasrih.register.parties import MACHINE, Account
from tasrih.story.access import NotAllowed, signed_in
from tasrih.story.ports import Book, Chance, Inbox, LineStore, Queue, Receipts, Signer, SignIns

OFFICERS = re.compile(r"(?<![\w-])officers-([0-9]{5})(?![\w-])", re.ASCII)
"""Cognito group of an agency's officers: the token says who they are, and for which agency."""

FOR_MACHINES = "/machine"
"""In front of every path for machines: there the gateway admits the tokens of their own user pool alone."""


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
    machines: SignIns
    plain_loopback: bool = False
    """Webhooks may lead to this machine: in the local cloud."""


def caller(app: APIGatewayHttpResolver, book: Book) -> Account:
    """The account behind the verified token. Raises NotAllowed."""
    claims = app.current_event.request_context.authorizer.jwt_claim or {}
    by_machine = app.current_event.raw_path.startswith(f"{FOR_MACHINES}/")
    name = str(claims.get("username", ""))
    if claims.get("token_use") != "access" or not name:
        raise NotAllowed
    officer = OFFICERS.search(str(claims.get("cognito:groups", "")))
    if officer and not by_machine:
        return Account(account=name, role="officer", agency=officer[1])
    account = signed_in(name, book)
    if (account.role == MACHINE) != by_machine:
        raise NotAllowed
    return account


def officer(app: APIGatewayHttpResolver, book: Book) -> Account:
    account = caller(app, book)
    if account.role != "officer":
        raise NotAllowed
    return account
