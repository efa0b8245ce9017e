"""Sending files over HTTP: announced, sent straight to the store by form or in pieces, completed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from tasrih.adapters.api import models, views
from tasrih.adapters.api.base import Model, UploadId
from tasrih.adapters.api.callers import World, caller
from tasrih.story.files import Announced
from tasrih.story.open_upload import Asked, open_upload
from tasrih.story.pieces import complete_upload
from tasrih.story.ports import Piece
from tasrih.story.to_send import Opened, still_to_send
from tasrih.vocabulary.certified import Certified


class Form(Model):
    """Where and how to send one file: a POST form (multipart/form-data), the file itself as its last field."""

    name: str
    url: str
    fields: dict[str, str]


class PieceToSend(Model):
    """Where and how to send one piece: PUT exactly these bytes as the whole body, with these headers."""

    number: int = Field(description="From 1")
    first_byte: int = Field(description="Of the file, from 0")
    size: int = Field(description="Bytes")
    url: str
    headers: dict[str, str] = Field(description="Signed: bytes with another SHA-256 or length are refused")


class FileInPieces(Model):
    """A file above `piece_bytes`. It has arrived when all pieces are there and the upload is completed."""

    name: str
    expires_at: datetime = Field(description="Of the addresses below; ask /uploads/{upload}/pieces for fresh ones")
    arrived: list[int] = Field(description="Numbers of the pieces that are there: not to be sent again")
    missing: list[PieceToSend]


class OpenedUpload(Model):
    """What is still to be sent, and how."""

    upload: str
    rank: int
    form_expires_at: datetime = Field(
        description="Of the forms below. While a file in pieces is open, fresh ones are given on asking"
    )
    verdict_by: datetime = Field(description="What has not come by then never comes: there is a verdict")
    forms: list[Form] = Field(description="One for each file of at most `piece_bytes`")
    in_pieces: list[FileInPieces] = Field(description="The larger files")


def add(app: APIGatewayHttpResolver, world: Callable[[], World]) -> None:
    @app.post("/uploads", summary="Announce files; learn how to send each", tags=["uploads"], status_code=201)
    def announce(asked: Annotated[models.AskedUpload, Body()]) -> OpenedUpload:
        """Small files get a form each; above `piece_bytes` each piece has an address of its own."""
        here = world()
        account = caller(app, here.book)
        now = here.clock.now()
        return _view(
            open_upload(_asked(asked), account, now, book=here.book, inbox=here.inbox, chance=here.chance),
        )

    @app.get("/uploads/<upload>/pieces", summary="What has not come yet, with fresh addresses", tags=["uploads"])
    def pieces(upload: UploadId) -> OpenedUpload:
        """After a broken line: pieces that arrived are not sent again. The forms of small files are renewed too."""
        here = world()
        account = caller(app, here.book)
        return _view(still_to_send(upload, account, here.clock.now(), book=here.book, inbox=here.inbox))

    @app.post("/uploads/<upload>/complete", summary="All pieces are sent", tags=["uploads"])
    def complete(upload: UploadId, lang: models.Language = "fr") -> models.UploadView:
        """No body is needed, and it may be repeated. Now a large file has arrived. A client that never comes to this
        loses nothing: within minutes the service completes by itself what has all its pieces."""
        here = world()
        account = caller(app, here.book)
        ticket = complete_upload(upload, account, here.clock.now(), book=here.book, inbox=here.inbox)
        return views.upload(ticket, lang, here.book)


def _asked(asked: models.AskedUpload) -> Asked:
    files = tuple(Announced(**{**file.model_dump(), "pieces": tuple(file.pieces)}) for file in asked.files)
    certified = Certified(**asked.certified.model_dump()) if asked.certified else None
    return Asked(
        asked.employer,
        files,
        asked.total_centimes,
        asked.language or "",
        asked.request,
        asked.purpose,
        certified,
        asked.code_page,
    )


def _view(what: Opened) -> OpenedUpload:
    ticket = what.ticket
    return OpenedUpload(
        upload=ticket.upload,
        rank=ticket.rank,
        form_expires_at=what.forms_until,
        verdict_by=ticket.verdict_by,
        forms=[Form.model_validate({"name": ticket.files[place].name, **form}) for place, form in what.forms.items()],
        in_pieces=[
            FileInPieces(
                name=ticket.files[place].name,
                expires_at=what.pieces_until,
                arrived=list(each.arrived),
                missing=[_piece(piece, form) for piece, form in each.missing],
            )
            for place, each in what.in_pieces.items()
        ],
    )


def _piece(piece: Piece, form: dict[str, object]) -> PieceToSend:
    where = {"number": piece.number, "first_byte": piece.first_byte, "size": piece.size}
    return PieceToSend.model_validate({**where, **form})
