"""Calls of addresses that somebody else chose: only over TLS, and only into the public network.

The name is resolved here, every address it has is looked at, and the connection goes to the very address that was
looked at: a name that leads elsewhere a moment later gains nothing. Nothing is followed, and of the answer only its
status is read.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from tasrih.adapters.clock import is_loopback

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

PLAIN_LOOPBACK = "TASRIH_WEBHOOKS_TO_THIS_MACHINE"
CONNECT_SECONDS, ANSWER_SECONDS = 3, 8
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
"""IPv6 addresses that a gateway turns into IPv4 ones."""


def plain_loopback() -> bool:
    """Whether plain HTTP and this very machine will do. Only where AWS itself is played by this machine."""
    return bool(os.environ.get(PLAIN_LOOPBACK)) and is_loopback(os.environ.get("AWS_ENDPOINT_URL", ""))


def is_public(address: str) -> bool:
    """Not private, loopback, link-local (metadata), multicast or reserved, and no IPv6 form that hides such a one."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        hidden = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if hidden or any(found in network for network in _TRANSLATED):
            return False
    return found.is_global and not found.is_multicast


class WebCalls:
    """Fits `story.ports.Calls`."""

    def __init__(self, plain_loopback: bool = False) -> None:
        self._plain_loopback = plain_loopback

    def call(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """One request, one answer: a refused address, a broken line and a slow answer are all no answer."""
        from urllib3.exceptions import HTTPError

        parts = urlsplit(url)
        path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        try:
            with closing(self._connection(parts)) as connection:
                connection.connect()
                with _ended_in_time(connection.sock):
                    said = {**headers, "host": parts.netloc}
                    connection.request("POST", path, body=body, headers=said, preload_content=False)
                    answer = connection.getresponse()
                    answer.close()
                    return answer.status
        except (HTTPError, HTTPException, OSError, ValueError):
            return 0

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        """To an address that was looked at. Raises ValueError, OSError."""
        from urllib3.connection import HTTPConnection, HTTPSConnection

        plain, host = parts.scheme == "http", parts.hostname or ""
        port = parts.port or (80 if plain else 443)
        address = self._address(host, port, plain)
        if plain:
            return HTTPConnection(address, port, timeout=CONNECT_SECONDS)
        return HTTPSConnection(
            address,
            port,
            timeout=CONNECT_SECONDS,
            cert_reqs="CERT_REQUIRED",
            server_hostname=host,
            assert_hostname=host,
        )

    def _address(self, host: str, port: int, plain: bool) -> str:
        """The first address of the name. Raises ValueError when any of them is not to be called, OSError."""
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if self._plain_loopback and all(ip_address(each).is_loopback for each in found):
            return found[0]
        if plain or not all(map(is_public, found)):
            raise ValueError("not to be called")
        return found[0]


@contextmanager
def _ended_in_time(line: socket.socket) -> Iterator[None]:
    """Whoever sends a byte now and then is never silent, and still no answer: the whole has a time."""
    line.settimeout(ANSWER_SECONDS)
    end = threading.Timer(ANSWER_SECONDS, _end, [line])
    end.start()
    try:
        yield
    finally:
        end.cancel()


def _end(line: socket.socket) -> None:
    with suppress(OSError):  # it ended by itself
        line.shutdown(socket.SHUT_RDWR)
