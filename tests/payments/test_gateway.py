"""Is a payment by the gateway posted once, however late, often or out of order it is told, and never by a forger?"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.messages import LANGUAGES, sentence
from tasrih.payments import gateway
from tasrih.payments.gateway import (
    Attempt,
    BadSignature,
    Callback,
    NotUnderstood,
    Step,
    advanced,
    payment_of,
    signature,
    verified,
)
from tasrih.payments.reference import Reference
from tasrih.vocabulary.period import Period

from tests.payments.desk import CALLBACK

KEY, OLD_KEY = b"k" * 32, b"o" * 32
ATTEMPT = Attempt(
    identity="gateway-1",
    kind="card",
    reference=Reference("1699999901", Period.parse("2026-07")),
    amount_centimes=3_500_000,
)
STATES = ("pending", "failed", "expired", "paid", "returned")
quick = settings(derandomize=True, max_examples=200, deadline=None, database=None)


def body(**changed: Any) -> bytes:
    return json.dumps({name: value for name, value in (CALLBACK | changed).items() if value is not None}).encode()


def callback(state: str = "paid", event: str = "", **changed: Any) -> Callback:
    usual = {"transaction": "t1", "attempt": "gateway-1", "amount_centimes": 3_500_000, "currency": "DZD"}
    return Callback(event=event or f"e-{state}", state=state, on=date(2026, 11, 4), **(usual | changed))


def after(callbacks: Iterable[Callback], attempt: Attempt = ATTEMPT) -> tuple[Attempt, list[str]]:
    """The attempt, and the effects."""
    effects = []
    for each in callbacks:
        step = advanced(attempt, each)
        assert step.attempt
        attempt = step.attempt
        effects.append(step.effect)
        for language in LANGUAGES:
            assert sentence("payments", step.why, language)
    return attempt, effects


def test_a_signed_message_is_read_and_its_day_is_that_of_algiers() -> None:
    told = verified(body(), signature(KEY, "1762212600", body()), [KEY])
    assert told == Callback(
        event="e1",
        transaction="t1",
        attempt="gateway-1",
        state="paid",
        amount_centimes=3_500_000,
        currency="DZD",
        on=date(2026, 11, 4),
    )


def test_while_a_key_is_replaced_both_are_valid() -> None:
    for key in (KEY, OLD_KEY):
        assert verified(body(), signature(key, "1", body()), [KEY, OLD_KEY]).event == "e1"


@pytest.mark.parametrize(
    "signed",
    [
        "",
        "t=1",
        "v1=00",
        signature(OLD_KEY, "1", body()),
        signature(KEY, "2", body()).replace("t=2", "t=1"),
        signature(KEY, "1", body() + b" "),
        signature(KEY, "1", body()).upper(),
        signature(KEY, "1", body())[:-1],
        "t=é,v1=00",
        "," * 10_000,
    ],
)
def test_what_no_key_of_ours_signed_is_not_read(signed: str) -> None:
    with pytest.raises(BadSignature):
        verified(body(), signed, [KEY])


def test_without_a_key_and_beyond_the_size_nothing_is_read() -> None:
    with pytest.raises(BadSignature):
        verified(body(), signature(b"", "1", body()), [])
    long = body(event="e" * gateway.MAX_BODY_BYTES)
    with pytest.raises(BadSignature):
        verified(long, signature(KEY, "1", long), [KEY])


@pytest.mark.parametrize("place", range(0, len(body()), 7))
def test_every_changed_byte_of_a_signed_message_is_noticed(place: int) -> None:
    forged = body()[:place] + bytes([body()[place] ^ 1]) + body()[place + 1 :]
    with pytest.raises(BadSignature):
        verified(forged, signature(KEY, "1", body()), [KEY])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"\xff", "body"),
        (b"[" * 16_000, "body"),
        (body(event=None), "event"),
        (body(event=7), "event"),
        (body(event=""), "event"),
        (body(event="e" * 101), "event"),
        (body(event="e\n"), "event"),
        (body(attempt=None), "attempt"),
        (body(state="settled"), "state"),
        (body(currency=None), "currency"),
        (body(amount_centimes=None), "amount_centimes"),
        (body(amount_centimes=0), "amount_centimes"),
        (body(amount_centimes=-1), "amount_centimes"),
        (body(amount_centimes=True), "amount_centimes"),
        (body(amount_centimes=3.5), "amount_centimes"),
        (body(amount_centimes="3500000"), "amount_centimes"),
        (body(amount_centimes=10**18), "amount_centimes"),
        (body(at="yesterday"), "at"),
        (body(at="0001-01-01T00:00:00+14:00"), "at"),
    ],
)
def test_a_signed_message_of_another_form_is_named_by_its_field(wrong: bytes, field: str) -> None:
    with pytest.raises(NotUnderstood, match=f"^{field}$"):
        verified(wrong, signature(KEY, "1", wrong), [KEY])


def test_a_payment_is_posted_once_with_the_gateways_day() -> None:
    attempt, effects = after([callback("pending"), callback("paid"), callback("paid"), callback("paid", event="again")])
    assert effects == ["nothing", "post", "nothing", "nothing"]
    paid = payment_of(attempt)
    assert (paid.identity, paid.means, paid.amount_centimes) == ("gateway-1", "gateway", 3_500_000)
    assert (paid.value_date, paid.period, paid.source) == (date(2026, 11, 4), "2026-07", "t1")


def test_a_payment_that_comes_after_its_time_was_over_is_posted() -> None:
    assert after([callback("expired"), callback("failed"), callback("paid")])[1] == ["nothing", "nothing", "post"]


def test_a_late_word_of_failure_undoes_nothing() -> None:
    attempt, effects = after([callback("paid"), callback("failed"), callback("pending")])
    assert effects == ["post", "nothing", "nothing"]
    assert attempt.state == "paid"


def test_a_returned_debit_is_taken_back_once_and_not_posted_again() -> None:
    assert after([callback("paid"), callback("returned"), callback("returned"), callback("paid", event="late")])[1] == [
        "post",
        "take_back",
        "nothing",
        "nothing",
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"amount_centimes": 3_500_001}, "gateway_other_amount"),
        ({"currency": "EUR"}, "gateway_other_amount"),
        ({"transaction": "t2"}, "gateway_other_transaction"),
    ],
)
def test_a_message_that_does_not_fit_what_was_begun_waits_for_a_person(changed: dict[str, Any], why: str) -> None:
    begun, _ = after([callback("pending")])
    step = advanced(begun, callback("paid", **changed))
    assert step.attempt
    assert (step.effect, step.why, step.attempt.state) == ("wait", why, "pending")
    assert after([callback("paid", **changed)], step.attempt)[1] == ["nothing"], "the same again"


def test_a_message_about_what_we_never_began_is_foreign() -> None:
    foreign = Step(None, "wait", "gateway_foreign")
    assert advanced(None, callback()) == advanced(ATTEMPT, callback(attempt="gateway-2")) == foreign


def test_only_what_was_paid_is_a_payment() -> None:
    with pytest.raises(ValueError, match="open"):
        payment_of(ATTEMPT)


@quick
@given(st.lists(st.sampled_from(STATES), max_size=6), st.data())
def test_in_any_order_and_number_money_is_posted_at_most_once_and_the_end_is_the_same(
    states: list[str], data: st.DataObject
) -> None:
    callbacks = [callback(state, event=f"e{number}") for number, state in enumerate(states)]
    repeated = callbacks + data.draw(st.lists(st.sampled_from(callbacks), max_size=4)) if callbacks else []
    shuffled = data.draw(st.permutations(repeated))
    attempt, effects = after(shuffled)
    assert effects.count("post") <= 1
    assert effects.count("take_back") <= effects.count("post")
    net = effects.count("post") - effects.count("take_back")
    assert net == int("paid" in states and "returned" not in states)
    assert (attempt.state == "paid") == (net == 1)


def test_every_order_of_all_states_ends_alike() -> None:
    ends = {after([callback(state) for state in order])[0].state for order in itertools.permutations(STATES)}
    assert ends == {"returned"}


@quick
@given(st.binary(max_size=200), st.text(max_size=80))
def test_no_bytes_hurt_whoever_reads_them(content: bytes, signed: str) -> None:
    with pytest.raises(BadSignature):
        verified(content, signed, [KEY])
    with contextlib.suppress(NotUnderstood):
        assert verified(content, signature(KEY, "1", content), [KEY]).amount_centimes > 0
