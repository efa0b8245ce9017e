"""`tasrih demo`: real files from a presigned upload to a signed receipt, on the embedded local cloud."""

from __future__ import annotations

import argparse
import json
import time
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from tasrih.cli import demo_archive, demo_dac
from tasrih.cli.sending import send
from tasrih.cli.service import Service
from tasrih.cli.status import save_receipt
from tasrih.cli.submit import announcement, wait
from tasrih.correspondence.verify import verify
from tasrih.local.cloud import LocalCloud
from tasrih.local.command import run_local
from tasrih.local.deployed import Stack
from tasrih.local.people import Person
from tasrih.local.waiting import wait_for
from tasrih.vocabulary.identity import spaced_employer
from tasrih.vocabulary.money import dinars

SAMPLES = Path(str(resources.files("tasrih.local").joinpath("samples")))
OFFICER = ("officer-16000", "officers-16000")
SHOWN_FAULTS = 15
CERTIFIED = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}


class Act(NamedTuple):
    """One upload of the demo."""

    about: str
    account: str
    employer: str
    folder: str
    expected: str


ACTS = (
    Act("a clean DAS pair", "exemple-paie", "1699999901", "clean", "in_force"),
    Act("a café's DAS as CSV, in Arabic", "cafe-du-coin", "1699999902", "table", "in_force"),
    Act("a pair with a dozen faults", "chantier-test", "1699999903", "faulty", "refused"),
    Act("the clean pair again", "exemple-paie", "1699999901", "clean", "duplicate"),
    Act("a workbook that Excel damaged", "cafe-du-coin", "1699999902", "workbook", "refused"),
    Act("an invoice as PDF", "chantier-test", "1699999903", "other", "refused"),
)


def run(options: argparse.Namespace) -> int:
    """0 when every verdict was the expected one and the receipt is genuine."""
    out, console = Path(options.out), Console(highlight=False, soft_wrap=True)
    for old in (out / "mails").glob("*.eml"):
        old.unlink()
    began = time.monotonic()
    console.rule("Tasrih: from a presigned upload to a signed receipt (on an emulated AWS; all people are invented)")
    with LocalCloud() as cloud:
        stack = cloud.deploy(mails=out / "mails")
        resources_made = sum(len(found) for found in stack.resources.values())
        console.print(f"The synthesized stack stands: {resources_made} resources at {cloud.endpoint}")
        people = {person.username: person for person in seed(stack)}
        console.print("An officer of agency 16000 imported the register: three employers, and an accountant with 200.")
        views = [_play(act, stack, people[act.account], console) for act in ACTS]
        parts_told = demo_archive.play(stack, people[demo_archive.ACCOUNT], out, CERTIFIED, console)
        (dac,) = (SAMPLES / "dac").iterdir()
        dac_told = demo_dac.play(stack, people, dac, CERTIFIED, console)
        letters = len(ACTS) + 1 + demo_dac.LETTERS
        wait_for(lambda: len(stack.mails()) >= letters, "a letter for every upload", seconds=120)
        _show_mails(stack, console)
        genuine = _show_receipt(views[0], stack, people["exemple-paie"], out, console)
    told = [view["state"] == act.expected for view, act in zip(views, ACTS, strict=True)]
    console.print(f"\nDone in {time.monotonic() - began:.0f} s. Papers and mails: {out}/")
    console.print("To go on with the same cloud, by hand: [bold].venv/bin/tasrih local[/bold]")
    return 0 if all(told) and parts_told and dac_told and genuine else 1


def seed(stack: Stack) -> list[Person]:
    """Accounts for an officer, three employers and an accountant; the officer imports the registers that name them."""
    employers = dict.fromkeys([*(act.account for act in ACTS), demo_archive.ACCOUNT])
    people = stack.people([OFFICER, *((name, "") for name in employers)])
    officer = Service(stack.api_url, "en").with_token(stack.sign_in(people[OFFICER[0]]))
    for text in ((SAMPLES / "register" / "register.csv").read_text("utf-8"), demo_archive.register()):
        answer = officer.put_text("/register", text)
        if answer["findings"]:
            raise ValueError(answer["findings"][0]["message"])
    return list(people.values())


def run_seeded_local(options: argparse.Namespace) -> int:
    """`tasrih local`, with the demo's officer, employers and register."""
    return run_local(options, seed)


def _play(act: Act, stack: Stack, person: Person, console: Console) -> dict[str, Any]:
    console.rule(f"[bold]{act.about}[/bold]: {act.account}, employer {spaced_employer(act.employer)}", align="left")
    service = Service(stack.api_url, "en").with_token(stack.sign_in(person))
    files = sorted((SAMPLES / act.folder).iterdir())
    began = time.monotonic()
    opened = service.post("/uploads", announcement(files, act.employer, "", CERTIFIED))
    send(files, opened, service, "en", console)
    view = wait(opened["upload"], service)
    console.print(f"Verdict in {time.monotonic() - began:.1f} s: [bold]{view['state']}[/bold] ({view['meaning']})")
    _show_findings(view, service, console)
    dues = view["dues"]
    if dues and dues["state"] == "computed":
        console.print(f"Dues {dues['total_centimes']:,} centimes = {dinars(dues['total_centimes'])} DA, for example:")
        console.print(f"  {dues['lines'][0]['explanation']}")
    if view["receipt"]:
        console.print(f"Receipt {view['receipt']['number']}")
    return view


def _show_findings(view: dict[str, Any], service: Service, console: Console) -> None:
    if view["counts"]:
        found = service.get(f"/uploads/{view['upload']}/findings")["findings"]
        for each in found[:SHOWN_FAULTS]:
            place = ":".join(str(part) for part in (each["file"], each["line"]) if part)
            console.print(f"  {each['code']}  {place}  {each['message']}", markup=False)


def _show_mails(stack: Stack, console: Console) -> None:
    table = _table("Mails", "To", "Subject", "Attached")
    for mail in stack.mails():
        message = mail.message
        attached = ", ".join(str(part.get_filename()) for part in message.iter_attachments())
        table.add_row(", ".join(mail.to), str(message["Subject"]), attached)
    console.print(table)


def _show_receipt(view: dict[str, Any], stack: Stack, person: Person, out: Path, console: Console) -> bool:
    """Saves, verifies without network, and prints the receipt."""
    service = Service(stack.api_url, "en").with_token(stack.sign_in(person))
    saved = save_receipt(view, service, out / "receipts", "en")
    keys = json.loads((out / "receipts" / "keys.json").read_text("ascii"))
    answers = [verify(path.read_bytes(), keys) for path in saved]
    facts = json.loads(saved[1].read_bytes())["receipt"]
    table = _table(f"Receipt {facts['number']}", "What", "As received and recorded")
    for name, value in _printed(facts):
        table.add_row(name, value)
    console.print(table)
    for path, answer in zip(saved, answers, strict=True):
        console.print(f"{path}: {' '.join(answer.sentences('en'))}")
    return all(answer.ok for answer in answers)


def _table(title: str, *heads: str) -> Table:
    """Nothing is cut off, however narrow the screen."""
    table = Table(title=title, title_justify="left")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _printed(facts: dict[str, Any]) -> list[tuple[str, str]]:
    dues = facts["dues"]
    owed = "held" if dues["total_centimes"] is None else f"{dinars(dues['total_centimes'])} DA"
    return [
        ("Employer", f"{facts['entity_name']}  {facts['entity_name_ar']}  {spaced_employer(facts['employer'])}"),
        ("Declaration", f"{facts['kind']} {facts['period']}, type {facts['type']}, version {facts['version']}"),
        ("Received", f"{facts['arrived_at']} (Africa/Algiers)"),
        ("Certified by", f"{facts['certified']['name']}, {facts['certified']['capacity']}"),
        *((f"File {file['name']}", f"SHA-256 {file['sha256']}") for file in facts["files"]),
        ("Workers, annual base", f"{facts['lines']} lines, {dinars(facts['base_centimes'])} DA"),
        ("Dues", owed),
        ("Rules, law", f"{facts['rules_version']}, {facts['law_version']}"),
    ]
