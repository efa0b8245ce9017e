"""Does the sweep find what fell through, by itself, and does an alarm name what it cannot help?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tasrih.adapters.clock import SystemClock
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.adapters.s3 import S3Inbox
from tasrih.local import deploy
from tasrih.local.waiting import wait_for
from tasrih.story.pieces import arrived
from tasrih.story.ports import Replace
from tasrih.story.records import RECEIVED, Ticket

from tests.cloud.filings import das
from tests.cloud.fund import Fund

pytestmark = pytest.mark.cloud


def test_a_letter_owed_is_found_without_the_stream(fund: Fund) -> None:
    employer = fund.employer()
    with fund.asleep("queue_letters"):
        upload = employer.send(das(employer.number))
        with fund.later("sweep", minutes=11):
            wait_for(lambda: employer.view(upload)["state"] == "in_force", "a verdict", 180, hint=fund.logs)
            assert [mail for mail in fund.stack.mails() if employer.email in mail.to] == []
            assert fund.stack.tick("sweep")["letters"] >= 1
        fund.mails(employer)
    assert fund.verdict(employer, upload)["receipt"]["pdf_ready"]


def test_an_upload_over_its_time_is_named_while_its_alarm_rings(fund: Fund) -> None:
    employer, alarm = fund.employer(), _alarm()
    with fund.asleep("receive_declaration"):
        upload = employer.send(das(employer.number))
        _reader_died(fund, upload)
        with fund.later("sweep", seconds=alarm["Threshold"] + 60):
            fund.stack.tick("sweep")
    named = [line for line in _told(fund) if line.get("upload") == upload]
    assert [line["seconds"] > alarm["Threshold"] for line in named] == [True]
    measured = [line[alarm["MetricName"]] for line in _told(fund) if line.get("_aws")]
    assert measured[-1][0] > alarm["Threshold"], "what the alarm watches"
    assert fund.verdict(employer, upload)["state"] == "in_force"
    with fund.later("sweep", seconds=alarm["Threshold"] + 60):
        fund.stack.tick("sweep")
    assert len([line for line in _told(fund) if line.get("upload") == upload]) == 1, "answered: named no more"


def _reader_died(fund: Fund, upload: str) -> None:
    """Leaves the ticket as a worker does that died while it read: the arrivals are noted, in their own time."""
    book = DynamoBook(fund.stack.outputs["BookTable"], fund.stack.client("dynamodb"))
    inbox = S3Inbox(fund.stack.outputs["InboxBucket"], fund.stack.client("s3"), SystemClock().shifted)
    ticket, now = book.get(Ticket, f"UPLOAD#{upload}", "TICKET"), datetime.now(UTC)
    assert ticket
    noted = replace(ticket, arrivals=arrived(ticket, now, inbox), state=RECEIVED, attempts=1, read_until=now)
    book.commit(Replace(noted))


def _alarm() -> dict[str, Any]:
    """Of an upload without a verdict."""
    resources = json.loads(deploy.SNAPSHOT.read_bytes())["Resources"].values()
    alarms = [each["Properties"] for each in resources if each["Type"] == "AWS::CloudWatch::Alarm"]
    (found,) = [each for each in alarms if each["MetricName"] == "OldestOpenUploadSeconds"]
    return found


def _told(fund: Fund) -> list[dict[str, Any]]:
    """Lines of the sweep's log, in their order."""
    return [json.loads(line) for line in fund.stack.logs("sweep").splitlines() if line.startswith("{")]
