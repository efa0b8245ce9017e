"""Does everybody see their own, and nothing else?"""

from __future__ import annotations

import base64
import json

import pytest

from tests.cloud.filings import ONE, das
from tests.cloud.fund import AGENCY, OTHER_AGENCY, Employer, Fund
from tests.cloud.web import Web

pytestmark = pytest.mark.cloud

NOBODY = "0" * 32


@pytest.fixture(scope="module")
def employer(fund: Fund) -> Employer:
    return fund.employer()


@pytest.fixture(scope="module")
def stranger(fund: Fund) -> Employer:
    return fund.employer(agency=OTHER_AGENCY)


@pytest.fixture(scope="module")
def upload(fund: Fund, employer: Employer) -> str:
    upload = employer.send(das(employer.number))
    assert fund.verdict(employer, upload)["state"] == "in_force"
    return upload


PUBLIC = ("/service", "/keys", "/openapi.json", "/rules", "/layouts")
BODIES: dict[tuple[str, str], object] = {
    ("POST", "/insured"): {"nss": ONE.nss},
    ("POST", "/insured/export"): {"nss": ONE.nss, "reason": "drill of access"},
    ("PUT", "/register"): "entity",
    ("PATCH", "/register/employers/{number}"): {"revision": 1},
}
"""Where an empty body would not do; a new route is tried without being added."""


def paths(fund: Fund, upload: str) -> list[tuple[str, str, object]]:
    """Every route of the API's own document that is not public, with its places filled."""
    document = fund.anybody.must("GET", "/openapi.json")["paths"]
    described = [(method.upper(), path) for path, methods in document.items() for method in methods]
    places = {
        "{upload}": upload,
        "{number}": "1600000001",
        "{account}": "somebody",
        "{machine}": f"machine-{NOBODY}",
        "{webhook}": NOBODY,
        "{line}": "2",
    }
    asked = []
    for method, path in described:
        filled = path
        for place, value in places.items():
            filled = filled.replace(place, value)
        assert "{" not in filled, f"tell this test what stands for the place in {path}"
        if path not in PUBLIC:
            asked.append((method, filled, BODIES.get((method, path), None if method == "GET" else {})))
    assert len(asked) >= 9
    return asked


def test_without_a_token_nothing_but_the_public_is_answered(fund: Fund, upload: str) -> None:
    assert {fund.anybody.call(*asked).status for asked in paths(fund, upload)} == {401}
    assert {fund.anybody.call("GET", path).status for path in PUBLIC} == {200}


def test_a_forged_token_is_refused(fund: Fund, employer: Employer, upload: str) -> None:
    head, claims, signature = employer.web.token.split(".")
    padded = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    for change in ({"username": "somebody"}, {"cognito:groups": [f"officers-{AGENCY}"]}, {"exp": 4102444800}):
        forged = base64.urlsafe_b64encode(json.dumps({**padded, **change}).encode()).decode().rstrip("=")
        assert Web(fund.stack.api_url, f"{head}.{forged}.{signature}").call("GET", f"/uploads/{upload}").status == 401
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    assert Web(fund.stack.api_url, f"{unsigned}.{claims}.").call("GET", f"/uploads/{upload}").status == 401


def test_an_identity_token_opens_nothing(fund: Fund, employer: Employer, upload: str) -> None:
    web = fund.anybody.signed_in(employer.account, employer.password, "IdToken")
    assert {web.call("GET", path).status for path in ("/uploads", f"/uploads/{upload}")} <= {401, 403}


def test_an_account_that_the_register_does_not_know_may_do_nothing(fund: Fund) -> None:
    (person,) = fund.stack.people([("unknown-to-the-register", "")]).values()
    web = fund.anybody.signed_in(person.username, person.password)
    assert web.call("GET", "/uploads").status == 403


@pytest.mark.parametrize("part", ["", "/findings", "/receipt", "/lines"])
def test_anothers_upload_looks_like_one_that_does_not_exist(stranger: Employer, upload: str, part: str) -> None:
    theirs, nobodys = (stranger.web.call("GET", f"/uploads/{each}{part}") for each in (upload, NOBODY))
    assert theirs == nobodys
    assert theirs.status == 404


def test_nobody_opens_an_upload_for_anothers_employer(stranger: Employer, employer: Employer) -> None:
    theirs = stranger.web.call("POST", "/uploads", das(employer.number).announcement())
    nobodys = stranger.web.call("POST", "/uploads", das("1699999999").announcement())
    assert theirs == nobodys
    assert theirs.status == 404


def test_uploads_are_listed_for_their_entity_only(employer: Employer, stranger: Employer, upload: str) -> None:
    assert upload in [row["upload"] for row in employer.web.must("GET", "/uploads")["uploads"]]
    assert stranger.web.must("GET", "/uploads")["uploads"] == []


def test_an_officer_sees_employers_of_the_own_agency_only(
    fund: Fund, employer: Employer, stranger: Employer, upload: str
) -> None:
    other = fund.officer_of(OTHER_AGENCY)
    number = employer.number
    assert fund.officer.call("GET", f"/uploads/{upload}").status == 200
    assert other.call("GET", f"/uploads/{upload}") == other.call("GET", f"/uploads/{NOBODY}")
    assert fund.officer.call("GET", f"/register/employers/{number}").status == 200
    assert other.call("GET", f"/register/employers/{number}").status == 404
    assert other.call("GET", f"/register/employers/{stranger.number}").status == 200
    assert other.call("PATCH", f"/register/employers/{number}", {"revision": 1}).status == 404
    mine = fund.officer.must("POST", "/insured", {"nss": ONE.nss})["declared"]
    assert number in [each["employer"] for each in mine]
    theirs = other.must("POST", "/insured", {"nss": ONE.nss})["declared"]
    assert number not in [each["employer"] for each in theirs]


def test_an_employer_may_do_nothing_of_an_officer_and_an_officer_files_nothing(fund: Fund, employer: Employer) -> None:
    assert employer.web.call("POST", "/insured", {"nss": ONE.nss}).status == 403
    assert employer.web.call("PUT", "/register", "entity").status == 403
    assert employer.web.call("PATCH", f"/register/employers/{employer.number}", {"revision": 1}).status == 403
    assert fund.officer.call("POST", "/uploads", das(employer.number).announcement()).status == 403
