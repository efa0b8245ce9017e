"""Sign-ins of machines in memory."""

from __future__ import annotations

import re

_POLICY = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^A-Za-z0-9]).{40,}", re.ASCII)
"""Of the programs' pool: the stack asks for the same."""


class MemorySignIns:
    """Fits `story.ports.SignIns`."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def create(self, name: str, secret: str) -> None:
        assert name not in self.secrets
        assert _POLICY.fullmatch(secret)
        self.secrets[name] = secret

    def remove(self, name: str) -> None:
        self.secrets.pop(name, None)
