"""`python -m tests.simulation.hunts [WORD …]`: each planted bug (whose name holds a word) hunted, one after another."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.simulation.planted import bugs, hunt


def main(words: list[str]) -> int:
    missed = 0
    for bug in bugs():
        if words and not any(word in bug.name for word in words):
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = hunt(bug, Path(folder)).invariants
        fits = bool(found & set(bug.found_by))
        missed += not fits
        print(f"{'found' if fits else 'MISSED'}  {bug.name}  {', '.join(sorted(found))}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
