"""checkov over the committed template: (check, resource) pairs that fail, against `template.toml`."""

from __future__ import annotations

import json
import subprocess

from tests.audit.reviewed import BIN, TEMPLATE, Finding, ScanFailed, tables
from tests.infra.template import plain


def accepted() -> set[Finding]:
    return {(table["check"], resource) for table in tables("template") for resource in table["resources"]}


def found() -> set[Finding]:
    """Raises ScanFailed."""
    options = ["--framework", "cloudformation", "--skip-download", "--compact", "--quiet", "--output", "json"]
    done = subprocess.run([BIN / "checkov", "--file", TEMPLATE, *options], capture_output=True, text=True, check=False)
    return failed(done.stdout)


def failed(output: str) -> set[Finding]:
    """Raises ScanFailed when not every resource was read, or when a remark in the template switched a check off."""
    report = json.loads(output)
    summary = report.get("summary", report)
    if summary["parsing_errors"] or summary["skipped"] or not summary["passed"]:
        raise ScanFailed(f"checkov: {summary}")
    checks = report["results"]["failed_checks"]
    return {(one["check_id"], plain(one["resource"].rpartition(".")[2])) for one in checks}
