"""What an upload is for, and who vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

REAL, TEST = "real", "test"
"""A test changes nothing; a real filing is certified by a named person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Who vouches for a real filing, or for its withdrawal. Never in a key or a log."""

    name: str
    capacity: str
    """As the person says it: "gérant", "comptable mandaté"."""
    holder: str = ""
    """Name of the entity that acts under a mandate; "" when the employer's own entity acts."""
    mandate_since: str = ""
    """ISO date on which that mandate was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Why, by whom and when a filing was taken back, and the rank that numbers the receipt of that."""

    reason: str
    certified: Certified
    at: datetime
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesRead:
    """A person says in which code page the names of a filing are written."""

    code_page: str
    certified: Certified | None
    """None for a test, which nobody vouches for."""
    at: datetime
