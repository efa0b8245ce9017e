"""Where the emulator is known to differ from AWS, each with a probe that looks again."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from botocore.exceptions import ClientError
from tasrih.local.assets import pack
from tasrih.local.clients import client
from tasrih.local.cloud import LocalCloud
from tasrih.local.waiting import wait_for

ROLE = "arn:aws:iam::000000000000:role/any"
AS_AWS = "as AWS"


class Bench:
    """A running cloud and short ways to put things into it."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self._clients: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = client(service, self.cloud.endpoint, self.cloud.region)
        return self._clients[service]

    def close(self) -> None:
        for each in self._clients.values():
            each.close()

    def function(self, code: str, **more: Any) -> str:
        """Name of a new function with this `index.py`."""
        name = f"f{uuid.uuid4().hex[:12]}"
        wanted = {"Runtime": "python3.14", "Role": ROLE, "Handler": "index.handler", "Timeout": 20, **more}
        self("lambda").create_function(FunctionName=name, Code={"ZipFile": pack({"index.py": code.encode()})}, **wanted)
        return name

    def invoke(self, name: str) -> Any:
        return json.loads(self("lambda").invoke(FunctionName=name, Payload=b"{}")["Payload"].read())

    def queue(self) -> tuple[str, str]:
        """(URL, ARN)"""
        url = self("sqs").create_queue(QueueName=f"q{uuid.uuid4().hex[:12]}")["QueueUrl"]
        described = self("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, described["Attributes"]["QueueArn"]

    def bucket(self) -> str:
        name = f"b{uuid.uuid4().hex[:12]}"
        self("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": self.cloud.region})
        return name

    def table(self) -> tuple[str, str]:
        """(name, ARN of its stream); key `id`."""
        made = self("dynamodb").create_table(
            TableName=f"t{uuid.uuid4().hex[:12]}",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )["TableDescription"]
        return made["TableName"], made["LatestStreamArn"]

    def put(self, table: str, key: str) -> None:
        self("dynamodb").put_item(TableName=table, Item={"id": {"S": key}})

    def taken(self, url: str) -> list[str]:
        """Bodies of the messages that wait in a queue, taken out for good."""
        found = self("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    def role_client(self, service: str, actions: list[str], resource: str = "*") -> Any:
        """A client that may do these actions on this resource, and no other (needs a cloud with IAM enforced)."""
        name = f"r{uuid.uuid4().hex[:12]}"
        trust = {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}
        may = {"Effect": "Allow", "Action": actions, "Resource": resource}
        role = self("iam").create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]["Arn"]
        self("iam").put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=_policy(may))
        keys = self("sts").assume_role(RoleArn=role, RoleSessionName="probe")["Credentials"]
        made = client(service, self.cloud.endpoint, self.cloud.region)
        credentials = made._request_signer._credentials
        credentials.access_key, credentials.secret_key = keys["AccessKeyId"], keys["SecretAccessKey"]
        credentials.token = keys["SessionToken"]
        self._clients[name] = made
        return made


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass(frozen=True)
class Difference:
    name: str
    """As in the table of the README."""
    emulator: str
    """What the probe sees today. AS_AWS would be what AWS does."""
    probe: Callable[[Bench], str]
    auth: bool = False
    """Seen with IAM enforced."""


TELLS = """
import os, boto3
tell = lambda text: boto3.client("sqs").send_message(QueueUrl=os.environ["TO"], MessageBody=text)
"""


def stream_partial_failures(bench: Bench) -> str:
    told, _ = bench.queue()
    table, stream = bench.table()
    name = bench.function(
        TELLS + "def handler(event, context):\n"
        "    tell(','.join(r['dynamodb']['Keys']['id']['S'] for r in event['Records']))\n"
        "    return {'batchItemFailures': [{'itemIdentifier': event['Records'][0]['dynamodb']['SequenceNumber']}]}\n",
        Environment={"Variables": {"TO": told}},
    )
    bench("lambda").create_event_source_mapping(
        FunctionName=name,
        EventSourceArn=stream,
        StartingPosition="TRIM_HORIZON",
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    bench.put(table, "first")
    first = wait_for(lambda: bench.taken(told), "the first record was handed over", 20)
    bench.put(table, "second")
    later = wait_for(lambda: bench.taken(told), "something was handed over again", 20)
    return "counted as done" if (first, later) == (["first"], ["second"]) else AS_AWS


def stream_retry_limit(bench: Bench) -> str:
    told, _ = bench.queue()
    failed, failed_arn = bench.queue()
    table, stream = bench.table()
    name = bench.function(
        TELLS + "def handler(event, context):\n    tell('tried')\n    raise ValueError\n",
        Environment={"Variables": {"TO": told}},
    )
    mapping = bench("lambda").create_event_source_mapping(
        FunctionName=name,
        EventSourceArn=stream,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": failed_arn}},
    )
    bench.put(table, "bad")
    tries: list[str] = []

    def seen() -> str:
        tries.extend(bench.taken(told))
        if bench.taken(failed):
            return AS_AWS
        return "tried again without end" if len(tries) > 1 else ""

    try:
        return wait_for(seen, "a second try, or the record among the failed", 20)
    finally:
        bench("lambda").delete_event_source_mapping(UUID=mapping["UUID"])


def exception_names(bench: Bench) -> str:
    name = bench.function("class NotToday(Exception): pass\ndef handler(event, context): raise NotToday('no')\n")
    kind = bench.invoke(name)["errorType"]
    return AS_AWS if kind == "NotToday" else str(kind)


def schedule_time_zone(bench: Bench) -> str:
    """What is now in UTC is hours away in New York; a schedule that fires at once was read as UTC."""
    told, arn = bench.queue()
    bench("scheduler").create_schedule(
        Name=f"s{uuid.uuid4().hex[:8]}",
        ScheduleExpression=f"at({datetime.now(UTC) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S})",
        ScheduleExpressionTimezone="America/New_York",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": ROLE, "Input": "fired"},
    )
    wait_for(lambda: bench.taken(told), "the schedule fired", 30)
    return "read as UTC"


def schedule_validation(bench: Bench) -> str:
    try:
        bench("scheduler").create_schedule(
            Name=f"s{uuid.uuid4().hex[:8]}",
            ScheduleExpression="cron(99 99 99 99 ? 2026)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": bench.queue()[1], "RoleArn": ROLE},
        )
    except ClientError as refusal:
        return AS_AWS if refusal.response["Error"]["Code"] == "ValidationException" else str(refusal)
    return "accepted"


def mail_attachments(bench: Bench) -> str:
    bench("sesv2").create_email_identity(EmailIdentity="tasrih.example")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@tasrih.example", "b@example.test", "s"
    message.set_content("text")
    message.add_attachment(b"%PDF-SENTINEL", maintype="text", subtype="x-paper", filename="paper.pdf")
    bench("sesv2").send_email(
        FromEmailAddress="a@tasrih.example",
        Destination={"ToAddresses": ["b@example.test"]},
        Content={"Raw": {"Data": message.as_bytes()}},
    )
    seen = urllib.request.urlopen(f"{bench.cloud.endpoint}/_ministack/ses/messages").read()
    return "dropped" if b"paper.pdf" not in seen and b"SENTINEL" not in seen else AS_AWS


def embedded_metrics(bench: Bench) -> str:
    line = json.dumps(
        {
            "_aws": {
                "Timestamp": int(datetime.now(UTC).timestamp() * 1000),
                "CloudWatchMetrics": [{"Namespace": "probe", "Dimensions": [[]], "Metrics": [{"Name": "M"}]}],
            },
            "M": 1,
        }
    )
    bench.invoke(bench.function(f"def handler(event, context): print({line!r})\n"))
    return AS_AWS if bench("cloudwatch").list_metrics(Namespace="probe")["Metrics"] else "never become metrics"


def queue_metrics(bench: Bench) -> str:
    bench("sqs").send_message(QueueUrl=bench.queue()[0], MessageBody="x")
    return AS_AWS if bench("cloudwatch").list_metrics(Namespace="AWS/SQS")["Metrics"] else "none"


def response_size(bench: Bench) -> str:
    answer = bench.invoke(bench.function("def handler(event, context): return 'x' * 7_000_000\n"))
    return "no limit" if isinstance(answer, str) else AS_AWS


def memory_limit(bench: Bench) -> str:
    code = "def handler(event, context): return len(bytearray(b'x') * 300_000_000)\n"
    answer = bench.invoke(bench.function(code, MemorySize=128))
    return "no limit" if answer == 300_000_000 else AS_AWS


def code_folder(bench: Bench) -> str:
    code = "import pathlib\ndef handler(event, context): return pathlib.Path(__file__).with_name('x').write_text('x')\n"
    return "writable" if bench.invoke(bench.function(code)) == 1 else AS_AWS


def runtime_and_processor(bench: Bench) -> str:
    code = "import sys, platform\ndef handler(event, context): return [*sys.version_info[:2], platform.machine()]\n"
    answer = bench.invoke(bench.function(code, Runtime="python3.9", Architectures=["arm64"]))
    return AS_AWS if answer == [3, 9, "aarch64"] else "this machine's"


def object_lock_by_cloudformation(bench: Bench) -> str:
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    properties = {
        "ObjectLockEnabled": True,
        "ObjectLockConfiguration": lock,
        "VersioningConfiguration": {"Status": "Enabled"},
    }
    name = _stack(bench, {"B": {"Type": "AWS::S3::Bucket", "Properties": properties}})["B"]
    try:
        found = bench("s3").get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
    except ClientError:
        return "dropped"
    return AS_AWS if found == lock else str(found)


def encryption_by_cloudformation(bench: Bench) -> str:
    rule = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/some"}}
    properties = {"BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}}
    name = _stack(bench, {"B": {"Type": "AWS::S3::Bucket", "Properties": properties}})["B"]
    put = bench("s3").put_object(Bucket=name, Key="k", Body=b"x")
    return AS_AWS if put.get("ServerSideEncryption") == "aws:kms" else "dropped"


def budgets(bench: Bench) -> str:
    budget = {"Budget": {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": 1, "Unit": "USD"}}}
    try:
        _stack(bench, {"B": {"Type": "AWS::Budgets::Budget", "Properties": budget}})
    except (ClientError, AssertionError):
        return "refused"
    return AS_AWS


def _stack(bench: Bench, resources: dict[str, Any]) -> dict[str, str]:
    """Logical → physical ids."""
    name = f"p{uuid.uuid4().hex[:8]}"
    formation = bench("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
    ended = ("CREATE_COMPLETE", "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")

    def status() -> str:
        found = formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return found if found in ended else ""

    assert wait_for(status, "the stack stands or is refused", 20) == "CREATE_COMPLETE"
    listed = formation.describe_stack_resources(StackName=name)["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}


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


DIFFERENCES = (
    Difference("stream_partial_failures", "counted as done", stream_partial_failures),
    Difference("stream_retry_limit", "tried again without end", stream_retry_limit),
    Difference("exception_names", "Runtime.HandlerError", exception_names),
    Difference("schedule_time_zone", "read as UTC", schedule_time_zone),
    Difference("schedule_validation", "accepted", schedule_validation),
    Difference("mail_attachments", "dropped", mail_attachments),
    Difference("embedded_metrics", "never become metrics", embedded_metrics),
    Difference("queue_metrics", "none", queue_metrics),
    Difference("response_size", "no limit", response_size),
    Difference("memory_limit", "no limit", memory_limit),
    Difference("code_folder", "writable", code_folder),
    Difference("runtime_and_processor", "this machine's", runtime_and_processor),
    Difference("object_lock_by_cloudformation", "dropped", object_lock_by_cloudformation),
    Difference("encryption_by_cloudformation", "dropped", encryption_by_cloudformation),
    Difference("budgets", "refused", budgets),
    Difference("redrive", "InvalidAction", redrive),
    Difference("checksum_headers", "absent", checksum_headers),
    Difference("form_checksum", "accepted", form_checksum),
    Difference("overlapping_paths", "accepted", overlapping_paths),
    Difference("filter_on_key", "accepted", filter_on_key),
    Difference("batch_send_action", "sqs:SendMessageBatch asked for", batch_send_action, auth=True),
    Difference("mail_resource", "asked for on *", mail_resource, auth=True),
    Difference("keys_of_stored_objects", "not asked for", keys_of_stored_objects, auth=True),
)
