"""`tasrih person export`: all that is held on one insured person, as a text, or as JSON (officers)."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tasrih.cli.service import Service
from tasrih.correspondence.person import person_text


def run(options: argparse.Namespace) -> int:
    """The number goes in the body of the request alone."""
    service = Service(options.api, options.lang).sign_in(options)
    export = service.post("/insured/export", {"nss": options.nss, "reason": options.reason})
    if options.json:
        Path(options.json).write_text(json.dumps(export, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(person_text(export, options.lang), end="")
    return 0
