"""The demo's accountant again: one DAC file for three employers, each of which gave a mandate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from tasrih.cli.demo_archive import ACCOUNT
from tasrih.cli.sending import send
from tasrih.cli.service import Service
from tasrih.cli.submit import announcement, wait
from tasrih.local.deployed import Stack
from tasrih.local.people import Person
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars

EMPLOYERS = ("exemple-paie", "cafe-du-coin", "chantier-test")
LETTERS = 1 + len(EMPLOYERS)
"""One digest to the accountant, and each employer's own."""
EXPECTED = ["computed", "computed", "partly_held"]


def play(stack: Stack, people: Mapping[str, Person], file: Path, certified: dict[str, str], console: Console) -> bool:
    """Whether each employer's declaration is in force, with a receipt and the dues expected."""
    console.rule(f"[bold]a DAC for {len(EMPLOYERS)} employers in one file[/bold]: {ACCOUNT}, by mandates", align="left")
    for name in EMPLOYERS:
        _service(stack, people[name]).post("/mandates", {"account": ACCOUNT, "scopes": ["declare", "read"]})
    service = _service(stack, people[ACCOUNT])
    began = time.monotonic()
    opened = service.post("/uploads", announcement([file], "", "", certified))
    send([file], opened, service, "en", console)
    parts = wait(opened["upload"], service)["parts"]
    console.print(f"Verdicts in {time.monotonic() - began:.1f} s, one for each employer and period:")
    views = [wait(part["upload"], service) for part in parts]
    for view in views:
        _show(view, console)
    dues = [view["dues"] and view["dues"]["state"] for view in views]
    return [view["state"] for view in views] == ["in_force"] * len(EMPLOYERS) and dues == EXPECTED


def _service(stack: Stack, person: Person) -> Service:
    return Service(stack.api_url, "en").with_token(stack.sign_in(person))


def _show(view: dict[str, Any], console: Console) -> None:
    dues, dac = view["dues"], view["dac"]
    number = view["receipt"]["number"] if view["receipt"] else ""
    console.print(f"{spaced_employer(view['employer'])}, {view['period']}: [bold]{view['state']}[/bold] {number}")
    if not dues:
        return
    left = dac["still_to_pay_centimes"]
    paid = f", {dinars(left)} DA after what was paid already" if dac["paid_centimes"] and left is not None else ""
    console.print(f"  dues {dinars(dues['total_centimes'])} DA{paid}")
    for held in dues["held"]:
        mark = "" if held["indicative_centimes"] is None else f" (indication {dinars(held['indicative_centimes'])} DA)"
        console.print(f"  held: {held['code']} on {dinars(held['base_centimes'])} DA{mark}")
