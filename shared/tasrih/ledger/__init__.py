"""Double entry in integer centimes: append-only, every entry adds up to zero. README.md tells the rules."""

from tasrih.ledger.accounts import Rules, rules
from tasrih.ledger.allocation import allocate
from tasrih.ledger.clearing import Compared, das_entry
from tasrih.ledger.decisions import (
    Decision,
    NotDecided,
    TooMuch,
    surcharged,
    waiver,
    write_off,
)
from tasrih.ledger.holdings import balance_at, credit_at, holdings, settlements
from tasrih.ledger.items import OpenItem, open_items, refund_proposed, worker_share_open
from tasrih.ledger.journal import Entry, Leg
from tasrih.ledger.money import (
    Payment,
    brought_over,
    moved,
    payment,
    refund,
    sent_over,
    taken_back,
)
from tasrih.ledger.opening import Brought, NoSource, is_quiet, opening, past_declaration
from tasrih.ledger.post import NotCleared, check_cleared, credit_over_declared, over_declared, post
from tasrih.ledger.posting import (
    DoublePosting,
    NothingToPost,
    OpenedALot,
    Unbalanced,
    balance,
    check_balanced,
    check_posted_once,
    dues_entry,
    reversal,
    standing,
)
from tasrih.ledger.provisional import AlreadyOwed, provisional
from tasrih.ledger.statement import Detail, Line, Statement, statement

__all__ = [
    "AlreadyOwed",
    "Brought",
    "Compared",
    "Decision",
    "Detail",
    "DoublePosting",
    "Entry",
    "Leg",
    "Line",
    "NoSource",
    "NotCleared",
    "NotDecided",
    "NothingToPost",
    "OpenItem",
    "OpenedALot",
    "Payment",
    "Rules",
    "Statement",
    "TooMuch",
    "Unbalanced",
    "allocate",
    "balance",
    "balance_at",
    "brought_over",
    "check_balanced",
    "check_cleared",
    "check_posted_once",
    "credit_at",
    "credit_over_declared",
    "das_entry",
    "dues_entry",
    "holdings",
    "is_quiet",
    "moved",
    "open_items",
    "opening",
    "over_declared",
    "past_declaration",
    "payment",
    "post",
    "provisional",
    "refund",
    "refund_proposed",
    "reversal",
    "rules",
    "sent_over",
    "settlements",
    "standing",
    "statement",
    "surcharged",
    "taken_back",
    "waiver",
    "worker_share_open",
    "write_off",
]
