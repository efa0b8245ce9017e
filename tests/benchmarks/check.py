"""Reading and checking 999,999 fixed lines, two in a hundred faulty: ours beside a plain scan of the same file.

`python -m tests.benchmarks.check [LINES]`. Every figure comes from a process of its own, pinned to one core where the
system allows; memory is the process's peak. The findings are compared with the list of the generator.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINES = 999_999
_OURS = """
import json, os, resource, sys, time
started = time.perf_counter()
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.environ["OPENBLAS_NUM_THREADS"] = "1"
from datetime import date
from pathlib import Path
from tasrih.declaration.examine import examine
from tasrih.declaration.sent import SentFile
ready = time.perf_counter()
paths = [Path(each) for each in sys.argv[1:]]
examined = examine([SentFile(path.name, path.stat().st_size, lambda path=path: path.open("rb")) for path in paths],
                   today=date(2020, 1, 15))
inside = time.perf_counter() - ready
detail = paths[1].name
found = [(each.line, each.code) for each in examined.findings if each.file == detail]
print(json.dumps({"inside": inside, "cpu": time.process_time(), "lines": examined.lines, "found": found,
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
_FLOOR = """
import os, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
started = time.perf_counter()
for line in open(sys.argv[1], "rb"):
    pass
lines = time.perf_counter() - started
started = time.perf_counter()
count = 0
with open(sys.argv[1], "rb", buffering=0) as source:
    while piece := source.read(1 << 18):
        count += piece.count(b"\\n")
print(lines, time.perf_counter() - started)
"""


def _run(script: str, *arguments: str) -> tuple[str, float]:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return done.stdout, time.perf_counter() - started


def measure(lines: int = LINES, faulty: float = 0.02, turns: int = 3) -> dict[str, float]:
    """Best of some turns; raises AssertionError when the findings are not the generator's."""
    from tasrih.local.synthetic import Writing, write_pair

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        pair = write_pair(Path(folder), Writing(lines=lines, faulty=faulty, seed=2026))
        writing = time.perf_counter() - began
        paths = [str(Path(folder) / name) for name in (pair.header_name, pair.detail_name)]
        runs, floors = [], []
        for _ in range(turns):
            floors.append([float(each) for each in _run(_FLOOR, paths[1])[0].split()])
            out, wall = _run(_OURS, *paths)
            runs.append(json.loads(out) | {"wall": wall})
        found = [tuple(each) for each in runs[0]["found"]]
        assert found == pair.expected, "the findings are not those that were planted"
        best = min(runs, key=lambda run: float(run["wall"]))
        return {
            "lines": lines,
            "planted": len(pair.expected),
            "writing_s": writing,
            "wall_s": best["wall"],
            "inside_s": best["inside"],
            "cpu_s": best["cpu"],
            "peak_mib": max(run["peak_mib"] for run in runs),
            "lines_per_s": lines / best["wall"],
            "lines_per_s_inside": lines / best["inside"],
            "python_lines_s": min(floor[0] for floor in floors),
            "newline_count_s": min(floor[1] for floor in floors),
        }


def main() -> int:
    figures = measure(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
    print(f"{figures['lines']:,.0f} fixed lines, {figures['planted']:,.0f} planted faults, all found, nothing else")
    print(f"  whole process   {figures['wall_s']:.2f} s   {figures['lines_per_s']:>12,.0f} lines/s")
    print(f"  inside          {figures['inside_s']:.2f} s   {figures['lines_per_s_inside']:>12,.0f} lines/s")
    print(f"  CPU             {figures['cpu_s']:.2f} s   peak {figures['peak_mib']:.0f} MiB")
    for name, words in (("python_lines_s", "for line in open(…, 'rb')"), ("newline_count_s", "read, count newlines")):
        print(f"  {words:<26} {figures[name]:.3f} s   ours is {figures['inside_s'] / figures[name]:.1f} times that")
    return 0


if __name__ == "__main__":
    sys.exit(main())
