"""The committed template is what the stack synthesizes, and it is a valid one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.snapshot import FOLDER, masked

pytestmark = pytest.mark.synth

# An explicit dependency on a role that an attribute of it implies anyway: CDK writes both.
REVIEWED = {"W3005"}


def test_the_snapshot_is_what_is_synthesized_today(dev_assembly: Path) -> None:
    for name, content in masked(dev_assembly, "tasrih-dev").items():
        assert json.loads((FOLDER / name).read_text()) == json.loads(content), (
            "write it again: python -m infra.app --snapshot"
        )


def test_the_snapshot_names_an_asset_and_a_handler_for_every_function(dev_assembly: Path) -> None:
    from tasrih.settings import FUNCTIONS

    facts = json.loads((FOLDER / "assets.json").read_text())
    assert {key: one["function"] for key, one in facts["assets"].items()} == {
        f"asset-{name}.zip": name for name in FUNCTIONS
    }
    for one in facts["assets"].values():
        assert one["handler"] == f"functions.{one['function']}.handler.handler"
    assert facts["region"] == "eu-west-3"


def test_no_hash_of_code_is_left_in_the_snapshot(dev_assembly: Path) -> None:
    assets = json.loads((dev_assembly / "tasrih-dev.assets.json").read_text())["files"]
    text = (FOLDER / "template.json").read_text()
    assert not [digest for digest in assets if digest in text]


def _lint(*paths: Path) -> set[str]:
    command = [Path(sys.executable).with_name("cfn-lint"), "--format", "json", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {found["Rule"]["Id"] for found in json.loads(done.stdout)}


def test_the_templates_have_only_reviewed_remarks_of_cfn_lint(prod_assembly: Path) -> None:
    assert _lint(FOLDER / "template.json", prod_assembly / "tasrih-prod.template.json") <= REVIEWED


def test_a_wrong_property_would_be_found(tmp_path: Path) -> None:
    template = json.loads((FOLDER / "template.json").read_text())
    next(one for one in template["Resources"].values() if one["Type"] == "AWS::SQS::Queue")["Properties"]["Colour"] = (
        "red"
    )
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template))
    assert _lint(path) - REVIEWED == {"E3002"}
