"""`python -m tests.histories`: random histories by the thousand against the model, and one again by its seed."""

from __future__ import annotations

import argparse
import json
import sys

from rich.progress import track

from tests.histories.compare import problems
from tests.histories.events import Making
from tests.histories.runner import played, replay


def main() -> int:
    asked = _asked()
    if asked.replay is not None:
        return _replayed(asked.replay)
    seeds = range(asked.first, asked.first + asked.histories)
    failed = 0
    for seed, found in track(played(seeds, asked.processes), "histories", len(seeds), disable=not sys.stderr.isatty()):
        if found:
            failed += 1
            print("\n".join([replay(seed), *(f"  {each}" for each in found)]), flush=True)
        if found and asked.until_found:
            break
    print(f"{len(seeds):,} histories from seed {asked.first}, {failed} of them differ")
    return 1 if failed else 0


def _replayed(seed: int) -> int:
    """All that happens in it, up to what is wrong."""
    making = Making(seed)
    print(f"rules {making.rules}")
    for event, outcome in making.play():
        print(json.dumps({**event, "outcome": outcome}, ensure_ascii=False))
    found = problems(seed)
    print("\n".join(found) or "the two sides agree after every event")
    return 1 if found else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.histories", description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--processes", type=int, default=0, help="0: as many as there are cores")
    parser.add_argument("--until-found", action="store_true", help="stop at the first that differs")
    parser.add_argument("--replay", type=int, help="one seed, event by event")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
