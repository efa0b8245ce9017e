"""Can a person follow every amount on the statement to what it rests on?"""

from __future__ import annotations

from datetime import date, timedelta

from tasrih import law
from tasrih.ledger import Entry, balance_at, statement, surcharged, taken_back

from tests.ledger.made import DAY, EMPLOYER, dac, das, decision, ledger, pay, proposal, then

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
BOOK = law.book()


def history() -> list[Entry]:
    paid = pay(8_000, day=DAY + timedelta(3))
    entries = ledger(
        dac("2025-01", 2_000_000),
        das([6_000_000, 0, 0, 0]),
        paid,
        surcharged([], EMPLOYER, proposal("2025-01", late_payment=500), decision(day=DAY + timedelta(5))),
    )
    return then(entries, taken_back(paid, entries, "b1", DAY + timedelta(9)))


def test_the_balance_runs_from_line_to_line_and_ends_where_the_ledger_is() -> None:
    entries = history()
    told = statement(entries, FIRST, LAST, BOOK)
    assert (told.before_centimes, told.after_centimes) == (0, balance_at(entries)) == (0, 30_500)
    running = 0
    for line in told.lines:
        running += line.amount_centimes
        assert line.balance_centimes == running
    assert [(line.entry.reason, line.amount_centimes) for line in told.lines if line.amount_centimes] == [
        ("dues", 10_000),
        ("clearing", 20_000),
        ("payment", -8_000),
        ("surcharge", 500),
        ("bounce", 8_000),
    ]


def test_statements_of_neighbouring_stretches_join() -> None:
    entries = history()
    whole = statement(entries, FIRST, LAST, BOOK)
    for day in (DAY, DAY + timedelta(3), DAY + timedelta(9)):
        one, other = statement(entries, FIRST, day, BOOK), statement(entries, day + timedelta(1), LAST, BOOK)
        assert one.lines + other.lines == whole.lines
        assert one.after_centimes == other.before_centimes == balance_at(entries, day)


def test_every_amount_that_rests_on_law_names_its_article_and_source() -> None:
    for line in statement(history(), FIRST, LAST, BOOK).lines:
        for detail in line.details:
            if detail.leg.account.startswith(("contribution:", "penalty:")):
                assert detail.leg.article
                assert detail.source, detail.leg.account
            else:
                assert not detail.source


def test_a_correction_shows_what_it_corrects_even_if_that_was_before() -> None:
    last = statement(history(), DAY + timedelta(9), LAST, BOOK).lines[0]
    assert (last.entry.reason, last.corrects and last.corrects.reason) == ("bounce", "payment")


def test_what_takes_another_back_on_the_same_day_stands_after_it() -> None:
    paid = pay(8_000, identity="z")
    entries = ledger(dac("2025-01", 2_000_000), paid)
    entries = then(entries, taken_back(paid, entries, "a", DAY))
    reasons = [line.entry.reason for line in statement(reversed(entries), FIRST, LAST, BOOK).lines]
    assert reasons == ["dues", "payment", "allocation", "bounce"]


def test_a_clearing_stands_after_the_declaration_that_it_clears() -> None:
    entries = ledger(dac("2025-01", 2_000_000), das([6_000_000, 0, 0, 0], upload="a"))
    reasons = [line.entry.reason for line in statement(entries, FIRST, LAST, BOOK).lines]
    assert reasons == ["dues", "dues", "clearing"]
