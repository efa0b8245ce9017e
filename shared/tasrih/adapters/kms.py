"""Keys that never leave KMS: the signing key (ECDSA P-256) and the key behind the hashes of insured numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

from tasrih.adapters.jwk import base64url, public_jwk, raw_signature
from tasrih.adapters.trouble import busy_when_down
from tasrih.story.records import Signature

HASH_PURPOSE = b"tasrih: keyed hash of insured numbers, 1"
"""The fixed message whose MAC is the hash key. Never change it: every stored chunk and relation rests on it."""


class KmsSigner:
    """Fits `story.ports.Signer`. `retired`: key ids that no longer sign but stay published."""

    def __init__(self, key: str, client: Any, retired: Sequence[str] = ()) -> None:
        self._key = key
        self._retired = retired
        self._client = client
        self._known: dict[str, dict[str, str]] = {}

    def sign(self, message: bytes) -> Signature:
        key_id = self._public(self._key)["kid"]
        with busy_when_down():
            answer = self._client.sign(
                KeyId=self._key,
                Message=sha256(message).digest(),
                MessageType="DIGEST",
                SigningAlgorithm="ECDSA_SHA_256",
            )
        return Signature(key_id=key_id, value=base64url(raw_signature(answer["Signature"])))

    def public_keys(self) -> dict[str, object]:
        return {"keys": [self._public(key) for key in (self._key, *self._retired)]}

    def _public(self, key: str) -> dict[str, str]:
        if key not in self._known:
            with busy_when_down():
                self._known[key] = public_jwk(self._client.get_public_key(KeyId=key)["PublicKey"])
        return self._known[key]


def hash_secret(key: str, client: Any) -> Callable[[], bytes]:
    """For `lines.PackedLines`: asks KMS when first called, then remembers; held in memory only."""

    @cache
    def secret() -> bytes:
        with busy_when_down():
            answer = client.generate_mac(KeyId=key, Message=HASH_PURPOSE, MacAlgorithm="HMAC_SHA_256")
        return bytes(answer["Mac"])

    return secret
