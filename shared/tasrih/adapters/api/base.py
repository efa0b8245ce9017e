"""What all models of the HTTP API have in common."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, ConfigDict, Field

Centimes = Annotated[int, Field(description="Amount in centimes of dinar (100 centimes = 1 DA)")]


UploadId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")
