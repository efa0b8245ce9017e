"""The files of an upload: as they were announced, and as they arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A file as the client announced it."""

    name: str
    size: int
    sha256: str
    lines: int
    pieces: tuple[str, ...] = field(default=(), repr=False)
    """SHA-256 of each piece of a file that is too large for one form, in order; hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file as it arrived: the pinned object version. The first version of each counts."""

    version: str
    size: int
    at: datetime
    """When the object store had it complete, Africa/Algiers."""
