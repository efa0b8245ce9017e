"""Are the parts of a payment order told apart as the ledger has them: nature, workers' share, weak sources?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tasrih.ledger import Brought, Entry, open_items, opening, reversal, surcharged
from tasrih.messages import LANGUAGES
from tasrih.payments.order import PaymentOrder, advice, order, part_rows, weakly_sourced

from tests.ledger.made import DAY, EMPLOYER, dac, das, decision, ledger, pay, proposal, then
from tests.payments.test_order import AGENCY

JULY = dac("2026-07", 10_000_000, code="R22")
"""34,5 % of 100 000,00 = 34 500,00, of which 9 % = 9 000,00 are the workers'."""


def ordered(entries: list[Entry]) -> PaymentOrder:
    return order(EMPLOYER, open_items(entries), AGENCY, DAY, provisional=weakly_sourced(entries))


def test_the_workers_share_is_told_apart_and_counts_as_paid_first() -> None:
    entries = ledger(JULY)
    assert [row for _, row in part_rows(ordered(entries), "en")] == ["34\u00a0500,00 DA", "9\u00a0000,00 DA"]
    entries = then(entries, pay(600_000, day=date(2026, 8, 1)))
    assert [row for _, row in part_rows(ordered(entries), "en")] == ["28\u00a0500,00 DA", "3\u00a0000,00 DA"]


@pytest.mark.parametrize(
    ("brought", "told"),
    [
        (Brought(period="2024", amount_centimes=500_000), "not known"),
        (Brought(period="2024", amount_centimes=500_000, worker_centimes=100_000), "1\u00a0000,00 DA"),
    ],
)
def test_of_an_imported_balance_the_workers_share_is_told_or_said_not_to_be_known(brought: Brought, told: str) -> None:
    rows = part_rows(ordered(ledger(opening(EMPLOYER, "old", DAY, [brought], "balance of 2024"))), "en")
    assert rows == (("Contributions 2024", "5\u00a0000,00 DA"), ("of which the workers' share", told))


def test_an_imported_surcharge_keeps_the_name_that_it_came_with() -> None:
    old = Brought(period="2024", amount_centimes=500_000, name="penalty_of_old")
    rows = part_rows(ordered(ledger(opening(EMPLOYER, "old", DAY, [old], "balance of 2024"))), "fr")
    assert rows == (("Majoration 2024 : penalty_of_old", "5\u00a0000,00 DA"),)


def test_what_rests_on_a_weak_source_is_marked_part_by_part_as_long_as_it_stands() -> None:
    assessed = weak(
        surcharged([], EMPLOYER, proposal("2026-07", late_payment=5_000, late_payment_month=1_000), decision())
    )
    entries = ledger(dac("2026-08", 10_000_000), weak(dac("2026-07", 10_000_000)), assessed)
    assert weakly_sourced(entries) == {
        "receivable:2026-07",
        "surcharge:2026-07:late_payment",
        "surcharge:2026-07:late_payment_month",
    }
    paid = ordered(entries)
    assert [(part.period, part.name) for part in paid.parts if not part.provisional] == [("2026-08", "")]
    assert sum("(provisoire : source faible, à confirmer)" in label for label, _ in part_rows(paid, "fr")) == 3
    assert {len(advice(paid, language)) for language in LANGUAGES} == {4}
    undone = then(entries, reversal(entries[1], "dac-2026-07", date(2026, 9, 1), "withdrawal"))
    assert "receivable:2026-07" not in weakly_sourced(undone)


def test_the_difference_of_a_year_is_weak_where_its_declaration_is() -> None:
    assert weakly_sourced(ledger(weak(das([10_000_000, 0, 0, 0])))) == {"receivable:2025"}


def weak(entry: Entry) -> Entry:
    legs = (replace(leg, confidence="provisional" if leg.confidence else "") for leg in entry.legs)
    return replace(entry, legs=tuple(legs))
