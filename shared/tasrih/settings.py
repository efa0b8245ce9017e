"""Names of the environment, one model per function; the stack writes them, the handlers read them."""

from __future__ import annotations

import os
from typing import Self

from pydantic import BaseModel, ConfigDict, Json, NonNegativeInt


class Settings(BaseModel):
    """Field `book_table` is read from TASRIH_BOOK_TABLE."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def variable(cls, field: str) -> str:
        return f"TASRIH_{field.upper()}"

    @classmethod
    def read(cls) -> Self:
        """Raises pydantic.ValidationError naming what is missing. Called in a handler, never at import."""
        found = {name: os.environ.get(cls.variable(name)) for name in cls.model_fields}
        return cls.model_validate({name: value for name, value in found.items() if value is not None})


class PortalSettings(Settings):
    book_table: str
    lines_table: str
    inbox_bucket: str
    receipts_bucket: str
    signing_key: str
    retired_keys: str = ""
    """Those that signed before, with commas between: their public halves stay published."""
    hash_key: str
    uploads_queue: str
    """URL."""
    sign_in_client: str
    """Cognito app client that people sign in with."""
    machine_pool: str
    """User pool of machines, and the client they sign in with."""
    machine_client: str
    verify_url: str


class ReceiveDeclarationSettings(Settings):
    book_table: str
    lines_table: str
    inbox_bucket: str
    hash_key: str


class QueueLettersSettings(Settings):
    letters_queue: str
    """URL."""
    deliveries_queue: str
    """URL."""


class CallWebhookSettings(Settings):
    book_table: str


class SendLetterSettings(Settings):
    book_table: str
    inbox_bucket: str
    receipts_bucket: str
    signing_key: str
    mail_from: str
    verify_url: str
    """Page that receives the QR token behind `#`."""


class SweepSettings(Settings):
    book_table: str
    lines_table: str
    inbox_bucket: str
    hash_key: str
    uploads_queue: str
    """URL."""
    letters_queue: str
    """URL."""
    deliveries_queue: str
    """URL."""


class RemoveDueSettings(Settings):
    book_table: str
    lines_table: str
    inbox_bucket: str
    hash_key: str
    retention: Json[dict[str, NonNegativeInt]]
    """Kind of data -> days after the verdict; 0: kept (register/processing.toml)."""


FUNCTIONS: dict[str, type[Settings]] = {
    "portal": PortalSettings,
    "receive_declaration": ReceiveDeclarationSettings,
    "queue_letters": QueueLettersSettings,
    "send_letter": SendLetterSettings,
    "call_webhook": CallWebhookSettings,
    "sweep": SweepSettings,
    "remove_due": RemoveDueSettings,
}
