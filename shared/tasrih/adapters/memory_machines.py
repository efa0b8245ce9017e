"""Sign-ins of machines in memory."""

from __future__ import annotations


class MemorySignIns:
    """Fits `story.ports.SignIns`."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def create(self, name: str, secret: str) -> None:
        assert name not in self.secrets
        self.secrets[name] = secret

    def remove(self, name: str) -> None:
        self.secrets.pop(name, None)
