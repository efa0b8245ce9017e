"""The register of processing leaves out nothing that is stored: records, items, objects and stores are found."""

from __future__ import annotations

import importlib
import json
import pkgutil
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import tasrih
from tasrih.register.processing import processing
from tasrih.story.removal import KINDS
from tasrih.vocabulary.record import Record

from tests.infra.template import Template, told
from tests.story.test_remove_due import CANARY, everything, filed
from tests.story.world import settled_world

PACKAGE = Path(tasrih.__file__).parent
STACK = Template(json.loads((PACKAGE / "local" / "stack" / "template.json").read_bytes()))
CLASSES = {"insured", "staff", "pseudonym", "none"}
KEEPS = {
    "S3::Bucket": "",
    "DynamoDB::Table": "",
    "Cognito::UserPool": "",
    "Logs::LogGroup": "Logs",
    "SQS::Queue": "Queues",
    "SES::EmailIdentity": "Mail",
}
"""Types of resources that keep what they are given -> the name they have together, "" where each has its own."""


def kinds() -> dict[str, type[Record]]:
    for room in ("vocabulary", "register", "ledger", "story"):
        for module in pkgutil.iter_modules([str(PACKAGE / room)]):
            importlib.import_module(f"tasrih.{room}.{module.name}")

    def below(kind: type[Record]) -> Iterator[type[Record]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return {each.KIND: each for each in below(Record) if each.__module__.startswith("tasrih.")}


def prefixes() -> set[str]:
    """Below which functions may read or write objects of the inbox."""
    found = set()
    for role in STACK.of("IAM::Role").values():
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                listed = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
                found |= {told(each).split("/")[1] for each in listed if told(each).startswith("InboxBucket/")}
    return found


def stores() -> set[str]:
    return {together or name for kind, together in KEEPS.items() for name in STACK.of(kind)}


def entries() -> list[tuple[str, str, dict[str, Any]]]:
    register = processing()
    return [
        (part, name, each) for part in ("record", "item", "object", "store") for name, each in register[part].items()
    ]


def test_every_kind_of_record_is_registered_and_nothing_else() -> None:
    assert set(processing()["record"]) == set(kinds())


def test_every_prefix_of_the_inbox_and_every_store_is_registered_and_nothing_else() -> None:
    assert set(processing()["object"]) == prefixes()
    assert set(processing()["store"]) == stores()


def test_every_item_of_the_lines_table_is_registered() -> None:
    world = settled_world()
    filed(world)
    assert set(processing()["item"]) == {key[0] for key in world.lines._table.items}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("part", "name", "entry"), entries(), ids=lambda each: each if isinstance(each, str) else "")
def test_each_entry_says_all_that_is_asked_of_it(part: str, name: str, entry: dict[str, Any]) -> None:
    assert entry["class"] in CLASSES
    if part == "store":
        assert entry["setting"]
        return
    assert entry["basis"] in processing()["basis"]
    assert entry["readers"]
    assert entry["retention"] in KINDS or entry["why"]
    assert entry["class"] != "insured" or entry["retention"] in KINDS, "what names a worker has a time"
    if part == "record":
        assert set(entry["fields"]) <= {each.name for each in fields(kinds()[name])}


def test_an_insured_person_stands_only_where_the_register_says_so() -> None:
    world = settled_world()
    filed(world)
    for where, body in everything(world):
        if any(word in body for word in (CANARY.nss.encode(), b"ZQ")):
            assert registered(where)["class"] == "insured", where


def registered(where: str) -> dict[str, Any]:
    """Of an object's key, an item of the lines table, or "partition sort" of a record."""
    if " " not in where:
        return processing()["item" if where[1] == "#" else "object"][
            where[0] if where[1] == "#" else where.split("/", maxsplit=1)[0]
        ]
    return processing()["record"]["given_number" if " NUMBER#" in where else "ticket"]


def test_each_kind_of_retention_has_its_source_or_says_that_it_keeps_the_data() -> None:
    times = processing()["retention"]
    assert tuple(times) == KINDS
    for entry in times.values():
        assert entry["read_on"]
        assert entry["note"]
        known = entry["confidence"] in ("firm", "provisional")
        assert (entry["default_days"] > 0) == known == bool(entry["source"])


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_settings_keep_what_the_register_keeps(name: str) -> None:
    settings = tomllib.loads((PACKAGE.parents[1] / "infra" / "settings.toml").read_text("utf-8"))
    assert settings[name]["retention"] == {
        kind: each["default_days"] for kind, each in processing()["retention"].items()
    }
