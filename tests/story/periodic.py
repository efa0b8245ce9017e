"""DAC files of the fund in memory: a row of an aggregate table per employer, period and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasrih.story.open_upload import Asked, open_upload

from tests.declaration.dacs import table, workers
from tests.story.world import OURS, OURS_TOO, US, VOUCHED, World, announced

QUARTER = {"Période": "2019-T4", "Assiette (DA)": "540000,00", "Effectif": "3", "Fait le": "10/01/2020"}
FUND = {"Code": "R98"}
HELD = {
    "Code": "R07", "Assiette (DA)": "100000,00", "N° décision": "DEC-1", "Début décision": "01/07/2019",
    "Fin décision": "30/06/2020",
}  # fmt: skip


def dac(*of: dict[str, str]) -> bytes:
    """Each with its base under R22, and under the housing fund's code the same."""
    rows = [{**QUARTER, "Employeur": OURS, **each} for each in of]
    return table(*(row for each in rows for row in (each, {**each, **FUND}))).encode()


def people(*of: dict[str, str], employer: str = OURS) -> bytes:
    return workers(*({"Employeur": employer, "Période": "2019-T4", **each} for each in of)).encode()


TWO_EMPLOYERS = dac({}, {"Employeur": OURS_TOO})


def send(
    world: World,
    *bodies: bytes,
    employer: str = "",
    by: str = US,
    purpose: str = "real",
    names: Sequence[str] = ("dac.csv", "dac2.csv"),
    inside: int = 0,
    code_page: str = "",
) -> str:
    """Announced and in the bucket; nobody has looked at it. `inside`: lines of the files of an archive."""
    files = [announced(name, body) for name, body in zip(names, bodies, strict=False)]
    files = [replace(file, lines=inside) if file.name.endswith(".zip") else file for file in files]
    asked = Asked(employer, tuple(files), 0, "", "", purpose, VOUCHED, code_page)
    opened = open_upload(
        asked, world.account(by), world.clock.now(), book=world.book, inbox=world.inbox, chance=world.chance
    )
    for form, body in zip(opened.forms.values(), bodies, strict=True):
        world.inbox.upload(form, body)
    return opened.ticket.upload


def parts(world: World, upload: str) -> list[str]:
    """What became of each declaration, in the order of the file."""
    return [world.receive(child.upload) for child in world.outcome(upload).children]
