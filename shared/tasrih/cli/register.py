"""`tasrih register`: an officer brings a register file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tasrih.cli.service import Service
from tasrih.messages import sentence

ROWS_AT_ONCE = 500
"""A request may hold 6 MB and take 30 s; a whole agency's register is sent in parts."""


def run(options: argparse.Namespace) -> int:
    service = Service(options.api, options.lang).sign_in(options)
    done = {"created": 0, "changed": 0, "unchanged": 0}
    for part in parts(Path(options.file).read_text("utf-8-sig")):
        answer = service.put_text("/register", part, dry_run="true" if options.dry_run else "")
        for each in answer["findings"]:
            print(f"  {each['code']}  {each['line']}  {each['message']}")
        if answer["findings"]:
            return 1
        done = {name: count + answer[name] for name, count in done.items()}
    print(sentence("cli", "register_done", options.lang, **done))
    if options.dry_run:
        print(sentence("cli", "register_dry", options.lang))
    return 0


def parts(text: str) -> Iterator[str]:
    """The file in parts of whole rows, the heading on top of each."""
    heading, *rows = text.splitlines(keepends=True)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield heading + "".join(rows[start : start + ROWS_AT_ONCE])
