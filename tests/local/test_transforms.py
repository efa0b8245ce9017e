"""Is every change made to the template listed, and does each do what its reason says?"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tasrih.local import deploy, transforms
from tasrih.local.transforms import TRANSFORMS, Setting, transform

from tests.local import small

README = Path(deploy.__file__).with_name("README.md")


def setting(**changed: Any) -> Setting:
    usual = {
        "mailbox": "http://127.0.0.1:1",
        "code": {"echo": ("bucket", "echo.zip")},
        "auth": False,
        "fidelity": False,
        "pretend_now": None,
        "pace": 1,
    }
    return Setting(**{**usual, **changed})


def transformed(**changed: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    template = small.template()
    return template, transform(template, setting(**changed))


def differences(before: Any, after: Any, path: str = "") -> set[str]:
    """Paths at which two templates differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: set[str] = set()
        for name in before.keys() | after.keys():
            found |= differences(before.get(name), after.get(name), f"{path}/{name}")
        return found
    return set() if before == after else {path}


def test_the_readme_lists_exactly_the_transforms_of_the_code() -> None:
    section = README.read_text().partition("## Local transforms")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z_]+)`", section, re.MULTILINE) == list(transforms.names())


def test_each_transform_says_why() -> None:
    assert all((each.apply.__doc__ or "").endswith(".") for each in TRANSFORMS)


def test_an_ordinary_run_changes_code_mail_address_and_budget_and_nothing_else() -> None:
    template, names = transformed()
    assert names == (
        "code_from_this_checkout",
        "mail_to_the_local_mailbox",
        "webhooks_may_call_this_machine",
        "without_what_is_not_emulated",
    )
    echo = "/Resources/Echo/Properties"
    assert differences(small.template(), template) == {
        f"{echo}/Code/S3Bucket",
        f"{echo}/Code/S3Key",
        f"{echo}/Environment/Variables/AWS_ENDPOINT_URL_SESV2",
        f"{echo}/Environment/Variables/TASRIH_WEBHOOKS_TO_THIS_MACHINE",
        "/Resources/Budget",
    }


def test_with_iam_enforced_only_three_things_more_change() -> None:
    template, names = transformed(auth=True)
    assert set(names) - set(transformed()[1]) == {
        "no_demand_for_tls",
        "batch_send_has_its_own_action",
        "mail_rights_name_no_sender",
    }
    plain, _ = transformed()
    changed = differences(plain, template)
    assert changed == {"/Resources/InboxPolicy", "/Resources/EchoPolicy/Properties/PolicyDocument/Statement"}
    (sending,) = [
        statement["Action"]
        for statement in template["Resources"]["EchoPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        if "sqs:SendMessage" in statement["Action"]
    ]
    assert sending[-1] == "sqs:SendMessageBatch"
    (mailing,) = [
        statement
        for statement in template["Resources"]["EchoPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        if "ses:SendEmail" in statement["Action"]
    ]
    assert mailing["Resource"] == "*"


def test_other_denies_and_other_statements_of_a_bucket_policy_stay() -> None:
    template = small.template()
    statements = template["Resources"]["InboxPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    other = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:PutObject", "Resource": "*", "Condition": {}}
    statements.append(copy.deepcopy(other))
    transform(template, setting(auth=True))
    assert template["Resources"]["InboxPolicy"]["Properties"]["PolicyDocument"]["Statement"] == [other]


def test_the_runtime_of_our_functions_alone_changes_for_awslambdaric() -> None:
    template = small.template()
    template["Resources"]["Inline"] = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Runtime": "python3.13", "Code": {"ZipFile": "pass"}, "Handler": "index.handler"},
    }
    before = copy.deepcopy(template)
    transform(before, setting())
    transform(template, setting(fidelity=True))
    assert differences(before, template) == {"/Resources/Echo/Properties/Runtime"}


def test_a_pretended_date_is_set_only_when_asked_for() -> None:
    assert "TASRIH_PRETEND_NOW" not in json.dumps(transformed()[0])
    template, _ = transformed(pretend_now="2027-01-30T10:00:00+01:00@2026-11-01T00:00:00+00:00")
    variables = template["Resources"]["Echo"]["Properties"]["Environment"]["Variables"]
    assert variables["TASRIH_PRETEND_NOW"].startswith("2027-01-30")


def test_queues_are_tried_again_sooner_only_when_asked_for() -> None:
    plain, _ = transformed()
    template, _ = transformed(pace=60)
    assert differences(plain, template) == {"/Resources/Queue/Properties/VisibilityTimeout"}


@pytest.mark.parametrize("word", ["PRETEND", "ENDPOINT_URL", "127.0.0.1", "THIS_MACHINE"])
def test_the_snapshot_itself_knows_nothing_of_the_local_cloud(word: str) -> None:
    assert word not in deploy.SNAPSHOT.read_text()
