"""What runs and listens on this machine, read from /proc (Linux)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

LISTENING = "0A"


class Process(NamedTuple):
    pid: int
    parent: int
    resident_bytes: int
    command: str


def below(pid: int) -> list[Process]:
    """Everything started by a process, directly or not, parents before children. Empty where there is no /proc."""
    everything = _processes()
    found, wanted = [], [pid]
    while wanted:
        parent = wanted.pop(0)
        children = [each for each in everything if each.parent == parent]
        found += children
        wanted += [child.pid for child in children]
    return found


def listening(pids: list[int]) -> list[str]:
    """Addresses in hexadecimal as the kernel writes them (`0100007F:1F90` is 127.0.0.1:8080) of these processes."""
    sockets = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            sockets |= {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()}
    found = []
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            rows = [line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
            found += [row[1] for row in rows if row[3] == LISTENING and f"socket:[{row[9]}]" in sockets]
    return found


def _processes() -> list[Process]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):  # it ended while we looked
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            resident = int(after_name[21]) * os.sysconf("SC_PAGE_SIZE")
            if after_name[0] != "Z":
                found.append(Process(int(folder.name), int(after_name[1]), resident, command))
    return found
