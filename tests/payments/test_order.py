"""Does a payment order say all that a transfer needs, in three languages, and lead back to what is owed?"""

from __future__ import annotations

from datetime import date

import pytest
from tasrih.ledger import open_items
from tasrih.messages import LANGUAGES, table
from tasrih.payments.account import AccountWrong
from tasrih.payments.matching.match import Matched, match
from tasrih.payments.order import Beneficiary, NothingOwed, PaymentOrder, advice, order, order_rows, part_rows
from tasrih.vocabulary.period import Period

from tests.payments.desk import ONE, RIB, Desk, line, owed

AGENCY = Beneficiary("CNAS, agence d'Alger (exemple)", RIB, "Banque Exemple")
JULY = Period.parse("2026-07")
LATE = {"surcharge:2026-07:late_payment"}
ITEMS = [owed("2026-07", 3_500_000), owed("2026-07", 175_000, "surcharge"), owed("2026-08", 2_000_000)]


def made(period: Period | None = JULY) -> PaymentOrder:
    return order(ONE, ITEMS, AGENCY, date(2026, 11, 25), period=period, due=date(2026, 8, 30), provisional=LATE)


def test_an_order_is_for_one_period_or_for_all_that_is_owed() -> None:
    assert made().amount_centimes == 3_675_000
    assert made(None).amount_centimes == 5_675_000


@pytest.mark.parametrize("period", [JULY, None])
def test_who_pays_an_order_as_it_stands_is_matched_in_full(period: Period | None) -> None:
    paid = made(period)
    rows = dict(order_rows(paid, "fr"))
    found = match(line(paid.amount_centimes, f"VIR {rows['Référence de paiement']}"), Desk(debts={ONE: ITEMS}))
    assert isinstance(found, Matched)
    assert (found.employer, found.kind, found.period) == (ONE, "full", str(period or ""))


def test_the_rows_of_an_order_in_french() -> None:
    assert order_rows(made(), "fr") == (
        ("Bénéficiaire", "CNAS, agence d'Alger (exemple)"),
        ("Compte (RIB)", "002 00016 0000001234 57"),
        ("Banque", "Banque Exemple"),
        ("Montant", "36\u00a0750,00 DA"),
        ("Référence de paiement", "RF50 1699 9999 0120 2607"),
        ("Employeur", "16 999 999 01"),
        ("Période", "2026-07"),
        ("Dû au", "25/11/2026"),
        ("À payer au plus tard le", "30/08/2026"),
    )
    assert part_rows(made(), "fr") == (
        ("Cotisations 2026-07", "35\u00a0000,00 DA"),
        ("dont la part des salariés", "non connue"),
        (
            "Majoration 2026-07 : paiement tardif, une fois (provisoire : source faible, à confirmer)",
            "1\u00a0750,00 DA",
        ),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_says_the_same_in_each_language(language: str) -> None:
    assert [text for _, text in order_rows(made(), language)] == [text for _, text in order_rows(made(), "fr")]
    assert len({label for label, _ in order_rows(made(), language)}) == 9
    assert len(advice(made(), language)) == 4
    assert "RF50 1699 9999 0120 2607" in advice(made(), language)[0]


def test_nothing_owed_makes_no_order() -> None:
    with pytest.raises(NothingOwed):
        order(ONE, [], AGENCY, date(2026, 11, 25))
    with pytest.raises(NothingOwed):
        order(ONE, ITEMS, AGENCY, date(2026, 11, 25), period=Period.parse("2026-09"))


def test_an_account_with_a_mistyped_digit_is_never_printed() -> None:
    with pytest.raises(AccountWrong):
        Beneficiary("x", RIB[:-1] + "8")


def test_what_the_ledger_holds_open_makes_an_order() -> None:
    from tests.ledger.made import EMPLOYER, das, ledger

    items = open_items(ledger(das([100_000_000, 0, 0, 0])))
    paid = order(EMPLOYER, items, AGENCY, date(2026, 11, 25))
    assert paid.amount_centimes == sum(each.open_centimes for each in items)


def test_every_sentence_about_payments_names_the_same_values_in_three_languages() -> None:
    import re

    for key, forms in table("payments").items():
        assert set(forms) == set(LANGUAGES), key
        assert len({frozenset(re.findall(r"\{(\w+)\}", form)) for form in forms.values()}) == 1, key
