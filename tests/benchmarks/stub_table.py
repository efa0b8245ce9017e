"""A table that takes everything and answers at once, in a process of its own: what remains is the client's work."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}"


class _Taker(asyncio.Protocol):
    def __init__(self) -> None:
        self._held = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._held[:end]).lower()
            _, _, rest = head.partition(b"content-length:")
            whole = end + 4 + int(rest.partition(b"\r\n")[0] or 0)
            if len(self._held) < whole:
                return
            del self._held[:whole]
            self._transport.write(_ANSWER)


async def _serve(tell: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(_Taker, "127.0.0.1", 0)
    tell.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run(tell: Connection) -> None:
    asyncio.run(_serve(tell))


@contextmanager
def stub_table() -> Iterator[str]:
    """Gives the address of the table."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(tell,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{hear.recv()}"
    finally:
        process.terminate()
        process.join()
