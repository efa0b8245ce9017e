"""The reviewed lists of `make audit` are well-formed and name what exists; the scanners themselves do not run here."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest

from tests.audit import dependencies, secrets, template
from tests.audit.__main__ import main
from tests.audit.reviewed import HERE, ROOT, TEMPLATE, ScanFailed, differences, tables
from tests.infra.template import plain

KEYS = {
    ("template", "accepted"): {"check", "resources", "reason"},
    ("secrets", "accepted"): {"file", "kind", "sha1", "reason"},
    ("secrets", "never_a_secret"): {"line", "reason"},
}


def is_a_sentence(reason: str) -> bool:
    return len(reason.split()) >= 8 and reason[0].isupper() and reason.endswith(".")


@pytest.mark.parametrize(("name", "key"), KEYS)
def test_every_entry_is_complete_and_gives_its_reason_in_a_sentence(name: str, key: str) -> None:
    entries = tables(name, key)
    assert entries
    for entry in entries:
        assert set(entry) == KEYS[name, key]
        assert is_a_sentence(entry["reason"]), entry


def test_every_accepted_check_names_resources_of_the_template_each_once() -> None:
    names = {plain(name) for name in json.loads(TEMPLATE.read_text("utf-8"))["Resources"]}
    pairs = [(one["check"], resource) for one in tables("template") for resource in one["resources"]]
    assert len(pairs) == len(set(pairs))
    for check, resource in pairs:
        assert re.fullmatch(r"CKV2?_AWS_\d+", check)
        assert resource in names


def test_every_accepted_value_stands_in_a_tracked_file_and_only_its_digest_in_the_list() -> None:
    files, accepted = set(secrets.tracked()), [tuple(one.values())[:3] for one in tables("secrets")]
    assert len(accepted) == len(set(accepted))
    for file, _, digest in accepted:
        assert file in files
        assert re.fullmatch(r"[0-9a-f]{40}", digest)


def test_a_line_that_never_holds_a_secret_is_told_from_its_beginning_to_its_end() -> None:
    for entry in tables("secrets", "never_a_secret"):
        assert entry["line"].startswith("^")
        assert entry["line"].endswith("$")
        assert not re.search(entry["line"], "anything else = value")


def test_what_is_new_and_what_is_found_no_more_are_both_told() -> None:
    assert differences({("a", "1"), ("b", "2")}, {("b", "2"), ("c", "3")}) == [
        "new: a 1",
        "accepted, but found no more: c 3",
    ]


def _report(**summary: int) -> str:
    failed = [{"check_id": "CKV_AWS_1", "resource": "AWS::SQS::Queue.QueuesUploads0123ABCD"}]
    return json.dumps(
        {
            "summary": {"passed": 5, "failed": 1, "skipped": 0, "parsing_errors": 0} | summary,
            "results": {"failed_checks": failed},
        }
    )


def test_a_failed_check_is_told_with_its_resource() -> None:
    assert template.failed(_report()) == {("CKV_AWS_1", "QueuesUploads")}


@pytest.mark.parametrize("trouble", [{"parsing_errors": 1}, {"skipped": 1}, {"passed": 0}])
def test_a_template_not_read_or_with_checks_switched_off_is_no_clean_one(trouble: dict[str, int]) -> None:
    with pytest.raises(ScanFailed):
        template.failed(_report(**trouble))


FAULTY = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
CLEAN = {"name": "b", "version": "1", "vulns": []}
SKIPPED = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "faults", "unchecked"),
    [
        ([CLEAN], [], ""),
        ([FAULTY, CLEAN], ["a 1: PYSEC-1, mended in 2"], ""),
        ([CLEAN, SKIPPED], [], "not checked: c"),
        ([SKIPPED, SKIPPED], [], dependencies.NOBODY_TO_ASK),
    ],
)
def test_a_package_that_nobody_knows_is_never_told_as_clean(
    packages: list[dict[str, Any]], faults: list[str], unchecked: str
) -> None:
    assert dependencies.read(json.dumps({"dependencies": packages})) == (faults, unchecked)


def test_an_advisory_database_out_of_reach_is_told_plainly() -> None:
    assert dependencies.read("").unchecked == "not checked: no advisory database reachable"


@pytest.mark.parametrize(("finding", "status"), [(set(), 0), ({("x", "y", "z")}, 1)])
def test_anything_open_is_told_and_ends_with_status_1(
    finding: set[tuple[str, ...]], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(template, "found", template.accepted)
    monkeypatch.setattr(secrets, "found", lambda: secrets.accepted() | finding)
    monkeypatch.setattr(dependencies, "ask", lambda: dependencies.read(""))
    assert main() == status
    told = capsys.readouterr().out
    assert "Dependencies (pip-audit): not checked: no advisory database reachable" in told
    assert ("  new: x y z" in told) == bool(status)


def test_the_scanners_are_locked_by_hash_and_name_no_address() -> None:
    lines = (HERE / "requirements.txt").read_text("utf-8").splitlines()
    assert "://" not in "".join(lines)
    assert [line for line in lines if "==" in line]
    for line, following in itertools.pairwise(lines):
        if "==" in line:
            assert following.startswith("    --hash=sha256:"), line
    assert (ROOT / "tests" / "audit" / "requirements.in").is_file()
