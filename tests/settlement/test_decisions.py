"""Can a notice or a decision be half made? Never."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tasrih import law
from tasrih.assessment import provisional
from tasrih.law import LawNotKnown
from tasrih.ledger import Decision, NotDecided, post, rules, write_off
from tasrih.ledger import provisional as posted_provisional
from tasrih.settlement.batch import print_batch
from tasrih.settlement.case import Case, Reminder
from tasrih.settlement.debts import debts
from tasrih.settlement.decided import NotProposed, decide, decide_provisional, write_off_of
from tasrih.settlement.ladder import standings
from tasrih.settlement.notice import FormalNotice, NoticeRefused, formal_notice, notified, remedy_against, sums_of
from tasrih.settlement.policy import policy
from tasrih.settlement.why import why
from tasrih.vocabulary.dues import Due, Dues
from tasrih.vocabulary.period import Period

from tests.settlement.signed import EMPLOYER, debt_of, owed_for

BOOK = law.book()
MADE = date(2026, 9, 15)
OWED = debt_of({"debt": "2026-06", "amount": "600000.00"})
SURCHARGE = debt_of({"debt": "2026-06 late_payment", "amount": "1000000.00"})
DRAFT = FormalNotice(
    number="N1",
    employer=EMPLOYER,
    debtor_name="SARL EXEMPLE",
    sums=sums_of([OWED, SURCHARGE]),
    sanctions=tuple(policy().means),
    officer="officer 1",
    made_on=MADE,
)
TWO = Decision(number="D1", day=date(2026, 9, 20), officer="officer 1", second="officer 2", why="prescribed")


def refused(draft: FormalNotice) -> list[tuple[str, object]]:
    with pytest.raises(NoticeRefused) as found:
        formal_notice(draft, BOOK)
    return [(reason.code, dict(reason.values).get("item", "")) for reason in found.value.because]


def test_a_notice_with_all_that_article_46_asks_for_is_made_and_gives_thirty_days() -> None:
    notice = formal_notice(DRAFT, BOOK)
    assert (notice.days, notice.total_centimes, notice.last_day) == (30, 160_000_000, None)
    told = notified(notice, date(2026, 9, 20), "acknowledgement RR 12", "officer 2")
    assert (told.last_day, told.recorded_by) == (date(2026, 10, 20), "officer 2")


@pytest.mark.parametrize(
    ("draft", "missing"),
    [
        (replace(DRAFT, debtor_name=" "), ["debtor_name"]),
        (replace(DRAFT, sums=()), ["sums_by_nature", "sums_by_period", "legal_provisions"]),
        (replace(DRAFT, sums=(replace(DRAFT.sums[0], name="nobody knows"),)), ["sums_by_nature"]),
        (replace(DRAFT, sums=(replace(DRAFT.sums[0], period=""),)), ["sums_by_period"]),
        (replace(DRAFT, sums=(replace(DRAFT.sums[0], articles=()),)), ["legal_provisions"]),
        (replace(DRAFT, sanctions=()), ["sanctions"]),
        (replace(DRAFT, sanctions=(" ",)), ["sanctions"]),
    ],
)
def test_a_notice_that_would_be_void_is_not_made(draft: FormalNotice, missing: list[str]) -> None:
    assert refused(draft) == [("notice_lacks", item) for item in missing]


def test_a_notice_needs_an_officer_and_an_amount() -> None:
    assert refused(replace(DRAFT, officer="")) == [("officer_missing", "")]
    assert refused(replace(DRAFT, sums=(replace(DRAFT.sums[0], centimes=0),))) == [("nothing_owed", "")]


def test_a_content_that_the_law_adds_is_missing_until_notices_state_it() -> None:
    (dated,) = BOOK.contents["formal_notice"]
    more = replace(dated, value=(*(dated.value or ()), "debtor_address"))
    with pytest.raises(NoticeRefused, match="notice_lacks"):
        formal_notice(DRAFT, replace(BOOK, contents={"formal_notice": (more,)}))


def test_before_the_law_on_disputes_no_notice_is_made() -> None:
    with pytest.raises(LawNotKnown):
        formal_notice(replace(DRAFT, made_on=date(2008, 3, 1)), BOOK)


@pytest.mark.parametrize(
    ("day", "evidence", "by", "codes"),
    [
        (date(2026, 9, 14), "RR 12", "officer 2", ["notified_before_made"]),
        (MADE, " ", "officer 2", ["evidence_missing"]),
        (MADE, "RR 12", "", ["officer_missing"]),
    ],
)
def test_a_notification_is_recorded_with_its_day_and_its_proof(
    day: date, evidence: str, by: str, codes: list[str]
) -> None:
    with pytest.raises(NoticeRefused) as found:
        notified(formal_notice(DRAFT, BOOK), day, evidence, by)
    assert [reason.code for reason in found.value.because] == codes


def test_a_notification_is_recorded_once_and_may_be_on_the_day_of_the_notice() -> None:
    told = notified(formal_notice(DRAFT, BOOK), MADE, "RR 12", "officer 2")
    with pytest.raises(NoticeRefused, match="notified_already"):
        notified(told, MADE, "RR 13", "officer 2")


def test_a_batch_holds_what_may_be_claimed_now_and_says_why_the_rest_is_kept_out() -> None:
    day, debt = date(2026, 9, 15), OWED
    reminder = Reminder(date(2026, 8, 30), frozenset({debt.account, SURCHARGE.account}))
    case = Case(employer=EMPLOYER, debts=(debt, SURCHARGE), reminders=(reminder,))
    found = standings(case, day)
    good = replace(DRAFT, officer="", sums=sums_of([debt]))
    drafts = [
        good,
        replace(good, sums=sums_of([SURCHARGE])),
        replace(good, sums=sums_of([replace(debt, open_centimes=debt.open_centimes + 1)])),
        replace(good, sums=sums_of([debt_of({"debt": "2026-07", "amount": "1.00"})])),
        replace(good, debtor_name=""),
    ]
    batch = print_batch("B1", "officer 1", day, [(draft, found) for draft in drafts], BOOK)
    assert batch.notices == (replace(good, officer="officer 1", made_on=day, days=30),)
    assert [[reason.code for reason in because] for _, because in batch.kept_out] == [
        ["provisional_not_confirmed"],
        ["more_than_owed"],
        ["step_not_next"],
        ["notice_lacks"],
    ]


def test_a_batch_is_signed_by_an_officer_and_not_before_its_day() -> None:
    reminders = (Reminder(date(2026, 8, 30), frozenset({OWED.account})),)
    case = Case(employer=EMPLOYER, debts=(OWED,), reminders=reminders)
    for day, officer, code in ((MADE, " ", "officer_missing"), (date(2026, 9, 14), "officer 1", "days_running_here")):
        batch = print_batch("B1", officer, day, [(replace(DRAFT, sums=sums_of([OWED])), standings(case, day))], BOOK)
        assert [reason.code for _, because in batch.kept_out for reason in because] == [code]


def test_the_remedy_depends_on_what_is_claimed() -> None:
    day = date(2026, 9, 20)
    both, surcharge = DRAFT, replace(DRAFT, sums=sums_of([SURCHARGE]))
    less = replace(DRAFT, sums=sums_of([replace(SURCHARGE, open_centimes=99_999_999)]))
    found = [remedy_against(notice, day, BOOK) for notice in (both, surcharge, less)]
    assert [each.stage for each in found] == ["local", "national", "local"]
    assert {each.last_day for each in found} == {date(2026, 10, 5)}


def test_a_write_off_needs_a_reason_and_two_people_and_the_ledger_takes_it() -> None:
    entries = [owed_for("2022-06", 60_000, date(2022, 7, 1))]
    relief = write_off_of(
        debts(entries, TWO.day), why("prescribed", last_day=date(2026, 7, 30)), "law 08-08, article 79"
    )
    for lacking, what in (
        (replace(TWO, officer=" "), "officer"),
        (replace(TWO, second=""), "second"),
        (replace(TWO, second=" OFFICER 1 "), "second"),
        (replace(TWO, why=" "), "why"),
    ):
        with pytest.raises(NotDecided, match=what):
            decide(relief, lacking)
    decided = decide(relief, TWO)
    assert (decided.kind, decided.amounts) == ("write_off", (("receivable:2022-06", 60_000),))
    new = post(entries, [write_off(entries, EMPLOYER, dict(decided.amounts), decided.decision)], rules(BOOK))
    assert debts([*entries, *new], TWO.day) == ()


SHARES = tuple(
    Due("2025", "R22", "retirement", share, 0, Decimal(0), amount, "law 83-16", date(2024, 1, 1), "firm")
    for share, amount in (("employer", 70_000), ("worker", 30_000))
)
SILENT = date(2026, 8, 1)


def test_contributions_are_set_by_an_officer_with_a_reason_and_the_ledger_takes_them() -> None:
    told = provisional(Period(2026, month=6), {Period(2026, month=5): Dues("computed", SHARES)}, SILENT)
    assert told
    one = replace(TWO, second="")
    for lacking, what in ((replace(one, officer=""), "officer"), (replace(one, why=""), "why")):
        with pytest.raises(NotDecided, match=what):
            decide_provisional(told, lacking)
    with pytest.raises(NotProposed, match="decided_before_reckoned"):
        decide_provisional(told, replace(one, day=date(2026, 7, 31)))
    decided = decide_provisional(told, one)
    assert decided.proposal is told
    entries = post([], [posted_provisional([], EMPLOYER, told, decided.decision)], rules(BOOK))
    (debt,) = debts(entries, TWO.day)
    assert (debt.open_centimes, debt.worker_centimes, debt.articles) == (100_000, 30_000, ("law 83-14, article 15",))


def test_without_a_basis_nothing_is_set() -> None:
    told = provisional(Period(2026, month=6), {}, SILENT)
    assert told
    with pytest.raises(NotProposed, match="nothing_to_set"):
        decide_provisional(told, TWO)
