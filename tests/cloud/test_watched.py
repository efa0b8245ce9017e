"""Is everything seen that a deployed function must not write?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tasrih.adapters.telemetry import METRICS

from tests.cloud.filings import ONE
from tests.cloud.fund import Fund
from tests.cloud.watched import WatchedCloud, troubles, written, wrong_with

REQUEST = "55da502f-6078-4761-b431-76c785a47d09"


def metric(**changed: object) -> str:
    directive = {
        "Namespace": "Tasrih",
        "Dimensions": [["service"]],
        "Metrics": [{"Name": "Verdicts", "Unit": METRICS["Verdicts"]}],
        **{name: value for name, value in changed.items() if name[0].isupper()},
    }
    plain = {name: value for name, value in changed.items() if name[0].islower()}
    told = {"_aws": {"Timestamp": 1795620141583, "CloudWatchMetrics": [directive]}, "service": "sweep"}
    return json.dumps({**told, "Verdicts": [1.0], **plain})


@pytest.mark.parametrize(
    "line",
    [
        f"START RequestId: {REQUEST} Version: $LATEST",
        f"REPORT RequestId: {REQUEST}\tDuration: 4376 ms\tMemory Size: 1024 MB",
        '{"level":"INFO","message":"received","upload":"97c1a3b1eb63f97536709b7a288650de"}',
        metric(),
    ],
)
def test_what_functions_write_is_let_pass(line: str) -> None:
    assert list(wrong_with(line)) == []


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("received an upload", "is no JSON object"),
        ('{"level":"INFO"', "is no JSON object"),
        ('["received"]', "is no JSON object"),
        (f"START RequestId: {REQUEST} Version: $LATEST and more", "is no JSON object"),
        (json.dumps({"message": ONE.nss}), f"holds ['{ONE.nss}']"),
        (json.dumps({"message": ONE.surname}), f"holds ['{ONE.surname}']"),
        (metric(Dimensions=[["service", "employer"]]), "has dimensions of its own"),
        (metric(service="somebody"), "is a metric of no function"),
        (metric(employer="1699999901"), "has a metric that nobody knows"),
        (metric().replace("[1.0]", '["1"]'), "has a value that is no number"),
    ],
)
def test_anything_else_is_told(line: str, trouble: str) -> None:
    assert trouble in wrong_with(line)


def test_every_test_of_this_room_runs_in_a_cloud_that_is_watched() -> None:
    folder = Path(__file__).parent
    used = re.compile(r"^from tasrih\.local\.cloud import .*LocalCloud", re.MULTILINE)
    own = [path.name for path in folder.glob("*.py") if used.search(path.read_text("utf-8"))]
    assert set(own) == {"watched.py", "kills.py", "test_kills.py"}, "who is killed may leave half a line: see there"


@pytest.mark.cloud
def test_what_functions_wrote_is_there_to_be_read(fund: Fund, cloud: WatchedCloud) -> None:
    fund.stack.tick("sweep")
    assert any('"service":"sweep"' in line for _, line in written(fund.stack))
    assert troubles(cloud) == []
