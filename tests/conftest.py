"""What several folders of tests share."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import boto3
import pytest
from tasrih.local.cloud import LocalCloud
from tasrih.local.deployed import Stack

from tests import watch_clouds
from tests.cloud.watched import troubles
from tests.watch_logs import Watch


def pytest_configure(config: pytest.Config) -> None:
    watch = Watch()
    watch.install()
    config.pluginmanager.register(watch, "watch-logs")
    watch_clouds.install(troubles)
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:  # by a shell, in the background; programs inherit it
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _own_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3's own session keeps the first credentials that it sees: those of whichever test came first."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    """One emulator for the whole run, started by the first test that wants it."""
    with LocalCloud() as running:
        yield running


@pytest.fixture(scope="module")
def stack(cloud: LocalCloud) -> Stack:
    """The committed template, freshly deployed, for the tests of one module: emptying takes 0.2 s, deploying 0.7 s."""
    cloud.reset()
    return cloud.deploy()
