"""Runs one command for as long as its starter lives, then leaves nothing of it: no process, no file.

    python keeper.py FOLDER COMMAND ARGUMENT…

Stands alone (standard library only, started by path) so that it starts fast and cannot fail for a missing package.
It ends the command, and removes FOLDER, when its standard input ends, when its starter is gone (`kill -9` included),
when it is asked to end (TERM, INT, HUP), or when the command ends by itself. Its exit code is then the command's.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import time

LOOK_EVERY_SECONDS = 0.1
GIVE_UP_AFTER_SECONDS = 10.0
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h

# The command first asks Linux to be killed should this keeper be killed, then becomes itself. Done after the fork in
# a process of its own: between fork and exec nothing but exec is safe.
TIED = (
    "import ctypes, os, sys\n"
    f"sys.platform == 'linux' and ctypes.CDLL(None).prctl({PR_SET_PDEATHSIG}, 9)\n"
    "os.getppid() == int(sys.argv[1]) or sys.exit('its keeper is gone')\n"
    "os.execv(sys.argv[2], sys.argv[2:])\n"
)


class Ended(Exception):
    """Somebody asked the keeper to end."""


def keep(folder: str, command: list[str]) -> int:
    """Exit code of the command; 0 when it was ended because the starter wanted so or is gone."""
    starter = os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _end)
    if sys.platform == "linux":
        # what the command leaves behind becomes our child, so that we can wait until it is really gone
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    tied = [sys.executable, "-I", "-S", "-c", TIED, str(os.getpid()), *command]
    with open(os.path.join(folder, "output.log"), "ab") as output:
        child = subprocess.Popen(
            tied, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, start_new_session=True
        )
    try:
        while child.poll() is None and os.getppid() == starter and not _input_ended():
            pass
    except Ended:
        pass
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    code = child.poll()
    _kill_group(child.pid)
    shutil.rmtree(folder, ignore_errors=True)
    return code or 0


def _end(_number: int, _frame: object) -> None:
    raise Ended


def _input_ended() -> bool:
    """Waits a little; True once the starter closed its end of the pipe."""
    readable, _, _ = select.select([0], [], [], LOOK_EVERY_SECONDS)
    return bool(readable) and not os.read(0, 64)


def _kill_group(group: int) -> None:
    """Kills every process of the group and waits until the last one is reaped."""
    deadline = time.monotonic() + GIVE_UP_AFTER_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # PermissionError: macOS, when only zombies are left
            return
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1], sys.argv[2:]))
