"""detect-secrets over every tracked file: (file, kind, SHA-1 of the value), against `secrets.toml`.

Nothing that it finds is tried out anywhere, and no remark in a file switches it off.
"""

from __future__ import annotations

import json
import subprocess

from tests.audit.reviewed import BIN, HERE, ROOT, Finding, ScanFailed, tables

OWN_LIST = HERE / "secrets.toml"
OPTIONS = ["--no-verify", "--disable-filter", "detect_secrets.filters.allowlist.is_line_allowlisted"]


def accepted() -> set[Finding]:
    return {(table["file"], table["kind"], table["sha1"]) for table in tables("secrets")}


def found() -> set[Finding]:
    """Raises ScanFailed."""
    never = [word for table in tables("secrets", "never_a_secret") for word in ("--exclude-lines", table["line"])]
    return scan(tracked(), never)


def tracked() -> list[str]:
    """Relative to the root. The list itself is left out: it holds nothing but digests, which a test reads."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listing.split("\0") if name and ROOT / name != OWN_LIST]


def scan(files: list[str], never: list[str]) -> set[Finding]:
    command = [BIN / "detect-secrets", "scan", *OPTIONS, *never, *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or not files:
        raise ScanFailed(f"detect-secrets: {done.stderr[-500:]}")
    return {
        (file, one["type"], one["hashed_secret"])
        for file, several in json.loads(done.stdout)["results"].items()
        for one in several
    }
