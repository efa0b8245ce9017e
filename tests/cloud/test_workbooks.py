"""Does a workbook get its verdict from a deployed function, child and all?"""

from __future__ import annotations

import pytest

from tests.cloud.filings import Filing
from tests.cloud.fund import Fund
from tests.declaration.made_workbooks import DATE, Stored, book

pytestmark = pytest.mark.cloud


def workbook(employer: str, **changes: Stored) -> Filing:
    body = book({"Employeur": employer, "Année": 2025, "Centre payeur": f"{employer[:2]}000", **changes})
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    return Filing(employer, ((f"DAS-{employer}.xlsx", body),), 36_000_000, (lines,))


def test_a_workbook_is_accepted_and_a_damaged_one_named_cell_by_cell(fund: Fund) -> None:
    employer = fund.employer()
    good = fund.verdict(employer, employer.send(workbook(employer.number)))
    assert (good["state"], good["lines"]) == ("in_force", 1)
    upload = employer.send(workbook(employer.number, **{"Durée T1": (DATE, 43831)}))
    assert fund.verdict(employer, upload)["state"] == "refused"
    found = employer.web.must("GET", f"/uploads/{upload}/findings", lang="en")["findings"]
    assert ("E721", 2, "duration_q1") in [(each["code"], each["line"], each["column"]) for each in found]
