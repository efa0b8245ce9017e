"""Is this receipt genuine? Answered from the bytes and the published keys alone, without network."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tasrih.correspondence.canonical import Unreadable, canonical, decode, read_canonical
from tasrih.correspondence.facts import (
    RECEIPT_FORMAT,
    SHORT,
    SHORT_WITHDRAWAL,
    SUMMARY_FORMAT,
    WITHDRAWAL_FORMAT,
    WITHDRAWAL_SUMMARY_FORMAT,
    Facts,
    summary,
)
from tasrih.correspondence.numbers import PREFIX, WITHDRAWAL_PREFIX, rank_of
from tasrih.correspondence.signed import ALGORITHM, Signed, is_sealed, one_spelling, read_qr, read_receipt, read_seal
from tasrih.messages import sentence

MAX_BYTES = 32 * 1024 * 1024
COORDINATE_BYTES = 32
"""Of a point on P-256, leading zeros included (RFC 7518, 6.2.1.2)."""
_FORMS = {SUMMARY_FORMAT: (SHORT, PREFIX), WITHDRAWAL_SUMMARY_FORMAT: (SHORT_WITHDRAWAL, WITHDRAWAL_PREFIX)}
"""Format of a summary -> its names, and how numbers of its papers begin."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer. Nothing of a receipt that failed is repeated as if it were true."""

    ok: bool
    what: str
    """"json", "pdf", "qr", or "" when it is none of them."""
    reasons: tuple[str, ...] = ()
    """Keys of messages/verify.toml: why it was refused."""
    number: str = ""
    facts: Facts = field(default_factory=dict)
    """The whole receipt; empty for a QR code, which carries the summary only."""
    summary: Facts = field(default_factory=dict)
    """Long names (`facts.SHORT`) -> signed values; "held" stands for dues that are held."""

    def sentences(self, language: str) -> list[str]:
        keys = [f"genuine_{self.what}"] if self.ok else list(self.reasons)
        withdraws = self.summary.get("withdraws", "")
        if withdraws:
            keys.append("withdraws")
        return [sentence("verify", key, language, number=self.number, withdraws=withdraws) for key in keys]


class Refused(Exception):
    """The name of the reason is its only argument."""


def _public_key(keys: Mapping[str, Any], key_id: str) -> dict[str, Any]:
    listed = keys.get("keys")
    if not isinstance(listed, list) or not all(isinstance(key, dict) for key in listed):
        raise Refused("keys_unusable")
    named = [key for key in listed if key.get("kid") == key_id]
    if not named:
        raise Refused("unknown_key")
    key: dict[str, Any] = named[0]
    told = (key.get("kty"), key.get("crv"), key.get("alg", ALGORITHM), key.get("use", "sig"))
    if len(named) > 1 or told != ("EC", "P-256", ALGORITHM, "sig"):
        raise Refused("keys_unusable")
    return key


def check_signature(signed: Signed, keys: Mapping[str, Any]) -> None:
    """ECDSA P-256 with SHA-256 and nothing else. Raises Refused."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    key = _public_key(keys, signed.key_id)
    try:
        if one_spelling(signed.value) != signed.value:
            raise Refused("signature_misspelt")
    except Unreadable:
        raise Refused("signature_misspelt") from None
    raw = decode(signed.value)
    try:
        x, y = (decode(key[name]) for name in ("x", "y"))
        if (len(x), len(y)) != (COORDINATE_BYTES, COORDINATE_BYTES):
            raise Refused("keys_unusable")
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)
    except (ValueError, KeyError, TypeError, Unreadable):
        raise Refused("keys_unusable") from None
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        public.verify(der, signed.message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Refused("signature_wrong") from None


def _long(short: Facts) -> Facts:
    names, prefix = _FORMS.get(str(short.get("t")), (SHORT, PREFIX))
    known = short.get("t") in _FORMS and set(short) == set(names.values())
    if not known or rank_of(str(short["n"]), prefix) is None:
        raise Refused("not_a_receipt")
    return {name: short[key] for name, key in names.items()}


def _verify_qr(data: bytes, keys: Mapping[str, Any]) -> Verified:
    try:
        signed = read_qr(data.decode("ascii"))
        short = read_canonical(signed.message)
    except (Unreadable, UnicodeDecodeError):
        raise Refused("qr_damaged") from None
    if not isinstance(short, dict):
        raise Refused("not_a_receipt")
    check_signature(signed, keys)
    told = _long(short)
    return Verified(True, "qr", number=told["number"], summary=told)


def _verify_json(data: bytes, keys: Mapping[str, Any]) -> Verified:
    try:
        facts, short, signature = read_receipt(data)
        expected = summary(facts)
    except (Unreadable, KeyError, TypeError, ValueError):
        raise Refused("not_canonical") from None
    if facts.get("format") not in (RECEIPT_FORMAT, WITHDRAWAL_FORMAT):
        raise Refused("not_a_receipt")
    if canonical(expected) != canonical(short):
        raise Refused("summary_differs")
    if signature["alg"] != ALGORITHM:
        raise Refused("wrong_algorithm")
    check_signature(Signed(canonical(short), signature["kid"], signature["value"]), keys)
    told = _long(short)
    return Verified(True, "json", number=told["number"], facts=facts, summary=told)


def _verify_pdf(data: bytes, keys: Mapping[str, Any]) -> Verified:
    if not is_sealed(data):
        raise Refused("no_seal")
    try:
        receipt, signed = read_seal(data)
    except Unreadable:
        raise Refused("seal_damaged") from None
    check_signature(signed, keys)
    inside = _verify_json(receipt, keys)
    return Verified(True, "pdf", number=inside.number, facts=inside.facts, summary=inside.summary)


def _kind(data: bytes) -> tuple[str, Callable[[bytes, Mapping[str, Any]], Verified] | None]:
    """What the bytes mean to be, blanks and a byte-order mark in front aside."""
    start = data[:1024].removeprefix(BOM_UTF8).lstrip()
    if start.startswith(b"%PDF-"):
        return "pdf", _verify_pdf
    if start.startswith(b"{"):
        return "json", _verify_json
    if data.count(b".") >= 2 and len(data) < 4096 and (b"#" in data or data.startswith(b"ey")):
        return "qr", _verify_qr
    return "", None


def _unwrapped(code: bytes) -> bytes:
    """A QR text as scanned: without what an editor or a mail puts around it or between its lines."""
    return b"".join(code.removeprefix(BOM_UTF8).split())


def verify(data: bytes, keys: Mapping[str, Any]) -> Verified:
    """A JSON receipt, a sealed PDF or the text of a QR code, against a JWK set: {"keys": [{"kty": "EC", "crv": "P-256",
    "kid", "x", "y"}, …]}, retired keys included. Never raises for what the data holds."""
    if len(data) > MAX_BYTES:
        return Verified(False, "", ("too_big",))
    what, check = _kind(data)
    if not check:
        return Verified(False, "", ("not_a_receipt",))
    try:
        return check(_unwrapped(data) if what == "qr" else data, keys)
    except Refused as refused:
        return Verified(False, what, (str(refused),))
