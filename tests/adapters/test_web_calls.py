"""Calls of strangers' addresses: into the public network only, to the address that was looked at, never followed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from tasrih.adapters import web_calls
from tasrih.adapters.web_calls import WebCalls, is_public, plain_loopback

FORBIDDEN = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "169.254.170.2", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


class Program(BaseHTTPRequestHandler):
    """Answers /<status> with a body that never ends; keeps what it got."""

    got: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
        self.send_response(int(self.path.strip("/").partition("?")[0]))
        self.send_header("location", "/200")
        self.send_header("content-length", "1000000000")
        self.end_headers()
        self.wfile.write(b"x" * 1000)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def program() -> Iterator[str]:
    Program.got = []
    with HTTPServer(("127.0.0.1", 0), Program) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("address", FORBIDDEN)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_ones_are_not(address: str) -> None:
    assert is_public(address)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is connected to; nothing really is."""
    tried: list[Any] = []

    def connect(address: Any, *_: object, **__: object) -> None:
        tried.append(address)
        raise OSError

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    return tried


def leads_to(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """The name is asked for once, and has these addresses."""
    left = [found]

    def resolve(_host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in left.pop()]

    monkeypatch.setattr(web_calls.socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("loopback", [False, True])
@pytest.mark.parametrize("found", [["10.0.0.1"], ["8.8.8.8", "169.254.169.254"], ["127.0.0.1", "8.8.8.8"]])
def test_a_name_that_leads_inside_is_not_called(
    monkeypatch: pytest.MonkeyPatch, connections: list[Any], loopback: bool, found: list[str]
) -> None:
    leads_to(monkeypatch, *found)
    assert WebCalls(loopback).call("https://paie.example/", {}, b"") == 0
    assert connections == []


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, connections: list[Any]
) -> None:
    leads_to(monkeypatch, "8.8.8.8")
    assert WebCalls().call("https://paie.example:8443/x", {}, b"") == 0
    assert connections == [("8.8.8.8", 8443)]


@pytest.mark.parametrize("loopback", [False, True])
def test_plain_http_is_not_spoken_to_anybody_else(
    monkeypatch: pytest.MonkeyPatch, connections: list[Any], loopback: bool
) -> None:
    leads_to(monkeypatch, "8.8.8.8")
    assert WebCalls(loopback).call("http://paie.example/", {}, b"") == 0
    assert connections == []


def test_this_machine_is_not_called_but_in_the_local_cloud(program: str) -> None:
    assert WebCalls().call(f"{program}/200", {}, b"{}") == 0
    assert Program.got == []
    assert WebCalls(plain_loopback=True).call(f"{program}/200?a=b", {"webhook-id": "msg_1"}, b"{}") == 200
    ((path, headers, body),) = Program.got
    assert (path, headers["webhook-id"], body) == ("/200?a=b", "msg_1", b"{}")
    assert headers["host"] == program.removeprefix("http://")


def test_an_answer_that_leads_elsewhere_is_not_followed(program: str) -> None:
    assert WebCalls(plain_loopback=True).call(f"{program}/302", {}, b"{}") == 302
    assert [path for path, _, _ in Program.got] == ["/302"]


def test_a_slow_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_calls, "ANSWER_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert WebCalls(plain_loopback=True).call(f"http://127.0.0.1:{silent.getsockname()[1]}/", {}, b"") == 0


def test_an_answer_that_drips_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never silent for as long as a silent one is waited for, and never done."""
    monkeypatch.setattr(web_calls, "ANSWER_SECONDS", 0.2)
    ended, dripped = threading.Event(), []

    def drip(server: socket.socket) -> None:
        line, _ = server.accept()
        with line, suppress(OSError):
            while not ended.wait(0.02):
                line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                dripped.append(1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        program = threading.Thread(target=drip, args=[server])
        program.start()
        try:
            assert WebCalls(plain_loopback=True).call(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"") == 0
        finally:
            ended.set()
            program.join()
    assert len(dripped) > 1


@pytest.mark.parametrize(
    ("wish", "endpoint", "taken"),
    [
        ("yes", "http://127.0.0.1:4566", True),
        ("yes", "", False),
        ("yes", "https://sqs.eu-west-3.amazonaws.com", False),
        ("", "http://127.0.0.1:4566", False),
    ],
)
def test_only_where_this_machine_plays_aws_is_loopback_taken(
    monkeypatch: pytest.MonkeyPatch, wish: str, endpoint: str, taken: bool
) -> None:
    monkeypatch.setenv(web_calls.PLAIN_LOOPBACK, wish)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    assert plain_loopback() is taken
