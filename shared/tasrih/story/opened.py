"""The files of an upload, opened: readers that start anew as often as one likes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from tasrih.declaration.sent import SentFile
from tasrih.story.objects import object_key
from tasrih.story.ports import Inbox
from tasrih.story.records import Ticket

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@contextmanager
def opened_files(ticket: Ticket, inbox: Inbox) -> Iterator[list[SentFile]]:
    """The pinned versions, as the filer named them. Raises Gone when one is no longer there."""
    with ExitStack() as handles:
        files = []
        for place, (file, arrival) in enumerate(zip(ticket.files, ticket.arrivals, strict=True)):
            assert arrival
            key = object_key(ticket.upload, place, bool(ticket.parent))
            handle = handles.enter_context(inbox.open(key, arrival.version))
            files.append(SentFile(file.name, arrival.size, partial(_from_its_start, handle)))
        yield files


class _View(io.RawIOBase):
    """A reader of its own on a handle that outlives it."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        return cast(io.RawIOBase, self._handle).readinto(buffer)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._handle.seek(offset, whence)

    def tell(self) -> int:
        return self._handle.tell()


def _from_its_start(handle: BinaryIO) -> BinaryIO:
    handle.seek(0)
    return io.BufferedReader(_View(handle), 1 << 20)
