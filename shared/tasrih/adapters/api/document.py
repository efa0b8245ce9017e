"""What the generated OpenAPI document does not say by itself: how calls fail, which are public, the register's text."""

from __future__ import annotations

import re
from typing import Any

from tasrih.adapters.api.models import Problem

_SCHEMA = "#/components/schemas/Problem"
_LIBRARYS_OWN = ("HTTPValidationError", "ValidationError", "ResponseValidationError")


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `Problem` in place of the library's own error shapes, which we never send."""
    schemas = document["components"]["schemas"]
    for name in _LIBRARYS_OWN:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(method, path, operation)
    return document


def _complete(method: str, path: str, operation: dict[str, Any]) -> None:
    operation["operationId"] = _short_name(method, path, operation["operationId"])
    operation["responses"].pop("422", None)
    if path.endswith(".csv"):
        operation["responses"]["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    if "public" in operation["tags"]:
        operation["security"] = []
        return
    if method == "put":
        text = {"schema": {"type": "string", "description": "A register file; its columns stand in the template"}}
        operation["requestBody"] = {"required": True, "content": {"text/csv": text}}
    operation["responses"]["401"] = {"description": "No token, or one that has ended: sign in again"}
    for status, why in _problems(method, path).items():
        operation["responses"][status] = {
            "description": why,
            "content": {"application/json": {"schema": {"$ref": _SCHEMA}}},
        }


def _short_name(method: str, path: str, name: str) -> str:
    """The function's own name: generated clients call theirs so. The library adds path and method behind it."""
    return name.removesuffix(re.sub(r"\W", "_", f"{path}_{method}"))


def _problems(method: str, path: str) -> dict[str, str]:
    found = {
        "403": "The token names no account, or one that may not do this",
        "422": "Something asked is not right: `field` names it",
        "503": "Busy: nothing is lost, try again",
    }
    if "{" in path or path in ("/uploads", "/mandates"):
        found["404"] = "Not there, or not yours"
    if path.endswith(("/findings", "/names", "/lines")):
        found["410"] = "Removed: the time for which it was kept is over"
    if method != "get":
        found["409"] = "Somebody changed it meanwhile: read again"
    return dict(sorted(found.items()))
