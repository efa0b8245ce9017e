"""Probes of storage, tables, queues and IAM. Each answers AS_AWS, or what it saw instead."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from tasrih.local.waiting import wait_for

from tests.local.bench import AS_AWS, Bench, stack


def object_lock_by_cloudformation(bench: Bench) -> str:
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    properties = {
        "ObjectLockEnabled": True,
        "ObjectLockConfiguration": lock,
        "VersioningConfiguration": {"Status": "Enabled"},
    }
    name = stack(bench, {"B": {"Type": "AWS::S3::Bucket", "Properties": properties}})["B"]
    try:
        found = bench("s3").get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
    except ClientError:
        return "dropped"
    return AS_AWS if found == lock else str(found)


def encryption_by_cloudformation(bench: Bench) -> str:
    rule = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/some"}}
    properties = {"BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}}
    name = stack(bench, {"B": {"Type": "AWS::S3::Bucket", "Properties": properties}})["B"]
    put = bench("s3").put_object(Bucket=name, Key="k", Body=b"x")
    return AS_AWS if put.get("ServerSideEncryption") == "aws:kms" else "dropped"


def budgets(bench: Bench) -> str:
    budget = {"Budget": {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": 1, "Unit": "USD"}}}
    try:
        stack(bench, {"B": {"Type": "AWS::Budgets::Budget", "Properties": budget}})
    except (ClientError, AssertionError):
        return "refused"
    return AS_AWS


def redrive(bench: Bench) -> str:
    _, dead = bench.queue()
    try:
        bench("sqs").start_message_move_task(SourceArn=dead)
    except ClientError as refusal:
        return str(refusal.response["Error"]["Code"])
    return AS_AWS


def checksum_headers(bench: Bench) -> str:
    put = bench("s3").put_object(Bucket=bench.bucket(), Key="k", Body=b"x", ChecksumAlgorithm="SHA256")
    return AS_AWS if put.get("ChecksumSHA256") else "absent"


def overlapping_paths(bench: Bench) -> str:
    table, _ = bench.table()
    bench("dynamodb").put_item(TableName=table, Item={"id": {"S": "1"}, "a": {"M": {"b": {"N": "1"}}}})
    try:
        bench("dynamodb").update_item(
            TableName=table,
            Key={"id": {"S": "1"}},
            UpdateExpression="SET a.b = :x, a = :y",
            ExpressionAttributeValues={":x": {"N": "2"}, ":y": {"M": {}}},
        )
    except ClientError:
        return AS_AWS
    return "accepted"


def filter_on_key(bench: Bench) -> str:
    table, _ = bench.table()
    try:
        bench("dynamodb").query(
            TableName=table,
            KeyConditionExpression="id = :i",
            FilterExpression="id = :i",
            ExpressionAttributeValues={":i": {"S": "1"}},
        )
    except ClientError:
        return AS_AWS
    return "accepted"


def form_checksum(bench: Bench) -> str:
    """A form that names the SHA-256 of "right", used to send "wrong"."""
    bucket = bench.bucket()
    field = {
        "x-amz-checksum-sha256": "J8o5ybCDxtWAmHpg2h/j5Lj8dJOUYrHIMmT3TCFkckc=",
        "x-amz-checksum-algorithm": "SHA256",
    }
    form = bench("s3").generate_presigned_post(bucket, "k", Fields=field, Conditions=[{k: v} for k, v in field.items()])
    parts = [(name, str(value).encode()) for name, value in form["fields"].items()] + [("file", b"wrong")]
    body = io.BytesIO()
    for name, value in parts:
        body.write(b'--B\r\nContent-Disposition: form-data; name="' + name.encode() + b'"')
        body.write(b'; filename="f"' if name == "file" else b"")
        body.write(b"\r\n\r\n" + value + b"\r\n")
    body.write(b"--B--\r\n")
    asked = urllib.request.Request(form["url"], body.getvalue(), {"content-type": "multipart/form-data; boundary=B"})
    try:
        urllib.request.urlopen(asked)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return AS_AWS if b"checksum" in refusal.read().lower() else f"HTTP {refusal.code}"
    return "accepted"


def _joined(bench: Bench, meanwhile: Callable[[], object]) -> dict[str, Any]:
    """What S3 tells of an object made of two pieces of one byte."""
    storage, where = bench("s3"), {"Bucket": bench.bucket(), "Key": "k"}
    session = {**where, "UploadId": storage.create_multipart_upload(**where)["UploadId"]}
    meanwhile()
    tags = [storage.upload_part(**session, PartNumber=number, Body=b"x")["ETag"] for number in (1, 2)]
    parts = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, start=1)]
    storage.complete_multipart_upload(**session, MultipartUpload={"Parts": parts})
    told: dict[str, Any] = storage.head_object(**where)
    return told


def small_pieces(bench: Bench) -> str:
    """A piece below 5 MiB that is not the last."""
    try:
        _joined(bench, lambda: None)
    except ClientError as refusal:
        return AS_AWS if "EntityTooSmall" in str(refusal) else str(refusal)
    return "joined"


def date_of_joined_pieces(bench: Bench) -> str:
    """Dates are whole seconds: the one in which the session began is over before the pieces come."""
    began = datetime.now(UTC)

    def another_second() -> None:
        wait_for(lambda: datetime.now(UTC) - began > timedelta(seconds=1.2), "another second")

    late = _joined(bench, another_second)["LastModified"] - began.replace(microsecond=0)
    return "of the completion" if late >= timedelta(seconds=1) else AS_AWS


def batch_send_action(bench: Bench) -> str:
    url, _ = bench.queue()
    sender = bench.role_client("sqs", ["sqs:SendMessage"])
    sender.send_message(QueueUrl=url, MessageBody="x")
    try:
        sender.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x"}])
    except ClientError as refusal:
        return "sqs:SendMessageBatch asked for" if "SendMessageBatch" in str(refusal) else str(refusal)
    return AS_AWS


def mail_resource(bench: Bench) -> str:
    bench("sesv2").create_email_identity(EmailIdentity="tasrih.example")
    identity = f"arn:aws:ses:{bench.cloud.region}:000000000000:identity/tasrih.example"
    sender = bench.role_client("sesv2", ["ses:SendEmail", "ses:SendRawEmail"], identity)
    try:
        sender.send_email(
            FromEmailAddress="a@tasrih.example",
            Destination={"ToAddresses": ["b@example.test"]},
            Content={"Raw": {"Data": b"From: a@tasrih.example\r\nTo: b@example.test\r\n\r\nx"}},
        )
    except ClientError as refusal:
        return "asked for on *" if "on resource: * " in str(refusal) else str(refusal)
    return AS_AWS


def keys_of_stored_objects(bench: Bench) -> str:
    """Reads an object encrypted with a customer-managed key without the right to decrypt."""
    key = bench("kms").create_key()["KeyMetadata"]["Arn"]
    bucket = bench.bucket()
    bench("s3").put_object(Bucket=bucket, Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    reader = bench.role_client("s3", ["s3:GetObject"])
    try:
        reader.get_object(Bucket=bucket, Key="k")["Body"].read()
    except ClientError:
        return AS_AWS
    return "not asked for"
