"""All that is held on one insured person, for an officer who says why. The number is never in an address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from tasrih.adapters.api.base import Model
from tasrih.adapters.api.callers import World, officer
from tasrih.adapters.api.line_models import LineView
from tasrih.adapters.api.lines import line
from tasrih.adapters.api.looking import LookView, look_view, looker
from tasrih.adapters.api.models import Language
from tasrih.story.export_person import Held, held_on
from tasrih.story.looks import looks_at_person, trace_person


class AskedExport(Model):
    nss: str = Field(pattern=r"^[0-9]{12}$")
    reason: str = Field(min_length=5, max_length=200, description="Why; kept with the trace. It should name nobody")


class HeldView(Model):
    """What one version of a declaration holds on the person."""

    employer: str
    kind: str
    period: str
    upload: str
    version: int
    state: Literal["in_force", "superseded", "withdrawn"]
    arrived_at: datetime
    number_given_later: bool = Field(description="Declared without a number: the affiliation request was completed")
    file_kept: bool = Field(description="The file as it was sent is still there; it holds the same lines")
    lines: list[LineView]


class PersonExport(Model):
    nss: str
    at: datetime
    by: str
    agency: str = Field(description="Only what its employers declared is told")
    reason: str
    held: list[HeldView] = Field(description="Newest first; versions that were replaced or withdrawn are among them")
    looked: list[LookView] = Field(description="Who looked, this export included; of other agencies' officers nothing")


def add(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    """The route."""

    @app.post("/insured/export", summary="All that is held on one insured person (officers)", tags=["people"])
    def insured_exported(asked: Annotated[AskedExport, Body()], lang: Language = "fr") -> PersonExport:
        here = world()
        account = officer(app, here.book)
        found = held_on(account, asked.nss, book=here.book, lines=here.lines)
        person, by = here.lines.person(asked.nss), looker(app, here, account)
        trace_person(person, [each.employer for each in found], "export", asked.reason, by, book=here.book)
        uploads = dict.fromkeys(each.version.upload for each in found)
        looks = looks_at_person(person, uploads, book=here.book)
        return PersonExport(
            nss=asked.nss,
            at=by.at,
            by=account.account,
            agency=account.agency,
            reason=asked.reason,
            held=[_view(each) for each in found],
            looked=[look_view(each, lang) for each in looks if each.agency in ("", account.agency)],
        )


def _view(held: Held) -> HeldView:
    version = held.version
    return HeldView.model_validate(
        {
            "employer": version.employer,
            "kind": version.kind,
            "period": version.period,
            "upload": version.upload,
            "version": version.version,
            "state": held.state,
            "arrived_at": version.arrived_at,
            "number_given_later": held.given_later,
            "file_kept": held.file_kept,
            "lines": [line(row) for row in held.lines.rows],
        }
    )
