"""`make bench`: every benchmark in turn. Quote ratios; single times depend on the machine and on what else it does."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = ("check", "workbooks", "storing", "look_up", "calls")


def main() -> int:
    for name in BENCHMARKS:
        print(f"\n--- {name} ---", flush=True)
        answer = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False)
        if answer.returncode:
            return answer.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
