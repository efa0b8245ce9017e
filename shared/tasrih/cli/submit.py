"""`tasrih submit`: announce, send, wait for the verdict."""

from __future__ import annotations

import argparse
import hashlib
import secrets
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from tasrih.adapters.workbooks import child_workbooks
from tasrih.cli.deposit import deposits, employer_in_name, name_of, sent
from tasrih.cli.sending import send
from tasrih.cli.service import FormRefused, Service
from tasrih.cli.status import save_receipt, show
from tasrih.cli.unfinished import OPEN, Unfinished
from tasrih.declaration.dac.examine import examine_dac, is_dac
from tasrih.declaration.examine import examine
from tasrih.declaration.intake import ACCEPTED
from tasrih.declaration.portfolio import parts
from tasrih.declaration.sent import FileFacts, SentFile
from tasrih.declaration.workbooks import Once
from tasrih.messages import sentence
from tasrih.messages.findings import finding_sentence
from tasrih.story.pieces import stretches
from tasrih.vocabulary.finding import Finding

GOOD = {"in_force", "duplicate", "awaiting_confirmation", "tested"}


def run(options: argparse.Namespace) -> int:
    certified = None if options.test else certified_by(options)
    found = deposits(options.paths, options.lang)
    service = Service(options.api, options.lang).sign_in(options)
    codes = [_submit(files, service, options, certified) for files in found]
    return max(codes)


def certified_by(options: argparse.Namespace) -> dict[str, str]:
    """Who vouches for what is asked, as the API takes it. Raises ValueError when nobody is named."""
    if not options.certified_by or not options.capacity:
        raise ValueError(sentence("cli", "certified_by_whom", options.lang))
    return {"name": options.certified_by, "capacity": options.capacity}


def _submit(
    files: Sequence[Path], service: Service, options: argparse.Namespace, certified: dict[str, str] | None
) -> int:
    console = Console(stderr=True, highlight=False)
    for file in files:
        if not file.stat().st_size:
            raise ValueError(finding_sentence(Finding("E020", name_of(file), expected=ACCEPTED), options.lang))
    employer = options.employer or employer_in_name(files)
    if not employer and not parts(sent(files), at_least=1) and not is_dac(sent(files), child_workbooks):
        raise ValueError(sentence("cli", "no_employer", options.lang))
    asked = announcement(files, employer, options.lang, certified, options.code_page)
    unfinished = Unfinished(service, options.user or "", asked)
    view = unfinished.verdict()
    if view:
        console.print(sentence("cli", "already_sent", options.lang, upload=view["upload"]))
        return _answered(view, service, options)
    opened = unfinished.open()
    console.print(sentence("cli", "upload", options.lang, upload=opened["upload"]))
    try:
        send(files, opened, service, options.lang, console)
    except FormRefused as refused:
        console.print(sentence("cli", "form_refused", options.lang, name=refused))
        return 1
    if options.no_wait:
        unfinished.forget()
        print(sentence("cli", "verdict_by", options.lang, moment=opened["verdict_by"], upload=opened["upload"]))
        return 0
    with console.status(sentence("cli", "waiting", options.lang)):
        view = wait(opened["upload"], service)
    if view["state"] not in OPEN:
        unfinished.forget()
    return _answered(view, service, options)


def _answered(view: dict[str, Any], service: Service, options: argparse.Namespace) -> int:
    show(view, service, options.lang)
    if options.receipt and view["receipt"]:
        save_receipt(view, service, Path(options.receipt), options.lang)
    states = {part["state"] for part in view["parts"]} or {view["state"]}
    return 0 if states <= GOOD else 1


def announcement(
    files: Sequence[Path], employer: str, language: str, certified: dict[str, str] | None, code_page: str = ""
) -> dict[str, Any]:
    """Hash, size and lines of each file and the total of a DAS, before anything is sent. A test where nobody
    certifies."""
    found, total = _facts(sent(files), code_page)
    facts = {file.name: file for file in found}
    announced = [
        {
            "name": name_of(file),
            "size": file.stat().st_size,
            **_hashes(file),
            "lines": facts[name_of(file)].lines if name_of(file) in facts else 0,
        }
        for file in files
    ]
    return {
        "employer": employer,
        "files": announced,
        "total_centimes": total,
        "purpose": "real" if certified else "test",
        "certified": certified,
        "code_page": code_page,
        "language": language or None,
        "request": secrets.token_hex(16),
    }


def _facts(files: list[SentFile], code_page: str) -> tuple[list[FileFacts], int]:
    """What is true of each file, and the annual base of a DAS; of a DAC no total is announced."""
    today, workbooks = datetime.now(ZoneInfo("Africa/Algiers")).date(), Once(child_workbooks)
    if is_dac(files, workbooks):
        return examine_dac(files, today=today, workbooks=workbooks).files, 0
    examined = examine(files, today=today, workbooks=workbooks, code_page=code_page)
    return examined.files, examined.totals.year


def _hashes(file: Path) -> dict[str, Any]:
    """Of the whole, and of each piece of a large file."""
    with file.open("rb") as handle:
        whole = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
        pieces = [hashlib.sha256(handle.read(size)).hexdigest() for _, size in stretches(file.stat().st_size)]
    return {"sha256": whole, "pieces": pieces}


def wait(upload: str, service: Service, seconds: float = 900) -> dict[str, Any]:
    """Until there is a verdict; and, where a receipt is due, a moment longer until it is signed."""
    deadline, pause = time.monotonic() + seconds, 0.3
    while True:
        view: dict[str, Any] = service.get(f"/uploads/{upload}")
        receipt, states = view["receipt"], {view["state"], *(part["state"] for part in view["parts"])}
        if not states.intersection(OPEN) and (receipt is None or receipt["pdf_ready"]):
            return view
        if time.monotonic() > deadline:
            return view
        time.sleep(pause)
        pause = min(pause * 1.3, 5)
