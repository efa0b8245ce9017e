"""A filing in force is taken back: for the wrong employer, or the wrong year.

What counted stays on record: the version, its receipt, its lines and its entry. One transaction ends it: the outcome,
the series without a filing in force, the reversal, a receipt of the withdrawal itself, a letter owed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from tasrih.correspondence.canonical import canonical, clean
from tasrih.correspondence.withdrawal import Withdrawal, withdrawal_facts
from tasrih.ledger.journal import Entry
from tasrih.ledger.posting import RECEIVABLE, WITHDRAWAL, reversal
from tasrih.register.mandates import DECLARE
from tasrih.register.parties import Account
from tasrih.register.webhooks import RECEIPT, Webhooks
from tasrih.register.webhooks import WITHDRAWAL as WITHDRAWAL_EVENT
from tasrih.story.access import NotAsked, demand, registered, ticket_for
from tasrih.story.filings import Series
from tasrih.story.ports import Book, Change, Changed, Create, Replace
from tasrih.story.records import IN_FORCE, WITHDRAWN, Letter, Outcome, Receipt, Ticket
from tasrih.story.vouch import under_mandate, vouched
from tasrih.story.webhooks import calls_owed, subscribed
from tasrih.story.withdrawn import WithdrawalReceipt
from tasrih.vocabulary.certified import Certified, Withdrawn

REASON_CHARACTERS = 500
TRIES = 5


@dataclass(frozen=True, slots=True)
class InForce:
    """A filing that counts, with all that has to change when it no longer does."""

    ticket: Ticket
    outcome: Outcome
    series: Series
    receipt: Receipt
    entry: Entry | None
    """None where its dues were held."""


def withdraw(
    upload: str, reason: str, certified: Certified | None, account: Account, now: datetime, *, book: Book
) -> Ticket:
    """Asked again, what is withdrawn stays as it was withdrawn first.

    Raises NotAllowed, NotFound, NotAsked (nobody certifies, no reason, not in force), Changed, Busy.
    """
    demand(account, DECLARE)
    who, why = vouched(certified), clean(reason)
    if not 3 <= len(why) <= REASON_CHARACTERS:
        raise NotAsked("reason", "withdrawal_reason")
    ticket = ticket_for(account, upload, book, DECLARE)
    who = under_mandate(who, account, ticket.entity, book)
    assert who
    rank, hooks = 0, registered(ticket, book).hooks
    for _ in range(TRIES):
        filing = _in_force(ticket, book)
        if filing is None:
            return ticket
        rank = rank or book.count("rank")
        with suppress(Changed):
            book.commit(*_changes(filing, Withdrawn(reason=why, certified=who, at=now, rank=rank), hooks))
            return ticket
    raise Changed


def _in_force(ticket: Ticket, book: Book) -> InForce | None:
    """None when it is withdrawn already. Raises NotAsked when it is not in force, Changed while it becomes so."""
    outcome = book.get(Outcome, f"UPLOAD#{ticket.upload}", "OUTCOME")
    if outcome and outcome.state == WITHDRAWN:
        return None
    if outcome is None or outcome.state != IN_FORCE:
        raise NotAsked("upload", "not_in_force")
    series = book.get(Series, f"EMPLOYER#{ticket.employer}", f"SERIES#{outcome.kind}#{outcome.period}")
    receipt = book.get(Receipt, f"UPLOAD#{ticket.upload}", "RECEIPT")
    if series is None or receipt is None or series.upload != ticket.upload:
        raise Changed
    entry = book.get(Entry, f"LEDGER#{ticket.employer}", series.entry) if series.entry else None
    return InForce(ticket, outcome, series, receipt, entry)


def _changes(filing: InForce, withdrawn: Withdrawn, hooks: Sequence[Webhooks]) -> list[Change]:
    ticket, upload = filing.ticket, filing.ticket.upload
    receipt, later = _receipt(filing, withdrawn), subscribed(RECEIPT, hooks)
    letter = Letter(upload=upload, about=WITHDRAWN, language=ticket.language, owed_since=withdrawn.at, hooks=later)
    without = replace(filing.series, upload="", entry="", withdrawn=upload, withdrawn_rank=withdrawn.rank)
    changes: list[Change] = [
        Replace(replace(filing.outcome, state=WITHDRAWN, withdrawn=withdrawn)),
        Replace(without),
        Create(receipt),
        Create(letter),
        *calls_owed(upload, WITHDRAWAL_EVENT, WITHDRAWN, subscribed(WITHDRAWAL_EVENT, hooks), withdrawn.at),
    ]
    if filing.entry:
        changes.append(Create(reversal(filing.entry, upload, withdrawn.at.date(), WITHDRAWAL)))
    return changes


def _receipt(filing: InForce, withdrawn: Withdrawn) -> WithdrawalReceipt:
    """Fixed here; the receipt of the filing itself stays as it is."""
    facts = withdrawal_facts(
        Withdrawal(
            rank=withdrawn.rank,
            filing=json.loads(filing.receipt.payload),
            reversed_centimes=_owed(filing.entry) if filing.entry else None,
            reason=withdrawn.reason,
            certified=withdrawn.certified,
            at=withdrawn.at,
        )
    )
    return WithdrawalReceipt(upload=filing.ticket.upload, number=facts["number"], payload=canonical(facts).decode())


def _owed(entry: Entry) -> int:
    return sum(leg.amount_centimes for leg in entry.legs if leg.account.startswith(f"{RECEIVABLE}:"))
