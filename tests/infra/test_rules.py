"""cdk-nag's AwsSolutions and Serverless rules: nothing open, every acknowledgement on one resource and still needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.test_reviewed import is_a_sentence

pytestmark = pytest.mark.synth

PACKS = {"AwsSolutions", "Serverless"}


def _suppressed(assembly: Path) -> list[tuple[str, str, str]]:
    """(where, "pack::rule", why) of every finding that is meant."""
    report = json.loads((assembly / "validation-report.json").read_text())
    return [
        (where["constructPath"], one["acknowledgedId"], one["reason"])
        for pack in report["pluginReports"]
        for one in pack["suppressedViolations"]
        for where in one["violatingConstructs"]
    ]


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


def test_every_acknowledgement_is_on_one_resource_and_says_why_in_a_sentence(
    dev_assembly: Path, prod_assembly: Path
) -> None:
    for assembly in (dev_assembly, prod_assembly):
        meant = _suppressed(assembly)
        assert len(meant) == len(set(meant)) > 10
        for path, rule, reason in meant:
            assert path.count("/") >= 2, "on one resource, never on a capability or the stack"
            assert is_a_sentence(reason), reason
            assert "*" not in rule or "*]" in rule


def test_prod_means_nothing_that_dev_does_not(dev_assembly: Path, prod_assembly: Path) -> None:
    dev, prod = (
        {(path.partition("/")[2], rule) for path, rule, _ in _suppressed(assembly)}
        for assembly in (dev_assembly, prod_assembly)
    )
    assert {rule for _, rule in dev - prod} == {f"AwsSolutions::AwsSolutions-COG{number}" for number in (2, 8)}
    assert not prod - dev


def test_every_acknowledgement_is_still_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from infra import acknowledged
    from infra.app import synthesize

    said: list[tuple[str, str]] = []
    really = acknowledged._say

    def note(where, rule, reason) -> None:
        said.append(((where.node.default_child or where).node.path, rule))
        really(where, rule, reason)

    monkeypatch.setattr(acknowledged, "_say", note)
    synthesize("dev", tmp_path / "cdk.out")
    needed = {(path, rule.partition("::")[2]) for path, rule, _ in _suppressed(tmp_path / "cdk.out")}
    assert len(said) == len(set(said))
    assert set(said) == needed
