"""Tests, mandates and withdrawals over the wire."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tasrih.correspondence.verify import verify
from tasrih.local.waiting import wait_for

from tests.cloud.filings import das
from tests.cloud.fund import Employer, Fund
from tests.cloud.web import fetch

pytestmark = pytest.mark.cloud

CERTIFIED = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}


def subjects(fund: Fund, employer: Employer, count: int) -> list[str]:
    return [str(mail.message["Subject"]) for mail in fund.mails(employer, count)]


def withdrawal_signed(fund: Fund, employer: Employer, upload: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        view = employer.view(upload)
        return view if view["withdrawal"]["receipt"]["pdf_ready"] else None

    return wait_for(look, f"the receipt of the withdrawal of {upload}", fund.seconds, hint=fund.logs)


def test_a_test_is_mailed_as_one_and_the_real_filing_of_the_same_bytes_counts(fund: Fund) -> None:
    employer = fund.employer()
    filing = das(employer.number)
    tested = fund.verdict(employer, employer.send(filing, purpose="test", certified=None), lang="en")
    assert (tested["state"], tested["receipt"], tested["meaning"][:4]) == ("tested", None, "TEST")
    assert subjects(fund, employer, 1)[0].startswith("ESSAI ·")
    real = fund.verdict(employer, employer.send(filing))
    assert (real["state"], real["version"]) == ("in_force", 1)
    assert real["dues"]["total_centimes"] == tested["dues"]["total_centimes"]


def test_a_filing_is_withdrawn_with_a_genuine_receipt_and_filed_again_as_a_new_version(fund: Fund) -> None:
    employer = fund.employer()
    filing = das(employer.number)
    upload = employer.send(filing)
    first = fund.verdict(employer, upload)
    asked = {"reason": "Envoyée pour une autre année", "certified": CERTIFIED}
    assert employer.web.must("POST", f"/uploads/{upload}/withdraw", asked)["state"] == "withdrawn"
    view = withdrawal_signed(fund, employer, upload)
    keys = fund.anybody.must("GET", "/keys")
    for form in ("pdf", "json"):
        link = employer.web.must("GET", f"/uploads/{upload}/receipt", form=form, of="withdrawal")["url"]
        answer = verify(fetch(link).body, keys)
        assert (answer.ok, answer.number) == (True, view["withdrawal"]["receipt"]["number"])
        assert answer.summary["withdraws"] == first["receipt"]["number"]
    assert employer.web.call("GET", f"/uploads/{upload}/lines").status == 404
    assert any("retirée" in subject for subject in subjects(fund, employer, 2))
    again = fund.verdict(employer, employer.send(filing))
    assert (again["state"], again["version"]) == ("in_force", 2)


def test_an_accountant_files_under_a_mandate_until_it_is_taken_back(fund: Fund) -> None:
    employer, accountant = fund.employer(), fund.employer()
    acting = replace(accountant, number=employer.number, email=employer.email)
    announced = das(employer.number).announcement()
    assert accountant.web.call("POST", "/uploads", announced).status == 404
    employer.web.must("POST", "/mandates", {"account": accountant.account, "scopes": ["declare", "read"]})
    view = fund.verdict(acting, acting.send(das(employer.number)))
    assert view["certified"]["mandate"]["holder"] == f"FIRME {accountant.number}"
    assert employer.view(view["upload"])["state"] == "in_force"
    employer.web.must("DELETE", f"/mandates/{accountant.account}")
    assert accountant.web.call("GET", f"/uploads/{view['upload']}").status == 404
    assert accountant.web.call("POST", "/uploads", announced).status == 404
