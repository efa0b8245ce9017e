"""Lines of declarations, as they are asked for and answered."""

from __future__ import annotations

from pydantic import Field

from tasrih.adapters.api.base import Centimes, Model


class LineView(Model):
    number: int
    nss: str
    surname: str
    first_name: str
    birth: str
    durations: list[int]
    units: list[str]
    bases_centimes: list[Centimes]
    base_year_centimes: Centimes | None = Field(description="Of a DAS; none: the line is of a DAC")
    base_centimes: Centimes | None = Field(default=None, description="Of a DAC: under the code, for the period")
    entry: str
    exit: str
    function: str
    code: str = Field(description="Contribution code, as the file tells it; empty: it tells none")


class LinePage(Model):
    lines: list[LineView]
    next: int | None


class AskedInsured(Model):
    nss: str = Field(pattern=r"^[0-9]{12}$")
    reason: str = Field(default="", max_length=200, description="Kept with the trace of this reading")


class DeclaredView(Model):
    employer: str
    kind: str
    period: str
    upload: str
    lines: list[LineView]


class InsuredView(Model):
    declared: list[DeclaredView]
