"""What matching asks of an employer's ledger beside what is open: the payments and the refunds that stand in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from tasrih.ledger import Entry
from tasrih.payments.matching.facts import Past
from tasrih.payments.reference import reference
from tasrih.vocabulary.period import Period

_KINDS = ("payment", "refund")


def past_of(entries: Iterable[Entry], carried_out: Collection[str] = ()) -> tuple[Past, ...]:
    """Of all entries of one employer, in their order. Nothing that was taken back, and none of the refunds that the
    bank has `carried_out` (their identities)."""
    kept = list(entries)
    undone = {entry.corrects for entry in kept}
    return tuple(
        _past(entry)
        for entry in kept
        if entry.reason in _KINDS
        and entry.key.sort not in undone
        and not (entry.reason == "refund" and entry.upload in carried_out)
    )


def _past(entry: Entry) -> Past:
    """Its reference is that of the period it was meant for, or of all that is owed."""
    meant = Period.parse(entry.period) if entry.period else None
    return Past(
        identity=entry.upload,
        kind=entry.reason,
        amount_centimes=sum(leg.amount_centimes for leg in entry.legs if leg.amount_centimes > 0),
        value_date=date.fromisoformat(entry.value_date),
        reference=reference(entry.employer, meant) if entry.reason == "payment" else "",
    )
