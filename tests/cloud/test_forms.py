"""Is a form good for exactly the announced bytes, in exactly one place, for ten minutes?"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cloud.filings import das
from tests.cloud.fund import Fund
from tests.cloud.web import post_form

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize("forged", ["key", "checksum", "policy", "wider", "signature", "expired"])
def test_a_forged_form_is_refused_by_the_store(guarded: Fund, forged: str) -> None:
    employer, victim = guarded.employer(), guarded.employer()
    filing = das(employer.number)
    form = employer.open(filing)["forms"][0]
    body = filing.files[0][1]
    theirs = victim.open(das(victim.number))["forms"][0]["fields"]
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    conditions = [["content-length-range", 1, 2**40] if "content-length-range" in each else each
                  for each in policy["conditions"]]  # fmt: skip
    changed = {
        "key": {"key": theirs["key"]},
        "checksum": {"x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(b"other").digest()).decode()},
        "policy": {"policy": theirs["policy"]},
        "wider": {"policy": _encoded({**policy, "conditions": conditions})},
        "signature": {"x-amz-signature": "0" * 64},
        "expired": {"policy": _encoded({**policy, "expiration": "2020-01-01T00:00:00Z"})},
    }[forged]
    assert post_form(form, body, **changed).status == 403
    assert post_form(form, body).status in (200, 201, 204), "as it was issued it is good"


def _encoded(policy: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(policy).encode()).decode()


def test_a_form_is_good_for_ten_minutes(fund: Fund) -> None:
    employer = fund.employer()
    opened = employer.open(das(employer.number))
    policy = json.loads(base64.b64decode(opened["forms"][0]["fields"]["policy"]))
    lasts = datetime.fromisoformat(policy["expiration"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < lasts <= timedelta(minutes=10)
    assert abs(
        datetime.fromisoformat(opened["form_expires_at"]) - datetime.fromisoformat(policy["expiration"])
    ) < timedelta(seconds=5)


def test_a_form_takes_no_file_above_the_limit(fund: Fund) -> None:
    employer = fund.employer()
    opened = employer.open(das(employer.number))
    policy = json.loads(base64.b64decode(opened["forms"][0]["fields"]["policy"]))
    assert ["content-length-range", 1, 8_388_608] in policy["conditions"]
    asked = das(employer.number).announcement()
    asked["files"][0]["size"] = 268435457
    assert employer.web.call("POST", "/uploads", asked).status == 422
