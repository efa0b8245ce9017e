"""Probes of functions, streams, schedules, mail and metrics. Each answers AS_AWS, or what it saw instead."""

from __future__ import annotations

import json
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from botocore.exceptions import ClientError
from tasrih.local.waiting import wait_for

from tests.local.bench import AS_AWS, ROLE, Bench

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
    first = wait_for(lambda: bench.taken(told), "the first record was handed over", 180)
    bench.put(table, "second")
    later = wait_for(lambda: bench.taken(told), "something was handed over again", 180)
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
        return wait_for(seen, "a second try, or the record among the failed", 180)
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
    wait_for(lambda: bench.taken(told), "the schedule fired", 180)
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
