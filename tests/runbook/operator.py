"""An operator at a shell: runs the commands of a procedure exactly as they stand in the runbook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tasrih.local.clients import ACCOUNT, SECRET
from tasrih.local.deployed import Stack

from tests.runbook.runbook import STEPS, Procedure, names

# The CLI's first generation overlooks AWS_ENDPOINT_URL for queues: there it has to be said on the command line.
AWS = """#!/bin/sh
case "$1" in
    sqs) exec {cli} --endpoint-url {queues} "$@" ;;
    *) exec {cli} --endpoint-url {endpoint} "$@" ;;
esac
"""


class Operator:
    """`queues`: where SQS is spoken, the redrive included; `folder`: where the operator works."""

    def __init__(self, stack: Stack, queues: str, folder: Path) -> None:
        self._folder = folder
        bin_ = folder / "bin"
        bin_.mkdir()
        cli = Path(sys.executable).with_name("aws")
        (bin_ / "aws").write_text(AWS.format(cli=cli, queues=queues, endpoint=stack.endpoint))
        (bin_ / "aws").chmod(0o755)
        self._environment = {
            "PATH": os.pathsep.join((str(bin_), "/usr/local/bin", "/usr/bin", "/bin")),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DEFAULT_REGION": stack.region,
            "STACK": stack.name,
        }
        self.look_up_names()

    def look_up_names(self) -> None:
        """Again after the stack has changed."""
        told = self.run(f"{names()}\nenv -0")
        known = dict(each.split("=", 1) for each in told.split("\0") if "=" in each)
        self._environment |= {name: value for name, value in known.items() if name[:1].isupper() and "_" not in name}

    def run(self, commands: str, **variables: str) -> str:
        done = subprocess.run(
            ["/bin/sh", "-euc", commands],
            check=False,
            cwd=self._folder,
            env={**self._environment, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        assert not done.stderr.strip(), f"{commands}\n{done.stderr}"
        return done.stdout


class Play:
    """One procedure under its drill, which has to run every block of it."""

    def __init__(self, procedure: Procedure, operator: Operator) -> None:
        self._procedure, self._operator = procedure, operator
        self._ran: set[str] = set()

    def see(self, **variables: str) -> str:
        return self._step("sh see", variables)

    def do(self, **variables: str) -> str:
        return self._step("sh do", variables)

    def know(self, **variables: str) -> str:
        return self._step("sh know", variables)

    def _step(self, mark: str, variables: dict[str, str]) -> str:
        commands = self._procedure.commands(mark)
        assert commands, f"{self._procedure.title}: no block marked {mark}"
        self._ran.add(mark)
        return self._operator.run(commands, **variables)

    def left_out(self) -> set[str]:
        return {mark for mark, _ in self._procedure.blocks if mark in STEPS} - self._ran
