"""Is each granted action needed? With IAM enforced, taking any one away turns the work of its function red."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.cli.service import FormRefused, Refusal
from tasrih.local import deploy
from tasrih.local.cloud import LocalCloud
from tasrih.local.deployed import Failed, Stack
from tasrih.local.waiting import NeverHappened, wait_for
from tasrih.settings import FUNCTIONS
from tasrih.story.filings import StoredLines
from tasrih.story.ports import Create, Replace

from tests.local.grants import Grant, grants, without
from tests.local.journey import EMPLOYER, Journey

pytestmark = pytest.mark.cloud
QUEUES = ("UploadsQueue", "LettersQueue")

# What the emulator never asks for, so that taking it away changes nothing here (see local/README.md). Only AWS can show
# that these are needed; that they stand in the template, and nothing more, is asserted there.
NOT_ASKED_FOR = {
    "written by the emulator itself": ("logs:CreateLogStream", "logs:PutLogEvents"),
    "polled by the emulator itself": (
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
    ),
    "keys of stored objects and tables": ("kms:Decrypt", "kms:GenerateDataKey"),
    "the other name of the same call": ("ses:SendRawEmail",),
    "only used when a call fails for good": ("sqs:SendMessage on QueuesUndelivered",),
}


class Red(Exception):
    """Something did not work."""


class Work:
    """What each function does, once, in a way that shows when it cannot."""

    def __init__(self, cloud: LocalCloud, stack: Stack, folder: Path) -> None:
        self.cloud, self.stack, self.seed = cloud, stack, 0
        self.heard = len(cloud.output())
        self.journey = Journey(stack, folder, self.listen, seconds=20)
        for service in (self.journey.officer, self.journey.employer):
            service._http = urllib3.PoolManager(retries=False)  # an answer of 5xx is what we look for
        self.refused, self.accepted = self.settled(faulty=True), self.settled()

    def listen(self) -> None:
        """Raises Red for an error that a function reported since work began."""
        said = self.cloud.output()[self.heard :]
        if '"level":"ERROR"' in said or "failed processing" in said:
            raise Red(said[-600:])

    def settled(self, *, faulty: bool = False) -> str:
        """Sends a new pair and waits for its verdict and its mail."""
        mails = len(self.stack.mails())
        upload = self.sent(faulty=faulty)
        assert self.journey.verdict(upload)["state"] == ("refused" if faulty else "in_force")
        self.journey.mail(mails + 1)
        return upload

    def sent(self, *, faulty: bool = False) -> str:
        self.seed += 1
        return self.journey.send(self.seed, faulty=faulty)

    def portal(self) -> None:
        journey, employer, officer = self.journey, self.journey.employer, self.journey.officer
        journey.register("quarterly" if self.seed % 2 else "monthly")
        officer.get(f"/register/employers/{EMPLOYER}")
        officer.get("/keys")
        lines = employer.get(f"/uploads/{self.accepted}/lines")["lines"]
        assert officer.post("/insured", {"nss": lines[0]["nss"]})["declared"]
        assert employer.get("/uploads")["uploads"]
        assert employer.get(f"/uploads/{self.refused}/findings")["findings"]
        assert journey.paper(self.accepted, "pdf")
        self.accepted = self.settled()

    def receive_declaration(self) -> None:
        self.settled()
        self.settled(faulty=True)

    send_letter = queue_letters = receive_declaration

    def sweep(self) -> None:
        """One upload whose event was lost, one letter not queued, the lines of one upload that never counted."""
        book = DynamoBook(self.stack.outputs["BookTable"], self.stack.client("dynamodb"))
        orphan = book.get(StoredLines, f"UPLOAD#{self.refused}", "LINES")
        if orphan is None or orphan.state != "planned":
            fresh = StoredLines(
                upload=self.refused,
                employer=EMPLOYER,
                period="2019",
                lines=5,
                chunk_lines=5,
                stored_at=datetime.now(UTC) - timedelta(days=3),
                revision=orphan.revision if orphan else 0,
            )
            book.commit(Replace(fresh) if orphan else Create(fresh))
        try:
            swept = self.stack.tick("sweep")
            assert all(swept[work] for work in ("uploads", "letters", "lines")), swept
        finally:
            self.lose_messages()

    def leave_something_to_sweep(self) -> None:
        """Nothing is taken from the queues any more; the sweep's own clock is ahead of its patience."""
        functions = self.stack.client("lambda")
        for each in functions.list_event_source_mappings()["EventSourceMappings"]:
            if "UploadsFailed" not in each["EventSourceArn"] and "Letters" in each["EventSourceArn"]:
                functions.update_event_source_mapping(UUID=each["UUID"], Enabled=False)
        self.journey.verdict(self.sent())
        wait_for(lambda: self.waiting() == 1, "its letter is queued", 8)
        for each in functions.list_event_source_mappings()["EventSourceMappings"]:
            functions.update_event_source_mapping(UUID=each["UUID"], Enabled=False)
        self.sent()
        self.lose_messages()
        name, now = self.stack.functions["sweep"], datetime.now(UTC)
        variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        variables["TASRIH_PRETEND_NOW"] = f"{(now + timedelta(minutes=12)).isoformat()}@{now.isoformat()}"
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})

    def lose_messages(self) -> None:
        for name in QUEUES:
            self.stack.client("sqs").purge_queue(QueueUrl=self.stack.outputs[name])

    def waiting(self) -> int:
        """Messages in the queues, those being worked on included."""
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        asked = self.stack.client("sqs").get_queue_attributes
        found = [asked(QueueUrl=self.stack.outputs[name], AttributeNames=counts)["Attributes"] for name in QUEUES]
        return sum(int(each[name]) for each in found for name in counts)

    def drained(self) -> None:
        """Waits until no work is left over; what was reported until then is forgotten."""
        wait_for(lambda: self.waiting() == 0, "the queues are empty", 60)
        self.heard = len(self.cloud.output())

    def grants(self, function: str) -> list[Grant]:
        template = json.loads(deploy.SNAPSHOT.read_bytes())
        logical = [name for name, each in template["Resources"].items() if each["Type"] == "AWS::IAM::Role"]
        roles = dict(zip(logical, self.stack.resources["AWS::IAM::Role"], strict=True))
        return [each for each in grants(template, roles) if each.function == function]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with LocalCloud(auth=True) as cloud:
        yield Work(cloud, cloud.deploy(visibility_seconds=1), tmp_path_factory.mktemp("pairs"))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_taking_any_one_action_away_turns_the_work_red(work: Work, function: str) -> None:
    if function == "sweep":
        work.leave_something_to_sweep()
    do: Callable[[], None] = getattr(work, function)
    do()
    work.drained()
    not_asked = [grant for grant in work.grants(function) if not_asked_for(grant)]
    assert red_without(not_asked, work, do) == "", "the emulator asks for more than is listed"
    asked = [grant for grant in work.grants(function) if not not_asked_for(grant)]
    idle = [str(grant) for grant in asked if not red_without([grant], work, do)]
    assert idle == [], "granted, but nothing that is tried needs it"


def red_without(taken: list[Grant], work: Work, do: Callable[[], None]) -> str:
    """What went wrong; "" when all went well."""
    try:
        with without(taken, work.stack):
            do()
    except (Red, Failed, FormRefused, Refusal, NeverHappened, OSError, AssertionError) as trouble:
        return f"{trouble!r}\n{work.cloud.output()[-1500:]}"
    finally:
        work.drained()
    return ""


def not_asked_for(grant: Grant) -> bool:
    return any(name in (grant.action, str(grant)) for names in NOT_ASKED_FOR.values() for name in names)
