"""What both inboxes and both receipts buckets promise. Moto enforces no form (the local cloud does), so the form's
conditions are read from its policy."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from tasrih.adapters.clients import client
from tasrih.adapters.clock import ALGIERS
from tasrih.adapters.memory import MemoryClock, MemoryInbox, MemoryReceipts, UploadRefused
from tasrih.adapters.s3 import S3Inbox, S3Receipts
from tasrih.story.ports import Busy, Gone, Inbox, Lost, Receipts

from tests.adapters.samples import START

KEY = "uploads/" + "0" * 32 + "/0"
BODY = b"194 characters and an end\r\n"


class Sender:
    """Puts and deletes as the world outside does, whatever the inbox."""

    def __init__(self, inbox: MemoryInbox | S3Inbox) -> None:
        self.inbox = inbox

    def put(self, key: str, body: bytes) -> str:
        if isinstance(self.inbox, MemoryInbox):
            return self.inbox.put(key, body)
        return str(self.inbox._client.put_object(Bucket="inbox", Key=key, Body=body)["VersionId"])

    def delete(self, key: str) -> None:
        if isinstance(self.inbox, MemoryInbox):
            self.inbox.delete(key)
        else:
            self.inbox._client.delete_object(Bucket="inbox", Key=key)


def s3_client() -> Any:
    return client.__wrapped__("s3")  # as the functions make it, but of this test alone


@pytest.fixture(params=["memory", "aws"])
def inbox(request: pytest.FixtureRequest) -> MemoryInbox | S3Inbox:
    if request.param == "memory":
        return MemoryInbox(MemoryClock(START).now)
    request.getfixturevalue("aws")
    s3 = s3_client()
    s3.create_bucket(Bucket="inbox", CreateBucketConfiguration={"LocationConstraint": "eu-south-1"})
    s3.put_bucket_versioning(Bucket="inbox", VersioningConfiguration={"Status": "Enabled"})
    return S3Inbox("inbox", s3, lambda moment: moment.astimezone(ALGIERS))


@pytest.fixture(params=["memory", "aws"])
def receipts(request: pytest.FixtureRequest) -> MemoryReceipts | S3Receipts:
    if request.param == "memory":
        return MemoryReceipts()
    request.getfixturevalue("aws")
    s3 = s3_client()
    s3.create_bucket(Bucket="receipts", CreateBucketConfiguration={"LocationConstraint": "eu-south-1"})
    return S3Receipts("receipts", s3)


def test_the_first_version_of_each_object_is_the_one_that_arrived(inbox: MemoryInbox | S3Inbox) -> None:
    sender = Sender(inbox)
    first = sender.put(KEY, BODY)
    sender.put(KEY, b"something else, later")
    other = sender.put(KEY[:-1] + "1", b"x")
    sender.put("uploads/another", b"x")
    found = inbox.arrivals(KEY[:-1])
    assert {key: head.version for key, head in found.items()} == {KEY: first, KEY[:-1] + "1": other}
    assert found[KEY].size == len(BODY)
    assert found[KEY].at.tzinfo is ALGIERS


def test_deleting_hides_nothing_that_arrived(inbox: MemoryInbox | S3Inbox) -> None:
    sender = Sender(inbox)
    sender.delete(KEY)
    first = sender.put(KEY, BODY)
    sender.delete(KEY)
    assert inbox.arrivals(KEY)[KEY].version == first
    with inbox.open(KEY, first) as file:
        assert file.read() == BODY


def test_nothing_arrived_under_an_unknown_prefix(inbox: Inbox) -> None:
    assert inbox.arrivals("uploads/nobody/") == {}


def test_the_pinned_version_is_read_whatever_came_later_and_from_its_start_again(inbox: MemoryInbox | S3Inbox) -> None:
    sender = Sender(inbox)
    first = sender.put(KEY, BODY)
    sender.put(KEY, b"other")
    with inbox.open(KEY, first) as file:
        assert file.read() == BODY
        file.seek(0)
        assert file.read(3) == BODY[:3]


def test_a_version_that_does_not_exist_is_gone(inbox: MemoryInbox | S3Inbox) -> None:
    Sender(inbox).put(KEY, BODY)
    with pytest.raises(Gone):
        inbox.open(KEY, "00000000-0000-4000-8000-000000000000")
    with pytest.raises(Gone):
        inbox.open("uploads/none", "00000000-0000-4000-8000-000000000000")


def test_a_report_is_written_again_and_read_back(inbox: Inbox) -> None:
    inbox.put_report("reports/u.json", b"[]")
    inbox.put_report("reports/u.json", b'["E101"]' * 1000)
    assert inbox.get_report("reports/u.json") == b'["E101"]' * 1000
    with pytest.raises(Gone):
        inbox.get_report("reports/none.json")


def test_a_form_is_for_exactly_this_key_and_these_bytes_for_ten_minutes(aws: None) -> None:
    inbox = S3Inbox("inbox", s3_client(), lambda moment: moment)
    form: Any = inbox.form(KEY, sha256(BODY).hexdigest(), 8_000_000, 600)
    policy = json.loads(b64decode(form["fields"]["policy"]))
    conditions = policy["conditions"]
    assert {"key": KEY} in conditions
    assert {"bucket": "inbox"} in conditions
    assert ["content-length-range", 1, 8_000_000] in conditions
    assert {"Content-Type": "application/octet-stream"} in conditions
    assert {"x-amz-checksum-algorithm": "SHA256"} in conditions
    assert {"x-amz-checksum-sha256": form["fields"]["x-amz-checksum-sha256"]} in conditions
    assert b64decode(form["fields"]["x-amz-checksum-sha256"]) == sha256(BODY).digest()
    assert "starts-with" not in json.dumps(policy)
    until = datetime.fromisoformat(policy["expiration"])
    assert timedelta(seconds=590) < until - datetime.now(until.tzinfo) <= timedelta(seconds=600)


@pytest.mark.parametrize(
    ("after", "body", "change", "why"),
    [
        (601, BODY, {}, "expired"),
        (0, b"", {}, "size"),
        (0, b"x" * 101, {}, "size"),
        (0, BODY[::-1], {}, "checksum"),
        (0, BODY, {"key": "uploads/of/another"}, "policy"),
    ],
)
def test_the_bucket_in_memory_refuses_a_form_as_the_real_one_does(
    after: int, body: bytes, change: dict[str, str], why: str
) -> None:
    clock = MemoryClock(START)
    inbox = MemoryInbox(clock.now)
    form: Any = inbox.form(KEY, sha256(BODY).hexdigest(), 100, 600)
    form["fields"].update(change)
    clock.advance(timedelta(seconds=after))
    with pytest.raises(UploadRefused, match=why):
        inbox.upload(form, body)
    assert inbox.arrivals("uploads/") == {}


def test_the_bucket_in_memory_takes_what_the_form_allows() -> None:
    inbox = MemoryInbox(MemoryClock(START).now)
    version = inbox.upload(inbox.form(KEY, sha256(BODY).hexdigest(), 100, 600), BODY)
    assert inbox.arrivals(KEY)[KEY] == (version, len(BODY), START)


def test_times_of_the_bucket_are_shifted_like_those_of_the_clock(aws: None) -> None:
    s3 = s3_client()
    s3.create_bucket(Bucket="inbox", CreateBucketConfiguration={"LocationConstraint": "eu-south-1"})
    s3.put_bucket_versioning(Bucket="inbox", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="inbox", Key=KEY, Body=BODY)
    plain = S3Inbox("inbox", s3, lambda moment: moment).arrivals(KEY)[KEY].at
    later = S3Inbox("inbox", s3, lambda moment: moment + timedelta(days=9)).arrivals(KEY)[KEY].at
    assert later - plain == timedelta(days=9)


def test_the_first_paper_kept_stays(receipts: Receipts) -> None:
    receipts.keep("r/1.pdf", b"first", "application/pdf")
    receipts.keep("r/1.pdf", b"second", "application/pdf")
    assert receipts.read("r/1.pdf") == b"first"
    assert receipts.read("r/2.pdf") is None


def test_a_link_is_for_one_paper_with_a_safe_name(aws: None) -> None:
    link = S3Receipts("receipts", s3_client()).link("r/1.pdf", 'a"b\r\nإ.pdf', 300)
    assert "r/1.pdf" in link
    assert "X-Amz-Expires=300" in link or "Expires=" in link
    assert "filename%3D%22a_b___.pdf%22" in link
    assert "%0D%0A" not in link, "no line end gets into a header"


def stubbed(code: str, operation: str, status: int = 400) -> Any:
    s3 = boto3.client("s3", region_name="eu-south-1", aws_access_key_id="x", aws_secret_access_key="x")
    stub = Stubber(s3)
    stub.add_client_error(operation, service_error_code=code, http_status_code=status)
    stub.activate()
    return s3


@pytest.mark.parametrize(
    ("code", "status", "raised"),
    [
        ("SlowDown", 503, Busy),
        ("InternalError", 500, Busy),
        ("ConditionalRequestConflict", 409, Busy),
        ("AccessDenied", 403, ClientError),
    ],
)
def test_troubles_of_the_bucket_are_told_apart(code: str, status: int, raised: type[Exception]) -> None:
    with pytest.raises(raised) as caught:
        S3Receipts("receipts", stubbed(code, "put_object", status)).keep("k", b"", "application/pdf")
    assert not isinstance(caught.value, Lost)
