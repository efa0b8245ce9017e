"""The HTTP API: routes, who may call them, and the answers. Rules of access stand in `story.access`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType, RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

from tasrih.adapters.api import (
    affiliations,
    line_models,
    looking,
    machines,
    mandates,
    models,
    names,
    person,
    published,
    receipt_views,
    register_models,
    sending,
    views,
    webhooks,
)
from tasrih.adapters.api import lines as line_views
from tasrih.adapters.api.base import UploadId
from tasrih.adapters.api.callers import FOR_MACHINES, World, caller, officer
from tasrih.adapters.api.document import completed
from tasrih.adapters.api.looking import looker, shown
from tasrih.adapters.telemetry import telemetry
from tasrih.messages import sentence
from tasrih.story.access import NotAllowed, NotAsked, NotFound, employer_for, entity_for, filing_in_force
from tasrih.story.edit_register import NotEdited, edit_employer
from tasrih.story.import_register import import_register
from tasrih.story.look_up import declared_in_agency
from tasrih.story.looks import trace_entity, trace_person
from tasrih.story.ports import Busy, Changed, Gone
from tasrih.story.records import Ticket
from tasrih.story.withdraw import withdraw
from tasrih.vocabulary.certified import Certified

__all__ = ["World", "build", "openapi"]

Number = Annotated[str, Path(pattern=r"^[0-9]{10}$")]


def build(world: Callable[[], World]) -> APIGatewayHttpResolver:
    """The application; `world` is first called when a request needs it."""
    app = APIGatewayHttpResolver(enable_validation=True, strip_prefixes=[FOR_MACHINES])
    _public(app, world)
    _uploads(app, world)
    sending.add(app, world)
    _answers(app, world)
    _register(app, world)
    mandates.add(app, world)
    affiliations.add(app, world)
    names.add(app, world)
    machines.add(app, world)
    webhooks.add(app, world)
    looking.add(app, world)
    person.add(app, world)
    published.add(app)
    _problems(app)
    return app


def openapi() -> str:
    """The OpenAPI document, generated from the routes."""

    def nothing() -> World:
        raise AssertionError("describing needs no world")

    from tasrih import __version__

    generated = build(nothing).get_openapi_json_schema(
        title="Tasrih",
        version=__version__,
        description="Wage declarations, from upload to signed receipt. Not an official service of any fund. "
        "Amounts are integer centimes; times are Africa/Algiers.",
        security_schemes={"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},  # type: ignore[dict-item]  # the library takes plain maps too
        security=[{"token": []}],
    )
    return json.dumps(completed(json.loads(generated)), ensure_ascii=False)


def _public(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    @app.get("/service", summary="What this service is, and how to sign in", tags=["public"])
    def service() -> models.ServiceView:
        return views.service(world().sign_in)

    @app.get("/keys", summary="Public keys that verify receipts (JWK set)", tags=["public"])
    def keys() -> dict[str, Any]:
        return world().signer.public_keys()

    @app.get("/openapi.json", summary="This document", tags=["public"])
    def document() -> Response[str]:
        return Response(200, content_types.APPLICATION_JSON, openapi())


def _uploads(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    @app.get("/uploads", summary="Your uploads, newest first", tags=["uploads"])
    def uploads(
        before: Annotated[int | None, Query(ge=1)] = None,
        entity: Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{0,64}$")] = "",
    ) -> models.UploadPage:
        """`entity`: one that gave you a mandate to read; none: your own."""
        here = world()
        account = caller(app, here.book)
        whose = entity_for(account, entity or account.entity, here.book)
        trace_entity(whose, "uploads", looker(app, here, account), book=here.book)
        return views.page(here.book.owned(Ticket, whose, before, 50), here.book)

    @app.get("/uploads/<upload>", summary="Where an upload stands: verdict, dues, receipt", tags=["uploads"])
    def upload(upload: UploadId, lang: models.Language = "fr") -> models.UploadView:
        here = world()
        return views.upload(shown(app, here, upload, "upload"), lang, here.book)

    @app.post("/uploads/<upload>/withdraw", summary="Withdraw a filing in force", tags=["uploads"])
    def withdrawn(
        upload: UploadId, asked: Annotated[models.AskedWithdrawal, Body()], lang: models.Language = "fr"
    ) -> models.UploadView:
        here = world()
        account = caller(app, here.book)
        who = Certified(**asked.certified.model_dump())
        ticket = withdraw(upload, asked.reason, who, account, here.clock.now(), book=here.book)
        return views.upload(ticket, lang, here.book)


def _answers(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    @app.get("/uploads/<upload>/findings", summary="What is wrong or odd, and where", tags=["uploads"])
    def findings(
        upload: UploadId, lang: models.Language = "fr", after: Annotated[int, Query(ge=0)] = 0
    ) -> models.FindingPage:
        here = world()
        ticket = shown(app, here, upload, "findings")
        return views.findings(ticket, lang, after, here.book, here.inbox)

    @app.get(
        "/uploads/<upload>/receipt", summary="A link to the signed receipt, good for five minutes", tags=["uploads"]
    )
    def receipt(
        upload: UploadId,
        form: Annotated[str, Query(pattern="^(pdf|json)$")] = "pdf",
        of: Annotated[str, Query(pattern="^(filing|withdrawal)$")] = "filing",
    ) -> receipt_views.ReceiptLink:
        here = world()
        ticket = shown(app, here, upload, "receipt")
        return receipt_views.ReceiptLink(url=receipt_views.link(ticket, form, of, here.book, here.receipts))

    @app.get("/uploads/<upload>/lines", summary="The lines of a declaration in force", tags=["lines"])
    def lines(upload: UploadId, after: Annotated[int, Query(ge=0)] = 0) -> line_models.LinePage:
        here = world()
        ticket = shown(app, here, upload, "lines")
        return line_views.lines(filing_in_force(ticket, here.book), after, here.book, here.lines)

    @app.post("/insured", summary="Everything in force for one insured number (officers)", tags=["lines"])
    def insured(asked: Annotated[line_models.AskedInsured, Body()]) -> line_models.InsuredView:
        here = world()
        account = officer(app, here.book)
        found = declared_in_agency(account, asked.nss, book=here.book, lines=here.lines)
        person, employers = here.lines.person(asked.nss), {each.employer.number: each.employer for each in found}
        trace_person(person, employers.values(), "insured", asked.reason, looker(app, here, account), book=here.book)
        return line_views.insured([each.declared for each in found])


def _register(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    @app.put("/register", summary="Import employers from a register file (officers)", tags=["register"])
    def bring(
        dry_run: Annotated[bool, Query()] = False, lang: Annotated[str, Query(pattern="^(ar|fr|en)$")] = "fr"
    ) -> register_models.Imported:
        here = world()
        account = officer(app, here.book)
        text = app.current_event.decoded_body or ""
        return views.imported(import_register(text, account, book=here.book, dry_run=dry_run), lang)

    @app.get("/register/employers/<number>", summary="An employer as the register has it", tags=["register"])
    def employer(number: Number) -> register_models.EmployerView:
        here = world()
        return views.employer(employer_for(caller(app, here.book), number, here.book))

    @app.patch("/register/employers/<number>", summary="Edit an employer (officers)", tags=["register"])
    def edit(number: Number, edited: Annotated[register_models.EditedEmployer, Body()]) -> register_models.EmployerView:
        here = world()
        account = officer(app, here.book)
        asked = edited.model_dump(exclude_none=True)
        return views.employer(edit_employer(number, asked.pop("revision"), asked, account, book=here.book))


def _problems(app: APIGatewayHttpResolver) -> None:
    def answer(status: int, problem: str, field: str = "") -> Response[dict[str, str]]:
        wanted = (app.current_event.query_string_parameters or {}).get("lang", "fr")
        language = wanted if wanted in ("ar", "fr", "en") else "fr"
        message = sentence("api", problem, language, field=field)
        return Response(
            status, content_types.APPLICATION_JSON, {"problem": problem, "message": message, "field": field}
        )

    def not_asked(trouble: NotAsked | NotEdited) -> Response[dict[str, str]]:
        return answer(422, trouble.why, trouble.field)

    def not_valid(trouble: RequestValidationError) -> Response[dict[str, str]]:
        places = [".".join(str(part) for part in error["loc"][1:]) for error in trouble.errors()]
        return answer(422, "not_valid", ", ".join(dict.fromkeys(places)))

    def failed(trouble: Exception) -> Response[dict[str, str]]:
        """What nobody foresaw. Left to itself the library would log its message, with whatever that holds."""
        telemetry("portal").trouble("not answered", trouble)
        return answer(500, "failed")

    app.exception_handler(Exception)(failed)
    app.exception_handler([NotAsked, NotEdited])(not_asked)
    app.exception_handler(RequestValidationError)(not_valid)
    app.exception_handler([UnicodeDecodeError, RecursionError, RequestUnsupportedContentType])(
        lambda _: answer(422, "not_valid", "body")
    )
    app.exception_handler(NotFound)(lambda _: answer(404, "not_found"))
    app.not_found(lambda _: answer(404, "not_found"))
    app.exception_handler(Gone)(lambda _: answer(410, "removed"))
    app.exception_handler(NotAllowed)(lambda _: answer(403, "not_allowed"))
    app.exception_handler(Changed)(lambda _: answer(409, "changed"))
    app.exception_handler(Busy)(lambda _: answer(503, "busy"))
