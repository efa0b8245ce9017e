"""Reading and checking 999,999 fixed lines, two in a hundred faulty, and a third as many of CSV: ours beside a plain
scan of the same file and, for CSV, the standard library's reader, which makes cells and checks nothing.

`python -m tests.benchmarks.check [LINES]`. Every figure comes from a process of its own, pinned to one core where the
system allows; memory is the process's peak. The findings are compared with the list of the generator.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

LINES = 999_999
TODAY = date(2020, 1, 15)
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
detail = paths[-1].name
found = [(each.line, each.code) for each in examined.findings if each.file == detail]
# its own peak: what getrusage tells begins with that of the process that started it
status = Path("/proc/self/status")
peak = [int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")] if status.exists() else []
peak = peak or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
print(json.dumps({"inside": inside, "cpu": time.process_time(), "lines": examined.lines, "found": found,
    "peak_mib": peak[0] / 1024}))
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
counted = time.perf_counter() - started
started = time.process_time()
if sys.argv[1].endswith(".csv"):
    import csv
    for row in csv.reader(open(sys.argv[1], encoding="utf-8", newline=""), delimiter=";"):
        pass
print(lines, counted, time.process_time() - started)
"""


def _run(script: str, *arguments: str) -> tuple[str, float]:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return done.stdout, time.perf_counter() - started


def _written(folder: Path, lines: int, faulty: float, table: bool) -> tuple[list[str], list[tuple[int, str]]]:
    """(paths, planted faults)"""
    from tasrih.local.synthetic import Writing, write_pair
    from tasrih.local.synthetic_csv import das_csv

    writing = Writing(lines=lines, faulty=faulty, seed=2026)
    if not table:
        pair = write_pair(folder, writing)
        return [str(folder / name) for name in (pair.header_name, pair.detail_name)], pair.expected
    pair, content = das_csv(writing)
    (folder / pair.detail_name).write_bytes(content)
    return [str(folder / pair.detail_name)], pair.expected


def measure(lines: int = LINES, faulty: float = 0.02, turns: int = 3, *, table: bool = False) -> dict[str, float]:
    """Best of some turns; raises AssertionError when the findings are not the generator's."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        paths, expected = _written(Path(folder), lines, faulty, table)
        writing = time.perf_counter() - began
        runs, floors = [], []
        for _ in range(turns):
            floors.append([float(each) for each in _run(_FLOOR, paths[-1])[0].split()])
            out, wall = _run(_OURS, *paths)
            runs.append(json.loads(out) | {"wall": wall})
        found = [tuple(each) for each in runs[0]["found"]]
        assert found == expected, "the findings are not those that were planted"
        best = min(runs, key=lambda run: float(run["wall"]))
        return {
            "lines": lines,
            "planted": len(expected),
            "writing_s": writing,
            "wall_s": best["wall"],
            "inside_s": best["inside"],
            "cpu_s": best["cpu"],
            "peak_mib": max(run["peak_mib"] for run in runs),
            "lines_per_s": lines / best["wall"],
            "lines_per_s_inside": lines / best["inside"],
            "lines_per_cpu_s": lines / min(run["cpu"] for run in runs),
            "python_lines_s": min(floor[0] for floor in floors),
            "newline_count_s": min(floor[1] for floor in floors),
            "csv_reader_cpu_s": min(floor[2] for floor in floors),
        }


def small(lines: int = 30, turns: int = 300) -> dict[str, float]:
    """Median milliseconds, warm: the rules alone on lines already read, and a whole pair from bytes to verdict."""
    from tasrih.declaration.code_pages import Reading
    from tasrih.declaration.das.detail import Detail
    from tasrih.declaration.examine import examine
    from tasrih.declaration.sent import SentFile
    from tasrih.declaration.tally import Tally, against
    from tasrih.local.synthetic import Writing, das_pair
    from tasrih.vocabulary.finding import Findings

    pair, content = das_pair(Writing(lines=lines))
    header = SentFile(pair.header_name, len(pair.header), lambda: io.BytesIO(pair.header))
    detail = SentFile(pair.detail_name, len(content), lambda: io.BytesIO(content))
    blocks = list(Detail(detail, Findings(), Reading(files=(header, detail))).blocks())

    def rules() -> None:
        Tally("", against("1699999901", 2019, TODAY), Findings(), None).take_all(blocks)

    def whole() -> None:
        assert examine([header, detail], today=TODAY).accepted

    return {"rules_ms": _median_ms(rules, turns), "whole_ms": _median_ms(whole, turns)}


def _median_ms(work: Callable[[], None], turns: int) -> float:
    times = []
    for _ in range(turns):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def main() -> int:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    _tell("fixed lines", measure(lines))
    figures = measure(lines // 3, turns=5, table=True)
    _tell("lines of CSV", figures)
    peer = figures["csv_reader_cpu_s"]
    print(f"  {'csv.reader, cells alone':<26} {peer:.3f} s   ours takes {figures['inside_s'] / peer:.1f} times that")
    few = small()
    print(f"30 lines, warm: the rules {few['rules_ms']:.2f} ms, a pair from bytes to verdict {few['whole_ms']:.2f} ms")
    return 0


def _tell(what: str, figures: dict[str, float]) -> None:
    print(f"{figures['lines']:,.0f} {what}, {figures['planted']:,.0f} planted faults, all found, nothing else")
    for name, seconds, rate in (
        ("whole process", "wall_s", "lines_per_s"),
        ("inside", "inside_s", "lines_per_s_inside"),
        ("CPU", "cpu_s", "lines_per_cpu_s"),
    ):
        print(f"  {name:<26} {figures[seconds]:.2f} s   {figures[rate]:>12,.0f} lines/s")
    print(f"  {'peak memory':<26} {figures['peak_mib']:.0f} MiB")
    for name, words in (("python_lines_s", "for line in open(…, 'rb')"), ("newline_count_s", "read, count newlines")):
        print(f"  {words:<26} {figures[name]:.3f} s   ours takes {figures['inside_s'] / figures[name]:.1f} times that")


if __name__ == "__main__":
    sys.exit(main())
