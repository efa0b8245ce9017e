"""Sign-ins of machines, in a user pool of their own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tasrih.adapters.trouble import busy_when_down


class CognitoSignIns:
    """Fits `story.ports.SignIns`. The client is made when a machine is: no other request waits for it."""

    def __init__(self, pool: str, client: Callable[[], Any]) -> None:
        self._pool = pool
        self._client = client

    def create(self, name: str, secret: str) -> None:
        with busy_when_down():
            named, client = {"UserPoolId": self._pool, "Username": name}, self._client()
            client.admin_create_user(**named, TemporaryPassword=secret, MessageAction="SUPPRESS")
            client.admin_set_user_password(**named, Password=secret, Permanent=True)

    def remove(self, name: str) -> None:
        client = self._client()
        with busy_when_down(), suppress(client.exceptions.UserNotFoundException):
            client.admin_delete_user(UserPoolId=self._pool, Username=name)
