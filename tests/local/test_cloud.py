"""Does the local cloud start alone, keep to itself and leave nothing behind?"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tasrih.local.cloud import CannotStart, LocalCloud
from tasrih.local.processes import below, listening
from tasrih.local.waiting import NeverHappened, wait_for

from tests.local import small

pytestmark = pytest.mark.cloud
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

# A program with a cloud, a stack and a warm worker, that tells what it has and then waits for its fate.
PROGRAM = """
import json, signal, sys
from pathlib import Path
from tasrih.local.cloud import LocalCloud
from tests.local import small
with LocalCloud() as cloud:
    stack = cloud.deploy(small.template(), assets=Path(sys.argv[1]), runtime=sys.argv[2])
    stack.invoke("echo", {"environment": []})
    pids = [cloud._keeper.pid, *(each.pid for each in cloud.processes())]
    print(json.dumps({"pids": pids, "port": cloud.port, "folder": str(cloud.folder)}), flush=True)
    signal.pause()
"""


def program(tmp_path: Path, runtime: str = "python") -> tuple[subprocess.Popen[str], dict[str, Any]]:
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(small.folder(tmp_path)), runtime],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    told = child.stdout.readline()
    if not told:
        raise AssertionError(child.communicate()[1])
    facts: dict[str, Any] = json.loads(told)
    if len(facts["pids"]) < 3:
        child.kill()
        raise AssertionError("keeper, emulator and a worker should be there to be left behind")
    return child, facts


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def traces(told: dict[str, Any]) -> list[str]:
    left = [f"process {pid}" for pid in told["pids"] if alive(pid)]
    left += ["port"] if answers(told["port"]) else []
    return left + (["folder"] if Path(told["folder"]).exists() else [])


@linux
@pytest.mark.parametrize("runtime", ["python", "awslambdaric"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_port_or_file_is_left_when_the_program_is_ended(
    tmp_path: Path, number: signal.Signals, runtime: str
) -> None:
    child, told = program(tmp_path, runtime)
    child.send_signal(number)
    child.communicate(timeout=60)
    wait_for(lambda: not traces(told), "nothing is left", 180, hint=lambda: ", ".join(traces(told)))


@linux
def test_the_emulator_and_its_workers_end_when_even_the_keeper_is_killed(tmp_path: Path) -> None:
    with LocalCloud() as cloud:
        stack = cloud.deploy(small.template(), assets=small.folder(tmp_path))
        stack.invoke("echo", {"environment": []})
        pids = [each.pid for each in cloud.processes()]
        assert len(pids) >= 2
        assert cloud._keeper is not None
        cloud._keeper.kill()
        told = {"pids": pids, "port": cloud.port, "folder": str(cloud.folder)}
        wait_for(lambda: traces(told) == ["folder"], "only files are left", 180, hint=lambda: ", ".join(traces(told)))
    assert traces(told) == [], "and leaving removes the files"


@linux
def test_nothing_is_left_after_an_exception() -> None:
    told: dict[str, Any] = {}

    def accident() -> None:
        with LocalCloud() as cloud:
            pids = [each.pid for each in cloud.processes()]
            told.update({"pids": pids, "port": cloud.port, "folder": str(cloud.folder)})
            assert traces(told)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        accident()
    assert traces(told) == []


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port} is taken"):
            LocalCloud(port=port).start()


def test_an_emulator_that_does_not_start_is_reported_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = LocalCloud()
    monkeypatch.setattr(LocalCloud, "_environment", lambda self: {"PATH": "", "GATEWAY_PORT": "no number"})
    with pytest.raises(CannotStart, match="no number"):
        cloud.start()
    assert not cloud.folder.exists()


def test_a_missing_emulator_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CannotStart, match="make install"):
        LocalCloud().start()


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalCloud, Any]]:
    """A cloud started from a user's environment full of traps, with one warm worker."""
    traps = {
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_CA_BUNDLE": "/nowhere.pem",
        "SSL_CERT_FILE": "/nowhere.pem",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "PYTHONPATH": "/nowhere",
        "SERVICES": "s3",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in traps.items():
            patch.setenv(name, value)
        with LocalCloud() as cloud:
            stack = cloud.deploy(small.template(), assets=small.folder(tmp_path_factory.mktemp("zips")))
            stack.invoke("echo", {"environment": []})
            yield cloud, stack


def test_workers_see_nothing_of_the_users_environment(busy: tuple[LocalCloud, Any]) -> None:
    cloud, stack = busy
    names = ["AWS_PROFILE", "AWS_CA_BUNDLE", "SSL_CERT_FILE", "HTTP_PROXY", "HTTPS_PROXY", "PYTHONPATH", "SERVICES"]
    names += ["AWS_ENDPOINT_URL_S3"]
    assert stack.invoke("echo", {"environment": names}) == dict.fromkeys(names)
    seen = stack.invoke("echo", {"environment": ["AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "HOME"]})
    assert seen["AWS_ACCESS_KEY_ID"] == "000000000000"
    assert seen["AWS_ENDPOINT_URL"] == cloud.endpoint
    assert seen["HOME"].startswith(str(cloud.folder))


@linux
def test_it_listens_on_loopback_only(busy: tuple[LocalCloud, Any]) -> None:
    cloud, _ = busy
    pids = [os.getpid(), *(each.pid for each in below(os.getpid()))]
    addresses = listening(pids)
    assert f"0100007F:{cloud.port:04X}" in addresses, "the emulator itself is among what was looked at"
    assert {address.partition(":")[0] for address in addresses} == {"0100007F"}


@linux
def test_files_of_the_emulator_stay_in_its_folder(busy: tuple[LocalCloud, Any]) -> None:
    cloud, _ = busy
    outside = []
    for each in cloud.processes():
        for link in Path(f"/proc/{each.pid}/fd").iterdir():
            target = os.readlink(link)
            if target.startswith(tempfile.gettempdir()) and not target.startswith(str(cloud.folder)):
                outside.append(target)
    assert outside == []


def test_a_reset_empties_the_cloud(tmp_path: Path) -> None:
    with LocalCloud() as cloud:
        for _ in range(2):
            stack = cloud.deploy(small.template(), assets=small.folder(tmp_path))
            assert stack.name == "tasrih-1"
            stack.invoke("echo", {"environment": []})
            cloud.reset()
            wait_for(lambda: len(cloud.processes()) <= 1, "no worker is left", 180)


def test_waiting_says_what_did_not_happen() -> None:
    with pytest.raises(NeverHappened, match="the moon turned green"):
        wait_for(lambda: False, "the moon turned green", 0.01)
