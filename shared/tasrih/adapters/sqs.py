"""Messages to another function."""

from __future__ import annotations

import json
from typing import Any

from tasrih.adapters.trouble import busy_when_down


class SqsQueue:
    """Fits `story.ports.Queue`. `url`: of the queue."""

    def __init__(self, url: str, client: Any) -> None:
        self._url = url
        self._client = client

    def put(self, body: dict[str, str]) -> None:
        with busy_when_down():
            self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(body, sort_keys=True))
