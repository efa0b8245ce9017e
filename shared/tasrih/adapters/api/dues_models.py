"""What a declaration makes due, and what a DAC says beside."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tasrih.adapters.api.base import Centimes, Model


class DueView(Model):
    period: str
    code: str
    branch: str
    share: str
    base_centimes: Centimes
    rate: str = Field(description="Per cent, as a decimal text")
    amount_centimes: Centimes
    article: str
    valid_from: str
    confidence: str
    explanation: str


class HeldBaseView(Model):
    """A declared base from which nothing is computed yet."""

    period: str
    code: str
    base_centimes: Centimes
    reason: str
    total_rate: str | None = Field(description="Per cent, where a weak source gives the whole of the code")
    indicative_centimes: Centimes | None = Field(description="An indication only: never posted, never claimed")


class DuesView(Model):
    state: Literal["computed", "partly_held", "held"]
    total_centimes: Centimes | None = Field(description="Of what is computed; none: all is held")
    lines: list[DueView]
    held: list[HeldBaseView] = Field(default=[], description="Of a DAC: what is held, base by base")
    held_because: list[str] = Field(description="Sentences: why, and what is missing")


class DecisionView(Model):
    number: str
    start: str
    end: str


class CodeBaseView(Model):
    code: str
    base_centimes: Centimes
    decisions: list[DecisionView] = Field(description="What a reduction rests on")


class DacView(Model):
    """What a DAC says beside employer, period and dues."""

    bases: list[CodeBaseView]
    headcount: int | None
    entries: int | None
    exits: int | None
    nil: bool
    nominal: bool = Field(description="Added up from lines of workers")
    paid_centimes: Centimes = Field(description="Already paid, as the filer says; nothing is posted of it")
    still_to_pay_centimes: Centimes | None = Field(description="What is computed less that; none: all is held")
    place: str
    certified_on: str
