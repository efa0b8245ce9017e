"""The simulation's people and files on a real stack, over HTTP; they ask again until somebody answers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from threading import Event, Thread
from typing import Any

import urllib3
from tasrih.adapters.dynamodb import DynamoBook
from tasrih.local.deployed import Stack

from tests.cloud.filings import Filing
from tests.cloud.fund import OPEN
from tests.cloud.web import Web, post_form
from tests.simulation.fund import CANARIES, NUMBERS, Sent, contents, first_records

PATIENCE = 60
"""How often somebody asks again when nobody answers."""
LOOKS = 6
PAGE = "windows-1252"
VOUCHED = {"name": "NOM PRENOM", "capacity": "gérant"}
NO_ANSWER, TOO_LATE = (409, 429, 500, 502, 503), 422


class Sender(Thread):
    """The account of one entity. What it sends, and in which order, follows from the seed alone."""

    def __init__(self, name: str, web: Web, seed: int, ended: Event) -> None:
        super().__init__(name=name, daemon=True)
        self.sent: list[Sent] = []
        self.troubles: list[str] = []
        """What was not answered well."""
        self._to_confirm: list[Sent] = []
        self._web, self._ended = web, ended
        self._random = random.Random(f"{name} {seed}")

    def run(self) -> None:
        """Everything that the entity can send, one after another and from the beginning again, until the end."""
        own = [number for number, entity in NUMBERS.items() if entity == self.name] or [""]
        whole = [Sent("", content) for number in own for content in contents()[number]]
        self._random.shuffle(whole)
        for at in range(1000):
            if self._ended.is_set():
                return
            self._send(whole[at % len(whole)])
            self._look()
            self.confirm()

    def confirm(self) -> None:
        """Says how names are read, where it is asked."""
        for sent in list(self._to_confirm):
            state = self._state(sent)
            if state == "awaiting_confirmation":
                self._ask("POST", f"/uploads/{sent.upload}/names", {"code_page": PAGE, "certified": VOUCHED})
            elif state not in OPEN:
                self._to_confirm.remove(sent)

    def _send(self, what: Sent) -> None:
        content = what.content
        filing = Filing(content.employer, content.files, content.total, content.lines)
        request = f"{self.name}-{self._random.getrandbits(40):010x}"
        opened = self._ask("POST", "/uploads", filing.announcement(request=request, certified=VOUCHED))
        if not opened:
            return
        sent = Sent(opened["upload"], content)
        self.sent.append(sent)
        self._to_confirm += [sent] if content.to_confirm else []
        for form, (name, body) in zip(opened["forms"], content.files, strict=True):
            assert post_form(form, body).status in (200, 201, 204)
            sent.came.add(name)

    def _look(self) -> None:
        """For the last verdict, a few times."""
        for _ in range(LOOKS if self.sent else 0):
            if self._state(self.sent[-1]) not in OPEN or self._ended.wait(self._random.uniform(0, 1)):
                return

    def _state(self, sent: Sent) -> str:
        view = self._ask("GET", f"/uploads/{sent.upload}")
        return str(view["state"]) if view else ""

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        """None when patience ended, which is a trouble; or when a reply was lost for longer than a request lives."""
        status = 0
        for tries in range(PATIENCE):
            try:
                status, answer = self._web.call(method, path, body)
            except urllib3.exceptions.HTTPError:
                continue
            if status < 300:
                return answer
            if status == TOO_LATE and tries:
                return None
            if status not in NO_ANSWER:
                break
            Event().wait(self._random.uniform(0, 0.2))
        self.troubles.append(f"{method} {path.split('/')[1]}: {status}")
        return None


def settle_in(stack: Stack, seed: int, ended: Event) -> list[Sender]:
    """The register as every schedule of the simulation begins with it, and an account for each entity."""
    DynamoBook(stack.outputs["BookTable"], stack.client("dynamodb")).commit(*first_records())
    people, anybody = stack.people([(name, "") for name in CANARIES]), Web(stack.api_url)
    return [Sender(name, anybody.signed_in(name, people[name].password), seed, ended) for name in CANARIES]


def all_sent(senders: Iterable[Sender]) -> dict[str, Sent]:
    return {sent.upload: sent for sender in senders for sent in sender.sent}
