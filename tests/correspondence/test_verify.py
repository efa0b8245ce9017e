"""Is every changed byte noticed, every old key still good, every refusal named?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tasrih.correspondence.canonical import canonical, decode, encode
from tasrih.correspondence.signed import (
    P256_ORDER,
    qr_text,
    receipt_json,
    receipt_message,
    seal_message,
    seal_pdf,
)
from tasrih.correspondence.verify import verify
from tasrih.messages import LANGUAGES, table

from tests.correspondence.samples import FILINGS, KEY, KEY_ID, KEYS, VERIFY_URL, WITHDRAWALS, Key, made


def refused(data: bytes, keys: dict[str, Any] = KEYS) -> tuple[str, ...]:
    answer = verify(data, keys)
    assert not answer.ok
    assert not answer.facts
    assert not answer.summary
    assert not answer.number
    assert answer.reasons
    return answer.reasons


SHORT_DUES = {"held": "held", "dac held": "held", "dac partly held": "7546500+held"}


@pytest.mark.parametrize("name", FILINGS)
def test_genuine_papers_verify_and_tell_what_was_signed(name: str):
    facts, receipt, code, pdf = made(name)
    for what, data in (("json", receipt), ("pdf", pdf), ("qr", code.encode())):
        answer = verify(data, KEYS)
        assert (answer.ok, answer.what, answer.number, answer.reasons) == (True, what, facts["number"], ())
        assert answer.facts == ({} if what == "qr" else facts)
        assert answer.summary["base_centimes"] == facts["base_centimes"]
        assert answer.summary["dues_centimes"] == SHORT_DUES.get(name, facts["dues"]["total_centimes"])
        assert all(facts["number"] in answer.sentences(language)[0] for language in LANGUAGES)


@pytest.mark.parametrize("name", WITHDRAWALS)
def test_a_genuine_withdrawal_verifies_and_says_what_it_withdraws(name: str):
    facts, receipt, code, pdf = made(name)
    for data in (receipt, pdf, code.encode()):
        answer = verify(data, KEYS)
        assert (answer.ok, answer.number, answer.summary["withdraws"]) == (True, facts["number"], "TR-00001234-25")
        for language in LANGUAGES:
            first, second = answer.sentences(language)
            assert facts["number"] in first
            assert "TR-00001234-25" in second


def test_a_withdrawal_dressed_as_a_filing_or_numbered_like_one_is_no_receipt():
    facts = made("withdrawal")[0]
    for wrong in ({**facts, "format": "tasrih.receipt.1"}, {**facts, "number": "TR-00001234-25"}):
        try:
            message = receipt_message(wrong)
        except KeyError:
            continue
        value = KEY.sign(message)
        assert not verify(receipt_json(wrong, KEY_ID, value), KEYS).ok
        assert not verify(qr_text(VERIFY_URL, wrong, KEY_ID, value).encode(), KEYS).ok


def test_a_code_without_its_address_and_with_a_line_end_verifies():
    token = made("normal")[2].partition("#")[2]
    assert verify(f"{token}\n".encode(), KEYS).ok


def test_old_papers_verify_after_the_key_was_changed():
    new = Key("tests-2027", 0x5EED_0002)
    assert verify(made("normal")[3], {"keys": [new.jwk, KEY.jwk]}).ok
    assert refused(made("normal")[3], {"keys": [new.jwk]}) == ("unknown_key",)


def test_another_key_under_the_same_name_proves_nothing():
    imposter = Key(KEY_ID, 0x5EED_0003)
    for data in (made("normal")[1], made("normal")[3], made("normal")[2].encode()):
        assert refused(data, {"keys": [imposter.jwk]}) == ("signature_wrong",)


def test_the_page_and_the_receipt_inside_are_both_checked():
    facts, receipt, code, _ = made("held")
    other_receipt = made("normal")[1]
    page = made("held")[3].partition(b"\n%%Tasrih-Seal-1")[0]
    swapped = seal_pdf(page, other_receipt, KEY_ID, KEY.sign(seal_message(page, receipt)))
    assert refused(swapped) == ("signature_wrong",)
    forged = canonical({**json.loads(receipt), "receipt": {**facts, "lines": 1}})
    assert refused(seal_pdf(page, forged, KEY_ID, KEY.sign(seal_message(page, forged)))) == ("summary_differs",)
    assert refused(page) == ("no_seal",)
    assert code


def test_only_one_algorithm_is_accepted():
    document = json.loads(made("held")[1])
    for name in ("none", "HS256", "RS256", "ES384", "es256", ""):
        document["signature"]["alg"] = name
        assert refused(canonical(document)) == ("wrong_algorithm",)


def test_the_other_spelling_of_a_good_signature_is_refused():
    document = json.loads(made("held")[1])
    raw = decode(document["signature"]["value"])
    s = P256_ORDER - int.from_bytes(raw[32:], "big")
    document["signature"]["value"] = encode(raw[:32] + s.to_bytes(32, "big"))
    assert refused(canonical(document)) == ("signature_misspelt",)


@pytest.mark.parametrize("raw", [bytes(64), b"\xff" * 64, bytes(32) + b"\1" * 32, b"\1" * 32 + bytes(32), bytes(63)])
def test_degenerate_signatures_are_refused(raw: bytes):
    document = json.loads(made("held")[1])
    document["signature"]["value"] = encode(raw)
    assert refused(canonical(document))[0] in ("signature_wrong", "signature_misspelt")


@pytest.mark.parametrize(
    "keys",
    [
        {}, {"keys": {}}, {"keys": ["x"]}, {"keys": [KEY.jwk, KEY.jwk]}, {"keys": [{**KEY.jwk, "crv": "P-384"}]},
        {"keys": [{**KEY.jwk, "alg": "ES384"}]}, {"keys": [{**KEY.jwk, "x": KEY.jwk["y"]}]},
        {"keys": [{"kty": "EC", "crv": "P-256", "kid": KEY_ID}]}, {"keys": [{**KEY.jwk, "x": 5}]},
    ],
)  # fmt: skip
def test_keys_that_cannot_be_used_are_named_as_such(keys: dict[str, Any]):
    assert refused(made("held")[1], keys) == ("keys_unusable",)


def test_a_signature_over_something_else_is_not_a_receipt():
    seal = canonical({"t": "tasrih.seal.1"})
    token = f"{encode(seal)}.{KEY_ID}.{json.loads(made('held')[1])['signature']['value']}"
    assert refused(f"https://x#{token}".encode()) == ("signature_wrong",)
    facts = {**made("held")[0], "format": "tasrih.receipt.9"}
    value = KEY.sign(receipt_message(facts))
    assert refused(receipt_json(facts, KEY_ID, value)) == ("not_a_receipt",)
    misnumbered = {**made("held")[0], "number": "TR-00001234-26"}
    value = KEY.sign(receipt_message(misnumbered))
    assert refused(qr_text(VERIFY_URL, misnumbered, KEY_ID, value).encode()) == ("not_a_receipt",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_a_receipt"),
        (b"PK\x03\x04", "not_a_receipt"),
        (b"hello", "not_a_receipt"),
        (b"{}", "not_canonical"),
        (b'{"receipt":{},"signature":{},"summary":{}}', "not_canonical"),
        (b'{"receipt":[],"signature":"","summary":0}', "not_canonical"),
        (b"%PDF-1.7\n%%EOF", "no_seal"),
        (b"%PDF-1.7\n%%Tasrih-Seal-1\n%a.b.c", "seal_damaged"),
        (b"https://x#a.b.c", "qr_damaged"),
        (b"{" + b"[" * 200_000, "not_canonical"),
    ],
)
def test_what_is_no_receipt_is_refused_with_its_reason(data: bytes, reason: str):
    assert refused(data) == (reason,)


AROUND: dict[str, Callable[[bytes], bytes]] = {
    "blanks around it": lambda code: b"  " + code + b" \r\n\n",
    "a byte-order mark": lambda code: b"\xef\xbb\xbf" + code,
    "lines broken by a mail": lambda code: b"\r\n ".join(code[at : at + 70] for at in range(0, len(code), 70)),
    "the token alone": lambda code: code.rpartition(b"#")[2],
}


@pytest.mark.parametrize("put", AROUND.values(), ids=AROUND.keys())
def test_a_qr_text_may_come_with_what_editors_put_around_it(put: Callable[[bytes], bytes]):
    answer = verify(put(made("normal")[2].encode()), KEYS)
    assert (answer.ok, answer.what, answer.number) == (True, "qr", made("normal")[0]["number"])


RESAVED: dict[str, Callable[[bytes], bytes]] = {
    "a blank line in front": lambda receipt: b"\n" + receipt,
    "a byte-order mark": lambda receipt: b"\xef\xbb\xbf" + receipt,
    "a line end behind": lambda receipt: receipt + b"\n",
    "indented": lambda receipt: json.dumps(json.loads(receipt), indent=1).encode(),
}


@pytest.mark.parametrize("resave", RESAVED.values(), ids=RESAVED.keys())
def test_a_json_receipt_saved_anew_is_called_changed_not_foreign(resave: Callable[[bytes], bytes]):
    assert refused(resave(made("normal")[1])) == ("not_canonical",)


def test_a_pdf_that_a_viewer_added_to_has_a_damaged_seal():
    assert refused(made("normal")[3] + b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n") == ("seal_damaged",)


def test_something_too_big_is_refused_unread():
    assert refused(b"{" * (32 * 1024 * 1024 + 1)) == ("too_big",)


def test_a_page_without_a_pdf_ending_cannot_be_sealed():
    with pytest.raises(ValueError, match="startxref"):
        seal_pdf(b"%PDF-1.7\n", b"{}", KEY_ID, KEY.sign(b""))
    with pytest.raises(ValueError, match="key id"):
        receipt_json(made("held")[0], "a.b", KEY.sign(b""))


def test_every_refusal_has_a_sentence_in_three_languages():
    assert all(set(entry) == set(LANGUAGES) for entry in table("verify").values())
    for language in LANGUAGES:
        assert verify(b"hello", KEYS).sentences(language)[0]
