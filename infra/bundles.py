"""Which distributions each function carries: one table, checked against what its code imports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

LOCK = Path(__file__).parent.parent / "shared" / "requirements.txt"

CORE = (
    "annotated-types",
    "aws-lambda-powertools",
    "boto3",
    "botocore",
    "jmespath",
    "numpy",
    "pydantic",
    "pydantic-core",
    "pynamodb",
    "python-dateutil",
    "s3transfer",
    "six",
    "typing-extensions",
    "typing-inspection",
    "tzdata",
    "urllib3",
    "zstandard",
)
LAW = (*CORE, "holidays")
RECEIPTS = (*LAW, "segno", "typst")

DISTRIBUTIONS: dict[str, tuple[str, ...]] = {
    "portal": LAW,
    "receive_declaration": LAW,
    "queue_letters": CORE,
    "send_letter": RECEIPTS,
    "call_webhook": CORE,
    "sweep": CORE,
    "remove_due": CORE,
}


class Pin(NamedTuple):
    """One line of the lock."""

    version: str
    sha256: frozenset[str]
    """Of every file of that version."""


def needed() -> list[str]:
    """Every distribution that some function carries, sorted."""
    return sorted({name for names in DISTRIBUTIONS.values() for name in names})


def pins(lock: str | None = None) -> dict[str, Pin]:
    """The locked versions and hashes, by normalized name."""
    joined = (LOCK.read_text() if lock is None else lock).replace("\\\n", " ")
    found = {}
    for line in joined.splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line):
            name = re.sub(r"[-_.]+", "-", match[1]).lower()
            found[name] = Pin(match[2], frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", line)))
    return found
