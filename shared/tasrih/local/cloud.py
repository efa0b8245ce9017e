"""The local cloud: an emulator of AWS on loopback, started as a child, of which nothing stays behind.

with LocalCloud() as cloud:
    stack = cloud.deploy()
"""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tasrih.local import deploy as deploying
from tasrih.local.deployed import Stack
from tasrih.local.processes import Process, below

HOST = "127.0.0.1"
REGION = "eu-west-3"
START_SECONDS = 60.0
PORT_TRIES = 3


class CannotStart(RuntimeError):
    """The emulator did not start; the message says why and what can be done."""


class LocalCloud:
    """Starts on entering, ends on leaving; ended too when this process dies in whatever way.

    `auth`: IAM policies are enforced. `bare`: workers find what is in their zip and nothing else (else they also find
    what is installed beside this package); not with awslambdaric, which is no part of a zip. `port`: 0: a free one.
    `concurrency`: executions at once over all functions, more are throttled as on AWS; a worker takes 70 to 125 MB.
    """

    def __init__(
        self, *, auth: bool = False, bare: bool = False, port: int = 0, region: str = REGION, concurrency: int = 24
    ) -> None:
        self.auth = auth
        self._bare = bare
        self.region = region
        self._wanted_port = port
        self._concurrency = concurrency
        self._keeper: subprocess.Popen[bytes] | None = None
        self._stacks: list[Stack] = []
        self._log: IO[str] | None = None
        self._told = ""
        self.port = 0
        self.folder = Path()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Raises CannotStart."""
        if importlib.util.find_spec("ministack") is None:
            raise CannotStart("The emulator (package ministack) is not installed: run `make install`.")
        for attempt in range(1, PORT_TRIES + 1):
            self.port = self._wanted_port or _free_port()
            if self._wanted_port and _somebody_listens(self.port):
                raise CannotStart(f"Port {self.port} is taken by another program: choose another with --port.")
            self._launch()
            if self._answers():
                return
            self.stop()
            told = self.output()
            # a free port can be lost between our look and the emulator's: then try another
            if self._wanted_port or attempt == PORT_TRIES or "already in use" not in told:
                raise CannotStart(f"The emulator did not start. Its last words:\n{told[-2000:]}")

    def stop(self) -> None:
        """Ends everything and waits for it. May be called twice."""
        self._close_stacks()
        keeper, self._keeper = self._keeper, None
        if keeper is not None and keeper.stdin is not None:
            keeper.stdin.close()
            keeper.wait()
            # only needed when the keeper itself was killed
            shutil.rmtree(self.folder, ignore_errors=True)
        if self._log is not None:
            self.output()
            self._log.close()
            self._log = None

    def deploy(
        self,
        template: Mapping[str, Any] | None = None,
        *,
        assets: deploying.Assets = "thin",
        runtime: deploying.Runtime = "python",
        pretend_now: datetime | None = None,
        pace: int = 1,
        mails: Path | None = None,
    ) -> Stack:
        """Creates the stack of a template (if none is given, of the snapshot). Independent stacks: `reset` between.

        `assets`: "thin" (sources; dependencies come from this Python) or a folder of `<function>.zip`. `runtime`:
        "python" (the emulator's own worker) or "awslambdaric" (the runtime interface that AWS itself uses).
        `pretend_now`: the moment that the functions take for now. `pace`: their time runs so many times as fast, and
        an unfinished message is tried again as much sooner. `mails`: where to keep mails beyond the end.
        Raises deploy.Refused with the reasons of each resource.
        """
        wanted = deploying.Wish(
            template=template,
            assets=assets,
            runtime=runtime,
            pretend_now=pretend_now,
            auth=self.auth,
            pace=pace,
        )
        name = f"tasrih-{len(self._stacks) + 1}"
        stack = Stack(name, self.endpoint, self.region, mails or self.folder / "mails" / name)
        self._stacks.append(stack)
        deploying.deploy(stack, wanted)
        return stack

    def reset(self) -> None:
        """Empties the cloud: all stacks, data and workers are gone, as after a new start but faster."""
        self._close_stacks()
        self._call("POST", "/_ministack/reset")

    def output(self) -> str:
        """What the emulator wrote so far (its log, with the functions' own). Stays readable after the end."""
        if self._log is not None:
            self._told += self._log.read()
        return self._told

    def processes(self) -> list[Process]:
        """The emulator, then the workers of functions (Linux; elsewhere empty)."""
        return below(self._keeper.pid) if self._keeper else []

    def _close_stacks(self) -> None:
        while self._stacks:
            self._stacks.pop().close()

    def _launch(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tasrih-local-"))
        for name in ("home", "tmp", "state"):
            (self.folder / name).mkdir()
        (self.folder / "output.log").touch()
        # open before anybody can remove it: its last words are wanted most when it has ended
        self._log, self._told = (self.folder / "output.log").open(errors="replace"), ""
        keeper = Path(__file__).with_name("keeper.py")
        # -I: no user site, no PYTHON* variable. A session of its own: Ctrl-C in the terminal reaches us first.
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(keeper), str(self.folder), *self._command()],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._environment(),
            start_new_session=True,
        )

    def _command(self) -> list[str]:
        """The emulator runs workers on what it takes for its own Python: for bare ones, one that knows no packages."""
        if not self._bare:
            return [sys.executable, "-m", "ministack"]
        python = self.folder / "python"
        python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -I -S "$@"\n')
        python.chmod(0o755)
        start = f"import sys; sys.executable = {str(python)!r}; from ministack.app import main; main()"
        return [sys.executable, "-c", start]

    def _environment(self) -> dict[str, str]:
        """All that the emulator and its workers see: nothing of the user's (profile, proxies, certificates, keys)."""
        return {
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin")),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "STATE_DIR": str(self.folder / "state"),
            "S3_DATA_DIR": str(self.folder / "state" / "s3"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": f"unix://{self.folder}/no-docker.sock",
            "MINISTACK_REGION": self.region,
            "AUTH": "true" if self.auth else "false",
            "LAMBDA_ACCOUNT_CONCURRENCY": str(self._concurrency),
            "LAMBDA_WARM_TTL_SECONDS": "60",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def _answers(self) -> bool:
        """Waits until the emulator is healthy; False when it ended or START_SECONDS have passed."""
        deadline = time.monotonic() + START_SECONDS
        while self._keeper is not None and self._keeper.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                if "services" in json.loads(self._call("GET", "/_ministack/health")):
                    return True
            time.sleep(0.02)
        return False

    def _call(self, method: str, path: str) -> bytes:
        with contextlib.closing(http.client.HTTPConnection(HOST, self.port, timeout=30)) as connection:
            connection.request(method, path)
            return connection.getresponse().read()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _somebody_listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
