"""What differs between dev and prod: infra/settings.toml, read and checked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt

FILE = Path(__file__).with_name("settings.toml")


class Environment(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    region: str
    mail_domain: str
    mail_from: str
    verify_url: str
    alarm_mail: str
    browser_origins: tuple[Annotated[str, Field(pattern=r"^(https://[a-z0-9.-]+|\*)$")], ...] = Field(min_length=1)
    receipts_retention_days: PositiveInt
    signing_keys: PositiveInt
    log_retention: str
    """A name of aws_cdk.aws_logs.RetentionDays."""
    deletion_protection: bool
    agencies: tuple[Annotated[str, Field(pattern="^[0-9]{5}$")], ...]
    mfa: Literal["OPTIONAL", "ON"]
    sign_in_plan: Literal["ESSENTIALS", "PLUS"]
    files_at_once: PositiveInt
    letters_at_once: PositiveInt
    requests_per_second: PositiveInt
    requests_burst: PositiveInt
    budget_dollars_a_month: PositiveInt
    retention: dict[str, NonNegativeInt]
    """Kind of personal data -> days after the verdict; 0: kept."""


def environment(name: str) -> Environment:
    """Raises KeyError for an unknown name, pydantic.ValidationError for a wrong or missing value."""
    return Environment.model_validate({"name": name, **tomllib.loads(FILE.read_text())[name]})
