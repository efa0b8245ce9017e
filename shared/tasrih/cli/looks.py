"""`tasrih looks`: who looked at your files."""

from __future__ import annotations

import argparse
from typing import Any

from tasrih.cli.service import Service
from tasrih.messages import sentence


def run(options: argparse.Namespace) -> int:
    service = Service(options.api, options.lang).sign_in(options)
    before = None
    while True:
        page = service.get("/looks", employer=options.employer, before=before)
        for look in page["looks"]:
            print(told(look, options.lang))
        before = page["next"]
        if before is None:
            return 0


def told(look: dict[str, Any], language: str) -> str:
    """One line."""
    whose = look["by_entity"] or look["agency"]
    who = f"{look['account']} ({sentence('looks', 'role_' + look['role'], language)}, {whose})"
    about = "  ".join(each for each in (*look["employers"], look["upload"], look["reason"]) if each)
    return f"{look['at'][:19].replace('T', ' ')}  {who}  {look['meaning']}  {about}".rstrip()
