"""pip-audit over the three locked requirement files: known faults of what is installed."""

from __future__ import annotations

import json
import subprocess
from typing import NamedTuple

from tests.audit.reviewed import BIN, ROOT

LOCKED = ("shared", "infra", "tests")
NOBODY_TO_ASK = "not checked: no advisory database reachable"


class Answer(NamedTuple):
    faults: list[str]
    """One line each: package, version, advisory, versions that mend it."""
    unchecked: str
    """What was not checked, or empty. Never to be read as clean."""


def ask() -> Answer:
    files = [word for room in LOCKED for word in ("--requirement", ROOT / room / "requirements.txt")]
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--timeout", "5", "--format", "json"]
    done = subprocess.run([BIN / "pip-audit", *options, *files], capture_output=True, text=True, check=False)
    return read(done.stdout)


def read(output: str) -> Answer:
    """A database that cannot be reached leaves no output; a registry without advisories, every package skipped."""
    packages = json.loads(output)["dependencies"] if output.strip() else []
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    if len(skipped) == len(packages):
        return Answer([], NOBODY_TO_ASK)
    faults = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'nothing yet'}"
        for one in packages
        for fault in one.get("vulns", ())
    ]
    return Answer(sorted(set(faults)), f"not checked: {', '.join(sorted(set(skipped)))}" if skipped else "")
