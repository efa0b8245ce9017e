"""Do people's data and receipts outlive a release, a new signing key, and a way back?"""

from __future__ import annotations

from pathlib import Path

import pytest
from tasrih.correspondence.verify import verify

from tests.cloud.filings import NOTHING_PAID, ONE, TWO, Filing, das
from tests.cloud.fund import Employer, Fund
from tests.cloud.web import fetch
from tests.runbook.operator import Operator, Play
from tests.runbook.releases import a_later_release, later_code, put_forward, taken, this_release, with_a_second_key

pytestmark = pytest.mark.cloud


def filed(fund: Fund, employer: Employer, filing: Filing) -> str:
    upload = employer.send(filing)
    assert fund.verdict(employer, upload)["state"] == "in_force"
    return upload


def stored(fund: Fund, upload: str) -> str:
    """The record of the verdict, as it stands."""
    key = {"pk": {"S": f"UPLOAD#{upload}"}, "sk": {"S": "OUTCOME"}}
    found = fund.stack.client("dynamodb").get_item(TableName=fund.stack.outputs["BookTable"], Key=key)
    return str(found["Item"])


def paper(employer: Employer, upload: str, form: str) -> bytes:
    found = fetch(employer.web.must("GET", f"/uploads/{upload}/receipt", form=form)["url"])
    assert found.status == 200
    body: bytes = found.body
    return body


def test_a_release_is_taken_back_and_what_it_wrote_is_read(
    fund: Fund, play: Play, operator: Operator, tmp_path: Path
) -> None:
    employer = fund.employer()
    before = filed(fund, employer, das(employer.number))
    put_forward(fund.stack, a_later_release(), later_code(tmp_path))
    play.do()
    during = filed(fund, employer, das(employer.number, ONE, TWO, NOTHING_PAID))
    assert "of_a_later_release" in stored(fund, during)
    put_forward(fund.stack, this_release())
    assert [line.split()[:2] for line in play.see().splitlines()] == [["Remove", "AWS::SQS::Queue"]]
    play.do()
    assert play.know() == "UPDATE_COMPLETE\n"
    after = filed(fund, employer, das(employer.number))
    assert "of_a_later_release" not in stored(fund, after)
    states = {upload: employer.view(upload)["state"] for upload in (before, during, after)}
    assert states == {before: "superseded", during: "superseded", after: "in_force"}
    keys = fund.anybody.must("GET", "/keys")
    assert all(verify(paper(employer, upload, "json"), keys).ok for upload in states)


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
