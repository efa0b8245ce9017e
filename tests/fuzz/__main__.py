"""`make fuzz`: one target guided by coverage (atheris), from its seeds and kept cases on.

What it finds is written to build/fuzz/<target>/found: mend the reader, and keep the file in tests/fuzz/cases/<target>.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "build" / "fuzz"
SECONDS_ONE_INPUT = 10
MOST_BYTES = 64 * 1024


def run(name: str, seconds: int) -> None:
    """Never returns: the fuzzer ends its process."""
    import atheris

    with atheris.instrument_imports(include=["tasrih", "zipfile", "json.decoder", "csv"]):
        from tests.fuzz.damage import PIECES
        from tests.fuzz.seeds import TARGETS, cases, seeds
    corpus, found = BUILD / name / "corpus", BUILD / name / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for data in (*seeds(name), *cases(name)):
        (corpus / hashlib.sha256(data).hexdigest()[:20]).write_bytes(data)
    words = BUILD / name / "words"
    words.write_text("".join(f'"{_escaped(piece)}"\n' for piece in PIECES if 0 < len(piece) < 60), "ascii")
    options = {
        "max_total_time": seconds,
        "timeout": SECONDS_ONE_INPUT,
        "max_len": MOST_BYTES,
        "rss_limit_mb": 2048,
        "seed": 1,
        "dict": words,
        "artifact_prefix": f"{found}/",
        "print_final_stats": 1,
    }
    atheris.Setup([sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)], TARGETS[name])
    atheris.Fuzz()


def _escaped(piece: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in piece)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("target", help='one of them, or "all"')
    parser.add_argument("seconds", type=int, help="for each target")
    options = parser.parse_args()
    if options.target != "all":
        run(options.target, options.seconds)
    from tests.fuzz.seeds import TARGETS

    command = [sys.executable, "-m", "tests.fuzz"]
    hurt = [name for name in TARGETS if subprocess.run([*command, name, str(options.seconds)], check=False).returncode]
    print("found something:", ", ".join(hurt) or "nothing")
    return len(hurt)


if __name__ == "__main__":
    raise SystemExit(main())
