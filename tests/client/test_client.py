"""Does the generated client do the main job by itself, in a folder that knows nothing of us?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.generate import generate
from tests.cloud.filings import das
from tests.cloud.fund import Fund
from tests.cloud.watched import WatchedCloud

PROGRAM = Path(__file__).with_name("program.py")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client")
    assert generate(folder) == [], "the generator cannot say everything that the document says"
    return folder


def test_each_call_of_the_client_has_the_name_of_its_route(client: Path) -> None:
    calls = {path.stem for path in (client / "tasrih_client" / "api").glob("*/*.py")}
    assert {"announce", "upload", "findings", "receipt", "rules", "layouts"} <= calls
    assert not [call for call in calls if call.endswith(("_get", "_post"))]


@pytest.mark.cloud
def test_a_program_announces_sends_and_reads_its_verdict_with_nothing_but_the_client(
    client: Path, tmp_path: Path
) -> None:
    with WatchedCloud() as cloud:
        fund = Fund(cloud.deploy())
        employer = fund.employer()
        made = employer.web.must("POST", "/machines", {"name": "paie", "scopes": ["test"]})
        filing = das(employer.number)
        for name, body in filing.files:
            (tmp_path / name).write_bytes(body)
        asked = {**made, "api": fund.stack.api_url, "announcement": filing.announcement(certified=None)}
        done = subprocess.run(
            [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = [{str(client)!r}]\n{PROGRAM.read_text()}"],
            input=json.dumps(asked),
            cwd=tmp_path,
            env={},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines() == ["Problem certified_missing", "tested []"]
