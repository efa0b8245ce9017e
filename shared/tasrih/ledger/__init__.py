"""Double entry in integer centimes: append-only, every entry adds up to zero."""

from tasrih.ledger.journal import Entry, Leg
from tasrih.ledger.posting import (
    DoublePosting,
    NothingToPost,
    Unbalanced,
    balance,
    check_balanced,
    check_posted_once,
    dues_entry,
    reversal,
    standing,
)

__all__ = [
    "DoublePosting",
    "Entry",
    "Leg",
    "NothingToPost",
    "Unbalanced",
    "balance",
    "check_balanced",
    "check_posted_once",
    "dues_entry",
    "reversal",
    "standing",
]
