"""Who vouched, and the receipts: of a filing, and of its withdrawal."""

from __future__ import annotations

from tasrih.adapters.api import models
from tasrih.adapters.api.base import Model
from tasrih.correspondence.facts import certified_facts, reserve_facts
from tasrih.story.access import NotFound
from tasrih.story.ports import Book, Receipts
from tasrih.story.records import DUPLICATE, Outcome, Receipt, Ticket
from tasrih.story.withdrawn import WithdrawalReceipt
from tasrih.vocabulary.certified import Certified

LINK_SECONDS = 300


class ReceiptLink(Model):
    """Where the signed paper is fetched, without a token."""

    url: str


def certified(who: Certified | None) -> models.CertifiedView | None:
    facts = certified_facts(who)
    return models.CertifiedView.model_validate(facts) if facts else None


def receipt(what: Receipt) -> models.ReceiptView:
    return models.ReceiptView(number=what.number, signed=bool(what.signature), pdf_ready=bool(what.pdf))


def reserve(outcome: Outcome) -> models.ReserveView | None:
    facts = reserve_facts(outcome.in_reserve, outcome.workers_in_reserve, outcome.complete_by)
    return models.ReserveView.model_validate(facts) if facts else None


def withdrawal(outcome: Outcome, book: Book) -> models.WithdrawalView | None:
    if outcome.withdrawn is None:
        return None
    own = book.get(WithdrawalReceipt, f"UPLOAD#{outcome.upload}", "WITHDRAWAL")
    who = certified(outcome.withdrawn.certified)
    assert own
    assert who
    return models.WithdrawalView(
        at=outcome.withdrawn.at, reason=outcome.withdrawn.reason, certified=who, receipt=receipt(own)
    )


def answering(outcome: Outcome) -> str:
    """The upload whose receipt answers this one."""
    return outcome.answered_by if outcome.state == DUPLICATE else outcome.upload


def link(ticket: Ticket, form: str, of: str, book: Book, receipts: Receipts) -> str:
    """`of`: "filing" or "withdrawal". Raises NotFound while there is none, or none finished yet."""
    found = _asked(ticket, of, book)
    if found is None or not found.pdf:
        raise NotFound
    key = found.pdf if form == "pdf" else found.pdf.removesuffix("pdf") + "json"
    return receipts.link(key, f"{found.number}.{form}", LINK_SECONDS)


def _asked(ticket: Ticket, of: str, book: Book) -> Receipt | None:
    if of == "withdrawal":
        return book.get(WithdrawalReceipt, f"UPLOAD#{ticket.upload}", "WITHDRAWAL")
    outcome = book.get(Outcome, f"UPLOAD#{ticket.upload}", "OUTCOME")
    return book.get(Receipt, f"UPLOAD#{answering(outcome)}", "RECEIPT") if outcome else None
