"""Takes one workbook apart in a process that may die: workbook on stdin, table on stdout, report on stderr.

The report is JSON, a line each: {"sheet", "whole", "counts"}, then [code, line, column, value, expected] per finding.
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
OPEN_FILES = 32
"""The three it is given, and the modules that it loads one after another."""


def limit(memory_mib: int, cpu_seconds: int, output_mib: int) -> None:
    """For good: neither this process nor what it runs can raise them again."""
    for what, most in (
        (resource.RLIMIT_AS, memory_mib * MIB),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, output_mib * MIB),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
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
        head = {name: getattr(outcome, name) for name in ("sheet", "whole", "counts")}
        sys.stderr.writelines(json.dumps(told) + "\n" for told in (head, *outcome.findings))
        sys.stderr.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except OSError:
        os._exit(OUT_OF_ROOM)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
