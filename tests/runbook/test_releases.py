"""Do people's data and receipts outlive a release, a new signing key, and a way back?"""

from __future__ import annotations

import pytest
from tasrih.correspondence.verify import verify

from tests.cloud.filings import NOTHING_PAID, ONE, TWO, Filing, das
from tests.cloud.fund import Employer, Fund
from tests.cloud.web import fetch
from tests.runbook.operator import Operator, Play
from tests.runbook.releases import put_forward, taken, this_release, with_a_second_key

pytestmark = pytest.mark.cloud


def filed(fund: Fund, employer: Employer, filing: Filing) -> str:
    upload = employer.send(filing)
    assert fund.verdict(employer, upload)["state"] == "in_force"
    return upload


def paper(employer: Employer, upload: str, form: str) -> bytes:
    found = fetch(employer.web.must("GET", f"/uploads/{upload}/receipt", form=form)["url"])
    assert found.status == 200
    body: bytes = found.body
    return body


def test_a_signing_key_is_replaced_and_old_receipts_verify(fund: Fund, play: Play, operator: Operator) -> None:
    employer = fund.employer()
    old = filed(fund, employer, das(employer.number))
    published, first = fund.anybody.must("GET", "/keys"), fund.stack.outputs["SigningKey"]
    assert play.see().split() == [first]
    ready = put_forward(fund.stack, with_a_second_key(this_release()))
    play.do()
    taken(fund.stack, ready)
    operator.look_up_names()
    second = fund.stack.outputs["SigningKey"]
    assert second != first
    assert play.know().split() == [second, first]
    new = filed(fund, employer, das(employer.number, ONE, TWO, NOTHING_PAID))
    keys = fund.anybody.must("GET", "/keys")
    assert [each["kid"] for each in keys["keys"]][1:] == [each["kid"] for each in published["keys"]]
    for upload in (old, new):
        for form in ("pdf", "json"):
            assert verify(paper(employer, upload, form), keys).ok
    assert verify(paper(employer, old, "json"), published).ok, "also for whoever kept the keys of then"
    assert not verify(paper(employer, new, "json"), published).ok, "it is the new key that signed"
