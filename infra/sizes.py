"""Memory and time of each function."""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    memory_mib: int
    timeout_seconds: int
    scratch_mib: int = 512


SIZES: dict[str, Size] = {
    "portal": Size(1024, 29),  # the HTTP API itself gives up after 30 s
    "receive_declaration": Size(2048, 300, scratch_mib=2048),  # up to 999,999 lines, unpacked on disk
    "queue_letters": Size(512, 60),
    "send_letter": Size(1024, 60),
    "call_webhook": Size(512, 20),
    "remove_due": Size(1024, 600),  # comes every hour
    "sweep": Size(1024, 240),  # comes every five minutes
}
