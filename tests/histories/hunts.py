"""`python -m tests.histories.hunts [WORD …]`: each planted bug (whose name holds a word) hunted, one after another."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.simulation.planted import Bug, bugs, plant, run

HISTORIES = 2000
"""As many as make test plays: what these do not find, it would not."""


def hunt(bug: Bug) -> str:
    """What was said of the first history that differs."""
    with tempfile.TemporaryDirectory() as folder:
        plant(bug, Path(folder))
        arguments = ("--histories", str(HISTORIES), "--until-found", "--processes", "1")
        return run(Path(folder), "tests.histories", *arguments)


def main(words: list[str]) -> int:
    missed = 0
    for bug in bugs(Path(__file__).parent):
        if words and not any(word in bug.name for word in words):
            continue
        said = hunt(bug)
        fits = "--replay" in said and any(word in said for word in bug.found_by)
        missed += not fits
        print(f"{'found' if fits else 'MISSED'}  {bug.name}\n    {' | '.join(said.splitlines()[:2])[:200]}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
