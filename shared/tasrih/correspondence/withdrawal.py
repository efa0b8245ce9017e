"""What the receipt of a withdrawal says. The receipt of what is withdrawn stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tasrih.correspondence.canonical import clean
from tasrih.correspondence.facts import ALGIERS, WITHDRAWAL_FORMAT, Facts, certified_facts
from tasrih.correspondence.numbers import WITHDRAWAL_PREFIX, receipt_number
from tasrih.vocabulary.certified import Certified

_AS_FILED = (
    "entity_name",
    "entity_name_ar",
    "employer",
    "agency",
    "centre",
    "kind",
    "type",
    "period",
    "version",
    "files",
    "lines",
    "base_centimes",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    rank: int
    """Drawn for the withdrawal itself: no other paper has its number."""
    filing: Facts
    """The facts of the receipt of what is withdrawn."""
    reversed_centimes: int | None
    """Dues that were posted and are taken back; None where none had been."""
    reason: str
    certified: Certified
    at: datetime


def withdrawal_facts(what: Withdrawal) -> Facts:
    """All that it says. Raises ValueError when the moment has no time zone, KeyError when `filing` is no receipt."""
    if what.at.tzinfo is None:
        raise ValueError("a withdrawal needs its time zone")
    return {
        **{name: what.filing[name] for name in _AS_FILED},
        "format": WITHDRAWAL_FORMAT,
        "number": receipt_number(what.rank, WITHDRAWAL_PREFIX),
        "withdraws": what.filing["number"],
        "reversed_centimes": what.reversed_centimes,
        "reason": clean(what.reason),
        "certified": certified_facts(what.certified),
        "withdrawn_at": what.at.astimezone(ALGIERS).isoformat(timespec="seconds"),
    }
