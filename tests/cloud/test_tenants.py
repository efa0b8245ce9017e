"""Does the deployed service tell a stranger anything of what stands in its stores? A drawn sample of tests/tenants.

Here with tokens, tables and buckets of a stack: whatever is stored there, whoever's, is tried by those who own nothing
of it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.cloud.filings import CANARIES, TWO, das, faulty
from tests.cloud.fund import OTHER_AGENCY, Employer, Fund
from tests.cloud.web import Answer, Web
from tests.story.world import Person
from tests.tenants.ids import ids_in, ids_of, nobodys, texts
from tests.tenants.places import Place, filled, places

pytestmark = pytest.mark.cloud

STRANGER = Person("700033334444", "NOMAUTRE", "PRENOMAUTRE", (8_881_100,) * 4, "AGENT")
LISTS = ("/uploads", "/mandates", "/mandates/held", "/machines", "/webhooks")
EACH = 2
"""Tries at each place, by another stranger each time."""
MEANT = "POST /mandates body account"
"""Whoever gives a mandate is told whether an account of that name can hold it."""


@dataclass(frozen=True)
class Strangers:
    """Who tries, what they own, and what they try."""

    by: dict[str, Web]
    own: dict[str, str]
    values: list[str]


@pytest.fixture(scope="module")
def ours(fund: Fund) -> Employer:
    """One who did most of what can be done."""
    employer = fund.employer()
    without = replace(TWO, nss=" " * 12)
    for filing, state in ((das(employer.number), "in_force"), (faulty(employer.number), "refused")):
        assert fund.verdict(employer, employer.send(filing))["state"] == state
    assert fund.verdict(employer, employer.send(das(employer.number, without, year=2024)))["state"] == "in_force"
    employer.web.must("POST", "/machines", {"name": "serveur", "scopes": ["read"]})
    employer.web.must("POST", "/webhooks", {"url": "https://paie.example/tasrih", "events": ["receipt.ready"]})
    employer.web.must("POST", "/mandates", {"account": fund.employer().account, "scopes": ["read"]})
    return employer


@pytest.fixture(scope="module")
def strangers(fund: Fund, ours: Employer) -> Strangers:
    employer, accountant = fund.employer(agency=OTHER_AGENCY), fund.employer()
    upload = employer.send(das(employer.number, STRANGER))
    assert fund.verdict(employer, upload)["state"] == "in_force"
    made = employer.web.must("POST", "/machines", {"name": "serveur", "scopes": ["test", "declare", "read"]})
    token = fund.anybody.signed_in(made["machine"], made["secret"], client="machine_client").token
    hook = {"url": "https://paie.example/tasrih", "events": ["receipt.ready"]}
    own = {
        "upload": upload,
        "machine": made["machine"],
        "webhook": employer.web.must("POST", "/webhooks", hook)["webhook"],
        **{"number": employer.number, "employer": employer.number, "account": accountant.account},
    }
    by = {
        "another's person": employer.web,
        "another's machine": Web(f"{fund.stack.api_url}/machine", token),
        "an officer of another agency": fund.officer_of(OTHER_AGENCY),
        "an accountant without a mandate": accountant.web,
    }
    theirs = {*own.values(), accountant.number, accountant.account}
    of_strangers = {each for item in stored(fund) if theirs & {*texts(item)} for each in ids_in(texts(item))}
    told = {each for path in LISTS for web in (employer.web, ours.web) for each in ids_of(str(web.must("GET", path)))}
    everything = {each for item in stored(fund) for each in ids_in(texts(item))} | told
    return Strangers(by, own, sorted(everything - of_strangers - theirs))


def stored(fund: Fund) -> Iterator[Any]:
    """Each item of the tables, and the keys of all objects."""
    at = fund.stack
    for table in ("BookTable", "LinesTable"):
        for page in at.client("dynamodb").get_paginator("scan").paginate(TableName=at.outputs[table]):
            yield from page["Items"]
    for bucket in ("InboxBucket", "ReceiptsBucket"):
        for page in at.client("s3").get_paginator("list_object_versions").paginate(Bucket=at.outputs[bucket]):
            yield [[version["Key"], version["VersionId"]] for version in page.get("Versions", ())]


def asked(web: Web, place: Place, value: str, own: dict[str, str]) -> Answer:
    request = filled(place, value, own)
    status, body = web.call(request.method, request.path, request.body, **request.query)
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else json.dumps(body)
    return Answer(status, text.replace(value, "…"))


def test_what_stands_in_the_stores_is_nobodys_to_a_stranger(fund: Fund, ours: Employer, strangers: Strangers) -> None:
    chance, tried = random.Random(4), 0
    before = _of(ours, fund)
    for place in (each for each in places() if str(each) != MEANT):
        fit = [value for value in strangers.values if place.takes(value)]
        values = chance.sample(fit, min(EACH, len(fit)))
        for (who, web), value in zip(chance.sample(sorted(strangers.by.items()), EACH), values, strict=False):
            answer, nobody = (asked(web, place, each, strangers.own) for each in (value, nobodys(value)))
            assert answer == nobody or max(answer.status, nobody.status) < 300, (who, place, value)
            assert answer.status in (403, 404) or place.where != "path", (who, place, value)
            assert not [each for each in CANARIES if each in answer.body], (who, place)
            tried += 1
    assert tried > 40
    assert _of(ours, fund) == before


def test_the_owner_is_told_more_by_the_same(ours: Employer, strangers: Strangers) -> None:
    """Else the test above would pass on values that are good for nothing."""
    uploads = {row["upload"] for row in ours.web.must("GET", "/uploads")["uploads"]}
    assert len(uploads) == 3
    assert uploads | {ours.number} <= set(strangers.values)
    assert {ours.web.call("GET", f"/uploads/{upload}").status for upload in uploads} == {200}


def _of(employer: Employer, fund: Fund) -> list[str]:
    """All items that name an employer."""
    return sorted(repr(item) for item in stored(fund) if employer.number in repr(item))
