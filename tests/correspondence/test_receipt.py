"""Does a receipt say what was filed, in one exact form?"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tasrih.correspondence.canonical import Unreadable, canonical, clean, decode, encode, read_canonical
from tasrih.correspondence.facts import receipt_facts, summary
from tasrih.correspondence.numbers import rank_of, receipt_number
from tasrih.correspondence.signed import one_spelling, receipt_message
from tasrih.correspondence.withdrawal import withdrawal_facts
from tasrih.vocabulary.certified import Certified

from tests.correspondence.samples import FILING, FILINGS, HELD, WITHDRAWAL


def test_a_number_carries_its_rank_and_check_digits_as_worked_by_hand():
    # TR = 29 27, so 2927 00001234 00 mod 97 = 73 and 98 - 73 = 25
    assert receipt_number(1234) == "TR-00001234-25"
    assert rank_of("TR-00001234-25") == 1234
    assert receipt_number(123_456_789).startswith("TR-123456789-")


def test_papers_of_two_kinds_never_share_a_number():
    # TW = 29 32, so 2932 00001234 00 mod 97 = 27 and 98 - 27 = 71
    assert receipt_number(1234, "TW") == "TW-00001234-71"
    assert rank_of("TW-00001234-71", "TW") == 1234
    assert rank_of("TW-00001234-71") is None
    assert rank_of("TR-00001234-25", "TW") is None


def test_who_certified_is_told_cleaned_and_with_the_mandate():
    who = Certified(name="NOM\u202e\r\nPRENOM", capacity=" gérant ", holder="CABINET", mandate_since="2026-01-05")
    facts = receipt_facts(replace(FILING, certified=who))
    assert facts["certified"] == {
        "name": "NOM PRENOM", "capacity": "gérant", "mandate": {"holder": "CABINET", "since": "2026-01-05"},
    }  # fmt: skip
    assert receipt_facts(FILING)["certified"] is None


def test_every_fact_of_a_withdrawal_changes_what_is_signed():
    facts = withdrawal_facts(WITHDRAWAL)
    messages = {receipt_message(facts)}
    for name in facts:
        messages.add(receipt_message({**facts, name: facts[name] if name == "format" else "other"}))
    assert len(messages) == len(facts)
    assert len(receipt_message(facts)) < 300
    with pytest.raises(ValueError, match="time zone"):
        withdrawal_facts(replace(WITHDRAWAL, at=datetime(2026, 1, 28, 10)))  # noqa: DTZ001 (that is the case)


@given(st.integers(1, 10**12))
def test_every_rank_comes_back_from_its_number(rank: int):
    assert rank_of(receipt_number(rank)) == rank


@pytest.mark.parametrize("rank", [1, 9, 1234, 98_765_432, 100_000_000])
def test_a_wrong_digit_or_two_swapped_neighbours_are_noticed(rank: int):
    number = receipt_number(rank)
    for at, sign in enumerate(number):
        for other in "0123456789" if sign.isdigit() else "ABCXYZ-":
            if other != sign:
                assert rank_of(number[:at] + other + number[at + 1 :]) is None
        if at + 1 < len(number) and number[at + 1] != sign:
            assert rank_of(number[:at] + number[at + 1] + sign + number[at + 2 :]) is None


@pytest.mark.parametrize(
    "text", ["", "TR-00000000-00", "TR-000001234-25", "TR-1234-25", "tr-00001234-25", "TR-١٢٣٤٥٦٧٨-25"]
)
def test_only_one_spelling_of_a_number_is_accepted(text: str):
    assert rank_of(text) is None


def test_ranks_begin_at_one():
    with pytest.raises(ValueError, match="counts from 1"):
        receipt_number(0)


def test_the_canonical_form_is_sorted_tight_and_unescaped():
    assert canonical({"b": [1, None, True], "a": "é\u0301 ع\n"}) == '{"a":"é\u0301 ع\\n","b":[1,null,true]}'.encode()
    assert canonical("e\u0301") == '"é"'.encode()


@pytest.mark.parametrize(
    "value", [1.5, Decimal(1), {"a": [0.0]}, float("nan"), datetime(2026, 1, 1, tzinfo=UTC), {1: 2}]
)
def test_a_value_with_several_spellings_has_no_canonical_form(value: object):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":1}\n', b'{"a":01}', b'{"a":"\\u00e9"}',
        b'{"a":NaN}', b'\xef\xbb\xbf{"a":1}', b'"\\ud800"', b"[" * 100_000, b'"\xff"', '"e\u0301"'.encode(),
        b"1" * 5000, b"", b'{"a":-0}',
    ],
)  # fmt: skip
def test_other_bytes_with_the_same_meaning_are_not_canonical(data: bytes):
    with pytest.raises(Unreadable):
        read_canonical(data)


@given(st.binary(min_size=1, max_size=80))
def test_base64url_comes_back(data: bytes):
    assert decode(encode(data)) == data


@pytest.mark.parametrize("text", ["", "A", "AA==", "AB", "A+", "A/", "AA\n", " AA", "AAé", "AAA="])
def test_base64url_with_padding_junk_or_spare_bits_is_refused(text: str):
    with pytest.raises(Unreadable):
        decode(text)


def test_of_two_equal_signatures_one_spelling_is_kept():
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    low, high = (encode((7).to_bytes(32, "big") + s.to_bytes(32, "big")) for s in (5, order - 5))
    assert one_spelling(low) == one_spelling(high) == low
    with pytest.raises(Unreadable):
        one_spelling("AAAA")


@given(st.text(max_size=60))
def test_a_cleaned_name_has_one_line_no_controls_and_no_direction_marks(text: str):
    cleaned = clean(text)
    assert not {unicodedata.category(sign) for sign in cleaned} & {"Cc", "Zl", "Zp", "Cs"}
    assert not set(cleaned) & set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\ufeff")
    assert clean(cleaned) == cleaned


def test_a_receipt_tells_everything_in_integers_and_algiers_time():
    facts = receipt_facts(replace(FILING, arrived_at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC)))
    assert facts["number"] == "TR-00001234-25"
    assert facts["arrived_at"] == "2026-02-01T00:30:00+01:00"
    assert facts["quarters_centimes"] == [1_234_567_800, 1_100_000_050, 1_325_010_000, 1_400_000_025]
    assert facts["base_centimes"] == 5_059_577_875
    assert facts["dues"]["total_centimes"] == sum(line["amount_centimes"] for line in facts["dues"]["lines"])
    first = facts["dues"]["lines"][0]
    assert (first["rate"], first["article"], first["valid_from"]) == ("11.50", "executive decree 94-187", "2024-01-01")
    assert facts["files"][1] == {
        "name": "D25S1699999901.txt", "size": 29_008, "sha256": "0123456789abcdef" * 4, "lines": 148,
    }  # fmt: skip
    assert json.loads(canonical(facts)) == facts


def test_held_dues_have_no_total_and_say_why():
    dues = receipt_facts(HELD)["dues"]
    assert dues["total_centimes"] is None
    assert dues["held_because"] == [{"reason": "codes_not_general", "detail": "R06, R22"}]
    assert summary(receipt_facts(HELD))["d"] == "held"


def test_names_on_a_receipt_carry_no_direction_override():
    facts = receipt_facts(replace(FILING, entity_name="SARL \u202eXUAVART\u202c\r\nBcc: x"))
    assert facts["entity_name"] == "SARL XUAVART Bcc: x"


def test_an_arrival_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        receipt_facts(replace(FILING, arrived_at=datetime(2026, 1, 28, 10)))  # noqa: DTZ001 (that is the case)


def test_the_signed_message_stays_small_enough_for_a_code_and_for_a_signing_service():
    for filing in FILINGS.values():
        assert len(receipt_message(receipt_facts(filing))) < 300


def test_every_fact_changes_what_is_signed():
    facts = receipt_facts(FILING)
    messages = {receipt_message(facts)}
    for name in facts:
        messages.add(receipt_message({**facts, name: facts[name] if name == "dues" else "other"}))
    assert len(messages) == len(facts)
