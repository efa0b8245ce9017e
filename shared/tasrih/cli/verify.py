"""`tasrih verify`: is this paper genuine? Without network."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tasrih.correspondence.verify import verify
from tasrih.messages import sentence
from tasrih.vocabulary.money import dinars


def _keys(path: Path) -> dict[str, Any]:
    """Empty where the file holds no keys: then nothing verifies, and the answer says so."""
    try:
        keys = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return keys if isinstance(keys, dict) else {}


def _amount(value: int | str) -> str:
    """Centimes, "held", or "12345+held" where a part is held."""
    known, _, held = str(value).partition("+")
    return " + ".join([f"{dinars(int(known))} DA" if known != "held" else known, *filter(None, [held])])


def run(options: argparse.Namespace) -> int:
    path = Path(options.file)
    keys_path = Path(options.keys) if options.keys else path.parent / "keys.json"
    if not keys_path.exists():
        raise ValueError(sentence("cli", "no_keys", options.lang, path=keys_path))
    answer = verify(path.read_bytes(), _keys(keys_path))
    for line in answer.sentences(options.lang):
        print(line)
    for name, value in answer.summary.items():
        if name in ("employer", "kind", "period", "version", "lines", "arrived_at", "withdraws", "withdrawn_at"):
            print(f"  {name}: {value}")
        elif name in ("base_centimes", "dues_centimes"):
            print(f"  {name.removesuffix('_centimes')}: {_amount(value)}")
    return 0 if answer.ok else 1
