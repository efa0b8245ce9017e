"""Affiliation requests over HTTP: what is owed for workers declared without a number, and how it is completed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from tasrih.adapters.api.base import Model, UploadId
from tasrih.adapters.api.callers import World, caller
from tasrih.adapters.api.looking import shown
from tasrih.adapters.api.models import Language
from tasrih.correspondence.sheet import as_csv
from tasrih.messages import sentence
from tasrih.register.mandates import DECLARE
from tasrih.story.affiliations import Request, give_number, requests_of
from tasrih.story.records import Outcome, Ticket

Line = Annotated[int, Path(ge=1, le=999_999)]
COLUMNS = ("employer", "period", "line", "surname", "first_name", "birth", "entry", "state", "nss", "missing")


class AffiliationView(Model):
    """One request, as far as a line of wages can prepare it."""

    lines: list[int] = Field(description="The worker's lines in the declaration: of a nominal DAC one for each code")
    surname: str
    first_name: str
    birth: str = Field(description="ddmmyyyy; zeros where it is presumed")
    entry: str = Field(description="ddmmyyyy; empty where the line does not say")
    state: Literal["owed", "completed", "found"] = Field(
        description="owed: no number yet; completed: you gave it; found: a later declaration of yours has it"
    )
    nss: str
    missing: list[str] = Field(description="What the fund still asks for")


class AffiliationsView(Model):
    upload: str
    employer: str
    period: str
    complete_by: str = Field(description="ISO date: the last day to complete what is owed; empty when nothing is")
    requests: list[AffiliationView]


class AskedNumber(Model):
    nss: str = Field(pattern=r"^[0-9]{12}$", description="Social-security number of the worker")


def add(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    """The routes."""

    def found(upload: str) -> tuple[Ticket, list[Request]]:
        here = world()
        ticket = shown(app, here, upload, "affiliations")
        return ticket, requests_of(ticket, book=here.book, lines=here.lines)

    @app.get(
        "/uploads/<upload>/affiliations", summary="Affiliation requests for workers without number", tags=["lines"]
    )
    def affiliations(upload: UploadId, lang: Language = "fr") -> AffiliationsView:
        ticket, requests = found(upload)
        outcome = world().book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
        return AffiliationsView(
            upload=upload,
            employer=ticket.employer,
            period=outcome.period if outcome else "",
            complete_by=outcome.complete_by if outcome else "",
            requests=[_view(each, lang) for each in requests],
        )

    @app.get("/uploads/<upload>/affiliations.csv", summary="The same requests as a table", tags=["lines"])
    def affiliations_csv(upload: UploadId, lang: Language = "fr") -> Response[str]:
        return Response(200, "text/csv; charset=utf-8", _table(found(upload)[1], lang))

    @app.post(
        "/uploads/<upload>/affiliations/<line>",
        summary="Give the number that the worker of a line lacks",
        tags=["lines"],
    )
    def number_given(
        upload: UploadId, line: Line, asked: Annotated[AskedNumber, Body()], lang: Language = "fr"
    ) -> AffiliationView:
        here = world()
        account = caller(app, here.book)
        now = here.clock.now()
        request = give_number(upload, line, asked.nss, account, now, book=here.book, lines=here.lines)
        shown(app, here, upload, "affiliations", DECLARE)
        return _view(request, lang)


def _view(request: Request, language: str) -> AffiliationView:
    return AffiliationView.model_validate(
        {
            "lines": request.lines,
            **request.person._asdict(),
            "entry": request.entry,
            "state": request.state,
            "nss": request.nss,
            "missing": _missing(request, language),
        }
    )


def _missing(request: Request, language: str) -> list[str]:
    return [sentence("affiliations", f"missing_{name}", language) for name in request.missing]


def _table(requests: Sequence[Request], language: str) -> str:
    headings = [sentence("affiliations", f"column_{name}", language) for name in COLUMNS]
    rows = [
        (
            request.employer,
            request.period,
            " ".join(map(str, request.lines)),
            *request.person,
            request.entry,
            sentence("affiliations", f"state_{request.state}", language),
            request.nss,
            " · ".join(_missing(request, language)),
        )
        for request in requests
    ]
    return as_csv(headings, rows)
