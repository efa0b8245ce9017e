"""A mailbox on loopback that speaks the one call of SES v2 that we use, and keeps whole messages as `.eml` files.

The emulator's own SES drops attachments. This one passes each SendEmail on to it unchanged, so that permissions,
signature and sender are judged there, and keeps the message only if it was accepted there.
"""

from __future__ import annotations

import base64
import email
import email.policy
import json
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tasrih.local.stand_in import Answer, StandIn

# What SES answers, by the name of the fault: status, error type, message.
FAULTS = {
    "throttled": (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    "quota": (429, "LimitExceededException", "Daily message quota exceeded."),
    "down": (503, "ServiceUnavailableException", "Service unavailable."),
    "refused": (400, "MessageRejected", "Address is on the suppression list for your account."),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it was handed over."""

    to: tuple[str, ...]
    file: Path

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.file.read_bytes(), policy=email.policy.default)


class Mailbox(StandIn):
    """`fault`: None, or a name in FAULTS that every sender meets until it is set back."""

    def __init__(self, folder: Path, upstream: str) -> None:
        self.fault: str | None = None
        self.folder = folder
        self._mails: list[Mail] = []
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(upstream)

    def mails(self) -> list[Mail]:
        """In the order they were accepted."""
        with self._lock:
            return list(self._mails)

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if self.fault is not None:
            status, error, message = FAULTS[self.fault]
            return Answer(status, _error(message), error)
        if path != "/v2/email/outbound-emails":
            return Answer(400, _error("The local mailbox knows SendEmail only."), "BadRequestException")
        try:
            wanted = json.loads(body)
            content = _mime(wanted)
        except (ValueError, KeyError, TypeError) as trouble:
            return Answer(400, _error(f"not a SendEmail request: {type(trouble).__name__}"), "BadRequestException")
        status, answer, error = self._pass_on(path, headers, body)
        if status >= 400 and not error:
            error = str(json.loads(answer).get("__type", "MessageRejected"))
        if status == 200:
            self._keep(_recipients(wanted, content), content)
        return Answer(status, answer, error)

    def _keep(self, to: tuple[str, ...], content: bytes) -> None:
        with self._lock:
            file = self.folder / f"{len(self._mails) + 1:04d}.eml"
            file.write_bytes(content)
            self._mails.append(Mail(to, file))


def _error(message: str) -> bytes:
    return json.dumps({"message": message}).encode()


def _mime(wanted: dict[str, Any]) -> bytes:
    """The whole message. Raises KeyError for any other content than Raw and Simple."""
    content = wanted["Content"]
    if "Raw" in content:
        return base64.b64decode(content["Raw"]["Data"], validate=True)
    simple = content["Simple"]
    message = EmailMessage()
    message["From"] = wanted["FromEmailAddress"]
    message["To"] = ", ".join(wanted.get("Destination", {}).get("ToAddresses", []))
    message["Subject"] = simple["Subject"]["Data"]
    message.set_content(simple["Body"].get("Text", {}).get("Data", ""))
    if "Html" in simple["Body"]:
        message.add_alternative(simple["Body"]["Html"]["Data"], subtype="html")
    return message.as_bytes()


def _recipients(wanted: dict[str, Any], content: bytes) -> tuple[str, ...]:
    named = wanted.get("Destination") or {}
    told = [address for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for address in named.get(kind) or []]
    if told:
        return tuple(told)
    message = email.message_from_bytes(content, policy=email.policy.default)
    return tuple(str(message[name]) for name in ("To", "Cc") if message[name])
