"""`python -m tests.simulation`: schedules by the thousand, every boundary and pair of boundaries, and replays."""

from __future__ import annotations

import argparse
import sys

from rich.progress import track

from tests.simulation.boundaries import pairs, singles
from tests.simulation.functions import prepare
from tests.simulation.hub import Fault
from tests.simulation.runner import Summary, Wanted, one, played


def main() -> int:
    asked = _asked()
    if asked.replay is not None:
        return _replay(asked)
    ways = {"on": (True,), "off": (False,), "both": (True, False)}[asked.sweep]
    wanted = [Wanted(seed, swept) for seed in range(asked.first, asked.first + asked.schedules) for swept in ways]
    if asked.boundaries:
        wanted += singles()
    if asked.pairs:
        wanted += pairs(asked.pairs)
    summary = Summary()
    for each, report in track(
        played(wanted, asked.processes), "schedules", len(wanted), disable=not sys.stderr.isatty()
    ):
        summary.add(each, report)
        if report.problems and asked.until_found:
            break
    print(summary.told())
    print(f"{summary.schedules} schedules, {len(summary.failed)} of them broke something")
    for what, times in sorted(summary.happened.items()):
        print(f"  {times:9,}  {what}")
    return 1 if summary.failed else 0


def _replay(asked: argparse.Namespace) -> int:
    prepare()
    faults = tuple(Fault(int(at), what.replace("-", " ")) for at, what in (each.split(":") for each in asked.fault))
    report = one(Wanted(asked.replay, asked.sweep != "off", faults, asked.calm), keep_trace=True)
    print("\n".join([*report.trace, *report.problems, f"digest {report.digest}"]))
    return 1 if report.problems else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=3000, help="of each way")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--sweep", choices=["on", "off", "both"], default="both")
    parser.add_argument("--boundaries", action="store_true", help="every single boundary, too")
    parser.add_argument("--pairs", type=int, default=0, help="so many pairs of boundaries, too; -1: all")
    parser.add_argument("--processes", type=int, default=0, help="0: as many as there are cores")
    parser.add_argument("--until-found", action="store_true", help="stop at the first that breaks something")
    parser.add_argument("--replay", type=int, help="one seed, with all that happened in it")
    parser.add_argument("--calm", action="store_true", help="with --replay: no accident but --fault")
    parser.add_argument("--fault", action="append", default=[], help="with --replay: CALL:WHAT")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
