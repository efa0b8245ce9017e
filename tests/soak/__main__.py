"""`make soak`: ten minutes of 600 uploads a minute with faults in process, then the highest rate of the local cloud."""

from __future__ import annotations

import argparse
import sys

from rich.progress import Progress
from tasrih.local.cloud import LocalCloud

from tests.soak.figures import Row, percentiles, show
from tests.soak.in_process import FAULTS, Soak, soak
from tests.soak.on_the_cloud import Held, steps

RATE_A_MINUTE = 600


def main() -> int:
    asked = _asked()
    failed = False
    if asked.only in ("", "process"):
        failed |= _in_process(asked.minutes)
    if asked.only in ("", "cloud"):
        failed |= _on_the_cloud(asked.seconds, asked.first)
    return int(failed)


def _in_process(minutes: float) -> bool:
    with Progress(disable=not sys.stderr.isatty()) as progress:
        found = soak(round(RATE_A_MINUTE * minutes), minutes, progress=progress)
    waits = list(found.waited.values())
    print(f"\n{len(found.sent):,} uploads in {minutes:g} virtual minutes, {FAULTS:.0%} of calls and of events at fault")
    show("From arrival to verdict, virtual time", "s", [Row("uploads", percentiles(waits), 1.0, len(waits))])
    show("Processor time of an execution", "ms", _by_function(found))
    each = 1000 * found.seconds / max(1, len(found.sent))
    print(f"{each:.1f} ms of processor time for each upload, all functions together")
    for what, times in sorted(found.happened.items()):
        print(f"  {times:9,}  {what}")
    print("each upload has one outcome" if not found.problems else "\n".join(found.problems[:20]))
    return bool(found.problems)


def _by_function(found: Soak) -> list[Row]:
    rows = {name: [1000 * each for each in took] for name, took in found.processor.items()}
    ours = {name: took for name, took in rows.items() if " " not in name and name != "setup"}
    return [Row(name, percentiles(took), sum(took) / len(took), len(took)) for name, took in sorted(ours.items())]


def _on_the_cloud(seconds: float, first: float) -> bool:
    tried: list[Held] = []
    with Progress(disable=not sys.stderr.isatty()) as progress, LocalCloud() as cloud:
        task = progress.add_task("rates", total=None)
        for held in steps(cloud.deploy(), seconds, first):
            tried.append(held)
            print(f"{held.rate * 60:.0f} a minute: {'held' if held.holds else 'not held'}", flush=True)
            progress.update(task, advance=1, description=f"{held.rate:.2f}/s")
    rows = [
        Row(
            f"{held.rate * 60:.0f} a minute{'' if held.holds else ', not held'}",
            percentiles(held.waited),
            held.rate,
            len(held.waited),
        )
        for held in tried
    ]
    show(f"Local cloud, {seconds:g} s at each rate: from arrival to verdict", "s", rows)
    problems = [problem for held in tried if held.holds or held is not tried[-1] for problem in held.problems]
    best = max((held.rate for held in tried if held.holds), default=0.0)
    print(f"highest rate held: {best * 60:.0f} a minute; each upload has one outcome" if best else "no rate was held")
    return bool(problems) or not best


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="virtual, in process")
    parser.add_argument("--seconds", type=float, default=60, help="at each rate, on the local cloud")
    parser.add_argument("--first", type=float, default=1.0, help="uploads a second to begin with, on the local cloud")
    parser.add_argument("--only", choices=["", "process", "cloud"], default="")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
