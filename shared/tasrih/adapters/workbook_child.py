"""Takes one workbook apart in a process that may die: workbook on stdin, table on stdout, findings on stderr.

Its parent (`workbooks`) gives it files, not pipes, so that nothing can hang on a full one.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from contextlib import suppress

MIB = 1024 * 1024
OUT_OF_MEMORY, OUT_OF_ROOM = 42, 43


def limit(memory_mib: int, cpu_seconds: int, output_mib: int) -> None:
    """For good: neither this process nor what it runs can raise them again."""
    for what, most in (
        (resource.RLIMIT_AS, memory_mib * MIB),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, output_mib * MIB),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # macOS, where people try things out, refuses a limit of addresses
        with suppress(*((ValueError,) if sys.platform == "darwin" else ())):
            resource.setrlimit(what, (least, least))


def main(memory_mib: int, cpu_seconds: int, output_mib: int) -> None:
    limit(memory_mib, cpu_seconds, output_mib)
    from tasrih.declaration.xlsx.table import write_table

    try:
        outcome = write_table(sys.stdin.buffer, sys.stdout.buffer.write)
        sys.stdout.buffer.flush()
        report = {name: getattr(outcome, name) for name in ("sheet", "whole", "findings", "counts")}
        json.dump(report, sys.stderr)
        sys.stderr.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except OSError:
        os._exit(OUT_OF_ROOM)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
