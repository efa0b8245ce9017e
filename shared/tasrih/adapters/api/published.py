"""The rule book and the layouts for other programs: what the engine uses, as JSON, open to anybody."""

from __future__ import annotations

from typing import Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import Field

from tasrih.adapters.api.base import Model


class Words(Model):
    """The same in three languages."""

    ar: str
    fr: str
    en: str


class Rule(Model):
    """One finding that a file can get."""

    code: str = Field(description="E: refuses the file; W: only warns. Stable for ever")
    form: Literal["das", "dac", "any"]
    stage: str = Field(description="Where it is looked for")
    severity: Literal["error", "warning"]
    columns: list[str] = Field(description="What it reads, by the names of the layouts; none: the line or file")
    expected: str = Field(description="Where it is the same for every line")
    depends_on: list[str] = Field(description="Codes that keep it silent where they were found")
    source: str
    sentences: Words = Field(description="{file} {line} {column} {value} {expected} stand for what was found")


class Versions(Model):
    """Of each rule book. Every verdict names the one it was made with."""

    das: str
    dac: str


class RuleBook(Model):
    versions: Versions
    rules: list[Rule]


class FixedColumn(Model):
    name: str
    position: int = Field(description="From 1, in characters")
    offset: int = Field(description="From 0, in characters")
    length: int
    form: str
    unit: str
    meaning: Words


class FixedLayout(Model):
    kind: Literal["fixed"]
    length: int = Field(description="Of a line, in characters")
    columns: list[FixedColumn]


class TableColumn(Model):
    name: str
    required: bool
    form: str
    unit: str
    headings: Words = Field(description="One in each language; case, accents, blanks and signs do not count")
    meaning: Words


class TableLayout(Model):
    kind: Literal["table"]
    columns: list[TableColumn]


class Figure(Model):
    unit: str
    since: str = Field(alias="from")
    value: str
    source: str
    confidence: str


class Limits(Model):
    lines_of_a_fixed_file: int
    rows_of_a_das_table: int
    rows_of_a_dac_table: int
    columns_of_a_table: int
    bytes_of_a_cell: int
    bytes_of_a_text_file: int
    bytes_of_a_workbook: int
    members_of_an_archive: int
    findings_told_one_by_one: int
    figures: dict[str, list[Figure]] = Field(description="What lines are compared with, dated and sourced")


class Layouts(Model):
    layouts: dict[str, FixedLayout | TableLayout]
    limits: Limits


def add(app: APIGatewayHttpResolver) -> None:
    @app.get("/rules", summary="Every finding there is, in three languages, and what it rests on", tags=["public"])
    def rules() -> RuleBook:
        from tasrih.declaration.published.rules import rule_book

        return RuleBook(**rule_book())

    @app.get("/layouts", summary="Columns of each kind of file, and how much is taken", tags=["public"])
    def layouts() -> Layouts:
        from tasrih.declaration.published.layouts import layouts as found

        return Layouts(**found())
