"""Mail out, through SES."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from tasrih.adapters.trouble import busy_when_down, code_of
from tasrih.story.ports import Busy, Undeliverable

_NEVER = frozenset({"BadRequestException", "MessageRejected"})
_OUR_ACCOUNT = frozenset({"AccountSuspendedException", "MailFromDomainNotVerifiedException", "SendingPausedException"})
"""Nothing is wrong with the address: an operator mends it, then the letter goes."""


class SesPost:
    """Fits `story.ports.Post`. The sender stands in the message."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, to: str, message: bytes) -> None:
        try:
            with busy_when_down():
                self._client.send_email(Destination={"ToAddresses": [to]}, Content={"Raw": {"Data": message}})
        except ClientError as error:
            if code_of(error) in _NEVER:
                raise Undeliverable(code_of(error)) from None
            if code_of(error) in _OUR_ACCOUNT:
                raise Busy(code_of(error)) from None
            raise
