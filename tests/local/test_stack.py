"""What a stack of the local cloud does beyond the journey itself (that stands in tests/cloud)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tasrih.local import transforms
from tasrih.local.cloud import LocalCloud
from tasrih.local.deployed import Failed, Stack

from tests.local import small
from tests.local.journey import Journey

pytestmark = pytest.mark.cloud


@contextmanager
def a_stack(*, auth: bool = False, bare: bool = False, **wish: Any) -> Iterator[Stack]:
    with LocalCloud(auth=auth, bare=bare) as cloud:
        yield cloud.deploy(**wish)


def test_an_unhandled_exception_keeps_its_name_through_the_runtime_interface_client_of_aws() -> None:
    with a_stack(runtime="awslambdaric") as stack, pytest.raises(Failed, match="KeyError"):
        stack.invoke("receive_declaration", {})


def test_a_bare_worker_finds_nothing_that_is_not_in_its_zip(tmp_path: Path) -> None:
    zips = small.folder(tmp_path)
    with a_stack(bare=True, template=small.template(), assets=zips) as stack, pytest.raises(Failed, match="boto3"):
        stack.invoke("echo", {"environment": []})


def test_only_listed_transforms_touch_the_snapshot(stack: Stack) -> None:
    assert set(stack.transforms) <= set(transforms.names())
    assert set(stack.transforms) == {
        "code_from_this_checkout",
        "mail_to_the_local_mailbox",
        "webhooks_may_call_this_machine",
        "without_what_is_not_emulated",
        "lock_objects_once_the_bucket_stands",
    }


def test_receipts_cannot_be_removed_before_their_time(stack: Stack) -> None:
    storage, bucket = stack.client("s3"), stack.outputs["ReceiptsBucket"]
    version = storage.put_object(Bucket=bucket, Key="probe", Body=b"x")["VersionId"]
    with pytest.raises(storage.exceptions.ClientError, match="object lock"):
        storage.delete_object(Bucket=bucket, Key="probe", VersionId=version)


def test_a_pretended_date_reaches_the_functions_and_the_receipt(tmp_path: Path) -> None:
    with a_stack(pretend_now=datetime(2031, 1, 30, 9, tzinfo=UTC)) as stack:
        journey = Journey(stack, tmp_path)
        view = journey.verdict(journey.send(1))
        assert view["opened_at"].startswith("2031-01-30T10:"), "Africa/Algiers is an hour ahead of UTC"
        assert view["arrived_at"].startswith("2031-01-30T10:")


def test_mail_that_is_throttled_for_a_while_arrives_later(tmp_path: Path) -> None:
    with a_stack(pace=360) as stack:
        journey = Journey(stack, tmp_path)
        stack.mailbox.fault = "throttled"
        upload = journey.send(1)
        assert journey.verdict(upload)["state"] == "in_force"
        stack.mailbox.fault = None
        assert journey.mail(1).to == ("paie@essai.example",)


def test_people_cannot_print_their_password_by_accident(stack: Stack) -> None:
    (person,) = stack.people([("someone", "")]).values()
    assert person.password not in repr(person)
    assert dataclasses.replace(person, password="other") != person
