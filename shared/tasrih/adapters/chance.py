"""Randomness that cannot be guessed."""

import secrets


class SystemChance:
    """Fits `story.ports.Chance`."""

    def token(self) -> str:
        return secrets.token_hex(16)

    def secret(self) -> bytes:
        return secrets.token_bytes(32)
