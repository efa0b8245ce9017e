"""cdk-nag's AwsSolutions and Serverless rules: nothing open, every acknowledgement on one resource and still needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.synth

PACKS = {"AwsSolutions", "Serverless"}


def _reports(assembly: Path) -> dict[str, tuple[str, int]]:
    report = json.loads((assembly / "validation-report.json").read_text())
    return {one["pluginName"]: (one["conclusion"], len(one["violations"])) for one in report["pluginReports"]}


def test_nothing_is_open(dev_assembly: Path, prod_assembly: Path) -> None:
    for assembly in (dev_assembly, prod_assembly):
        assert _reports(assembly) == dict.fromkeys(PACKS, ("success", 0))


def test_an_open_finding_stops_the_synthesis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra import acknowledged
    from infra.app import synthesize

    monkeypatch.setattr(acknowledged, "_queues", lambda _: None)
    with pytest.raises(Exception, match="Serverless-SQSRedrivePolicy"):
        synthesize("dev", tmp_path / "cdk.out")
    assert _reports(tmp_path / "cdk.out")["Serverless"][0] == "failure"


def test_every_acknowledgement_says_why_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from infra import acknowledged
    from infra.app import synthesize

    said: list[tuple[str, str, str]] = []
    really = acknowledged._say

    def note(where, rule, reason) -> None:
        said.append((where.node.path, rule, reason))
        really(where, rule, reason)

    monkeypatch.setattr(acknowledged, "_say", note)
    synthesize("dev", tmp_path / "cdk.out")
    assert len(said) == len(set(said)) > 10
    for path, rule, reason in said:
        assert path.count("/") >= 2, "on one resource, never on a capability or the stack"
        assert reason.endswith(".")
        assert len(reason.split()) >= 8
        assert "*" not in rule or "*]" in rule
