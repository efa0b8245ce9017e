from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from tasrih.adapters.chance import SystemChance
from tasrih.adapters.memory import MemoryChance, MemoryPost, MemoryQueue
from tasrih.adapters.ses import SesPost
from tasrih.adapters.sqs import SqsQueue
from tasrih.story.ports import Busy, Undeliverable

MESSAGE = b"From: fund@example.org\r\nTo: nomun@example.org\r\n\r\nhello\r\n"


def played(service: str) -> tuple[Any, Stubber]:
    client = boto3.client(service, region_name="eu-south-1", aws_access_key_id="x", aws_secret_access_key="x")
    stub = Stubber(client)
    stub.activate()
    return client, stub


def test_a_whole_message_is_mailed_to_one_address() -> None:
    client, stub = played("sesv2")
    expected = {"Destination": {"ToAddresses": ["nomun@example.org"]}, "Content": {"Raw": {"Data": MESSAGE}}}
    stub.add_response("send_email", {"MessageId": "1"}, expected)
    SesPost(client).send("nomun@example.org", MESSAGE)
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("TooManyRequestsException", Busy),
        ("LimitExceededException", Busy),
        ("ThrottlingException", Busy),
        ("SendingPausedException", Busy),
        ("AccountSuspendedException", Busy),
        ("MailFromDomainNotVerifiedException", Busy),
        ("MessageRejected", Undeliverable),
        ("BadRequestException", Undeliverable),
        ("AccessDeniedException", ClientError),
    ],
)
def test_troubles_of_the_mail_are_told_apart_without_the_address(code: str, raised: type[Exception]) -> None:
    client, stub = played("sesv2")
    stub.add_client_error("send_email", code, "nomun@example.org is not right")
    with pytest.raises(raised) as caught:
        SesPost(client).send("nomun@example.org", MESSAGE)
    if raised is not ClientError:
        assert "nomun" not in str(caught.value)


def test_the_post_in_memory_refuses_the_addresses_it_is_told() -> None:
    post = MemoryPost()
    post.refused.add("gone@example.org")
    post.send("nomun@example.org", MESSAGE)
    with pytest.raises(Undeliverable):
        post.send("gone@example.org", MESSAGE)
    assert post.sent == [("nomun@example.org", MESSAGE)]


def test_a_message_is_put_on_the_queue_as_json(aws: None) -> None:
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="letters")["QueueUrl"]
    SqsQueue(url, client).put({"upload": "u", "about": "refused"})
    (message,) = client.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"]) == {"upload": "u", "about": "refused"}


def test_a_queue_that_throttles_is_busy() -> None:
    client, stub = played("sqs")
    stub.add_client_error("send_message", "RequestThrottled", http_status_code=503)
    with pytest.raises(Busy):
        SqsQueue("https://x/q", client).put({})


def test_the_queue_in_memory_keeps_copies() -> None:
    queue, body = MemoryQueue(), {"upload": "u"}
    queue.put(body)
    body["upload"] = "v"
    assert queue.bodies == [{"upload": "u"}]


def test_tokens_have_128_random_bits_and_replay_from_their_seed() -> None:
    assert len({SystemChance().token() for _ in range(100)}) == 100
    assert all(len(token) == 32 and int(token, 16) >= 0 for token in (SystemChance().token(), MemoryChance(1).token()))
    one, again = MemoryChance(7), MemoryChance(7)
    assert [one.token() for _ in range(5)] == [again.token() for _ in range(5)]
