"""What the stories need from the world. Two sets of adapters fit: in-memory, and AWS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, NamedTuple, Protocol, TypeVar

from tasrih.declaration.sent import Lines
from tasrih.story.filings import StoredLines
from tasrih.story.records import Signature
from tasrih.vocabulary.record import Record

R = TypeVar("R", bound=Record)


class Changed(Exception):
    """The commit did not happen: a record it rests on was created, changed or removed by somebody else. Read again."""


class Busy(Exception):
    """The store, the mail or the keys cannot serve now (throttled, conflicting, down). Nothing happened; try later."""


class Lost(Busy):
    """The reply was lost (timeout, line dropped): it may have happened or not. Read to know."""


class Gone(Exception):
    """The object version named does not exist (or is a delete marker)."""


@dataclass(frozen=True, slots=True)
class Create:
    """Put the record where nothing stands; its revision becomes 1."""

    record: Record


@dataclass(frozen=True, slots=True)
class Replace:
    """Put the record in place of the one with the same revision; its revision grows by 1."""

    record: Record


Change = Create | Replace


class Book(Protocol):
    """The records. Reads are consistent, but for the two indexes."""

    def get(self, kind: type[R], *key: str) -> R | None:
        """`key` is (partition, sort), as `Record.key`."""

    def get_many(self, keys: Sequence[tuple[type[Record], tuple[str, str]]]) -> list[Record | None]:
        """In the order asked."""

    def records(self, kind: type[R], partition: str, prefix: str = "", newest_first: bool = False) -> Iterator[R]:
        """All records of a kind in a partition whose sort key begins with the prefix, in the order of the sort key."""

    def owned(self, kind: type[R], owner: str, before: int | None = None, limit: int = 50) -> list[R]:
        """Records of an owner, highest `order` first, below `before`. Index: eventually consistent."""

    def waiting(self, kind: type[R], for_what: str, before: datetime, limit: int = 1000) -> list[R]:
        """Open work since before a moment, oldest first. Index: eventually consistent; read again before acting."""

    def commit(self, *changes: Change) -> None:
        """All or nothing. Raises Changed or Busy. After any other error the caller must read to know."""

    def count(self, name: str) -> int:
        """Adds one to a counter and returns its value: unique and growing, gaps allowed."""


class ObjectHead(NamedTuple):
    version: str
    size: int
    at: datetime
    """When the store had it complete, Africa/Algiers."""


class Piece(NamedTuple):
    """A stretch of a large file."""

    number: int
    """From 1."""
    first_byte: int
    size: int
    sha256: str
    """Hexadecimal."""


class PieceHead(NamedTuple):
    size: int
    tag: str
    """The store's own mark of these bytes; another one each time they are sent."""


class Inbox(Protocol):
    """Originals (`uploads/…`, never moved or changed) and reports (`reports/…`)."""

    def form(self, key: str, sha256: str, max_bytes: int, expires_seconds: int) -> dict[str, object]:
        """A presigned POST: {"url": str, "fields": {name: value}}, for exactly this key and checksum."""

    def begin(self, key: str) -> str:
        """A session in which pieces of one object are gathered. Each call begins another; nothing arrives by it."""

    def piece_form(self, key: str, session: str, piece: Piece, expires_seconds: int) -> dict[str, object]:
        """A presigned PUT: {"url": str, "headers": {name: value}}, for exactly the bytes of this piece."""

    def pieces(self, key: str, session: str) -> dict[int, PieceHead]:
        """What has come, by number. Raises Gone when the session is over: the bucket says with what end."""

    def join(self, key: str, session: str, pieces: Sequence[tuple[Piece, str]]) -> None:
        """Makes one object of all pieces, each with its tag, unless one stands there. Raises Gone as `pieces` does, or
        Busy, also when a piece was sent again meanwhile."""

    def abandon(self, key: str, session: str) -> None:
        """Ends a session and drops its pieces; nothing when it is over."""

    def arrivals(self, prefix: str) -> dict[str, ObjectHead]:
        """The *first* version of every key under the prefix, delete markers passed over: the bucket, not the event,
        says what arrived. An object made of pieces is dated from the beginning of its session."""

    def open(self, key: str, version: str) -> BinaryIO:
        """The bytes of one version, as a local file that can be read from its start again (seekable). Raises Gone."""

    def put_part(self, key: str, body: BinaryIO) -> None:
        """One file of an archive, under `parts/…`; its arrival is told as any other's."""

    def put_report(self, key: str, body: bytes) -> None:
        """Writes or writes again the same report."""

    def get_report(self, key: str) -> bytes: ...


class LineStore(Protocol):
    """Lines of declarations, in chunks sorted by a keyed hash of the insured number."""

    def hashes(self, lines: Lines) -> Sequence[bytes]:
        """The 16-byte keyed hash of each line's insured number; 16 zero bytes where there is none."""

    def person(self, insured_number: str) -> str:
        """The keyed hash of one number, hexadecimal: it names a person where no number may stand."""

    def write(self, upload: str, lines: Lines, chunk_lines: int) -> tuple[bytes, str]:
        """Writes all chunks (same input, same chunks); returns (bounds, digest) as `StoredLines` keeps them."""

    def relate(self, upload: str, employer: str, period: str, lines: Lines, known: Iterable[bytes]) -> int:
        """Writes 'this employer may hold this person from this period on' for every hash not in `known` (sorted);
        returns how many were new."""

    def known(self, stored: StoredLines) -> Iterator[bytes]:
        """The sorted hashes of a stored declaration."""

    def read(self, stored: StoredLines) -> Iterator[Lines]:
        """All lines of a declaration, chunk by chunk, in the order of the keyed hash."""

    def employers_of(self, insured_number: str) -> list[tuple[str, str]]:
        """(employer number, period since when) that may hold lines of this person."""

    def find(self, insured_number: str, among: Sequence[StoredLines]) -> list[tuple[str, Lines]]:
        """(upload, lines) of one person in these stored declarations, each read by one chunk."""

    def remove(self, stored: StoredLines) -> None:
        """Removes the chunks of an upload. Relations stay: they only say *may*."""


class Receipts(Protocol):
    """Finished papers under Object Lock. No worker-level data."""

    def keep(self, key: str, body: bytes, content_type: str) -> None:
        """First one kept: writing the same key again changes nothing."""

    def read(self, key: str) -> bytes | None: ...

    def link(self, key: str, file_name: str, expires_seconds: int) -> str: ...


class Signer(Protocol):
    """ECDSA P-256 with SHA-256, by a key that never leaves its service."""

    def sign(self, message: bytes) -> Signature:
        """Raises Busy."""

    def public_keys(self) -> dict[str, object]:
        """A JWK set, old keys included."""


class SignIns(Protocol):
    """The accounts that machines sign in with; nobody else's."""

    def create(self, name: str, secret: str) -> None:
        """The name must be new. Raises Busy."""

    def remove(self, name: str) -> None:
        """Nothing happens when there is none. Raises Busy."""


class Post(Protocol):
    """Mail out. At least once."""

    def send(self, to: str, message: bytes) -> None:
        """`message` is a whole MIME message. Raises Busy, or Undeliverable."""


class Undeliverable(Exception):
    """The address cannot be written to (refused, suppressed). No retry helps."""


class Calls(Protocol):
    def call(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """Posts to an address that somebody else chose; the status of the answer, 0 when there is none. Never
        follows, reads or raises."""


class Queue(Protocol):
    def put(self, body: dict[str, str]) -> None:
        """At least once, unordered."""


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, Africa/Algiers."""


class Chance(Protocol):
    def token(self) -> str:
        """32 hexadecimal digits from 128 random bits."""

    def secret(self) -> bytes:
        """32 random bytes."""
