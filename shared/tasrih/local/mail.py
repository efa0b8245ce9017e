"""A mailbox on loopback that speaks the one call of SES v2 that we use, and keeps whole messages as `.eml` files.

The emulator's own SES drops attachments. This one passes each SendEmail on to it unchanged, so that permissions,
signature and sender are judged there, and keeps the message only if it was accepted there.
"""

from __future__ import annotations

import base64
import email
import email.policy
import http.client
import json
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
NOT_PASSED_ON = ("connection", "content-length", "expect", "transfer-encoding")

# What SES answers, by the name of the fault: status, error type, message.
FAULTS = {
    "throttled": (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    "quota": (429, "LimitExceededException", "Daily message quota exceeded."),
    "down": (503, "ServiceUnavailableException", "Service unavailable."),
    "refused": (400, "MessageRejected", "Address is on the suppression list for your account."),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it was handed over."""

    to: tuple[str, ...]
    file: Path

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.file.read_bytes(), policy=email.policy.default)


class Mailbox:
    """`fault`: None, or a name in FAULTS that every sender meets until it is set back."""

    def __init__(self, folder: Path, upstream: str) -> None:
        self.fault: str | None = None
        self.folder = folder
        self._upstream = urlsplit(upstream).netloc
        self._mails: list[Mail] = []
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        box = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else 40 ms and more per answer
            wbufsize = -1  # one write per answer

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, kind, answer = box._answer(self.path, dict(self.headers.items()), body)
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                if kind:
                    self.send_header("x-amzn-errortype", kind)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing: addresses do not belong in a log."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    def mails(self) -> list[Mail]:
        """In the order they were accepted."""
        with self._lock:
            return list(self._mails)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """Status, error type ("" for none), body."""
        if self.fault is not None:
            status, kind, message = FAULTS[self.fault]
            return status, kind, _error(message)
        if path != "/v2/email/outbound-emails":
            return 400, "BadRequestException", _error("The local mailbox knows SendEmail only.")
        try:
            wanted = json.loads(body)
            content = _mime(wanted)
        except (ValueError, KeyError, TypeError) as trouble:
            return 400, "BadRequestException", _error(f"not a SendEmail request: {type(trouble).__name__}")
        status, kind, answer = self._pass_on(path, headers, body)
        if status == 200:
            self._keep(_recipients(wanted, content), content)
        return status, kind, answer

    def _pass_on(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(self._upstream, timeout=30)
        try:
            # whatever was signed, host included, must arrive as it was
            kept = {name: value for name, value in headers.items() if name.lower() not in NOT_PASSED_ON}
            connection.request("POST", path, body, kept)
            reply = connection.getresponse()
            kind, answer = reply.headers.get("x-amzn-errortype", ""), reply.read()
            if reply.status >= 400 and not kind:
                kind = str(json.loads(answer).get("__type", "MessageRejected"))
            return reply.status, kind, answer
        finally:
            connection.close()

    def _keep(self, to: tuple[str, ...], content: bytes) -> None:
        with self._lock:
            file = self.folder / f"{len(self._mails) + 1:04d}.eml"
            file.write_bytes(content)
            self._mails.append(Mail(to, file))


def _error(message: str) -> bytes:
    return json.dumps({"message": message}).encode()


def _mime(wanted: dict[str, Any]) -> bytes:
    """The whole message. Raises KeyError for any other content than Raw and Simple."""
    content = wanted["Content"]
    if "Raw" in content:
        return base64.b64decode(content["Raw"]["Data"], validate=True)
    simple = content["Simple"]
    message = EmailMessage()
    message["From"] = wanted["FromEmailAddress"]
    message["To"] = ", ".join(wanted.get("Destination", {}).get("ToAddresses", []))
    message["Subject"] = simple["Subject"]["Data"]
    message.set_content(simple["Body"].get("Text", {}).get("Data", ""))
    if "Html" in simple["Body"]:
        message.add_alternative(simple["Body"]["Html"]["Data"], subtype="html")
    return message.as_bytes()


def _recipients(wanted: dict[str, Any], content: bytes) -> tuple[str, ...]:
    named = wanted.get("Destination") or {}
    told = [address for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for address in named.get(kind) or []]
    if told:
        return tuple(told)
    message = email.message_from_bytes(content, policy=email.policy.default)
    return tuple(str(message[name]) for name in ("To", "Cc") if message[name])
