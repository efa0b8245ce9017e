"""Does the mailbox keep whole messages, and only those that the emulator's SES accepted?"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tasrih.local.clients import client
from tasrih.local.cloud import REGION, LocalCloud
from tasrih.local.mail import FAULTS, Mailbox

pytestmark = pytest.mark.cloud

PAPER = bytes(range(256)) * 400
SENDER = "declarations@tasrih.example"


@pytest.fixture(scope="module")
def running() -> Iterator[LocalCloud]:
    with LocalCloud() as cloud:
        ses = client("sesv2", cloud.endpoint, REGION)
        ses.create_email_identity(EmailIdentity="tasrih.example")
        ses.close()
        yield cloud


@pytest.fixture
def box(running: LocalCloud, tmp_path: Path) -> Iterator[tuple[Mailbox, Any]]:
    box = Mailbox(tmp_path, running.endpoint)
    ses = client("sesv2", box.endpoint, REGION)
    yield box, ses
    ses.close()
    box.close()


def message(sender: str = SENDER) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Tasrih <{sender}>", "karim@example.test", "Récépissé وصل"
    made.set_content("Bonjour\n")
    made.add_attachment(PAPER, maintype="application", subtype="pdf", filename="recepisse.pdf")
    made.set_boundary("the-same-every-time")
    return made.as_bytes()


def send(ses: Any, sender: str = SENDER) -> str:
    return str(
        ses.send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": ["karim@example.test"]},
            Content={"Raw": {"Data": message(sender)}},
        )["MessageId"]
    )


def test_a_raw_message_is_kept_to_the_last_byte_of_its_attachment(box: tuple[Mailbox, Any]) -> None:
    mailbox, ses = box
    assert send(ses)
    (mail,) = mailbox.mails()
    assert mail.file.name == "0001.eml"
    assert mail.file.read_bytes() == message()
    assert mail.to == ("karim@example.test",)
    (paper,) = mail.message.iter_attachments()
    assert paper.get_content() == PAPER


def test_a_simple_message_is_kept_too(box: tuple[Mailbox, Any]) -> None:
    mailbox, ses = box
    body = {"Text": {"Data": "Bonjour"}, "Html": {"Data": "<p>Bonjour</p>"}}
    ses.send_email(
        FromEmailAddress=SENDER,
        Destination={"ToAddresses": ["karim@example.test"]},
        Content={"Simple": {"Subject": {"Data": "Échéance"}, "Body": body}},
    )
    (mail,) = mailbox.mails()
    assert mail.message["Subject"] == "Échéance"
    assert [part.get_content_type() for part in mail.message.iter_parts()] == ["text/plain", "text/html"]


def test_an_unknown_sender_is_refused_and_nothing_is_kept(box: tuple[Mailbox, Any]) -> None:
    mailbox, ses = box
    with pytest.raises(ses.exceptions.MessageRejected, match="not verified"):
        send(ses, "declarations@elsewhere.example")
    assert mailbox.mails() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_met_as_ses_tells_it_and_mail_flows_again_afterwards(box: tuple[Mailbox, Any], fault: str) -> None:
    mailbox, ses = box
    mailbox.fault = fault
    with pytest.raises(ClientError) as met:
        send(ses)
    assert met.value.response["Error"]["Code"] == FAULTS[fault][1]
    assert mailbox.mails() == []
    mailbox.fault = None
    send(ses)
    assert len(mailbox.mails()) == 1


def test_what_is_no_mail_is_refused(box: tuple[Mailbox, Any]) -> None:
    _, ses = box
    with pytest.raises(ClientError, match="SendEmail only"):
        ses.list_email_identities()


def test_mails_are_numbered_in_the_order_they_came(box: tuple[Mailbox, Any]) -> None:
    mailbox, ses = box
    for _ in range(3):
        send(ses)
    assert [mail.file.name for mail in mailbox.mails()] == ["0001.eml", "0002.eml", "0003.eml"]
