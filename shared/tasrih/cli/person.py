"""`tasrih person export`: all that is held on one insured person, as a text, or as JSON (officers)."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tasrih.cli.service import Service
from tasrih.correspondence.person import person_text
from tasrih.messages import sentence


def run(options: argparse.Namespace) -> int:
    """The number is typed, not given as a word of the command, and goes in the body of the request alone."""
    nss = _asked(options.lang)
    service = Service(options.api, options.lang).sign_in(options)
    export = service.post("/insured/export", {"nss": nss, "reason": options.reason})
    if options.json:
        Path(options.json).write_text(json.dumps(export, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(person_text(export, options.lang), end="")
    return 0


def _asked(language: str) -> str:
    if sys.stdin.isatty():
        print(sentence("cli", "insured_number", language), end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
