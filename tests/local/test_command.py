"""Does `tasrih local` say what it has, keep running, and end cleanly?"""

from __future__ import annotations

import argparse
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from tasrih.local.command import run_local

pytestmark = pytest.mark.cloud


@pytest.fixture
def running() -> Iterator[subprocess.Popen[str]]:
    """`tasrih local`, ended after the test whatever happens."""
    command = [sys.executable, "-c", "import sys; from tasrih.cli import main; sys.exit(main())", "local"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as started:
        try:
            yield started
        finally:
            started.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_addresses_and_accounts_and_leaves_nothing(
    running: subprocess.Popen[str], number: signal.Signals
) -> None:
    assert running.stdout is not None
    told = "".join(takewhile(lambda line: "Ctrl-C" not in line, running.stdout))
    api = re.search(r"^API +(http://127\.0\.0\.1:\S+)$", told, re.MULTILINE)
    log = re.search(r"^Log +(\S+)$", told, re.MULTILINE)
    assert api
    assert log
    assert re.search(r"^Account \(.+\) +\S+ +\S{12,}$", told, re.MULTILINE)
    with urllib.request.urlopen(f"{api[1]}/service") as answer:
        assert answer.status == 200
    assert Path(log[1]).exists()
    running.send_signal(number)
    rest, _ = running.communicate(timeout=120)
    assert "nothing is left" in rest
    assert running.returncode == 0
    assert not Path(log[1]).parent.exists()


@pytest.mark.parametrize("moment", ["soon", "2027-01-30T10:00:00"])
def test_a_date_that_cannot_be_read_is_refused_before_anything_starts(
    moment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_local(argparse.Namespace(port=0, auth=False, pretend_now=moment)) == 2
    assert moment in capsys.readouterr().err


def test_a_taken_port_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert run_local(argparse.Namespace(port=port, auth=False, pretend_now=None)) == 2
    assert capsys.readouterr().err.strip() == (f"Port {port} is taken by another program: choose another with --port.")
