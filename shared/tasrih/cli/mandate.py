"""`tasrih mandate`: let another's account act for you, take it back, see what was given or is held."""

from __future__ import annotations

import argparse
from typing import Any

from tasrih.cli.service import Service
from tasrih.messages import sentence


def run(options: argparse.Namespace) -> int:
    if (options.action == "list") == bool(options.account):
        raise ValueError(sentence("cli", "mandate_account", options.lang))
    service = Service(options.api, options.lang).sign_in(options)
    if options.action == "list":
        shown = service.get("/mandates/held" if options.held else "/mandates")["mandates"]
    elif options.action == "give":
        asked = {"account": options.account, "scopes": options.scope or ["declare", "read"]}
        shown = [service.post("/mandates", asked)]
    else:
        shown = [service.delete(f"/mandates/{options.account}")]
    for mandate in shown:
        _show(mandate, options.lang)
    return 0


def _show(mandate: dict[str, Any], language: str) -> None:
    print(f"{mandate['entity']} → {mandate['account']}  {mandate['entity_name']}".rstrip())
    for span in mandate["history"]:
        told = {"scopes": ", ".join(span["scopes"]), "since": span["since"][:16], "by": span["given_by"]}
        print("  " + sentence("cli", "mandate_given", language, **told))
        if span["until"]:
            ended = {"until": span["until"][:16], "by": span["withdrawn_by"]}
            print("  " + sentence("cli", "mandate_ended", language, **ended))
