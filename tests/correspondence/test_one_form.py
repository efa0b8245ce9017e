"""Has each receipt one form, to the byte, and does whatever stands in it get an answer?"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tasrih.correspondence.canonical import canonical, encode
from tasrih.correspondence.facts import RECEIPT_FORMAT
from tasrih.correspondence.signed import receipt_message
from tasrih.correspondence.verify import verify

from tests.correspondence.samples import KEY, KEY_ID, KEYS, facts_of, signed
from tests.correspondence.test_verify import refused

FACTS = facts_of("by mandate")
RECEIPT, CODE = signed(FACTS)
STRINGS = [found.span() for found in re.finditer(rb'"(?:[^"\\]|\\.)*"', RECEIPT)]
NUMBERS = [found.span(1) for found in re.finditer(rb"[:,\[](\d+)(?=[,}\]])", RECEIPT)]


def with_part(span: tuple[int, int], form: Callable[[bytes], bytes]) -> bytes:
    start, end = span
    return RECEIPT[:start] + form(RECEIPT[start:end]) + RECEIPT[end:]


def escaped_first(text: bytes) -> bytes:
    inner = text[1:-1].decode()
    return f'"\\u{ord(inner[0]):04x}{inner[1:]}"'.encode() if inner else b'"" '


NUMBER_FORMS: dict[str, Callable[[bytes], bytes]] = {
    "as a decimal": lambda number: number + b".0",
    "with an exponent": lambda number: number + b"e0",
    "with a capital exponent": lambda number: number + b"E+0",
    "with a zero in front": lambda number: b"0" + number,
    "with a plus": lambda number: b"+" + number,
    "in Arabic digits": lambda number: number.decode().translate(ARABIC_DIGITS).encode(),
}
ARABIC_DIGITS = {ord("0") + digit: chr(0x660 + digit) for digit in range(10)}


@pytest.mark.parametrize("form", NUMBER_FORMS.values(), ids=NUMBER_FORMS)
def test_no_number_has_another_form(form: Callable[[bytes], bytes]) -> None:
    assert len(NUMBERS) > 40
    for span in NUMBERS[::4]:
        assert refused(with_part(span, form)) == ("not_canonical",)


def test_no_text_has_another_form() -> None:
    assert len(STRINGS) > 100
    for span in STRINGS[::7]:
        assert refused(with_part(span, escaped_first)) == ("not_canonical",)
    for other in (rb"\/", rb"\u002f"):
        assert refused(RECEIPT.replace(b"tasrih.receipt.1", b"tasrih.receipt.1" + other)) == ("not_canonical",)


def test_letters_have_one_composition() -> None:
    composed = signed(facts_of("withdrawal"))[0]
    assert refused(unicodedata.normalize("NFD", composed.decode()).encode()) == ("not_canonical",)
    assert verify(unicodedata.normalize("NFC", composed.decode()).encode(), KEYS).ok
    kept = FACTS
    apart = {**kept, "entity_name": unicodedata.normalize("NFD", "É" + kept["entity_name"])}
    together = {**kept, "entity_name": "É" + kept["entity_name"]}
    assert receipt_message(apart) == receipt_message(together)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def test_keys_of_each_object_have_one_order() -> None:
    count = len([each for each in objects(json.loads(RECEIPT)) if len(each) > 1])
    assert count > 20
    for at in range(0, count, 3):
        document = json.loads(RECEIPT)
        turned = [each for each in objects(document) if len(each) > 1][at]
        reversed_items = list(turned.items())[::-1]
        turned.clear()
        turned.update(reversed_items)
        written = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        assert json.loads(written) == json.loads(RECEIPT)
        assert refused(written) == ("not_canonical",)


@pytest.mark.parametrize("blank", [b" ", b"\n", b"\t", b"\r\n", b"\xc2\xa0", b"\xe2\x80\x8f", b"\0", b"/**/"], ids=repr)
def test_nothing_stands_between_the_signs(blank: bytes) -> None:
    for found in list(re.finditer(rb"[{}\[\]:,]", RECEIPT))[::29]:
        for at in found.span():
            assert refused(RECEIPT[:at] + blank + RECEIPT[at:])[0] in ("not_canonical", "not_a_receipt")


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (b'{"receipt":', b'{"receipt":{},"receipt":'),
        (b'"version":1', b'"version":9,"version":1'),
        (b'"version":1', b'"version":1,"version":1'),
        (b'{"alg":"ES256"', b'{"alg":"none","alg":"ES256"'),
        (b'"summary":', b'"summary":{},"summary":'),
    ],
)
def test_nothing_is_said_twice(before: bytes, again: bytes) -> None:
    assert RECEIPT.count(before) >= 1
    assert refused(RECEIPT.replace(before, again, 1)) == ("not_canonical",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1256"])
def test_a_receipt_in_another_encoding_is_none(encoding: str) -> None:
    assert refused(RECEIPT.decode().encode(encoding, "replace"))[0] in ("not_canonical", "not_a_receipt")
    assert refused(RECEIPT.replace(b'"DAS"', b'"\xc1\x84AS"')) == ("not_canonical",), "D in two bytes"


@pytest.mark.parametrize("written", [b"NaN", b"Infinity", b"-Infinity", b"1.5", b"1e999", b"-0", b"9" * 5_000])
def test_what_only_looks_like_an_amount_is_none(written: bytes) -> None:
    assert refused(with_part(NUMBERS[0], lambda _: written)) == ("not_canonical",)


def test_a_code_whose_summary_was_signed_in_another_form_is_refused() -> None:
    short = json.loads(RECEIPT)["summary"]
    for message in (
        json.dumps(short).encode(),
        json.dumps(short, indent=1).encode(),
        json.dumps(dict(sorted(short.items())[::-1]), separators=(",", ":")).encode(),
        canonical(short) + b"\n",
    ):
        assert json.loads(message) == short
        assert refused(f"#{encode(message)}.{KEY_ID}.{KEY.sign(message)}".encode()) == ("qr_damaged",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
HELD = facts_of("held")
HELD_PAPER = signed(HELD)[0]


@example(name="dues/total_centimes", value="1x", format_=None)
@settings(max_examples=60, derandomize=True, deadline=None)
@given(name=st.sampled_from([*sorted(HELD), "dues/state", "dues/total_centimes"]), value=JSON, format_=JSON)
def test_whatever_stands_in_a_receipt_it_gets_an_answer(name: str, value: Any, format_: Any) -> None:
    facts = dict(HELD)
    place, _, inner = name.partition("/")
    facts[place] = {"state": "computed", "total_centimes": 1, inner: value} if inner else value
    try:
        short = json.loads(receipt_message(facts))
    except (KeyError, TypeError, ValueError):
        short = {"t": RECEIPT_FORMAT}
    document = json.loads(HELD_PAPER) | {"receipt": facts, "summary": short}
    for changed in (document, {**document, "summary": value}, {**document, "signature": {"alg": format_}}):
        try:
            data = canonical(changed)
        except UnicodeEncodeError:
            continue
        assert verify(data, KEYS).ok == (data == HELD_PAPER)
