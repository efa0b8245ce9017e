"""P-256 public keys and signatures in the forms that papers and verifiers use (RFC 7515, 7517, 7638)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

COORDINATE = 32
SPKI_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""What stands before the point in the DER form of every P-256 public key."""


class NotP256(Exception):
    """The key or signature is not ECDSA P-256 in the one form that is allowed."""


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def public_jwk(spki: bytes) -> dict[str, str]:
    """A JWK with `kid` from SubjectPublicKeyInfo (DER). Raises NotP256."""
    point = spki[len(SPKI_P256) :]
    if not spki.startswith(SPKI_P256) or len(point) != 1 + 2 * COORDINATE or point[0] != 4:
        raise NotP256("not a P-256 public key in uncompressed form")
    x, y = base64url(point[1 : 1 + COORDINATE]), base64url(point[1 + COORDINATE :])
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": _key_id(x, y), "use": "sig", "alg": "ES256"}


def _key_id(x: str, y: str) -> str:
    """The first 8 bytes of the key's thumbprint (RFC 7638): short enough for a QR code."""
    members = json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, separators=(",", ":"), sort_keys=True)
    return base64url(sha256(members.encode("ascii")).digest()[:8])


def raw_signature(der: bytes) -> bytes:
    """DER SEQUENCE of two INTEGERs to 64 bytes r | s. Strict: raises NotP256 for any other encoding."""
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2 or der[1] >= 0x80:
        raise NotP256("not a DER sequence")
    r, rest = _integer(der[2:])
    s, rest = _integer(rest)
    if rest:
        raise NotP256("something follows the signature")
    return r + s


def _integer(der: bytes) -> tuple[bytes, bytes]:
    """(32 bytes big-endian, what follows)."""
    length = der[1] if len(der) > 1 else 0
    digits, rest = der[2 : 2 + length], der[2 + length :]
    if der[:1] != b"\x02" or not length or len(digits) != length or digits[0] >= 0x80:
        raise NotP256("not a positive DER integer")
    if digits[0] == 0 and (length == 1 or digits[1] < 0x80):
        raise NotP256("a DER integer is zero or longer than it must be")
    plain = digits.lstrip(b"\0")
    if len(plain) > COORDINATE:
        raise NotP256("a DER integer is too large")
    return plain.rjust(COORDINATE, b"\0"), rest
