"""A program that webhooks call."""

from __future__ import annotations


class Answers:
    """Fits `ports.Calls`: a program that answers as told, then with the last of it."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses) or [200]
        self.got: list[tuple[str, dict[str, str], bytes]] = []

    def call(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.got.append((url, headers, body))
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
