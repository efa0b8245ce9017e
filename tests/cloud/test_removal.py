"""A person in real filings, on the local cloud: once all of it is due, no version of an object and no item has them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tasrih.adapters.chunks import unpack
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.story.ports import Replace
from tasrih.story.records import Outcome

from tests.cloud.filings import ONE, TWO, das
from tests.cloud.fund import Fund
from tests.cloud.removals import DAYS, LONG_AGO

pytestmark = pytest.mark.cloud

CANARY = replace(ONE, nss="700099887766", surname="ZQCANARI", first_name="ZQPRENOM", bases=(7_000_020,) * 4)
"""Alone in a declaration it makes the employer's sums: with the wages of ONE, these would be canaries in a receipt."""
KINDS = ("originals", "reports", "never_counted", "lines", "old_lines")


def everything(fund: Fund) -> Iterator[tuple[str, bytes]]:
    """Every item of every table and every version of every object."""
    tables, objects = fund.stack.client("dynamodb"), fund.stack.client("s3")
    for table in (fund.stack.outputs["BookTable"], fund.stack.outputs["LinesTable"]):
        for page in tables.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                key = item["pk"]["S"]
                yield key, unpack(item["b"]["B"]).tobytes() if key.startswith("C#") else repr(item).encode()
    for bucket in objects.list_buckets()["Buckets"]:
        for page in objects.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"]):
            for each in page.get("Versions", ()):
                body = objects.get_object(Bucket=bucket["Name"], Key=each["Key"], VersionId=each["VersionId"])
                told = body["Body"].read()
                yield each["Key"], gzip.decompress(told) if told[:2] == b"\x1f\x8b" else told


def places(fund: Fund) -> set[str]:
    words = [word.encode() for word in (CANARY.nss, "ZQCANARI", "ZQPRENOM")]
    return {key.replace("#", "/").split("/")[0] for key, body in everything(fund) if any(w in body for w in words)}


def test_a_person_is_found_nowhere_after_the_time_of_all_kinds(fund: Fund) -> None:
    employer = fund.employer()
    uploads = []
    for filing in (
        das(employer.number, CANARY, TWO),
        das(employer.number, CANARY),
        das(employer.number, CANARY, stated=1),
    ):
        uploads.append(employer.send(filing))
        fund.verdict(employer, uploads[-1])
        fund.mails(employer, len(uploads))
    bucket = fund.stack.outputs["InboxBucket"]
    fund.stack.client("s3").put_object(Bucket=bucket, Key=f"uploads/{uploads[0]}/1", Body=b"ZQCANARI again")
    fund.stack.client("s3").delete_object(Bucket=bucket, Key=f"uploads/{uploads[0]}/1")
    assert places(fund) >= {"uploads", "C"}
    book = DynamoBook(fund.stack.outputs["BookTable"], fund.stack.client("dynamodb"))
    for upload in uploads:
        outcome = book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
        assert outcome
        book.commit(Replace(replace(outcome, decided_at=LONG_AGO)))
    with fund.keeping(**dict.fromkeys(KINDS, DAYS)):
        removed = fund.stack.tick("remove_due")
    assert removed["never_counted"] == 1
    assert places(fund) == set()
    assert fund.officer.must("POST", "/insured", {"nss": CANARY.nss})["declared"] == []
    assert employer.view(uploads[1])["receipt"]["signed"], "the paper stays"
