"""Where a request takes a value: the places in path, query and body of the API's own document; a request that fits."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tasrih.adapters.api.app import openapi

Json = dict[str, Any]
DOCUMENT: Json = json.loads(openapi())
FITTING = ("text", "R22", "900000000002", "0" * 64, "2025-01-01")
"""Tried in this order where nothing is told but a pattern."""


class Place(NamedTuple):
    method: str
    path: str
    """With its own places: /uploads/{upload}."""
    where: str
    """path, query or body."""
    name: str
    inside: tuple[str | int, ...]
    """The way to it in a body."""
    pattern: str
    """Empty: any text."""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.where} {'.'.join(map(str, self.inside)) or self.name}"

    def takes(self, value: str) -> bool:
        return bool(self.pattern) and re.search(self.pattern, value) is not None


class Request(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    body: Any
    kind: str = "application/json"


def places() -> list[Place]:
    """Of texts: no number is anybody's."""
    return [place for method, path, told in _routes() for place in _of(method, path, told)]


def lists() -> list[Request]:
    """What is asked for without naming anything."""
    return [Request(method, path, {}, None) for method, path, _ in _routes() if method == "GET" and "{" not in path]


def filled(place: Place, value: str, own: dict[str, str]) -> Request:
    """A request that fits, with the value at its place; elsewhere what the caller owns."""
    told = DOCUMENT["paths"][place.path][place.method.lower()]
    path, query = place.path, {}
    for name in re.findall(r"{(\w+)}", path):
        here = value if (place.where, place.name) == ("path", name) else own.get(name, "1")
        path = path.replace(f"{{{name}}}", here)
    if place.where == "query":
        query[place.name] = value
    content = told.get("requestBody", {}).get("content", {})
    if not content:
        return Request(place.method, path, query, None)
    ((kind, each),) = content.items()
    body = copy.deepcopy(_example(each["schema"], own))
    return Request(place.method, path, query, _put(body, place.inside, value) if place.inside else body, kind)


def _routes() -> Iterator[tuple[str, str, Json]]:
    for path, methods in DOCUMENT["paths"].items():
        yield from ((method.upper(), path, told) for method, told in methods.items())


def _of(method: str, path: str, told: Json) -> Iterator[Place]:
    for each in told.get("parameters", ()):
        for schema in _texts(each["schema"]):
            yield Place(method, path, each["in"], each["name"], (), schema.get("pattern", ""))
    for each in told.get("requestBody", {}).get("content", {}).values():
        for inside, schema in _inside(each["schema"], ()):
            yield Place(method, path, "body", str(inside[-1]), inside, schema.get("pattern", ""))


def _texts(schema: Json) -> list[Json]:
    """Its forms that are free texts: no choice among given words."""
    forms = schema.get("anyOf", [schema])
    return [each for each in forms if each.get("type") == "string" and "enum" not in each]


def _inside(schema: Json, way: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    schema = _resolved(schema)
    for name, each in schema.get("properties", {}).items():
        yield from _inside(each, (*way, name))
    if schema.get("type") == "array":
        yield from _inside(schema["items"], (*way, 0))
    elif way:
        yield from ((way, each) for each in _texts(schema))


def _resolved(schema: Json) -> Json:
    """The schema itself, and of several the first that is not null."""
    if "anyOf" in schema:
        schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
    if "$ref" in schema:
        return _resolved(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return schema


def _example(schema: Json, own: dict[str, str], name: str = "") -> Any:
    schema = schema if schema.get("default") is not None else _resolved(schema)
    told = (*schema.get("examples", ()), *schema.get("enum", ()))
    if name in own or told or schema.get("default") is not None:
        return own.get(name) or next(iter(told), schema.get("default"))
    if schema.get("type") == "object":
        return {each: _example(inner, own, each) for each, inner in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [_example(schema["items"], own)]
    if schema.get("type") == "string":
        fits = [each for each in FITTING if re.search(schema.get("pattern", ""), each)]
        assert fits, f"say in FITTING what fits {name}: {schema}"
        return fits[0]
    return max(1, int(schema.get("minimum", 1)))


def _put(body: Any, way: tuple[str | int, ...], value: str) -> Any:
    *first, last = way
    here = body
    for step in first:
        here = here[step]
    if isinstance(here, list):
        here[:] = [value]
    else:
        here[last] = value
    return body
