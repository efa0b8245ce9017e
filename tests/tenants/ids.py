"""Texts that look like somebody's id, in stores and answers; and others of the same shape that are nobody's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_ID = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._:@-]{3,79}")
_NOBODYS = re.compile(r"\d{1,9}|\d{4}-\d\d-\d\d.*|[A-Z]\d+")
"""Amounts, days, codes."""


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def ids_of(reply: str) -> set[str]:
    """In an answer, JSON or not."""
    try:
        return ids_in(texts(json.loads(reply)))
    except ValueError:
        return ids_in(re.split(r"[\s;,]", reply))


def ids_in(texts: Iterable[str]) -> set[str]:
    """And in keys that are made of several."""
    parts = (part for text in texts for part in (text, *re.split("[#/]", text)))
    return {part for part in parts if _ID.fullmatch(part) and not _NOBODYS.fullmatch(part)}


def nobodys(value: str) -> str:
    """Of the same shape, and nobody's."""
    run = next(each for each in _RUNS if each.search(value))
    return run.sub(lambda found: found[0].translate(_TURNED), value)


_RUNS = tuple(map(re.compile, ("[0-9a-f]{8,}", "[0-9]+", "[A-Za-z]")))
_TURNED = str.maketrans("0123456789abcdefghijklmnopqrstuvwxyz", "5678901234bcdefahijklmnopqrstuvwxyzg")
