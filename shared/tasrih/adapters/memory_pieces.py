"""What S3 calls a multipart upload, in memory: pieces gathered in a session, joined once, under the same refusals."""

from __future__ import annotations

from abc import abstractmethod
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import md5, sha256

from tasrih.story.ports import Busy, Gone, Piece, PieceHead


class UploadRefused(Exception):
    """The object store does not take this: says which of its conditions failed."""


@dataclass(slots=True)
class _Session:
    key: str
    begun_at: datetime
    bodies: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    """Number -> (bytes, tag)."""


class MemoryPieces:
    """The half of `memory.MemoryInbox` that gathers pieces."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.sessions: dict[str, _Session] = {}
        """Those that are open: tests look how many were left."""
        self.least_piece_bytes = 5 * 1024 * 1024
        """Of every piece but the last; tests with small files lower it."""
        self._begun = 0
        self._sent = 0
        self._addresses: dict[str, tuple[str, Piece, datetime]] = {}

    @abstractmethod
    def _stands(self, key: str) -> bool:
        """Whether the current version of the key is an object."""

    @abstractmethod
    def _add(self, key: str, body: bytes | None, dated: datetime | None = None) -> str: ...

    def begin(self, key: str) -> str:
        self._begun += 1
        session = f"session-{self._begun}"
        self.sessions[session] = _Session(key, self._now())
        return session

    def piece_form(self, key: str, session: str, piece: Piece, expires_seconds: int) -> dict[str, object]:
        until = self._now() + timedelta(seconds=expires_seconds)
        url = f"memory://inbox/{key}?session={session}&number={piece.number}&signed={len(self._addresses)}"
        self._addresses[url] = (session, piece, until)
        checksum = b64encode(bytes.fromhex(piece.sha256)).decode("ascii")
        return {"url": url, "headers": {"x-amz-checksum-sha256": checksum}}

    def send_piece(self, form: dict[str, object], body: bytes) -> None:
        """Raises UploadRefused as S3 does: no such address, expired, size, checksum, session over."""
        if str(form["url"]) not in self._addresses:
            raise UploadRefused("signature")
        session, piece, until = self._addresses[str(form["url"])]
        if self._now() > until:
            raise UploadRefused("expired")
        if len(body) != piece.size:
            raise UploadRefused("size")
        if sha256(body).hexdigest() != piece.sha256:
            raise UploadRefused("checksum")
        if session not in self.sessions:
            raise UploadRefused("session")
        self._sent += 1
        tag = md5(f"{self._sent}".encode(), usedforsecurity=False).hexdigest()
        self.sessions[session].bodies[piece.number] = (body, tag)

    def pieces(self, key: str, session: str) -> dict[int, PieceHead]:
        bodies = self._session(key, session).bodies
        return {number: PieceHead(len(body), tag) for number, (body, tag) in sorted(bodies.items())}

    def join(self, key: str, session: str, pieces: Sequence[tuple[Piece, str]]) -> None:
        """The object is dated from the beginning of its session, as in S3."""
        held = self._session(key, session)
        if self._stands(key):
            raise Gone
        numbers = [piece.number for piece, _ in pieces]
        if not numbers or numbers != sorted(set(numbers)):
            raise UploadRefused("InvalidPartOrder" if numbers else "MalformedXML")
        bodies = []
        for piece, tag in pieces:
            body, current = held.bodies.get(piece.number, (b"", ""))
            if tag != current:
                raise Busy
            bodies.append(body)
        if any(len(body) < self.least_piece_bytes for body in bodies[:-1]):
            raise UploadRefused("EntityTooSmall")
        self._add(key, b"".join(bodies), held.begun_at)
        del self.sessions[session]

    def abandon(self, key: str, session: str) -> None:
        with suppress(Gone):
            self._session(key, session)
            del self.sessions[session]

    def _session(self, key: str, session: str) -> _Session:
        held = self.sessions.get(session)
        if held is None or held.key != key:
            raise Gone
        return held
