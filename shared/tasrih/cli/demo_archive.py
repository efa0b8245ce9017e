"""The accountant of the demo: one archive with the declarations of two hundred employers, five of them bad."""

from __future__ import annotations

import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console

from tasrih.cli.sending import send
from tasrih.cli.service import Service
from tasrih.cli.submit import announcement, wait
from tasrih.local.deployed import Stack
from tasrih.local.people import Person
from tasrih.local.synthetic import Writing, das_pair

ACCOUNT, EMPLOYERS, EVERY_BAD = "cabinet-exemple", 200, 40
NUMBERS = tuple(f"16{700_000 + place:06d}01" for place in range(EMPLOYERS))
EXPECTED = {"in_force": EMPLOYERS - EMPLOYERS // EVERY_BAD, "refused": EMPLOYERS // EVERY_BAD}
_HEADING = (
    "entity;name;name_ar;employer;agency;since;until;size_class;codes;contact_name;contact_email;language;accounts"
)
_ROW = (
    "cabinet-exemple;CABINET EXEMPLE;مكتب المثال;{number};16000;2015-01-01;;quarterly;R22;"
    f"NOMUN PRENOMUN;cabinet@cabinet-exemple.example;fr;{ACCOUNT}"
)


def register() -> str:
    """The employers of the accountant's entity, as an officer imports them."""
    return "\n".join([_HEADING, *(_ROW.format(number=number) for number in NUMBERS)])


def write_archive(path: Path) -> None:
    """Five to twenty-four workers each; in every fortieth half of the lines have a fault."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, number in enumerate(NUMBERS):
            bad = place % EVERY_BAD == EVERY_BAD - 1
            writing = Writing(lines=5 + place % 20, seed=place, employer=number, year=2025, faulty=0.5 if bad else 0.0)
            pair, detail = das_pair(writing)
            archive.writestr(pair.header_name, pair.header)
            archive.writestr(pair.detail_name, detail)


def play(stack: Stack, person: Person, out: Path, certified: dict[str, str], console: Console) -> bool:
    """Whether each part got its verdict, and the five bad ones stopped no other."""
    console.rule(
        f"[bold]one archive of {EMPLOYERS} employers, {EXPECTED['refused']} bad[/bold]: {ACCOUNT}", align="left"
    )
    path = out / "portefeuille-2025.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_archive(path)
    service = Service(stack.api_url, "en").with_token(stack.sign_in(person))
    began = time.monotonic()
    opened = service.post("/uploads", announcement([path], "", "", certified))
    send([path], opened, service, "en", console)
    with console.status("each part gets a verdict, a receipt and a posting of its own"):
        view: dict[str, Any] = wait(opened["upload"], service)
    found = Counter(part["state"] for part in view["parts"])
    told = ", ".join(f"{state} {count}" for state, count in sorted(found.items()))
    console.print(f"Verdicts in {time.monotonic() - began:.1f} s: [bold]{told}[/bold]; one mail tells of all")
    return dict(found) == EXPECTED
