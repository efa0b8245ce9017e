"""Readings that leave a trace, and the traces themselves over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from tasrih.adapters.api.base import Model
from tasrih.adapters.api.callers import World, caller
from tasrih.adapters.api.models import Language
from tasrih.messages import sentence
from tasrih.register.parties import Account
from tasrih.story.access import ticket_for
from tasrih.story.looks import Look, Looker, looks_at, trace_upload
from tasrih.story.records import Ticket

EmployerNumber = Annotated[str, Query(pattern=r"^([0-9]{10})?$", description="Officers must name one")]


class LookView(Model):
    """One reading by somebody else than whose it is. It may have been answered or not: the trace is written first."""

    at: datetime
    account: str
    role: Literal["employer", "officer", "machine"]
    acts_for: str = Field(description="Of a machine: the account of who made it")
    by_entity: str = Field(description="Of who looked; empty for an officer")
    agency: str = Field(description="Of an officer")
    what: str
    meaning: str
    employers: list[str]
    upload: str
    reason: str
    request: str


class LookPage(Model):
    looks: list[LookView]
    next: int | None


def looker(app: APIGatewayHttpResolver, here: World, account: Account) -> Looker:
    request = app.current_event.request_context.request_id
    return Looker(account, here.clock.now(), here.chance.token(), str(request or ""))


def shown(app: APIGatewayHttpResolver, here: World, upload: str, what: str, *rights: str) -> Ticket:
    """An upload that the caller may read; that it was read is written down. Raises NotAllowed, NotFound, Busy."""
    account = caller(app, here.book)
    ticket = ticket_for(account, upload, here.book, *rights)
    trace_upload(ticket, what, looker(app, here, account), book=here.book)
    return ticket


def add(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    """The route."""

    @app.get("/looks", summary="Who looked at your files, newest first", tags=["people"])
    def looks(
        employer: EmployerNumber = "", before: Annotated[int | None, Query(ge=1)] = None, lang: Language = "fr"
    ) -> LookPage:
        """Readings by officers, by holders of a mandate and by machines. A page may be short, or empty, and not the
        last: `next` tells."""
        here = world()
        page = looks_at(caller(app, here.book), employer, before, book=here.book)
        return LookPage(looks=[look_view(each, lang) for each in page.looks], next=page.next)


def look_view(look: Look, language: str) -> LookView:
    names = ("at", "account", "role", "acts_for", "by_entity", "agency", "what", "upload", "reason", "request")
    told = {name: getattr(look, name) for name in names}
    meaning = sentence("looks", f"what_{look.what}", language)
    return LookView(**told, meaning=meaning, employers=list(look.employers))
