"""Signatures verify with an independent library, in the one form that papers carry."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tasrih.adapters.jwk import NotP256, public_jwk, raw_signature
from tasrih.adapters.kms import HASH_PURPOSE, KmsSigner, hash_secret
from tasrih.adapters.memory import MemorySigner
from tasrih.story.ports import Busy, Signer
from tasrih.story.records import Signature


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify(keys: dict[str, Any], signature: Signature, message: bytes) -> None:
    (jwk,) = [key for key in keys["keys"] if key["kid"] == signature.key_id]
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(raw(jwk["x"]), "big"), int.from_bytes(raw(jwk["y"]), "big"), ec.SECP256R1()
    )
    value = raw(signature.value)
    assert len(value) == 64
    der = encode_dss_signature(int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big"))
    numbers.public_key().verify(der, message, ec.ECDSA(SHA256()))


class PlayedKms:
    """KMS with P-256 keys by name. Moto will not do: it hashes what it is told is a digest once more."""

    def __init__(self) -> None:
        self._keys = {
            name: ec.derive_private_key(number, ec.SECP256R1()) for number, name in enumerate(["old", "new"], 7)
        }

    def get_public_key(self, KeyId: str) -> dict[str, bytes]:
        public = self._keys[KeyId].public_key()
        return {"PublicKey": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}

    def sign(self, **asked: Any) -> dict[str, bytes]:
        assert asked["MessageType"] == "DIGEST"
        assert asked["SigningAlgorithm"] == "ECDSA_SHA_256"
        return {"Signature": self._keys[asked["KeyId"]].sign(asked["Message"], ec.ECDSA(Prehashed(SHA256())))}


@pytest.fixture(params=["memory", "aws"])
def signer(request: pytest.FixtureRequest) -> Signer:
    return MemorySigner("a seed") if request.param == "memory" else KmsSigner("new", PlayedKms())


@pytest.mark.parametrize("message", [b"{}", b"x" * 10_000], ids=len)
def test_a_signature_verifies_with_the_published_key_and_with_no_other_message(signer: Signer, message: bytes) -> None:
    signature = signer.sign(message)
    verify(signer.public_keys(), signature, message)
    with pytest.raises(InvalidSignature):
        verify(signer.public_keys(), signature, message + b" ")


def test_a_key_says_what_it_is_for_in_a_short_name(signer: Signer) -> None:
    keys: Any = signer.public_keys()["keys"]
    (key,) = keys
    assert {key["kty"], key["crv"], key["alg"], key["use"]} == {"EC", "P-256", "ES256", "sig"}
    assert len(key["kid"]) == 11


def test_old_keys_stay_published_and_verify_what_they_signed() -> None:
    client = PlayedKms()
    signed = KmsSigner("old", client).sign(b"paper")
    keys: Any = KmsSigner("new", client, retired=["old"]).public_keys()
    assert len(keys["keys"]) == 2
    verify(keys, signed, b"paper")
    assert keys["keys"][0]["kid"] != signed.key_id
    verify(MemorySigner("new", retired=["old"]).public_keys(), MemorySigner("old").sign(b"paper"), b"paper")


def test_the_key_in_memory_signs_the_same_again() -> None:
    assert MemorySigner("s").sign(b"m") == MemorySigner("s").sign(b"m") != MemorySigner("t").sign(b"m")


def test_many_signatures_come_out_of_their_asn1_as_64_bytes() -> None:
    key = ec.derive_private_key(7, ec.SECP256R1())
    for number in range(300):
        der = key.sign(b"%d" % number, ec.ECDSA(SHA256(), deterministic_signing=True))
        value = raw_signature(der)
        again = encode_dss_signature(int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big"))
        assert again == der


def test_short_and_long_integers_are_padded_to_32_bytes() -> None:
    assert raw_signature(encode_dss_signature(1, 2**256 - 1)) == b"\0" * 31 + b"\1" + b"\xff" * 32


GOOD = encode_dss_signature(5, 2**255)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        GOOD[:-1],
        GOOD + b"\0",
        b"\x31" + GOOD[1:],
        bytes.fromhex("3006020100020101"),  # r is zero
        bytes.fromhex("3006020181020101"),  # r is negative
        bytes.fromhex("300702020001020101"),  # r is longer than it must be
        bytes.fromhex("3009020101020101020101"),  # a third integer
        bytes.fromhex("300602010102ff01"),  # s longer than what is there
        bytes.fromhex("308106020101020101"),  # length in the long form
        encode_dss_signature(1, 2**256),
    ],
    ids=lambda bad: bad.hex()[:24] or "empty",
)
def test_any_other_encoding_of_a_signature_is_refused(bad: bytes) -> None:
    with pytest.raises(NotP256):
        raw_signature(bad)


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP256K1()], ids=lambda curve: curve.name)
def test_a_key_of_another_curve_is_refused(curve: ec.EllipticCurve) -> None:
    other = ec.derive_private_key(7, curve).public_key()
    with pytest.raises(NotP256):
        public_jwk(other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def test_only_the_digest_of_a_paper_goes_to_the_key_service() -> None:
    client: Any = boto3.client("kms", region_name="eu-south-1", aws_access_key_id="x", aws_secret_access_key="x")
    stub = Stubber(client)
    public = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    stub.add_response("get_public_key", {"PublicKey": spki}, {"KeyId": "k"})
    asked = {
        "KeyId": "k",
        "Message": sha256(b"paper").digest(),
        "MessageType": "DIGEST",
        "SigningAlgorithm": "ECDSA_SHA_256",
    }
    stub.add_response("sign", {"Signature": GOOD}, asked)
    stub.add_client_error("sign", "ThrottlingException")
    stub.add_client_error("sign", "KMSInternalException", http_status_code=500)
    with stub:
        signer = KmsSigner("k", client)
        assert len(raw(signer.sign(b"paper").value)) == 64
        for _ in range(2):
            with pytest.raises(Busy):
                signer.sign(b"paper")


def test_the_hash_key_is_made_by_kms_once_per_process_and_only_when_asked(aws: None) -> None:
    client = boto3.client("kms")
    key = client.create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")["KeyMetadata"]["KeyId"]
    secret = hash_secret(key, client)
    assert secret() == secret() == hash_secret(key, client)()
    assert secret() == client.generate_mac(KeyId=key, Message=HASH_PURPOSE, MacAlgorithm="HMAC_SHA_256")["Mac"]
    assert len(secret()) == 32
