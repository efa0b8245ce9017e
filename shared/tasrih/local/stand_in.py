"""A service on loopback before one of the emulator's: what it knows better it answers, all else it passes on."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

HOST = "127.0.0.1"
NOT_PASSED_ON = ("connection", "content-length", "expect", "transfer-encoding")


class Answer(NamedTuple):
    status: int
    body: bytes
    error: str = ""
    """Its type; "" for none."""


class StandIn:
    """Whoever is made from it answers each POST by `_answer`, from its own `__init__`'s last line on."""

    CONTENT_TYPE = "application/json"

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream).netloc
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else 40 ms and more per answer
            wbufsize = -1  # one write per answer

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, answer, error = served._answer(self.path, dict(self.headers.items()), body)
                self.send_response(status)
                self.send_header("content-type", served.CONTENT_TYPE)
                self.send_header("content-length", str(len(answer)))
                if error:
                    self.send_header("x-amzn-errortype", error)
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

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        return self._pass_on(path, headers, body)

    def _pass_on(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        connection = http.client.HTTPConnection(self._upstream, timeout=60)
        try:
            # whatever was signed, host included, must arrive as it was
            kept = {name: value for name, value in headers.items() if name.lower() not in NOT_PASSED_ON}
            connection.request("POST", path, body, kept)
            reply = connection.getresponse()
            return Answer(reply.status, reply.read(), reply.headers.get("x-amzn-errortype", ""))
        finally:
            connection.close()
