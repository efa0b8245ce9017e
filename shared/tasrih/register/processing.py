"""The register of processing (`processing.toml`): what personal data are held, and how long each kind is kept."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

Entry = dict[str, Any]


@cache
def processing() -> dict[str, dict[str, Entry]]:
    """Section ("record", "item", "object", "store", "retention") -> name -> what is told of it."""
    return tomllib.loads(resources.files(__package__).joinpath("processing.toml").read_text("utf-8"))
