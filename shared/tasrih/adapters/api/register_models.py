"""The register, as it is edited and answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tasrih.adapters.api.base import Model
from tasrih.adapters.api.models import FindingView


class Imported(Model):
    created: int
    changed: int
    unchanged: int
    findings: list[FindingView]


class EmployerView(Model):
    number: str
    entity: str
    agencies: list[dict[str, str]]
    since: str
    until: str
    size_class: str
    codes: list[str]
    revision: int


class EditedEmployer(Model):
    """What an officer may set by hand; what is left out stays. `revision` is the one that was seen."""

    revision: int
    until: str | None = Field(default=None, pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    size_class: Literal["monthly", "quarterly"] | None = None
    codes: list[Annotated[str, Field(pattern=r"^R[0-9]{2}$")]] | None = Field(default=None, max_length=50)
