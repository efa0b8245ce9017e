"""Is a gateway believed only when it speaks now, and is the payer sent to it and nowhere else?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tasrih.ledger import Rules, open_items, payment, post, taken_back
from tasrih.messages import LANGUAGES, sentence
from tasrih.payments.gateway import (
    WINDOW_SECONDS,
    Attempt,
    BadRedirect,
    BadSignature,
    Redirect,
    advanced,
    checked,
    is_fresh,
    payment_of,
    signature,
    verified,
)
from tasrih.payments.reference import Reference
from tasrih.vocabulary.period import Period

from tests.ledger.made import EMPLOYER, das, ledger
from tests.payments.test_gateway import KEY, body

NOW = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
HOST = "pay.example.dz"


def signed_at(moment: datetime) -> str:
    return signature(KEY, str(int(moment.timestamp())), body())


@pytest.mark.parametrize("seconds", [0, 1, -1, WINDOW_SECONDS, -WINDOW_SECONDS])
def test_what_was_signed_just_now_is_fresh(seconds: int) -> None:
    assert is_fresh(signed_at(NOW + timedelta(seconds=seconds)), NOW)


@pytest.mark.parametrize("seconds", [WINDOW_SECONDS + 1, -WINDOW_SECONDS - 1, -86_400, 86_400])
def test_what_was_signed_long_ago_or_ahead_is_signed_rightly_and_not_fresh(seconds: int) -> None:
    signed = signed_at(NOW + timedelta(seconds=seconds))
    assert verified(body(), signed, [KEY]).event == "e1"
    assert not is_fresh(signed, NOW)


@pytest.mark.parametrize("moment", ["", "now", "-1", "1e9", "9" * 13, "\u0663", " 1"])
def test_a_moment_that_tells_no_time_is_no_signature(moment: str) -> None:
    signed = signature(KEY, moment, body())
    assert not is_fresh(signed, NOW)
    with pytest.raises(BadSignature):
        verified(body(), signed, [KEY])


@pytest.mark.parametrize("form", ["{new},{old}", "{old},{new}", "x,{old}", "{old},", "{old}\n", " {old}"])
def test_no_second_moment_makes_an_old_message_fresh(form: str) -> None:
    forged = form.format(new=f"t={int(NOW.timestamp())}", old=signed_at(NOW - timedelta(days=1)))
    assert not is_fresh(forged, NOW)
    with pytest.raises(BadSignature):
        verified(body(), forged, [KEY])


@pytest.mark.parametrize("url", [f"https://{HOST}", f"https://{HOST}/form?mdOrder=1", f"https://{HOST}:443/form"])
def test_a_redirect_to_the_gateway_is_followed(url: str) -> None:
    assert checked(Redirect(url, "t1"), HOST) == Redirect(url, "t1")


@pytest.mark.parametrize(
    "url",
    [
        "",
        f"http://{HOST}/form",
        f"//{HOST}/form",
        "javascript:alert(1)",
        "https://elsewhere.example/form",
        f"https://{HOST}.elsewhere.example/form",
        f"https://elsewhere.example/{HOST}",
        f"https://{HOST}@elsewhere.example/form",
        f"https://elsewhere.example\\@{HOST}/form",
        f"https://payer:secret@{HOST}/form",
        f"https://{HOST}:8443/form",
        f"https://{HOST}/form\r\nSet-Cookie: a=b",
        f"https://{HOST}/a b",
        f"https://{HOST}/\u0641",
        f"https://[{HOST}/form",
        f"https://{HOST}/{'x' * 2000}",
    ],
)
def test_a_redirect_to_anywhere_else_is_not(url: str) -> None:
    with pytest.raises(BadRedirect):
        checked(Redirect(url, "t1"), HOST)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_about_what_we_never_began_is_told_in_words(language: str) -> None:
    step = advanced(None, verified(body(), signed_at(NOW), [KEY]))
    assert sentence("payments", step.why, language)


def test_a_direct_debit_settles_what_is_owed_and_owes_it_again_when_it_is_returned() -> None:
    entries = ledger(das([100_000_000, 0, 0, 0]))
    (owed,) = open_items(entries)
    attempt = Attempt(
        identity="gateway-1",
        kind="direct_debit",
        reference=Reference(EMPLOYER, Period(2025)),
        amount_centimes=owed.open_centimes,
    )
    told = [body(state=each, event=each, amount_centimes=owed.open_centimes) for each in ("paid", "returned")]
    paid, returned = (verified(each, signature(KEY, "1", each), [KEY]) for each in told)
    step = advanced(attempt, paid)
    assert step.attempt
    entry = payment(EMPLOYER, payment_of(step.attempt))
    entries += post(entries, [entry], Rules())
    assert open_items(entries) == ()
    assert advanced(step.attempt, returned).effect == "take_back"
    entries += post(entries, [taken_back(entry, entries, returned.event, returned.on)], Rules())
    assert open_items(entries) == (owed,)
