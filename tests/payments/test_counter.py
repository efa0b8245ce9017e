"""Is money over the counter typed without faults, posted once, and taken back exactly when its cheque bounces?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tasrih.ledger import Rules, balance_at, open_items, payment, post
from tasrih.messages import LANGUAGES, sentence
from tasrih.payments.cashier import Bounce, CannotBounce, Cheque, Counted, bounced, faults, payment_of
from tasrih.vocabulary.period import Period

from tests.ledger.made import EMPLOYER, das, ledger

TODAY = date(2026, 11, 25)
DAY = date(2026, 11, 3)
CHEQUE = Cheque(number="1234567", bank="Banque Exemple", drawn_on=date(2026, 11, 2))
NOTICE = Bounce(day=date(2026, 11, 10), why="sans provision", officer="officer-1", notice="avis-9")


def counted(**changed: Any) -> Counted:
    usual: dict[str, Any] = {
        "agency": "16000",
        "receipt": "Q-000123",
        "employer": EMPLOYER,
        "amount_centimes": 3_500_000,
        "day": DAY,
        "officer": "caisse-1",
        "cheque": CHEQUE,
    }
    return Counted(**(usual | changed))


@pytest.mark.parametrize("cheque", [CHEQUE, replace(CHEQUE, drawer="SARL Exemple"), None])
def test_what_is_typed_right_has_no_faults(cheque: Cheque | None) -> None:
    assert faults(counted(cheque=cheque), TODAY) == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"agency": "1600"}, "counter_agency"),
        ({"receipt": ""}, "counter_receipt"),
        ({"receipt": "Q 1"}, "counter_receipt"),
        ({"receipt": "1" * 31}, "counter_receipt"),
        ({"employer": "0099999901"}, "counter_employer"),
        ({"amount_centimes": 0}, "counter_amount"),
        ({"amount_centimes": -1}, "counter_amount"),
        ({"amount_centimes": 10**16}, "counter_amount"),
        ({"day": date(2026, 11, 26)}, "counter_day"),
        ({"officer": " "}, "counter_officer"),
        ({"officer": "x" * 101}, "counter_officer"),
        ({"cheque": replace(CHEQUE, number="12")}, "counter_cheque_number"),
        ({"cheque": replace(CHEQUE, number="1234567\n")}, "counter_cheque_number"),
        ({"cheque": replace(CHEQUE, bank="")}, "counter_cheque_bank"),
        ({"cheque": replace(CHEQUE, drawn_on=date(2026, 11, 4))}, "counter_cheque_ahead"),
        ({"cheque": replace(CHEQUE, drawn_on=date(2023, 10, 1))}, "counter_cheque_stale"),
        ({"cheque": replace(CHEQUE, drawer="x" * 101)}, "counter_cheque_drawer"),
        ({"cheque": replace(CHEQUE, drawer="SARL\n")}, "counter_cheque_drawer"),
    ],
)
def test_each_mistyped_field_is_told_in_three_languages(changed: dict[str, Any], code: str) -> None:
    (fault,) = faults(counted(**changed), TODAY)
    assert fault.code == code
    assert len({sentence("payments", code, language, value=fault.value) for language in LANGUAGES}) == len(LANGUAGES)


def test_all_faults_are_told_at_once() -> None:
    assert [each.field for each in faults(counted(agency="", employer="", amount_centimes=0), TODAY)] == [
        "agency",
        "employer",
        "amount_centimes",
    ]


def test_it_counts_from_the_day_at_the_counter_and_tells_its_paper() -> None:
    paid = payment_of(counted(period=Period.parse("2026-07")))
    assert (paid.value_date, paid.means, paid.period, paid.officer) == (DAY, "cheque", "2026-07", "caisse-1")
    assert paid.source == "Q-000123 · 1234567 · Banque Exemple"
    assert payment_of(counted(cheque=None)).means == "cash"


def test_the_same_receipt_typed_twice_is_one_payment() -> None:
    entries = ledger(das([100_000_000, 0, 0, 0]))
    typed = payment(EMPLOYER, payment_of(counted(amount_centimes=100)))
    entries += post(entries, [typed], Rules())
    assert post(entries, [payment(EMPLOYER, payment_of(counted(amount_centimes=100)))], Rules()) == ()


def test_another_receipt_or_another_agency_is_another_payment() -> None:
    typed = [counted(), counted(receipt="Q-000124"), counted(agency="16001")]
    assert len({each.identity for each in typed}) == len(typed)


def test_a_bounced_cheque_is_owed_again_to_the_centime_and_bounces_once() -> None:
    entries = ledger(das([100_000_000, 0, 0, 0]))
    (before,) = open_items(entries)
    paid = payment(EMPLOYER, payment_of(counted(amount_centimes=before.open_centimes - 7)))
    entries += post(entries, [paid], Rules())
    assert balance_at(entries) == 7
    entries += post(entries, [bounced(paid, entries, NOTICE)], Rules())
    assert open_items(entries) == (before,)
    assert bounced(paid, entries, NOTICE) in entries, "the same notice again"
    assert (entries[-1].officer, entries[-1].why) == ("officer-1", "sans provision")


def test_cash_does_not_bounce() -> None:
    paid = payment(EMPLOYER, payment_of(counted(cheque=None)))
    with pytest.raises(CannotBounce):
        bounced(paid, [paid], NOTICE)
