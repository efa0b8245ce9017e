"""`tasrih verify`: is this paper genuine? Without network."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tasrih.correspondence.verify import verify
from tasrih.vocabulary.money import dinars


def run(options: argparse.Namespace) -> int:
    path = Path(options.file)
    keys_path = Path(options.keys) if options.keys else path.parent / "keys.json"
    if not keys_path.exists():
        raise FileNotFoundError(f"no published keys at {keys_path}: --keys FILE")
    keys = json.loads(keys_path.read_text("utf-8"))
    if not isinstance(keys, dict):
        raise ValueError(f"no published keys in {keys_path}")
    answer = verify(path.read_bytes(), keys)
    for line in answer.sentences(options.lang):
        print(line)
    for name, value in answer.summary.items():
        if name in ("employer", "kind", "period", "version", "lines", "arrived_at"):
            print(f"  {name}: {value}")
        elif name in ("base_centimes", "dues_centimes"):
            print(f"  {name.removesuffix('_centimes')}: {value if value == 'held' else dinars(value) + ' DA'}")
    return 0 if answer.ok else 1
