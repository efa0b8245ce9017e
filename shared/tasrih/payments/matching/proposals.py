"""What a person may decide about a movement that waits, the likeliest first, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tasrih.payments.matching.facts import Facts
from tasrih.payments.matching.rulebook import Rulebook
from tasrih.payments.reference import read_as_digits

PAYMENT, BOUNCE = "payment", "bounce"
_EMPLOYER_PLACE = slice(4, 14)
"""Of a reference: behind "RF" and its check digits."""
_MOST_LOOKED_AT = 50
"""Candidates of one kind: an accountant's account pays for hundreds."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whose payment a movement may be, or which payment it may take back."""

    kind: str
    """`PAYMENT`, or `BOUNCE` of money that went out."""
    employer: str
    period: str
    """Of the reference, or whose sum it is; "" for none in particular."""
    reasons: tuple[str, ...]
    """Names of rules.toml, the weightiest first."""
    identity: str = ""
    """Of the payment that may have bounced."""


def proposals(known: Facts, book: Rulebook) -> tuple[Proposal, ...]:
    """At most as many as the rules say."""
    found = _bounces(known) if known.line.amount_centimes < 0 else [_proposal(known, *each) for each in _whose(known)]

    def weight(proposal: Proposal) -> tuple[int, str, str]:
        return (-sum(book.weights[reason] for reason in proposal.reasons), proposal.employer, proposal.identity)

    ranked = sorted(found, key=weight)
    return tuple(
        Proposal(each.kind, each.employer, each.period, _by_weight(each.reasons, book), each.identity)
        for each in ranked[: book.most_proposals]
    )


def _by_weight(reasons: tuple[str, ...], book: Rulebook) -> tuple[str, ...]:
    return tuple(sorted(reasons, key=lambda reason: (-book.weights[reason], reason)))


def _whose(known: Facts) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(employer, reasons why him, period of his reference)."""
    reasons: dict[str, dict[str, None]] = {}
    periods = {each.employer: str(each.period or "") for each in known.found.references}
    for employer, reason in _candidates(known):
        reasons.setdefault(employer, {})[reason] = None
    for employer, held in reasons.items():
        yield employer, tuple(held), periods.get(employer, "")


def _candidates(known: Facts) -> Iterator[tuple[str, str]]:
    directory = known.directory
    for reference in known.found.references:
        if directory.is_employer(reference.employer):
            yield reference.employer, "reference_misread" if reference in known.found.misread else "reference"
    for employer in known.named:
        yield employer, "employer_named"
    for damaged in known.found.damaged:
        employer = read_as_digits(damaged)[_EMPLOYER_PLACE]
        if directory.is_employer(employer):
            yield employer, "reference_almost"
    if known.line.payer_account:
        for employer in sorted(directory.paid_from(known.line.payer_account))[:_MOST_LOOKED_AT]:
            yield employer, "payer_known"
    for employer in sorted(directory.owing(known.amount))[:_MOST_LOOKED_AT]:
        yield employer, "owes_something"


def _proposal(known: Facts, employer: str, reasons: tuple[str, ...], period: str) -> Proposal:
    owed = known.open(employer)
    held = dict.fromkeys(reasons)
    exact = [each for each, centimes in owed.by_period.items() if centimes == known.amount]
    if exact:
        held["equals_period"] = None
        period = period or (exact[0] if len(exact) == 1 else "")
    if owed.all == known.amount:
        held["equals_all"] = None
    if owed.all > 0:
        held["owes_something"] = None
    return Proposal(PAYMENT, employer, period, tuple(held))


def _bounces(known: Facts) -> list[Proposal]:
    """Of a cheque that the text names, or else payments of the same sum."""
    named = set(known.employers())
    cheques = [each for each in known.deposits if each.employer]
    return [Proposal(BOUNCE, each.employer, "", ("cheque_named",), each.identity) for each in cheques] + [
        Proposal(BOUNCE, employer, "", ("employer_named" if employer in named else "payer_known",), past.identity)
        for employer, past in known.earlier("payment")
        if past.identity not in {each.identity for each in cheques}
    ]
