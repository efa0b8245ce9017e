"""Does a DAC of several employers become as many filings on the deployed functions, by their own events?"""

from __future__ import annotations

import json

import pytest
from tasrih.correspondence.verify import verify
from tasrih.local.waiting import wait_for

from tests.cloud.filings import Filing
from tests.cloud.fund import Fund
from tests.cloud.web import fetch
from tests.declaration.dacs import FUND, REDUCED, table, workers

pytestmark = pytest.mark.cloud

MARCH = {"Effectif": "3", "Assiette (DA)": "144000,00", "Déjà payé (DA)": "10000,00"}
TOTAL_BY_HAND = 5_040_000
"""35 % of 144000.00 DA, in centimes: 34.5 % under R22 and 0.5 % for the housing fund."""


def filing(body: str, employer: str = "") -> Filing:
    return Filing(employer, (("DAC-2026-03.csv", body.encode()),), 0, (body.count("\n"),))


def test_a_dac_of_three_employers_is_as_many_filings_under_one_mail(fund: Fund) -> None:
    accountant, client, stranger = fund.employer(), fund.employer(language="ar"), fund.employer()
    client.web.must("POST", "/mandates", {"account": accountant.account, "scopes": ["declare", "read"]})
    rows = [
        {**MARCH, **code, "Employeur": employer.number}
        for employer in (accountant, client, stranger)
        for code in ({}, FUND)
    ]
    upload = accountant.send(filing(table(*rows)))

    def look() -> list[str] | None:
        found = [part["state"] for part in accountant.view(upload)["parts"]]
        return found if found and "received" not in found else None

    assert wait_for(look, "a verdict on each", 180, hint=fund.logs) == ["in_force", "in_force", "refused"]
    of_client = accountant.view(upload)["parts"][1]["upload"]
    view = fund.verdict(client, of_client, lang="en")
    assert (view["kind"], view["period"], view["total_centimes"]) == ("DAC", "2026-03", 14_400_000)
    assert (view["dues"]["state"], view["dues"]["total_centimes"]) == ("computed", TOTAL_BY_HAND)
    assert view["dac"]["still_to_pay_centimes"] == TOTAL_BY_HAND - 1_000_000
    assert client.web.call("GET", f"/uploads/{upload}").status == 404
    assert stranger.web.must("GET", "/uploads")["uploads"] == []
    _genuine(fund, view, client.web.must("GET", f"/uploads/{of_client}/receipt", form="json")["url"])
    (mail,) = fund.mails(client)
    assert len(list(mail.message.iter_attachments())) == 2
    (digest,) = fund.mails(accountant)
    assert view["receipt"]["number"] in str(digest.message.get_body(("plain",)))


def _genuine(fund: Fund, view: dict[str, object], link: str) -> None:
    body = fetch(link).body
    assert verify(body, fund.anybody.must("GET", "/keys")).ok
    facts = json.loads(body)["receipt"]
    assert facts["dac"]["headcount"] == 3
    assert facts["files"][0]["name"] == "DAC-2026-03.csv"


def test_a_nominal_dac_is_kept_line_by_line_and_found_by_insured_number(fund: Fund) -> None:
    employer = fund.employer(codes="R07 R22")
    who = {"Employeur": employer.number, "NSS": "711122233344"}
    reduced = {**REDUCED, "NSS": "711122233355"}
    body = workers(who, {**who, **FUND}, {**who, **reduced}, {**who, **reduced, **FUND})
    view = fund.verdict(employer, employer.send(filing(body, employer.number)))
    assert (view["state"], view["dues"]["state"]) == ("in_force", "partly_held")
    assert [held["code"] for held in view["dues"]["held"]] == ["R07"]
    lines = employer.web.must("GET", f"/uploads/{view['upload']}/lines")["lines"]
    assert sorted((line["number"], line["code"], line["base_centimes"]) for line in lines) == [
        (2, "R22", 5_000_000),
        (3, "R98", 5_000_000),
        (4, "R07", 30_000_000),
        (5, "R98", 30_000_000),
    ]
    (declared,) = fund.officer.must("POST", "/insured", {"nss": "711122233344"})["declared"]
    assert (declared["kind"], declared["period"], len(declared["lines"])) == ("DAC", "2026-03", 2)
