"""The receipt's finished papers: signed JSON and sealed PDF, made once and kept. The first signature stays."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from tasrih.correspondence.paper import receipt_pdf
from tasrih.correspondence.signed import qr_text, receipt_json, receipt_message, seal_message, seal_pdf
from tasrih.story.desk import Desk
from tasrih.story.ports import Book, Changed, Replace
from tasrih.story.records import Receipt, Signature
from tasrih.vocabulary.record import stored


@dataclass(frozen=True, slots=True)
class Papers:
    pdf: bytes
    json: bytes


def finished(receipt: Receipt, desk: Desk) -> Papers:
    """Reads the papers, or makes and keeps them first. Raises Busy (keys or store down: later, nothing is lost)."""
    if not receipt.pdf:
        signed = _signed(receipt, desk)
        _make(signed, desk)
        receipt = _noted(replace(signed, pdf=_key(receipt, "pdf")), desk.book)
    return Papers(_read(_key(receipt, "pdf"), desk), _read(_key(receipt, "json"), desk))


def _key(receipt: Receipt, kind: str) -> str:
    return f"receipts/{receipt.number}.{kind}"


def _signed(receipt: Receipt, desk: Desk) -> Receipt:
    """With its signature, written down before anything is shown: ECDSA signs differently each time."""
    if receipt.signature:
        return receipt
    signature = desk.signer.sign(receipt_message(json.loads(receipt.payload)))
    return _noted(replace(receipt, signature=signature), desk.book)


def _noted(receipt: Receipt, book: Book) -> Receipt:
    """Written, or as another delivery of the same letter wrote it first."""
    try:
        book.commit(Replace(receipt))
    except Changed:
        first = book.get(type(receipt), *receipt.key)
        if first is None or first.signature is None:
            raise
        return first
    return stored(receipt)


def _make(receipt: Receipt, desk: Desk) -> None:
    """The JSON follows from the signature; of the PDF, whose seal differs each time, the first one kept stays."""
    assert receipt.signature
    facts, signature = json.loads(receipt.payload), receipt.signature
    document = receipt_json(facts, signature.key_id, signature.value)
    desk.receipts.keep(_key(receipt, "json"), document, "application/json")
    page = receipt_pdf(facts, qr_text(desk.verify_url, facts, signature.key_id, signature.value))
    seal: Signature = desk.signer.sign(seal_message(page, document))
    sealed = seal_pdf(page, document, seal.key_id, seal.value)
    desk.receipts.keep(_key(receipt, "pdf"), sealed, "application/pdf")


def _read(key: str, desk: Desk) -> bytes:
    body = desk.receipts.read(key)
    if body is None:
        raise FileNotFoundError(key)
    return body
