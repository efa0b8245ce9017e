"""Every policy of the template, whoever's it is: no action by pattern, and a reason for each resource by pattern."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.acknowledged import ON_MANY
from tests.audit.test_reviewed import is_a_sentence
from tests.infra.template import Json, Template, denies_plain_http, listed, plain, told

pytestmark = pytest.mark.synth

USE = re.compile(r"kms:(Decrypt|Encrypt|ReEncrypt|GenerateDataKey|Sign|Verify|GenerateMac|DeriveShared|CreateGrant)")
THE_ACCOUNT = "arn:AWS::Partition:iam::AWS::AccountId:root"


def documents(template: Template) -> Iterator[tuple[str, Json]]:
    """(whose, policy) for every policy document, wherever in a resource it stands."""
    for name, resource in template.resources.items():
        for document in _documents(resource.get("Properties", {})):
            yield plain(name), document


def _documents(value: Any) -> Iterator[Json]:
    if isinstance(value, dict) and "Statement" in value:
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _documents(each)


def allowed(template: Template) -> Iterator[tuple[str, Json]]:
    for whose, document in documents(template):
        yield from ((whose, one) for one in document["Statement"] if one["Effect"] == "Allow")


def patterns(template: Template) -> set[tuple[str, str]]:
    """(whose policy, on what) of all that is allowed on more than one resource."""
    return {
        (whose, told(where))
        for whose, statement in allowed(template)
        for where in listed(statement.get("Resource", []))
        if "*" in told(where)
    }


def test_the_policies_of_roles_buckets_queues_topics_and_keys_are_all_read(each: Template) -> None:
    kinds = ("IAM::Role", "S3::BucketPolicy", "SQS::QueuePolicy", "SNS::TopicPolicy", "KMS::Key")
    assert {name for kind in kinds for name in each.of(kind)} == {whose for whose, _ in documents(each)}


def test_no_policy_allows_an_action_by_pattern(each: Template) -> None:
    for whose, statement in allowed(each):
        assert "NotAction" not in statement, whose
        assert "NotResource" not in statement, whose
        assert not [action for action in listed(statement["Action"]) if "*" in action], whose


def test_what_is_refused_by_pattern_is_plain_http_alone(each: Template) -> None:
    for whose, document in documents(each):
        for statement in document["Statement"]:
            if any("*" in action for action in listed(statement["Action"])):
                assert denies_plain_http({"Statement": [statement]}), whose


def test_each_resource_by_pattern_has_a_reason_and_each_reason_a_resource(each: Template, request: Any) -> None:
    name = request.node.callspec.params["each"]
    assembly: Path = request.getfixturevalue(f"{name}_assembly")
    assert patterns(each) == _meant(assembly) | set(ON_MANY)


def _meant(assembly: Path) -> set[tuple[str, str]]:
    """Of the policies of roles, which cdk-nag reads."""
    report = json.loads((assembly / "validation-report.json").read_text())
    meant = [one for pack in report["pluginReports"] for one in pack["suppressedViolations"]]
    found = set()
    for one in meant:
        pattern = re.search(r"IAM5\[Resource::<(\w+)\.Arn>(.*)\]$", one["acknowledgedId"])
        if pattern:
            whose = "".join(one["acknowledgedAt"].split("/")[1:-1])
            found.add((whose, plain(pattern[1]) + pattern[2]))
    return found


@pytest.mark.parametrize("reason", sorted(set(ON_MANY.values())))
def test_the_reason_is_a_sentence(reason: str) -> None:
    assert is_a_sentence(reason)


def _one_account(principal: Json) -> bool:
    (who,) = principal.values()
    return isinstance(who, dict) and told(who) == THE_ACCOUNT


def _of_the_account(key: Json) -> dict[str, Json]:
    """Statements that name the account itself, by their names."""
    return {one["Sid"]: one for one in key["KeyPolicy"]["Statement"] if _one_account(one["Principal"])}


def test_the_account_looks_after_every_key_and_can_use_none_by_that(each: Template) -> None:
    keys = each.of("KMS::Key")
    assert len(keys) == 5
    for key in keys.values():
        actions = _of_the_account(key)["Administration"]["Action"]
        assert {"kms:PutKeyPolicy", "kms:DescribeKey", "kms:EnableKey", "kms:ScheduleKeyDeletion"} <= set(actions)
        assert not [action for action in actions if USE.match(action)]


def test_a_key_is_open_to_roles_for_exactly_what_roles_are_given(each: Template) -> None:
    given: dict[str, set[str]] = {}
    for _, statement in allowed(each):
        for where in map(told, listed(statement.get("Resource", []))):
            if where.startswith("Keys"):
                given.setdefault(where, set()).update(listed(statement["Action"]))
    opened = {
        name: set(listed(statement["Action"]))
        for name, key in each.of("KMS::Key").items()
        for sid, statement in _of_the_account(key).items()
        if sid != "Administration"
    }
    assert opened == given
    assert "KeysOperations" not in opened


def test_files_and_papers_are_decrypted_through_s3_alone(each: Template) -> None:
    for name in ("KeysData", "KeysReceipts"):
        statement = _of_the_account(each.of("KMS::Key")[name])["WhatRolesAreGiven"]
        assert told(statement["Condition"]["StringEquals"]["kms:ViaService"]) == "s3.eu-west-3.AWS::URLSuffix"


def test_nothing_is_traced_so_no_trace_holds_a_person(each: Template) -> None:
    assert not [name for name, one in each.of("Lambda::Function").items() if "TracingConfig" in one]
    assert not [whose for whose, one in allowed(each) if any(a.startswith("xray:") for a in listed(one["Action"]))]
