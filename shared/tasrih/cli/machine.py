"""`tasrih machine`: let a program act for you, see which may, revoke one."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tasrih.cli.service import Service
from tasrih.messages import sentence


def run(options: argparse.Namespace) -> int:
    if (options.action == "list") == bool(options.machine):
        raise ValueError(sentence("cli", "machine_which", options.lang))
    service = Service(options.api, options.lang).sign_in(options)
    if options.action == "create":
        made = service.post("/machines", {"name": options.machine, "scopes": options.scope or ["test"]})
        print(f"{made['machine']}\n{made['secret']}")
        print(sentence("cli", "machine_secret", options.lang), file=sys.stderr)
    elif options.action == "revoke":
        _show(service.delete(f"/machines/{options.machine}"), options.lang)
    else:
        for machine in service.get("/machines")["machines"]:
            _show(machine, options.lang)
    return 0


def _show(machine: dict[str, Any], language: str) -> None:
    print(f"{machine['machine']}  {', '.join(machine['scopes'])}  {machine['name']}")
    for key in ("created", "revoked"):
        if machine[f"{key}_at"]:
            told = {"at": machine[f"{key}_at"][:16], "by": machine[f"{key}_by"]}
            print("  " + sentence("cli", f"machine_{key}", language, **told))
