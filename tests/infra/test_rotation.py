"""What one more signing key makes of the stack: the old one stays, is published, and signs no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.infra.template import Template, listed, plain, told
from tests.runbook.releases import with_a_second_key

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> Template:
    from infra.app import App
    from infra.settings import environment
    from infra.tasrih_stack import TasrihStack

    app = App(outdir=str(tmp_path_factory.mktemp("rotated")), analytics_reporting=False)
    stack = TasrihStack(app, environment("dev").model_copy(update={"signing_keys": 2}))
    return Template(json.loads(Path(app.synth().get_stack_by_name(stack.stack_name).template_full_path).read_text()))


def test_the_first_key_stays_as_it_was_and_a_second_one_signs(dev: Template, rotated: Template) -> None:
    keys = rotated.of("KMS::Key")
    assert keys["KeysSigning2"] == dev.of("KMS::Key")["KeysSigning"]
    assert "kms:Sign" in repr(keys["KeysSigning2"]["KeyPolicy"])
    assert "kms:Sign" not in repr(keys["KeysSigning"]["KeyPolicy"])
    assert {plain(name) for name in set(rotated.resources) - set(dev.resources)} == {"KeysSigning2"}
    for function in ("portal", "send_letter"):
        assert told(rotated.function(function)["Environment"]["Variables"]["TASRIH_SIGNING_KEY"]) == "KeysSigning2"
    assert told(rotated.function("portal")["Environment"]["Variables"]["TASRIH_RETIRED_KEYS"]) == "KeysSigning"


def test_the_old_key_may_be_published_and_no_longer_used(rotated: Template) -> None:
    rights = {
        function: {
            (action, told(resource))
            for statement in rotated.role(function)
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
            if "KeysSigning" in told(resource)
        }
        for function in ("portal", "send_letter")
    }
    assert rights == {
        "portal": {("kms:GetPublicKey", "KeysSigning"), ("kms:GetPublicKey", "KeysSigning2")},
        "send_letter": {("kms:GetPublicKey", "KeysSigning2"), ("kms:Sign", "KeysSigning2")},
    }


def test_the_drill_of_the_rotation_changes_the_stack_likewise(dev: Template, rotated: Template) -> None:
    played = Template(with_a_second_key(dev.content))
    for function in ("portal", "send_letter"):
        drilled, real = (each.function(function)["Environment"]["Variables"] for each in (played, rotated))
        assert {name: told(value) for name, value in drilled.items()} == {
            name: told(value) for name, value in real.items()
        }
    assert played.of("KMS::Key") == rotated.of("KMS::Key")
