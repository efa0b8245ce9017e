"""`make audit`: template, tracked files, dependencies. Exit status 1 when anything is open."""

from __future__ import annotations

import sys

from tests.audit import dependencies, secrets, template
from tests.audit.reviewed import differences


def main() -> int:
    open_ = 0
    for title, scanner in (("Template (checkov)", template), ("Secrets (detect-secrets)", secrets)):
        accepted = scanner.accepted()
        lines = differences(scanner.found(), accepted)
        open_ += _tell(title, lines, f"nothing open, {len(accepted)} accepted with a reason")
    answer = dependencies.ask()
    open_ += _tell("Dependencies (pip-audit)", answer.faults, answer.unchecked or "no known fault")
    if answer.faults and answer.unchecked:
        print(f"  {answer.unchecked}")
    return int(bool(open_))


def _tell(title: str, lines: list[str], otherwise: str) -> int:
    print(f"{title}: {f'{len(lines)} open' if lines else otherwise}", flush=True)
    for line in lines:
        print(f"  {line}")
    return len(lines)


if __name__ == "__main__":
    sys.exit(main())
