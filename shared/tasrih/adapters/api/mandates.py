"""Mandates over HTTP: an employer's account gives and withdraws, an accountant's sees what it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from tasrih.adapters.api.base import Model
from tasrih.adapters.api.callers import World, caller
from tasrih.register.mandates import Granted, Mandate
from tasrih.register.parties import Entity
from tasrih.story.mandates import give, given, held, take_back
from tasrih.story.ports import Book

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
AccountName = Annotated[str, Path(pattern=NAME)]


class AskedMandate(Model):
    """What another's account may do for you, from now on."""

    account: str = Field(pattern=NAME, examples=["cabinet-exemple"])
    scopes: list[Literal["declare", "read"]] = Field(
        min_length=1,
        max_length=2,
        description="declare: file, withdraw, and see what it filed itself; read: see all that was filed for you",
    )


class GrantView(Model):
    scopes: list[str]
    since: datetime
    given_by: str
    until: datetime | None
    withdrawn_by: str


class MandateView(Model):
    entity: str
    entity_name: str
    account: str
    active: bool
    history: list[GrantView] = Field(description="Oldest first; nothing is ever removed")


class Mandates(Model):
    mandates: list[MandateView]


def add(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    """The routes."""

    @app.get("/mandates", summary="The mandates that you gave, past ones included", tags=["mandates"])
    def mandates() -> Mandates:
        here = world()
        return _views(given(caller(app, here.book), here.book), here.book)

    @app.get("/mandates/held", summary="The mandates that your account holds, past ones included", tags=["mandates"])
    def mandates_held() -> Mandates:
        here = world()
        return _views(held(caller(app, here.book), here.book), here.book)

    @app.post("/mandates", summary="Let another's account act for you", tags=["mandates"])
    def mandate_given(asked: Annotated[AskedMandate, Body()]) -> MandateView:
        here = world()
        account = caller(app, here.book)
        return _view(give(asked.account, asked.scopes, account, here.clock.now(), book=here.book), "")

    @app.delete("/mandates/<account>", summary="Take a mandate back, from now on", tags=["mandates"])
    def mandate_taken_back(account: AccountName) -> MandateView:
        here = world()
        return _view(take_back(account, caller(app, here.book), here.clock.now(), book=here.book), "")


def _views(found: Sequence[Mandate], book: Book) -> Mandates:
    names = book.get_many([(Entity, (f"ENTITY#{mandate.entity}", "ENTITY")) for mandate in found])
    shown = [
        _view(mandate, entity.name if isinstance(entity, Entity) else "")
        for mandate, entity in zip(found, names, strict=True)
    ]
    return Mandates(mandates=shown)


def _view(mandate: Mandate, entity_name: str) -> MandateView:
    return MandateView(
        entity=mandate.entity,
        entity_name=entity_name,
        account=mandate.account,
        active=mandate.active is not None,
        history=[_grant(each) for each in mandate.grants],
    )


def _grant(each: Granted) -> GrantView:
    return GrantView(
        scopes=list(each.scopes),
        since=each.since,
        given_by=each.by,
        until=each.until,
        withdrawn_by=each.ended_by,
    )
