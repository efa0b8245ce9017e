"""What the local cloud's queues lack: the redrive of dead letters, as AWS documents it. All else is passed on.

Only a queue that is the dead-letter queue of another can be the source; messages go back to where they came from.
"""

from __future__ import annotations

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"


class NotADeadLetterQueue(Exception):
    """No queue names it as the place of what failed."""


class RedrivingQueues:
    """`endpoint` speaks SQS. `queues`: a boto3 client of the local cloud's own."""

    def __init__(self, upstream: str, queues: Any) -> None:
        self._upstream = urlsplit(upstream).netloc
        self._queues = queues
        self._moved = 0
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, answer = served._answer(self.path, dict(self.headers.items()), body)
                self.send_response(status)
                self.send_header("content-type", "application/x-amz-json-1.0")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        asked = headers.get("X-Amz-Target", "").rpartition(".")[2]
        if asked == "StartMessageMoveTask":
            return self._move(json.loads(body)["SourceArn"])
        if asked == "ListMessageMoveTasks":
            task = {"Status": "COMPLETED", "ApproximateNumberOfMessagesMoved": self._moved}
            return 200, json.dumps({"Results": [task]}).encode()
        connection = http.client.HTTPConnection(self._upstream, timeout=60)
        try:
            connection.request("POST", path, body, {k: v for k, v in headers.items() if k.lower() != "connection"})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def _move(self, source: str) -> tuple[int, bytes]:
        try:
            self._moved = self._moved_from(source)
        except NotADeadLetterQueue:
            refusal = {
                "__type": "com.amazonaws.sqs#InvalidParameterValue",
                "message": "Source queue must be configured as a Dead Letter Queue.",
            }
            return 400, json.dumps(refusal).encode()
        return 200, json.dumps({"TaskHandle": "moved"}).encode()

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
