"""Is there one algorithm and one spelling of a signature, and are other keys told apart?"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from tasrih.correspondence.canonical import canonical, decode, encode
from tasrih.correspondence.signed import P256_ORDER, receipt_json, receipt_message
from tasrih.correspondence.verify import verify

from tests.correspondence.samples import KEY, KEY_ID, KEYS, Key, facts_of, signed
from tests.correspondence.test_verify import refused

SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


FACTS = facts_of("held")
PAPER, CODE = signed(FACTS)
VALUE = str(json.loads(PAPER)["signature"]["value"])


def signed_by(value: str, **other: str) -> bytes:
    document = json.loads(PAPER)
    document["signature"] |= {"value": value, **other}
    return canonical(document)


SPELLINGS = {
    "padding": VALUE + "==",
    "half of a padding": VALUE + "=",
    "the other alphabet": VALUE[:20] + "+/" + VALUE[22:],
    "a line end": VALUE + "\n",
    "a blank": " " + VALUE,
    "a line end within": VALUE[:40] + "\n" + VALUE[40:],
    "one sign more": VALUE + "A",
    "four signs more": VALUE + "AAAA",
    "one sign less": VALUE[:-1],
    "nothing": "",
    "full-width signs": VALUE[:-1] + chr(ord("Ａ")),
    "hexadecimal": decode(VALUE).hex(),
}


@pytest.mark.parametrize("value", SPELLINGS.values(), ids=SPELLINGS)
def test_a_signature_is_spelt_in_one_way(value: str) -> None:
    assert refused(signed_by(value)) == ("signature_misspelt",)
    token = f"{CODE.rpartition('#')[2].rpartition('.')[0]}.{value}"
    answer = verify(f"#{token}".encode(), KEYS)
    assert not answer.ok or "".join(value.split()) == VALUE, "a code may be scanned with blanks"


def test_no_two_last_signs_spell_the_same_bytes() -> None:
    good = [sign for sign in SIGNS if verify(signed_by(VALUE[:-1] + sign), KEYS).ok]
    assert good == [VALUE[-1]]


def test_no_two_last_signs_of_a_code_spell_the_same_summary() -> None:
    for lines in (148, 1_480, 14_800):
        summary, key_id, value = signed({**FACTS, "lines": lines})[1].rpartition("#")[2].split(".")
        good = [sign for sign in SIGNS if verify(f"#{summary[:-1]}{sign}.{key_id}.{value}".encode(), KEYS).ok]
        assert good == [summary[-1]]


def raw(r: int, s: int) -> str:
    return encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


R, S = (int.from_bytes(decode(VALUE)[at : at + 32], "big") for at in (0, 32))
N = P256_ORDER
FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
NUMBERS_TRIED = {
    "r and s changed about": (S, R),
    **{f"r is {name}": (number, S) for name, number in (("0", 0), ("1", 1), ("n", N), ("n - 1", N - 1), ("p", FIELD))},
    **{f"s is {name}": (R, number) for name, number in (("0", 0), ("1", 1), ("n", N), ("n - 1", N - 1), ("p", FIELD))},
    "both 0": (0, 0),
    "both 1": (1, 1),
    "both n": (N, N),
    "both as large as can be": (2**256 - 1, 2**256 - 1),
    "r turned round": (N - R, S),
    "s turned round": (R, N - S),
    "both turned round": (N - R, N - S),
    "s by one": (R, S + 1),
    "half of the order": (R, N // 2),
    "one more than half": (R, N // 2 + 1),
}


@pytest.mark.parametrize(("r", "s"), NUMBERS_TRIED.values(), ids=NUMBERS_TRIED)
def test_no_other_numbers_sign(r: int, s: int) -> None:
    assert refused(signed_by(raw(r, s)))[0] in ("signature_wrong", "signature_misspelt")


def test_of_two_equal_signatures_the_one_with_the_smaller_s_is_kept_and_accepted() -> None:
    assert N // 2 >= S
    facts = FACTS
    assert receipt_json(facts, KEY_ID, raw(R, N - S)) == receipt_json(facts, KEY_ID, raw(R, S)) == PAPER
    assert refused(signed_by(raw(R, N - S))) == ("signature_misspelt",)


def test_der_is_not_the_form_of_a_signature() -> None:
    der = utils.encode_dss_signature(R, S)
    assert refused(signed_by(encode(der))) == ("signature_misspelt",)
    assert refused(signed_by(encode(der[:64])))[0] in ("signature_misspelt", "signature_wrong")


def of_this_message(hash_: hashes.HashAlgorithm, curve: ec.EllipticCurve, size: int) -> tuple[str, dict[str, str]]:
    """(signature, its key as a JWK that tells the truth about its curve) over the right summary."""
    private = ec.derive_private_key(0x5EED_0004, curve)
    r, s = utils.decode_dss_signature(private.sign(receipt_message(FACTS), ec.ECDSA(hash_)))
    numbers = private.public_key().public_numbers()
    x, y = (encode(number.to_bytes(size, "big")) for number in (numbers.x, numbers.y))
    jwk = {"kty": "EC", "crv": f"P-{curve.key_size}", "kid": KEY_ID, "x": x, "y": y}
    return encode(r.to_bytes(size, "big") + s.to_bytes(size, "big")), jwk


def test_no_other_algorithm_is_taken_for_the_one() -> None:
    message = receipt_message(FACTS)
    shared = hmac.new(canonical(KEY.jwk), message, hashlib.sha256).digest()
    for name in ("none", "None", "HS256", "ES384", "ES512", "ES256K", "PS256", "RS256", "EdDSA", "ES256 ", "Es256"):
        for value in ("", encode(shared), encode(shared + shared), VALUE):
            assert refused(signed_by(value, alg=name)) == ("wrong_algorithm",)
    assert refused(signed_by(encode(shared))) == ("signature_misspelt",)
    assert refused(signed_by(encode(shared + bytes(32)))) == ("signature_wrong",)


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1(), ec.SECP256K1()], ids=lambda curve: curve.name)
def test_a_key_on_another_curve_proves_nothing(curve: ec.EllipticCurve) -> None:
    value, jwk = of_this_message(hashes.SHA256(), curve, (curve.key_size + 7) // 8)
    for told in ("P-256", jwk["crv"], "secp256k1"):
        answer = refused(signed_by(value), {"keys": [{**jwk, "crv": told}]})
        assert answer[0] in ("signature_misspelt", "keys_unusable")


def test_another_digest_of_the_same_message_is_another_signature() -> None:
    value, jwk = of_this_message(hashes.SHA384(), ec.SECP256R1(), 32)
    assert refused(signed_by(value), {"keys": [jwk]})[0] in ("signature_wrong", "signature_misspelt")


POINT = decode(KEY.jwk["x"]) + decode(KEY.jwk["y"])
OF_OTHER_KINDS: tuple[dict[str, Any], ...] = (
    {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    {"kty": "oct", "k": KEY.jwk["x"]},
    {"kty": "OKP", "crv": "Ed25519", "x": KEY.jwk["x"]},
    {**KEY.jwk, "kty": "oct"},
    {**KEY.jwk, "crv": "P-521"},
    {**KEY.jwk, "use": "enc"},
    {**KEY.jwk, "alg": "ECDH-ES"},
    {**KEY.jwk, "alg": None},
    {**KEY.jwk, "x": encode(bytes(32)), "y": encode(bytes(32))},
    {**KEY.jwk, "x": encode(b"\0" + decode(KEY.jwk["x"]))},
    {**KEY.jwk, "x": encode(POINT[:33]), "y": encode(POINT[33:])},
    {**KEY.jwk, "y": KEY.jwk["y"] + "="},
    {**KEY.jwk, "x": encode(b"\xff" * 32)},
    {**KEY.jwk, "x": "A" * 100_000},
)


@pytest.mark.parametrize("key", OF_OTHER_KINDS, ids=lambda key: repr(key)[:40])
def test_a_key_of_another_kind_is_unusable_under_this_name_and_ignored_under_another(key: dict[str, Any]) -> None:
    assert refused(PAPER, {"keys": [{**key, "kid": KEY_ID}]}) == ("keys_unusable",)
    assert verify(PAPER, {"keys": [{**key, "kid": "other"}, {**key, "kid": 7}, key | {"kid": None}, KEY.jwk]}).ok


def test_the_negative_of_a_key_proves_nothing() -> None:
    y = FIELD - int.from_bytes(decode(KEY.jwk["y"]), "big")
    mirrored = {**KEY.jwk, "y": encode(y.to_bytes(32, "big"))}
    assert refused(PAPER, {"keys": [mirrored]}) == ("signature_wrong",)


@pytest.mark.parametrize("name", ["", "tests-2027", "TESTS-2026", KEY_ID + " ", "../keys", "*"])
def test_another_name_of_the_key_is_an_unknown_one(name: str) -> None:
    assert refused(signed_by(VALUE, kid=name)) == ("unknown_key",)


def test_papers_of_retired_and_new_keys_verify_side_by_side() -> None:
    keys = [Key(f"year-{at}", 0x5EED_0100 + at) for at in range(5)]
    facts = FACTS
    published = {"keys": [key.jwk for key in keys]}
    for key in keys:
        paper = receipt_json(facts, key.key_id, key.sign(receipt_message(facts)))
        assert verify(paper, published).ok
        rest = {"keys": [each.jwk for each in keys if each is not key]}
        assert refused(paper, rest) == ("unknown_key",)
        borrowed = receipt_json(facts, keys[0].key_id, key.sign(receipt_message(facts)))
        assert verify(borrowed, published).ok == (key is keys[0])
