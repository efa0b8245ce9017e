"""The world in memory: what tests and the simulation put in place of AWS. Same limits, same conditions."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import BinaryIO, NamedTuple

from tasrih.adapters.clock import ALGIERS
from tasrih.adapters.jwk import base64url, public_jwk, raw_signature
from tasrih.adapters.memory_book import MemoryBook
from tasrih.adapters.memory_lines import MemoryLines, memory_line_store
from tasrih.adapters.memory_pieces import MemoryPieces, UploadRefused
from tasrih.story.ports import Gone, ObjectHead, Undeliverable
from tasrih.story.records import Signature

__all__ = [
    "MemoryBook",
    "MemoryChance",
    "MemoryClock",
    "MemoryInbox",
    "MemoryLines",
    "MemoryPost",
    "MemoryQueue",
    "MemoryReceipts",
    "MemorySigner",
    "UploadRefused",
    "memory_line_store",
]

KEY_BYTES = 1024
"""Of a key in S3."""
MESSAGE_BYTES = 1024 * 1024
"""Of a message in SQS."""
_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")
"""What SES takes: no space, no control, ASCII on both sides of one @."""


class MemoryClock:
    """Stands still until moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(ALGIERS)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


class MemoryChance:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  replayed from its seed: meant to be predictable

    def token(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    def secret(self) -> bytes:
        return self._random.randbytes(32)


class MemoryQueue:
    def __init__(self) -> None:
        self.bodies: list[dict[str, str]] = []

    def put(self, body: dict[str, str]) -> None:
        if len(json.dumps(body)) > MESSAGE_BYTES:
            raise ValueError("a message is too large")
        self.bodies.append(dict(body))


class MemoryPost:
    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.refused: set[str] = set()
        """Addresses that cannot be written to, beside what is no address."""

    def send(self, to: str, message: bytes) -> None:
        if to in self.refused or not _ADDRESS.fullmatch(to):
            raise Undeliverable
        self.sent.append((to, message))


class _Object(NamedTuple):
    head: ObjectHead
    body: bytes | None
    """None: a delete marker."""


class MemoryInbox(MemoryPieces):
    """A versioned bucket, which dates what comes in whole seconds. `upload` plays the browser that posts a form,
    `send_piece` one that sends a piece; `put` and `delete` play everybody else."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self._objects: dict[str, list[_Object]] = {}
        self._forms: list[dict[str, str]] = []

    def form(self, key: str, sha256: str, max_bytes: int, expires_seconds: int) -> dict[str, object]:
        until = self._now() + timedelta(seconds=expires_seconds)
        checksum = b64encode(bytes.fromhex(sha256)).decode("ascii")
        fields = {
            "key": key,
            "x-amz-checksum-sha256": checksum,
            "policy": f"{max_bytes} {until.isoformat()}",
            "x-amz-signature": f"{len(self._forms)}",
        }
        self._forms.append(fields)
        return {"url": "memory://inbox", "fields": dict(fields)}

    def upload(self, form: dict[str, object], body: bytes) -> str:
        """Returns the version. Raises UploadRefused as S3 does: changed form, size, checksum, ten minutes over."""
        fields = form["fields"]
        if not isinstance(fields, dict) or fields not in self._forms:
            raise UploadRefused("policy")
        most, until = str(fields["policy"]).split(" ")
        if self._now() > datetime.fromisoformat(until):
            raise UploadRefused("expired")
        if not 1 <= len(body) <= int(most):
            raise UploadRefused("size")
        if sha256(body).digest() != b64decode(str(fields["x-amz-checksum-sha256"])):
            raise UploadRefused("checksum")
        return self.put(str(fields["key"]), body)

    def put(self, key: str, body: bytes) -> str:
        return self._add(key, body)

    def delete(self, key: str) -> str:
        """Leaves a delete marker."""
        return self._add(key, None)

    def arrivals(self, prefix: str) -> dict[str, ObjectHead]:
        found = {}
        for key in sorted(key for key in self._objects if key.startswith(prefix)):
            heads = [version.head for version in self._objects[key] if version.body is not None]
            if heads:
                found[key] = heads[0]
        return found

    def open(self, key: str, version: str) -> BinaryIO:
        for held in self._objects.get(key, ()):
            if held.head.version == version and held.body is not None:
                return io.BytesIO(held.body)
        raise Gone

    def put_part(self, key: str, body: BinaryIO) -> None:
        self._add(key, body.read())

    def put_report(self, key: str, body: bytes) -> None:
        self._add(key, gzip.compress(body, mtime=0))

    def get_report(self, key: str) -> bytes:
        held = self._objects.get(key)
        if not held or held[-1].body is None:
            raise Gone
        return gzip.decompress(held[-1].body)

    def erase(self, prefix: str) -> int:
        return sum(len(self._objects.pop(key)) for key in list(self._objects) if key.startswith(prefix))

    def _stands(self, key: str) -> bool:
        held = self._objects.get(key, [])
        return bool(held) and held[-1].body is not None

    def _add(self, key: str, body: bytes | None, dated: datetime | None = None) -> str:
        if len(key.encode()) > KEY_BYTES:
            raise UploadRefused("KeyTooLongError")
        versions = self._objects.setdefault(key, [])
        at = (dated or self._now()).replace(microsecond=0)
        version = sha256(f"{key}#{len(versions)}".encode()).hexdigest()[:32]
        versions.append(_Object(ObjectHead(version, len(body or b""), at), body))
        return version


class MemoryReceipts:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, str]] = {}
        """Key -> (bytes, content type)."""

    def keep(self, key: str, body: bytes, content_type: str) -> None:
        self.kept.setdefault(key, (body, content_type))

    def read(self, key: str) -> bytes | None:
        found = self.kept.get(key)
        return found[0] if found else None

    def link(self, key: str, file_name: str, expires_seconds: int) -> str:
        return f"memory://receipts/{key}?name={file_name}&seconds={expires_seconds}"


class MemorySigner:
    """A real P-256 key, made from a seed; the same message gives the same signature (RFC 6979)."""

    def __init__(self, seed: str, retired: Sequence[str] = ()) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256

        def key(text: str) -> ec.EllipticCurvePrivateKey:
            return ec.derive_private_key(int.from_bytes(sha256(text.encode()).digest()[:31], "big") + 1, ec.SECP256R1())

        self._key = key(seed)
        self._how = ec.ECDSA(SHA256(), deterministic_signing=True)
        self._public = [_public(held) for held in (self._key, *map(key, retired))]

    def sign(self, message: bytes) -> Signature:
        value = base64url(raw_signature(self._key.sign(message, self._how)))
        return Signature(key_id=self._public[0]["kid"], value=value)

    def public_keys(self) -> dict[str, object]:
        return {"keys": list(self._public)}


def _public(key: object) -> dict[str, str]:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return public_jwk(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
