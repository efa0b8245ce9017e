"""A fund on a stack: its officer, its employers, and the steps that each of them takes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tasrih.local.deployed import Stack
from tasrih.local.mail import Mail
from tasrih.local.waiting import wait_for

from tests.cloud.filings import Filing
from tests.cloud.web import Web, post_form

AGENCY, OTHER_AGENCY = "16000", "16999"
HEADING = (
    "entity;name;name_ar;employer;agency;since;until;size_class;codes;contact_name;contact_email;language;accounts"
)
OPEN = ("awaiting_upload", "received")


@dataclass(frozen=True)
class Employer:
    """One legal entity with one employer number and one account."""

    number: str
    account: str
    password: str = field(repr=False)
    email: str
    web: Web

    def open(self, filing: Filing, **changed: Any) -> dict[str, Any]:
        opened: dict[str, Any] = self.web.must("POST", "/uploads", filing.announcement(**changed))
        return opened

    def send(self, filing: Filing, **changed: Any) -> str:
        """Announces and sends every file; returns the upload."""
        opened = self.open(filing, **changed)
        for form, (_, body) in zip(opened["forms"], filing.files, strict=True):
            assert post_form(form, body).status in (200, 201, 204)
        return str(opened["upload"])

    def view(self, upload: str, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.web.must("GET", f"/uploads/{upload}", **query)
        return found


def message(**body: str) -> dict[str, Any]:
    """An event of a queue with one message, as a function gets it."""
    record = {"messageId": "1", "body": json.dumps(body), "attributes": {"ApproximateReceiveCount": "1"}}
    return {"Records": [record]}


class Fund:
    def __init__(self, stack: Stack, seconds: float = 60) -> None:
        self.stack, self.seconds = stack, seconds
        self.anybody = Web(stack.api_url)
        self._numbers = itertools.count(1)
        self._officers: dict[str, Web] = {}

    @property
    def officer(self) -> Web:
        return self.officer_of(AGENCY)

    def officer_of(self, agency: str) -> Web:
        """Of each agency one, who is signed in once."""
        if agency not in self._officers:
            name = f"officer-{agency}"
            (person,) = self.stack.people([(name, f"officers-{agency}")]).values()
            self._officers[agency] = self.anybody.signed_in(name, person.password)
        return self._officers[agency]

    def employer(self, codes: str = "R22", language: str = "fr", agency: str = AGENCY) -> Employer:
        """A new one, in the register and with an account."""
        number = f"16{next(self._numbers):08d}"
        name, email = f"paie-{number}", f"paie@e{number}.example"
        (person,) = self.stack.people([(name, "")]).values()
        of_number = f"{number};{agency};2010-01-01;;monthly;{codes}"
        row = f"e{number};FIRME {number};شركة;{of_number};NOMUN;{email};{language};{name}"
        assert self.officer_of(agency).must("PUT", "/register", f"{HEADING}\n{row}\n")["created"] >= 1
        return Employer(number, name, person.password, email, self.anybody.signed_in(name, person.password))

    def verdict(self, employer: Employer, upload: str, **query: Any) -> dict[str, Any]:
        """The upload once it is decided and, where there is a receipt, this is signed."""

        def look() -> dict[str, Any] | None:
            view = employer.view(upload, **query)
            signed = view["receipt"] is None or view["receipt"]["pdf_ready"]
            return view if view["state"] not in OPEN and signed else None

        return wait_for(look, f"a verdict on {upload}", self.seconds, hint=self.logs)

    def mails(self, employer: Employer, count: int = 1) -> list[Mail]:
        """All letters to an employer, once there are so many."""

        def look() -> list[Mail] | None:
            found = [mail for mail in self.stack.mails() if employer.email in mail.to]
            return found if len(found) >= count else None

        return wait_for(look, f"{count} letters to {employer.email}", self.seconds, hint=self.logs)

    def logs(self) -> str:
        return "\n".join(f"--- {name}\n{self.stack.logs(name)[-1500:]}" for name in self.stack.functions)

    @contextmanager
    def later(self, *functions: str, **much: float) -> Iterator[None]:
        """These functions live some time (`minutes=30`) later than everybody else."""
        now = datetime.now(UTC)
        moment = f"{(now + timedelta(**much)).isoformat()}@{now.isoformat()}"
        before = {name: self._variables(name) for name in functions}
        try:
            for name in functions:
                self._set(name, {**before[name], "TASRIH_PRETEND_NOW": moment})
            yield
        finally:
            for name in functions:
                self._set(name, before[name])

    @contextmanager
    def keeping(self, **days: int) -> Iterator[None]:
        """Retention by these settings alone."""
        before = self._variables("remove_due")
        try:
            self._set("remove_due", {**before, "TASRIH_RETENTION": json.dumps(days)})
            yield
        finally:
            self._set("remove_due", before)

    def _variables(self, function: str) -> dict[str, str]:
        told = self.stack.client("lambda").get_function_configuration(FunctionName=self.stack.functions[function])
        found: dict[str, str] = told["Environment"]["Variables"]
        return found

    def _set(self, function: str, variables: dict[str, str]) -> None:
        name, functions = self.stack.functions[function], self.stack.client("lambda")
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})

    def wake(self, woken: bool, *functions: str) -> None:
        """Whether queues and stream wake these functions; all if none is named."""
        client, wanted = self.stack.client("lambda"), {self.stack.functions[name] for name in functions}

        def mappings() -> list[dict[str, Any]]:
            found = client.list_event_source_mappings()["EventSourceMappings"]
            return [each for each in found if not wanted or each["FunctionArn"].rpartition(":")[2] in wanted]

        for mapping in mappings():
            client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=woken)
        settled = ("Disabled", "Enabled")
        wait_for(lambda: all(each["State"] in settled for each in mappings()), "the mappings are switched")

    @contextmanager
    def asleep(self, function: str) -> Iterator[None]:
        """What should wake this function is lost on it."""
        self.wake(False, function)
        try:
            yield
        finally:
            self.wake(True, function)

    @contextmanager
    def impatient(self, *queues: str) -> Iterator[None]:
        """Messages of these queues (named as in the outputs) that were not finished come again after a second."""
        client = self.stack.client("sqs")
        urls = [self.stack.outputs[name] for name in queues]
        before = [
            client.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
            for url in urls
        ]
        try:
            for url in urls:
                client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
            yield
        finally:
            for url, attributes in zip(urls, before, strict=True):
                client.set_queue_attributes(QueueUrl=url, Attributes=attributes)

    def waiting_in(self, queue: str) -> int:
        """Messages in a queue, hidden ones included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.stack.client("sqs").get_queue_attributes(QueueUrl=self.stack.outputs[queue], AttributeNames=names)[
            "Attributes"
        ]
        return sum(int(found[name]) for name in names)

    def worked_off(self, queue: str, hidden_before: int = 0) -> None:
        """`hidden_before`: messages that earlier tests left hidden, for longer than any test waits."""
        wait_for(lambda: self.waiting_in(queue) <= hidden_before, f"{queue} is worked off", 180, hint=self.logs)

    def put(self, queue: str, body: str) -> None:
        self.stack.client("sqs").send_message(QueueUrl=self.stack.outputs[queue], MessageBody=body)

    def taken_from(self, queue: str, body: str) -> None:
        """Waits for a message with this body among the dead letters of a queue, and takes it out."""
        client, url = self.stack.client("sqs"), self.stack.outputs[queue]

        def look() -> str | None:
            found = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
            return next((each["ReceiptHandle"] for each in found.get("Messages", ()) if each["Body"] == body), None)

        client.delete_message(QueueUrl=url, ReceiptHandle=wait_for(look, f"{body} in {queue}", 180, hint=self.logs))
