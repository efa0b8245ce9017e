"""The OpenAPI document is made from the code, and says enough to write a client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tasrih.adapters.api.app import openapi

from tests.api.caller import Caller
from tests.api.test_tenants import PUBLIC, ROUTES

DOCUMENT: dict[str, Any] = json.loads(openapi())
OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
BODILESS = ("/test", "/complete")
"""Nothing has to be told."""
IDS = [f"{method} {path}" for method, path, _ in OPERATIONS]


def test_every_route_is_described() -> None:
    assert {(method, path.replace("{", "<").replace("}", ">")) for method, path, _ in OPERATIONS} == set(ROUTES)
    assert DOCUMENT["openapi"].startswith("3.")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_each_has_a_summary_a_tag_and_a_name_of_its_own(method: str, path: str, operation: dict[str, Any]) -> None:
    assert len(operation["summary"]) > 10
    assert "_" not in operation["summary"]
    assert operation["tags"]
    assert [each["operationId"] for _, _, each in OPERATIONS].count(operation["operationId"]) == 1


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_each_says_how_it_can_fail(method: str, path: str, operation: dict[str, Any]) -> None:
    expected = set() if (method, path) in PUBLIC else {"403", "422"}
    expected |= {"404"} if "{" in path else set()
    assert expected <= set(operation["responses"]), sorted(operation["responses"])
    for status in expected:
        (content,) = operation["responses"][status]["content"].values()
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_all_but_the_public_ones_need_a_token(method: str, path: str, operation: dict[str, Any]) -> None:
    needed = operation.get("security", DOCUMENT.get("security"))
    assert needed == ([] if (method, path) in PUBLIC else [{"token": []}])


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_what_is_sent_and_answered_has_a_shape(method: str, path: str, operation: dict[str, Any]) -> None:
    assert ("requestBody" in operation) == (method in ("POST", "PUT", "PATCH") and not path.endswith(BODILESS))
    answered = next(operation["responses"][status] for status in ("200", "201") if status in operation["responses"])
    assert answered["content"]


def test_every_reference_leads_somewhere() -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [each for value in part.values() for each in references(value)]
        return [each for value in part for each in references(value)] if isinstance(part, list) else []

    for reference in references(DOCUMENT):
        found: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_amounts_are_integers_everywhere() -> None:
    def numbers(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = ["number"] if part.get("type") == "number" else []
            return own + [n for v in part.values() for n in numbers(v)]
        return [n for v in part for n in numbers(v)] if isinstance(part, list) else []

    assert not numbers(DOCUMENT["components"]["schemas"])


def test_the_service_serves_the_same_document(api: Caller) -> None:
    assert api.call("GET", "/openapi.json", None).body == DOCUMENT
