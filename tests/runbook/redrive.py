"""What the local cloud's queues lack: the redrive of dead letters, as AWS documents it. All else is passed on.

Only a queue that is the dead-letter queue of another can be the source; messages go back to where they came from.
"""

from __future__ import annotations

import json
from typing import Any

from tasrih.local.stand_in import Answer, StandIn


class NotADeadLetterQueue(Exception):
    """No queue names it as the place of what failed."""


class RedrivingQueues(StandIn):
    """`endpoint` speaks SQS. `queues`: a boto3 client of the local cloud's own."""

    CONTENT_TYPE = "application/x-amz-json-1.0"

    def __init__(self, upstream: str, queues: Any) -> None:
        self._queues = queues
        self._moved = 0
        super().__init__(upstream)

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        asked = headers.get("X-Amz-Target", "").rpartition(".")[2]
        if asked == "StartMessageMoveTask":
            return self._move(json.loads(body)["SourceArn"])
        if asked == "ListMessageMoveTasks":
            task = {"Status": "COMPLETED", "ApproximateNumberOfMessagesMoved": self._moved}
            return Answer(200, json.dumps({"Results": [task]}).encode())
        return self._pass_on(path, headers, body)

    def _move(self, source: str) -> Answer:
        try:
            self._moved = self._moved_from(source)
        except NotADeadLetterQueue:
            refusal = {
                "__type": "com.amazonaws.sqs#InvalidParameterValue",
                "message": "Source queue must be configured as a Dead Letter Queue.",
            }
            return Answer(400, json.dumps(refusal).encode())
        return Answer(200, json.dumps({"TaskHandle": "moved"}).encode())

    def _moved_from(self, source: str) -> int:
        target, moved = self._where_they_came_from(source), 0
        dead = self._queues.get_queue_url(QueueName=source.rpartition(":")[2])["QueueUrl"]
        while found := self._queues.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                self._queues.send_message(QueueUrl=target, MessageBody=message["Body"])
                self._queues.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
                moved += 1
        return moved

    def _where_they_came_from(self, source: str) -> str:
        for url in self._queues.list_queues()["QueueUrls"]:
            told = self._queues.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
            policy = json.loads(told.get("Attributes", {}).get("RedrivePolicy", "{}"))
            if policy.get("deadLetterTargetArn") == source:
                return str(url)
        raise NotADeadLetterQueue(source)
