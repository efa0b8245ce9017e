"""How the names of a filing are read: a preview in every code page, and the one that a person confirms."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from tasrih.adapters.api import models, receipt_views, views
from tasrih.adapters.api.base import Model, UploadId
from tasrih.adapters.api.callers import World, caller
from tasrih.adapters.api.looking import shown
from tasrih.declaration.code_pages import CODECS
from tasrih.story.access import NotFound
from tasrih.story.confirm_names import confirm_names
from tasrih.story.ports import Book, Inbox
from tasrih.story.receive import NOT_THIS_EMPLOYER
from tasrih.story.records import DECIDED, NAMES, Outcome, Ticket
from tasrih.vocabulary.certified import Certified, NamesRead


class ConfirmedView(Model):
    code_page: str
    certified: models.CertifiedView | None
    at: datetime


class NamesView(Model):
    """Names whose letters rest on a guess: a person says which reading is right."""

    upload: str
    asked: bool = Field(description="Whether the upload waits for a confirmation")
    guessed: str = Field(description="Code page that was guessed; empty where nothing was")
    confirmed: ConfirmedView | None
    code_pages: list[str] = Field(description="Those that can be confirmed")
    names: list[dict[str, str]] = Field(description="At most 20: each as every code page reads it")


class AskedNames(Model):
    code_page: Literal["windows-1252", "windows-1256", "iso-8859-6", "cp720"]
    certified: models.AskedCertified | None = Field(default=None, description="Needed for a real filing")


def add(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    """The routes."""

    @app.get("/uploads/<upload>/names", summary="Names as every code page reads them", tags=["uploads"])
    def names(upload: UploadId) -> NamesView:
        here = world()
        return _view(shown(app, here, upload, "names"), here.book, here.inbox)

    @app.post("/uploads/<upload>/names", summary="Confirm how the names are read", tags=["uploads"])
    def names_confirmed(
        upload: UploadId, asked: Annotated[AskedNames, Body()], lang: models.Language = "fr"
    ) -> models.UploadView:
        here = world()
        account = caller(app, here.book)
        who = Certified(**asked.certified.model_dump()) if asked.certified else None
        now = here.clock.now()
        ticket = confirm_names(upload, asked.code_page, who, account, now, book=here.book, uploads=here.uploads)
        return views.upload(ticket, lang, here.book)


def _view(ticket: Ticket, book: Book, inbox: Inbox) -> NamesView:
    """Raises NotFound before there is a verdict."""
    outcome = book.get(Outcome, f"UPLOAD#{ticket.upload}", "OUTCOME")
    if outcome is None:
        raise NotFound
    # a file that names another employer may hold another's people: who sent it need not be who reads this
    shown_here = outcome.report and NOT_THIS_EMPLOYER not in outcome.counts
    told: dict[str, Any] = json.loads(inbox.get_report(outcome.report)).get("names", {}) if shown_here else {}
    return NamesView(
        upload=ticket.upload,
        asked=outcome.awaits == NAMES and ticket.state == DECIDED,
        guessed=told.get("guessed", ""),
        confirmed=_confirmed(ticket.names) if ticket.names else None,
        code_pages=list(CODECS),
        names=told.get("names", []),
    )


def _confirmed(said: NamesRead) -> ConfirmedView:
    return ConfirmedView(code_page=said.code_page, certified=receipt_views.certified(said.certified), at=said.at)
