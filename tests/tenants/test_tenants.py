"""Whatever is one tenant's: is it to everybody else as if it did not exist?

The routes are those of the API's own document, the values those that stand in the stores and were answered after a life
in which everything that people can do was done. A new route, a new story and a new kind of record are inside unasked.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from typing import Any

import pytest
import tasrih
from tasrih.vocabulary.record import Record

from tests.simulation.planted import ROOT
from tests.tenants.places import Place, filled, places


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """In a process of its own: the simulation puts ports in place of AWS."""
    command = [sys.executable, "-m", "tests.tenants"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ})
    assert not done.returncode, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_is_anothers_is_nobodys_at_every_place_of_every_route(told: dict[str, Any]) -> None:
    assert told["problems"] == []
    assert told["values"] > 200
    assert told["tries"] > 5000
    assert told["lines"] > 100
    assert told["mails"] > 20


def test_each_place_in_a_path_opens_something_to_whom_it_belongs(told: dict[str, Any]) -> None:
    """Else a refusal there says nothing. Whoever adds a route lets people use it (tests/simulation/people.py)."""
    named = {str(place) for place in places() if place.where == "path"}
    assert named <= set(told["open"])
    assert {"GET /uploads query entity", "POST /uploads body employer", "POST /insured body nss"} <= set(told["open"])


def test_the_life_that_was_lived_left_every_kind_of_record_behind(told: dict[str, Any]) -> None:
    assert set(told["kinds"]) == record_kinds()


def record_kinds() -> set[str]:
    """Of the whole package: kinds are known once their modules are imported."""
    for module in pkgutil.walk_packages(tasrih.__path__, "tasrih."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)
    return {kind.KIND for kind in _below(Record) if kind.__module__.startswith("tasrih.")}


def _below(kind: type[Any]) -> set[type[Any]]:
    return {each for one in kind.__subclasses__() for each in (one, *_below(one))}


def test_a_request_is_made_from_the_document_alone() -> None:
    (place,) = [each for each in places() if str(each) == "POST /uploads body files.0.sha256"]
    made = filled(place, "f" * 64, {"employer": "1600000001"})
    assert made.body["files"][0]["sha256"] == "f" * 64
    assert made.body["employer"] == "1600000001"
    (place,) = [each for each in places() if str(each) == "POST /webhooks/{webhook}/test path webhook"]
    assert isinstance(place, Place)
    assert filled(place, "0" * 32, {}).path == f"/webhooks/{'0' * 32}/test"
