"""What goes in and out of the HTTP API. The OpenAPI document is generated from these; amounts are centimes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from tasrih.adapters.api.base import Centimes, Model
from tasrih.adapters.api.dues_models import DacView, DuesView

Language = Literal["ar", "fr", "en"]


class AskedFile(Model):
    """One file as the client is about to send it. Compute these from the bytes before asking."""

    name: str = Field(min_length=1, max_length=255, examples=["D25E1699999901.txt"])
    size: int = Field(ge=1, description="Bytes")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bytes, hexadecimal")
    lines: int = Field(ge=0, description="Text lines; for a zip, of the files inside, added up")
    pieces: list[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = Field(
        default=[],
        max_length=32,
        description="For a file above `piece_bytes` (see /service): the SHA-256 of each piece of so many bytes, in "
        "order, the last being the rest",
    )


class AskedCertified(Model):
    """The person who vouches for a real filing; printed on the receipt."""

    name: str = Field(max_length=200, examples=["NOM PRENOM"])
    capacity: str = Field(max_length=200, examples=["gérant", "comptable mandaté"])


class AskedUpload(Model):
    """A request to upload one declaration: one zip or CSV, or the two files of a pair."""

    employer: str = Field(
        default="",
        pattern=r"^([0-9]{10})?$",
        examples=["1699999901"],
        description="Employer number; empty for an archive, or a DAC, with the declarations of several employers",
    )
    files: list[AskedFile] = Field(min_length=1, max_length=2)
    total_centimes: Centimes = Field(
        ge=0, description="Annual base of a DAS, added up over its lines; 0 for an archive of many, and for a DAC"
    )
    purpose: Literal["real", "test"] = Field(
        default="real", description="A test gets a full verdict and changes nothing: no version, no dues, no receipt"
    )
    certified: AskedCertified | None = Field(default=None, description="Needed for a real filing")
    code_page: Literal["", "windows-1252", "windows-1256", "iso-8859-6", "cp720"] = Field(
        default="", description="Of names that are no Unicode, confirmed in advance; empty: asked later, if it matters"
    )
    language: Language | None = Field(default=None, description="Of the letters; none: the register's")
    request: str = Field(
        default="",
        max_length=100,
        description="Your own key, 8 to 100 characters: the same request sent again (after a lost reply) gets the "
        "same ticket",
    )


class AskedWithdrawal(Model):
    """Why a filing in force was not meant: for the wrong employer, or the wrong year."""

    reason: str = Field(max_length=1000, examples=["Sent for another employer of the group"])
    certified: AskedCertified


class FileState(Model):
    name: str
    size: int
    sha256: str
    arrived_at: datetime | None


class OwnCell(Model):
    """A cell of a column that is the filer's own."""

    heading: str
    text: str


class FindingView(Model):
    code: str
    severity: Literal["error", "warning"]
    file: str
    line: int = Field(description="The file's own line, counted from 1; 0: the whole file")
    column: str
    value: str
    expected: str
    message: str
    own: list[OwnCell] = Field(
        default=[], description="The filer's own columns on that line, as written; cut when long"
    )


class CountView(Model):
    code: str
    severity: Literal["error", "warning"]
    count: int
    message: str


class ReceiptView(Model):
    number: str
    signed: bool
    pdf_ready: bool


class MandateOfCertifier(Model):
    holder: str = Field(description="Name of the entity that acts for the employer")
    since: str


class CertifiedView(Model):
    name: str
    capacity: str
    mandate: MandateOfCertifier | None


class PartView(Model):
    """One declaration of an archive, or of a DAC of many: an upload of its own."""

    upload: str
    name: str
    employer: str
    period: str = Field(description="Where one file holds several; empty: the file itself says it")
    state: str


class WithdrawalView(Model):
    at: datetime
    reason: str
    certified: CertifiedView
    receipt: ReceiptView = Field(description="Of the withdrawal itself")


class ReserveView(Model):
    """Workers accepted without an insured number. Their requests: `/uploads/{upload}/affiliations`."""

    lines: int = Field(description="A worker of a nominal DAC has one for each contribution code")
    workers: int
    complete_by: str = Field(description="ISO date: the last day to complete them")


class UploadView(Model):
    """One upload: where it stands, what was found, what it owes, its receipt."""

    upload: str
    rank: int
    employer: str
    state: str
    meaning: str = Field(description="The state in one sentence")
    awaits: str = Field(default="", description="Confirmation of what: names or effect")
    purpose: Literal["real", "test"]
    certified: CertifiedView | None
    opened_at: datetime
    verdict_by: datetime
    arrived_at: datetime | None
    files: list[FileState]
    kind: str = ""
    type: str = ""
    period: str = ""
    version: int = 0
    lines: int = 0
    total_centimes: Centimes = Field(default=0, description="Base: of the year, or of the period of a DAC")
    codes: list[str] = Field(default=[], description="Contribution codes that the lines of the file tell")
    assumed_code: str = Field(default="", description="What lines without a code were assessed under, by the register")
    rules_version: str = ""
    law_version: str = ""
    counts: list[CountView] = Field(default=[])
    dues: DuesView | None = None
    reserve: ReserveView | None = None
    dac: DacView | None = Field(default=None, description="Of a DAC in force, superseded, withdrawn or tested")
    receipt: ReceiptView | None = None
    withdrawal: WithdrawalView | None = None
    answered_by: str = ""
    parts: list[PartView] = Field(default=[], description="Of a deposit of many declarations")


class UploadRow(Model):
    upload: str
    rank: int
    employer: str
    state: str
    purpose: Literal["real", "test"]
    opened_at: datetime
    names: list[str]


class UploadPage(Model):
    uploads: list[UploadRow]
    next: int | None = Field(description="Pass as `before` for older ones")


class FindingPage(Model):
    counts: list[CountView]
    findings: list[FindingView]
    next: int | None = Field(description="Pass as `after` for more")


class SignIn(Model):
    """How to sign in: Cognito InitiateAuth (USER_PASSWORD_AUTH) with this client; send the access token as Bearer.
    A machine signs in with the other client, its id and its secret, and puts /machine in front of every path."""

    region: str
    client: str
    machine_client: str
    endpoint: str = Field(description="Empty: the region's own")


class ServiceView(Model):
    name: str
    version: str
    rules_version: str
    law_version: str
    sign_in: SignIn
    max_upload_bytes: int
    piece_bytes: int = Field(description="A larger file is sent in pieces of this size, the last being the rest")
    form_minutes: int
    verdict_minutes: int
    pieces_hours: int = Field(description="How long a large file's pieces are taken; an hour later there is a verdict")
    accepts: list[str]


class Problem(Model):
    """Every error answer."""

    problem: str = Field(description="Stable key")
    message: str
    field: str = ""
