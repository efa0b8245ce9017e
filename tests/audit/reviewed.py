"""What a scanner finds and a person has accepted: tables [[accepted]] of a TOML file, each with its reason."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEMPLATE = ROOT / "shared" / "tasrih" / "local" / "stack" / "template.json"
BIN = ROOT / "build" / "audit-venv" / "bin"

Finding = tuple[str, ...]


class ScanFailed(Exception):
    """A scanner did not look at what it was given: its silence says nothing."""


def tables(name: str, key: str = "accepted") -> list[dict[str, Any]]:
    return list(tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))[key])


def differences(found: set[Finding], accepted: set[Finding]) -> list[str]:
    """One line for each finding nobody has accepted, and for each accepted one that is found no more."""
    return [f"new: {' '.join(each)}" for each in sorted(found - accepted)] + [
        f"accepted, but found no more: {' '.join(each)}" for each in sorted(accepted - found)
    ]
