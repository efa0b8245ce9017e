"""Does a DAS pair reach its mailed and verified receipt, in each way in which the functions can be run?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tasrih.settings import FUNCTIONS

from infra.packaging import asset
from tests.cloud.fund import Fund
from tests.cloud.journey import journey
from tests.cloud.watched import WatchedCloud

pytestmark = pytest.mark.cloud


def test_on_the_sources(fund: Fund) -> None:
    journey(fund)


def test_in_whole_zips_for_this_machine_and_with_nothing_else_to_import() -> None:
    (folder,) = {asset(function, "local").path.parent for function in FUNCTIONS}
    with WatchedCloud(bare=True) as cloud:
        journey(Fund(cloud.deploy(assets=folder)))
        loaded = [library for process in cloud.processes()[1:] for library in _libraries(process.pid)]
        packages = [library for library in loaded if "site-packages" in library or "/numpy/" in library]
    if sys.platform == "linux":
        assert packages, "numpy's compiled parts are loaded by somebody"
        assert not [library for library in packages if not library.startswith(str(cloud.folder))]


def _libraries(pid: int) -> list[str]:
    """Compiled modules in a process (Linux)."""
    try:
        lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    except OSError:
        return []
    return sorted({line.split(maxsplit=5)[5] for line in lines if line.endswith(".so")})


def test_with_permissions_enforced(guarded: Fund) -> None:
    journey(guarded)


def test_through_the_runtime_interface_client_of_aws() -> None:
    with WatchedCloud() as cloud:
        journey(Fund(cloud.deploy(runtime="awslambdaric")))
        if sys.platform == "linux":
            assert any("awslambdaric" in process.command for process in cloud.processes())
