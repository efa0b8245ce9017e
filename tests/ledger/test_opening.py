"""Are imported balances and past declarations owed, sourced and quiet, and is the worker share told apart?"""

from __future__ import annotations

from datetime import date

import pytest
from tasrih.adapters.codec import read_record, write_record
from tasrih.ledger import (
    Brought,
    Entry,
    NoSource,
    Rules,
    Unbalanced,
    balance_at,
    check_cleared,
    credit_at,
    is_quiet,
    open_items,
    opening,
    past_declaration,
    worker_share_open,
)

from tests.ledger.made import DAY, EMPLOYER, annual_dues, dac, das, ledger, pay, then

SOURCE = "Ledger of the former system, page 12"
PROPORTION = Rules(worker_share="in_proportion")


def brought(period: str, amount: int, worker: int | None = None, name: str = "") -> Brought:
    return Brought(period=period, amount_centimes=amount, worker_centimes=worker, name=name)


def test_an_opening_balance_is_owed_period_by_period_and_told_to_be_imported() -> None:
    entry = opening(
        EMPLOYER,
        "o1",
        DAY,
        [brought("2023", 90_000, 20_000), brought("2023", 4_000, name="late_das"), brought("", -500)],
        SOURCE,
    )
    assert (entry.source, is_quiet(entry), entry.value_date) == (SOURCE, True, "2026-01-20")
    entries = ledger(entry)
    assert {item.account: item.open_centimes for item in open_items(entries)} == {
        "receivable:2023": 89_500,
        "surcharge:2023:late_das": 4_000,
    }


def test_what_was_credit_before_settles_what_is_declared_now() -> None:
    entries = ledger(opening(EMPLOYER, "o1", DAY, [brought("", -12_000)], SOURCE), dac("2025-01", 2_000_000))
    assert (balance_at(entries), credit_at(entries), open_items(entries)) == (-2_000, 2_000, ())


def test_nothing_is_imported_without_a_source_an_amount_or_a_period() -> None:
    with pytest.raises(NoSource):
        opening(EMPLOYER, "o1", DAY, [brought("2023", 1)], " ")
    with pytest.raises(NoSource):
        past_declaration(EMPLOYER, "u1", "2025", DAY, annual_dues([100, 0, 0, 0]), "")
    with pytest.raises(Unbalanced):
        opening(EMPLOYER, "o1", DAY, [], SOURCE)
    with pytest.raises(ValueError, match="not a period"):
        opening(EMPLOYER, "o1", DAY, [brought("", 1)], SOURCE)


def test_a_past_declaration_is_quiet_and_is_compared_with_the_year() -> None:
    months = annual_dues([2_000_000, 0, 0, 0])
    past = past_declaration(EMPLOYER, "old-1", "2025-Q1", date(2025, 4, 20), months, SOURCE)
    assert (past.reason, past.source, is_quiet(past)) == ("past", SOURCE, True)
    assert not is_quiet(dac("2025-01", 100))
    entries = ledger(past, das([6_000_000, 0, 0, 0]))
    assert balance_at(entries) == 30_000
    check_cleared(entries)


def share(entries: list[Entry], rules: Rules = PROPORTION) -> list[int | None]:
    return [item.worker_centimes for item in open_items(entries, rules=rules)]


def test_the_worker_share_of_a_period_is_settled_first_or_in_proportion() -> None:
    entries = ledger(dac("2025-01", 1_000_000, code="R22"))
    assert [item.open_centimes for item in open_items(entries)] == [345_000]
    assert worker_share_open(entries) == 90_000
    entries = then(entries, pay(69_000))
    assert worker_share_open(entries) == 21_000
    assert worker_share_open(entries, rules=PROPORTION) == 72_000, "a fifth is paid of everything"
    assert worker_share_open(then(entries, pay(21_000, "p2"))) == 0


def test_the_worker_share_of_a_year_is_that_of_what_the_year_adds() -> None:
    entries = ledger(dac("2025-01", 1_000_000, code="R22"), das([3_000_000, 0, 0, 0], code="R22"))
    assert share(entries, Rules()) == [90_000, 180_000]


def test_a_worker_share_that_no_source_tells_is_not_known() -> None:
    entries = ledger(opening(EMPLOYER, "o1", DAY, [brought("2023", 90_000), brought("2024", 90_000, 20_000)], SOURCE))
    assert share(entries) == [None, 20_000]
    assert worker_share_open(entries) is None
    assert worker_share_open(then(entries, pay(90_000))) == 20_000


def test_an_entry_stored_before_there_were_lots_still_loads() -> None:
    entry = dac("2025-01", 1_000_000)
    stored = write_record(entry)
    for name in ("part", "opens", "about", "held", "officer", "second", "why", "source", "decided_on"):
        del stored[name]
    for leg in stored["legs"]["L"]:
        for name in ("months", "since", "until", "source", "lot"):
            del leg["M"][name]
    assert read_record(Entry, stored) == entry
