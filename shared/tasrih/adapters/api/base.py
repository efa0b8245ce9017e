"""What all models of the HTTP API have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Centimes = Annotated[int, Field(description="Amount in centimes of dinar (100 centimes = 1 DA)")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")
