"""Is a program really told: signed, again after it failed, until it answers?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from tasrih.local.waiting import wait_for

from tests.cloud.filings import das
from tests.cloud.fund import Fund

pytestmark = pytest.mark.cloud


class Program(BaseHTTPRequestHandler):
    """Verifies each call as any library for Standard Webhooks does; answers the first one with 500, then 200."""

    secret = b""
    calls: list[tuple[str, bool, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(self.secret, signed, hashlib.sha256).digest()).decode()
        genuine = self.headers["webhook-signature"] == f"v1,{expected}"
        self.calls.append((self.headers["webhook-id"], genuine, json.loads(body)))
        self.send_response(500 if len(self.calls) == 1 else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def program() -> Iterator[str]:
    Program.calls = []
    with HTTPServer(("127.0.0.1", 0), Program) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/tasrih"
        server.shutdown()


def test_a_program_that_fails_once_is_told_again_under_the_same_id(fund: Fund, program: str) -> None:
    employer = fund.employer()
    made = employer.web.must("POST", "/webhooks", {"url": program, "events": ["verdict.reached"]})
    Program.secret = base64.b64decode(made["secret"].removeprefix("whsec_"))
    upload = employer.send(das(employer.number))

    def missed() -> list[Any]:
        (hook,) = employer.web.must("GET", "/webhooks")["webhooks"]
        return [each for each in hook["not_delivered"] if each["status"] == 500]

    wait_for(missed, "the failure is noted", 180, hint=fund.logs)
    with fund.later("sweep", "call_webhook", minutes=6):
        assert fund.stack.tick("sweep")["deliveries"] >= 1
        wait_for(lambda: not missed(), "the success is noted", 180, hint=fund.logs)
    first, again = Program.calls
    assert first == again
    assert first[1:] == (True, {**first[2], "type": "verdict.reached", "data": {"upload": upload, "state": "in_force"}})
