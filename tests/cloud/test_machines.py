"""Does a program get in with its secret, do what it may, and no more once it is revoked?"""

from __future__ import annotations

import pytest

from tests.cloud.filings import das
from tests.cloud.fund import Fund
from tests.cloud.web import Web, post_form

pytestmark = pytest.mark.cloud


def test_a_machine_files_a_test_within_its_scope_until_it_is_revoked(fund: Fund) -> None:
    employer = fund.employer()
    made = employer.web.must("POST", "/machines", {"name": "serveur", "scopes": ["test"]})
    token = fund.anybody.signed_in(made["machine"], made["secret"], client="machine_client").token
    machine, filing = Web(f"{fund.stack.api_url}/machine", token), das(employer.number)
    assert machine.call("POST", "/uploads", filing.announcement()).status == 403
    opened = machine.must("POST", "/uploads", filing.announcement(purpose="test", certified=None))
    for form, (_, body) in zip(opened["forms"], filing.files, strict=True):
        assert post_form(form, body).status in (200, 201, 204)
    assert fund.verdict(employer, opened["upload"])["state"] == "tested"
    assert machine.must("GET", f"/uploads/{opened['upload']}")["state"] == "tested"
    assert Web(fund.stack.api_url, token).call("GET", "/uploads").status == 401
    assert Web(f"{fund.stack.api_url}/machine", employer.web.token).call("GET", "/uploads").status == 401
    employer.web.must("DELETE", f"/machines/{made['machine']}")
    assert machine.call("GET", f"/uploads/{opened['upload']}").status == 403
