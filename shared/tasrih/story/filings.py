"""What counts: the filings of an employer, their versions, and where their lines lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tasrih.vocabulary.record import Key, Record

COUNTS, EXPIRED = "counts", "expired"
"""Of stored lines: the filing points to them · their time is over, nobody reads them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLines(Record):
    """Where the lines of an upload lie: written before the flip, counted only once the flip points here."""

    KIND: ClassVar[str] = "lines"
    upload: str
    employer: str
    period: str
    lines: int
    chunk_lines: int
    """Lines per chunk; the last chunk may hold fewer."""
    bounds: bytes = b""
    """First 8 bytes of the first keyed hash of each chunk, in order: a reader finds the one chunk it needs."""
    digest: str = ""
    """SHA-256 over the chunks' bytes, hexadecimal."""
    state: str = "planned"
    """"planned" (chunks may lie there, nobody reads them), "counts" (flipped), "removed" or "expired"."""
    rewriting: bool = False
    """Lines are being dropped from its chunks: their digest is not that of the record until it is done."""
    stored_at: datetime

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", "LINES")

    @property
    def waiting(self) -> str | None:
        return "lines" if self.state == "planned" else None

    @property
    def waiting_since(self) -> datetime | None:
        return self.stored_at if self.state == "planned" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Record):
    """All filings of one employer, kind and period; names the one in force."""

    KIND: ClassVar[str] = "series"
    employer: str
    kind: str
    period: str
    upload: str
    """In force; "" after that one was withdrawn."""
    rank: int
    part: int = 0
    """Of an archive: decides between filings of the same rank."""
    version: int
    fingerprint: str
    """SHA-256 over the hashes of its files: the same bytes again are a duplicate."""
    entry: str = ""
    """Sort key of its journal entry, "" when its dues are held."""
    withdrawn: str = ""
    """The upload withdrawn last, while none has taken its place."""
    withdrawn_rank: int = 0
    """Of the withdrawal: the same bytes opened before it were withdrawn with it."""

    @property
    def key(self) -> Key:
        return Key(f"EMPLOYER#{self.employer}", f"SERIES#{self.kind}#{self.period}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Record):
    """One declaration version, 1..n without gap, each naming its upload. Never changed."""

    KIND: ClassVar[str] = "version"
    employer: str
    kind: str
    period: str
    version: int
    upload: str
    rank: int
    arrived_at: datetime

    @property
    def key(self) -> Key:
        return Key(f"EMPLOYER#{self.employer}", f"VERSION#{self.kind}#{self.period}#{self.version:06d}")
