"""`tasrih webhook`: have an address of your program told of events; see what it did not take."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tasrih.cli.service import Service
from tasrih.messages import sentence
from tasrih.register.webhooks import EVENTS


def run(options: argparse.Namespace) -> int:
    if (options.action == "list") == bool(options.webhook):
        raise ValueError(sentence("cli", "webhook_which", options.lang))
    service = Service(options.api, options.lang).sign_in(options)
    if options.action == "add":
        made = service.post("/webhooks", {"url": options.webhook, "events": options.event or list(EVENTS)})
        print(f"{made['webhook']}\n{made['secret']}")
        print(sentence("cli", "machine_secret", options.lang), file=sys.stderr)
    elif options.action == "test":
        _show(service.post(f"/webhooks/{options.webhook}/test", {}), options.lang)
    elif options.action == "remove":
        _show(service.delete(f"/webhooks/{options.webhook}"), options.lang)
    else:
        for hook in service.get("/webhooks")["webhooks"]:
            _show(hook, options.lang)
    return 0


def _show(hook: dict[str, Any], language: str) -> None:
    print(f"{hook['webhook']}  {hook['url']}  {', '.join(hook['events'])}")
    if hook["paused_at"]:
        print("  " + sentence("cli", "webhook_paused", language, since=hook["paused_at"][:16]))
    for each in hook["not_delivered"]:
        told = {name: each[name] for name in ("event", "upload", "attempts", "status")}
        key = "webhook_failed" if each["failed"] else "webhook_tried"
        print("  " + sentence("cli", key, language, **told, next=(each["next_try"] or "")[:16]))
