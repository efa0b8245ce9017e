"""One late payer, from the debt to the certificate, through the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tasrih import law
from tasrih.assessment import late_payment
from tasrih.ledger import Decision, Entry, Payment, balance_at, payment, post, rules, surcharged, taken_back, waiver
from tasrih.settlement.case import Case
from tasrih.settlement.certificate import certificate
from tasrih.settlement.debts import debts
from tasrih.settlement.decided import decide, waiver_after
from tasrih.settlement.ladder import WAIVER, standings
from tasrih.settlement.plan import Plan, grant, ways
from tasrih.settlement.plan_conditions import Asked
from tasrih.settlement.plan_status import PlanStatus, plan_payments, set_aside, status
from tasrih.vocabulary.period import Period

from tests.settlement.signed import EMPLOYER, owed_for
from tests.settlement.test_certificate import HOLDER

BOOK = law.book()
SEPTEMBER, OCTOBER = "2021-09", "2021-10"
TWO = Decision(number="W1", day=date(2022, 4, 1), officer="officer 1", second="officer 2", why="the plan P1 is paid")


class Story:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.plan: Plan | None = None

    def post(self, *new: Entry) -> None:
        aside = set_aside([self.stands(date(2022, 1, 1))]) if self.plan else frozenset()
        self.entries += post(self.entries, new, replace(rules(BOOK), aside=aside))

    def pays(self, identity: str, centimes: int, day: date) -> None:
        money = Payment(identity=identity, means="cheque", amount_centimes=centimes, value_date=day)
        self.post(payment(EMPLOYER, money))

    def bounces(self, identity: str, day: date) -> None:
        (cheque,) = [entry for entry in self.entries if entry.opens == f"payment:{identity}"]
        self.post(taken_back(cheque, self.entries, f"bounce {identity}", day))

    def stands(self, day: date) -> PlanStatus:
        assert self.plan
        return status(self.plan, plan_payments(self.plan, self.entries), day, debts(self.entries, day))


def until_the_plan() -> Story:
    """Two months of 1 000.00 owed, 500.00 of them worker share, which is paid; the surcharges are posted."""
    story = Story()
    for period, arrived in ((SEPTEMBER, date(2021, 10, 1)), (OCTOBER, date(2021, 11, 1))):
        story.post(owed_for(period, 100_000, arrived))
    story.pays("a", 25_000, date(2021, 12, 1))
    for number, (period, paid) in enumerate(((SEPTEMBER, 25_000), (OCTOBER, 0))):
        told = late_payment(Period.parse(period), 100_000, [(date(2021, 12, 1), paid)], date(2021, 12, 5))
        assert told
        decision = Decision(number=f"S{number}", day=date(2021, 12, 5), officer="officer 1")
        story.post(surcharged(story.entries, EMPLOYER, told, decision))
    story.pays("b", 75_000 + 25_000 + 6_000, date(2021, 12, 10))
    return story


def test_a_late_payer_ends_at_zero_with_a_certificate() -> None:
    story, day = until_the_plan(), date(2021, 12, 15)
    owed = debts(story.entries, day)
    # September 1000.00 and its surcharge of 60.00 are settled (the month that ended on 30 November costs 1 %); of
    # October 750.00 are left, none of it worker share, and 50.00 of surcharge
    assert [(debt.account, debt.open_centimes, debt.worker_centimes) for debt in owed] == [
        ("receivable:2021-10", 75_000, 0),
        ("surcharge:2021-10:late_payment", 5_000, 0),
    ]
    asked = Asked(
        employer=EMPLOYER,
        day=day,
        accounts=frozenset(debt.account for debt in owed),
        instalments=3,
        first=date(2021, 12, 31),
    )
    way, _ = ways(asked, owed)
    assert way.is_open
    story.plan = grant(way, asked, "P1", replace(TWO, number="P1", day=day), story.entries)
    for identity, centimes, on in (("c", 25_000, date(2021, 12, 31)), ("d", 25_000, date(2022, 1, 31))):
        story.pays(identity, centimes, on)
    story.bounces("d", date(2022, 2, 4))
    assert story.stands(date(2022, 2, 4)).state == "behind"
    story.pays("e", 50_000, date(2022, 2, 28))
    done = story.stands(date(2022, 2, 28))
    assert (done.state, done.waiver_lost) == ("completed", False)
    left = debts(story.entries, TWO.day)
    assert [debt.account for debt in left] == ["surcharge:2021-10:late_payment"]
    (before,) = standings(Case(employer=EMPLOYER, debts=left, plans=(done,)), TWO.day)
    assert before.next == WAIVER
    relief = decide(waiver_after(done, left), TWO)
    story.post(waiver(story.entries, EMPLOYER, dict(relief.amounts), relief.decision))
    assert balance_at(story.entries, TWO.day) == 0
    found = standings(Case(employer=EMPLOYER, debts=debts(story.entries, TWO.day)), TWO.day)
    answer = certificate(HOLDER, [], found, [], TWO.day)
    assert (answer.why_not, answer.until) == ((), date(2022, 6, 29))


def test_what_a_plan_forgives_is_set_aside_as_long_as_it_may() -> None:
    story, day = until_the_plan(), date(2021, 12, 15)
    owed = debts(story.entries, day)
    asked = Asked(
        employer=EMPLOYER, day=day, accounts=frozenset(debt.account for debt in owed), instalments=2, first=day
    )
    plan = grant(ways(asked, owed)[0], asked, "P1", TWO, story.entries)
    for on, kept in (
        (date(2022, 1, 20), True),
        (date(2022, 1, 21), False),
    ):  # last one on 15 January, five days of grace
        assert bool(set_aside([status(plan, [], on)])) == kept
    assert not set_aside([status(replace(plan, ended=replace(TWO, day=day)), [], day)])
