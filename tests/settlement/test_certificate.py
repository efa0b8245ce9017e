"""Who gets the certificate, until when, and why not?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tasrih.correspondence.canonical import canonical, read_canonical
from tasrih.law import LAW_VERSION
from tasrih.ledger import Decision
from tasrih.settlement.case import Case
from tasrih.settlement.certificate import Certified, Filing, Holder, certificate
from tasrih.settlement.ladder import standings
from tasrih.settlement.notice import sums_of
from tasrih.settlement.plan import Plan
from tasrih.settlement.plan_status import status
from tasrih.settlement.schedule import schedule

from tests.settlement.signed import EMPLOYER, book_of, cases, centimes, debt_of, title

DAY = date(2026, 9, 1)
HOLDER = Holder(employer=EMPLOYER, entity_name="SARL EXEMPLE", entity_name_ar="مثال", agency="16000")


def answer(case: dict[str, Any]) -> Certified:
    owed = tuple(debt_of(told) for told in case["debts"])
    plans = []
    if "plan" in case:
        covered = sums_of([debt for debt in owed if debt.period == "2026-06"])
        first = date(2026, 8, 31) if case["plan"] == "behind" else date(2026, 9, 30)
        plan = Plan(
            number="P1",
            employer=EMPLOYER,
            asked_on=date(2026, 8, 20),
            granted=Decision(number="P1", day=date(2026, 8, 20), officer="officer 1"),
            covered=covered,
            instalments=schedule(covered[0].centimes, first, 2),
        )
        plans = [status(plan, [], DAY, owed)]
        assert plans[0].state == case["plan"]
    book = book_of(case)
    found = standings(Case(employer=EMPLOYER, debts=owed, plans=tuple(plans)), DAY, book=book)
    filings = [Filing(kind, period, last, state, "R1") for kind, period, last, state in case["filings"]]
    return certificate(HOLDER, filings, found, plans, DAY, book=book)


@pytest.mark.parametrize("case", cases("certificates"), ids=title)
def test_a_certificate_is_given_or_refused_as_done_by_hand(case: dict[str, Any]) -> None:
    found = answer(case)
    assert [reason.code for reason in found.why_not] == case["why_not"]
    assert (found.until, found.owed_centimes) == (case.get("until"), centimes(case["owed"]))
    assert (found.facts is None) == bool(case["why_not"])


def test_the_facts_are_ready_to_be_signed_and_say_what_they_rest_on() -> None:
    (case,) = [case for case in cases("certificates") if "plan" in case and case.get("until")]
    facts = answer({**case, "filings": [["das", "2025", date(2026, 1, 31), "in"]]}).facts
    assert facts == {
        "format": "tasrih.certificate.1",
        "employer": EMPLOYER,
        "entity_name": "SARL EXEMPLE",
        "entity_name_ar": "مثال",
        "agency": "16000",
        "day": "2026-09-01",
        "until": "2026-11-29",
        "filings": [{"kind": "das", "period": "2025", "receipt": "R1"}],
        "plans": ["P1"],
        "choices": {"certificate_with_plan": "counts_as_up_to_date", "certificate_days": "90"},
        "law_version": LAW_VERSION,
    }
    assert read_canonical(canonical(facts)) == facts
