"""The whole way of a declaration, from the register to the mailed receipt, as its people go it."""

from __future__ import annotations

import io
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from tasrih.cli.sending import send
from tasrih.cli.service import Service
from tasrih.cli.submit import announcement
from tasrih.local.deployed import Stack
from tasrih.local.mail import Mail
from tasrih.local.people import Person
from tasrih.local.synthetic import Writing, write_pair
from tasrih.local.waiting import wait_for

EMPLOYER, AGENCY = "1699999901", "16000"
HEADING = (
    "entity;name;name_ar;employer;agency;since;until;size_class;codes;contact_name;contact_email;language;accounts"
)
ROW = "essai;ESSAI SARL;;{employer};{agency};2010-01-01;;{size};R22;NOMUN PRENOMUN;paie@essai.example;fr;karim"

CERTIFIED = {"name": "NOMUN PRENOMUN", "capacity": "gérant"}

Check = Callable[[], None]


def nothing() -> None:
    """Looks at nothing while waiting."""


class Journey:
    """A stack with an officer, an employer's account and a register. `check` is called while waiting; it may raise."""

    def __init__(self, stack: Stack, folder: Path, check: Check = nothing, seconds: float = 60) -> None:
        self.stack, self.folder, self.check, self.seconds = stack, folder, check, seconds
        people = stack.people([("officer", f"officers-{AGENCY}"), ("karim", "")])
        self.officer, self.employer = self._signed_in(people["officer"]), self._signed_in(people["karim"])
        self.register()

    def _signed_in(self, person: Person) -> Service:
        return Service(self.stack.api_url, "fr").with_token(self.stack.sign_in(person))

    def register(self, size: str = "monthly") -> None:
        row = ROW.format(employer=EMPLOYER, agency=AGENCY, size=size)
        imported = self.officer.put_text("/register", f"{HEADING}\n{row}\n")
        assert imported["findings"] == [], imported

    def send(self, seed: int, *, faulty: bool = False) -> str:
        """Announces and uploads a pair; returns the upload's number."""
        pair = write_pair(self.folder, Writing(lines=20, seed=seed, employer=EMPLOYER, faulty=0.5 if faulty else 0))
        files = [self.folder / pair.header_name, self.folder / pair.detail_name]
        opened = self.employer.post("/uploads", announcement(files, EMPLOYER, "fr", CERTIFIED))
        send(files, opened, self.employer, "fr", Console(file=io.StringIO()))
        return str(opened["upload"])

    def verdict(self, upload: str) -> dict[str, Any]:
        """The upload once it is decided."""

        def look() -> dict[str, Any] | None:
            self.check()
            view: dict[str, Any] = self.employer.get(f"/uploads/{upload}")
            return view if view["state"] not in ("awaiting_upload", "received") else None

        return wait_for(look, f"a verdict on {upload}", self.seconds, hint=self.stack_logs)

    def mail(self, count: int) -> Mail:
        """The count-th mail."""

        def look() -> list[Mail] | None:
            self.check()
            return self.stack.mails() if len(self.stack.mails()) >= count else None

        return wait_for(look, f"{count} mails", self.seconds, hint=self.stack_logs)[count - 1]

    def paper(self, upload: str, form: str) -> bytes:
        """The receipt as the employer downloads it ("pdf" or "json")."""
        link = self.employer.get(f"/uploads/{upload}/receipt", form=form)["url"]
        with urllib.request.urlopen(link) as answer:
            found: bytes = answer.read()
        return found

    def stack_logs(self) -> str:
        return "\n".join(f"--- {name}\n{self.stack.logs(name)[-1500:]}" for name in self.stack.functions)
