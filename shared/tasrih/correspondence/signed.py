"""The receipt as files: JSON that anyone can verify, the QR code's text, and the PDF with its seal."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from tasrih.correspondence.canonical import Unreadable, canonical, decode, encode, read_canonical
from tasrih.correspondence.facts import Facts, summary

ALGORITHM = "ES256"
SEAL_FORMAT = "tasrih.seal.1"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)

_MARK = b"\n%%Tasrih-Seal-1\n"
_WIDTH = 96
"""Comment lines stay short: the PDF standard allows readers to presume 255 bytes."""
_ENDING = re.compile(rb"\nstartxref\n[0-9]{1,12}\n%%EOF\n?\Z")


@dataclass(frozen=True, slots=True)
class Signed:
    """Bytes that were signed, by which key, and the signature in its one accepted spelling."""

    message: bytes
    key_id: str
    value: str


def one_spelling(value: str) -> str:
    """Of the two signatures (r, s) and (r, n - s) that ECDSA takes for equal, the one with the smaller s.

    `value` is base64url of 64 bytes. Raises Unreadable when it is not.
    """
    raw = decode(value)
    if len(raw) != 64:
        raise Unreadable
    s = int.from_bytes(raw[32:], "big")
    return encode(raw[:32] + min(s, (P256_ORDER - s) % P256_ORDER).to_bytes(32, "big"))


def _checked(key_id: str, value: str) -> str:
    if not KEY_ID.fullmatch(key_id):
        raise ValueError("a key id is letters, digits, - and _")
    return one_spelling(value)


def receipt_message(facts: Facts) -> bytes:
    """What is to be signed for the JSON receipt and the QR code: the canonical summary (about 270 bytes)."""
    return canonical(summary(facts))


def receipt_json(facts: Facts, key_id: str, value: str) -> bytes:
    """The JSON receipt, canonical itself: {"receipt", "signature": {"alg", "kid", "value"}, "summary"}.

    `value` is the signature over `receipt_message(facts)`: r||s, base64url without padding.
    """
    signature = {"alg": ALGORITHM, "kid": key_id, "value": _checked(key_id, value)}
    return canonical({"receipt": facts, "summary": summary(facts), "signature": signature})


def qr_text(verify_url: str, facts: Facts, key_id: str, value: str) -> str:
    """`{verify_url}#{summary}.{key id}.{signature}`: behind `#` a browser sends nothing to the server."""
    return f"{verify_url}#{encode(receipt_message(facts))}.{key_id}.{_checked(key_id, value)}"


def read_qr(text: str) -> Signed:
    """The token of a QR text (or a token alone). Raises Unreadable."""
    parts = text.rpartition("#")[2].split(".")
    if len(parts) != 3 or not KEY_ID.fullmatch(parts[1]):
        raise Unreadable
    return Signed(decode(parts[0]), parts[1], parts[2])


def seal_message(pdf: bytes, receipt: bytes) -> bytes:
    """What is to be signed over the finished PDF and the JSON receipt it will carry."""
    return canonical(
        {
            "t": SEAL_FORMAT,
            "pdf_sha256": encode(hashlib.sha256(pdf).digest()),
            "receipt_sha256": encode(hashlib.sha256(receipt).digest()),
        }
    )


def seal_pdf(pdf: bytes, receipt: bytes, key_id: str, value: str) -> bytes:
    """The PDF with its seal: one comment block that holds the JSON receipt and the signature over
    `seal_message(pdf, receipt)`, then the PDF's own last three lines again, where readers look for them.

    Raises ValueError when `pdf` does not end as a PDF does.
    """
    ending = _ENDING.search(pdf)
    if not ending:
        raise ValueError("the page does not end with startxref and %%EOF")
    token = f"{encode(receipt)}.{key_id}.{_checked(key_id, value)}".encode("ascii")
    lines = [b"%" + token[at : at + _WIDTH] for at in range(0, len(token), _WIDTH)]
    return pdf + _MARK + b"\n".join(lines) + ending[0]


def is_sealed(data: bytes) -> bool:
    return _MARK in data


def read_seal(data: bytes) -> tuple[bytes, Signed]:
    """(JSON receipt, what was signed) of a sealed PDF. Raises Unreadable unless sealing its parts gives these bytes."""
    at = data.rfind(_MARK)
    if at < 0:
        raise Unreadable
    pdf, block = data[:at], _ENDING.sub(b"", data[at + len(_MARK) :])
    try:
        token = "".join(line[1:] for line in block.decode("ascii").split("\n"))
        receipt, key_id, value = token.split(".")
        raw = decode(receipt)
        same = seal_pdf(pdf, raw, key_id, value) == data
    except ValueError as trouble:
        raise Unreadable from trouble
    if not same:
        raise Unreadable
    return raw, Signed(seal_message(pdf, raw), key_id, value)


def read_receipt(data: bytes) -> tuple[Facts, Facts, Facts]:
    """(facts, summary, signature) of a JSON receipt. Raises Unreadable when it is not one, to the byte."""
    document = read_canonical(data)
    if not isinstance(document, dict) or set(document) != {"receipt", "summary", "signature"}:
        raise Unreadable
    facts, short, signature = document["receipt"], document["summary"], document["signature"]
    if not (isinstance(facts, dict) and isinstance(short, dict) and isinstance(signature, dict)):
        raise Unreadable
    if set(signature) != {"alg", "kid", "value"} or not all(isinstance(part, str) for part in signature.values()):
        raise Unreadable
    return facts, short, signature
