"""People at work: each is a script of requests and uploads, which a seed writes as it goes.

They lose replies and ask again, send one file of two, send it twice, give up, come back days later, and try what is
not theirs. Routes are also drawn from the API's own document with whatever fits: a route added later is asked too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from tasrih.adapters.memory import UploadRefused
from tasrih.register.webhooks import EVENTS

from tests.api.caller import http_event
from tests.simulation.functions import SILENT, Services
from tests.simulation.fund import (
    AGENCIES,
    CABINET,
    CANARIES,
    CODES_NOT_KNOWN,
    DAC_FILERS,
    EMAIL,
    NUMBERS,
    Content,
    Sent,
    announced,
    contents,
)
from tests.simulation.hub import Execution, Hub, NoAnswer

PATIENCE = 6
"""How often somebody asks again when nobody answers."""
VOUCHED = {"name": "NOM PRENOM", "capacity": "gérant"}


class Person:
    """Somebody with an account, or an officer of an agency."""

    def __init__(self, name: str, services: Services, sent: dict[str, Sent], agency: str = "") -> None:
        self.name = name
        self.agency = agency
        self._signed_in_as = name
        self._services = services
        self.hub: Hub = services.hub
        self._sent = sent
        self.knows: set[str] = set()
        """Uploads this person was told of."""

    def as_machine(self, account: str) -> Person:
        """A program of this person's entity, signed in as itself."""
        program = Person(self.name, self._services, self._sent)
        program._signed_in_as = account
        return program

    @property
    def claims(self) -> dict[str, Any]:
        groups = {"cognito:groups": f"[officers-{self.agency}]"} if self.agency else {}
        return {"username": self._signed_in_as, "token_use": "access", **groups}

    def work(self, script: Callable[[Person], None]) -> None:
        """Begins now, as an execution of its own that nothing kills."""
        self._services.hub.start(Execution(f"person {self.name}", lambda: script(self)))

    # asking

    def ask(self, method: str, path: str, body: object = None, **query: object) -> tuple[int, Any]:
        """Again and again until there is an answer. (0, None) when patience ends."""
        for _ in range(PATIENCE):
            status, answer = self._once(method, path, body, query)
            if status not in (0, 409, 500, 503):
                return status, answer
            self.hub.pause(self.hub.random.uniform(1, 200))
        return 0, None

    def _once(self, method: str, path: str, body: object, query: dict[str, object]) -> tuple[int, Any]:
        event = http_event(method, path, self.claims, body, "application/json", {k: str(v) for k, v in query.items()})
        me = self.hub.current()
        got: list[Any] = []

        def end(answer: Any) -> None:
            lost = self.hub.chance(self.hub.mood.lost, "lost reply to a person")
            got.append(NoAnswer if lost else answer)
            self.hub.after(0.01, lambda: self.hub.resume(me))

        self.hub.after(0.01, lambda: self._services.cloud.execute("portal", event, end))
        self.hub.wait()
        (answer,) = got
        if answer is NoAnswer or isinstance(answer, BaseException):
            return 0, None
        self._look(path, str(answer["body"]))
        return int(answer["statusCode"]), json.loads(answer["body"]) if answer["body"] else None

    def _look(self, path: str, text: str) -> None:
        """I17: nothing of another entity in a reply, but for what a mandate or an agency allows."""
        if self.agency or self.name == CABINET:
            return
        for entity, canary in CANARIES.items():
            if entity not in (self.name, CABINET) and canary in text:
                self.hub.problems.append(f"I17: {path.split('/')[1]} shows {self.name} what is {entity}'s")

    # sending

    def announce(self, content: Content, employer: str, purpose: str) -> Sent | None:
        names = content.files
        body = {
            "employer": employer,
            "files": [announced(name, data, lines) for (name, data), lines in zip(names, content.lines, strict=True)],
            "total_centimes": content.total,
            "purpose": purpose,
            "certified": VOUCHED if purpose == "real" else None,
            "request": f"{self.name}-{self.hub.random.getrandbits(40):010x}",
        }
        status, opened = self.ask("POST", "/uploads", body)
        if status != 201:
            return None
        sent = Sent(opened["upload"], content)
        self._sent[sent.upload] = sent
        self.knows.add(sent.upload)
        sent.forms = {form["name"]: form for form in opened["forms"]}
        sent.in_pieces = {file["name"]: file["missing"] for file in opened["in_pieces"]}
        return sent

    def put(self, sent: Sent, place: int) -> None:
        """As a browser does: the bytes may come twice, or not at all; pieces in any order, over a line that breaks."""
        name, body = sent.content.files[place]
        if name in sent.forms:
            self._post(sent, name, body)
        else:
            self._send_pieces(sent, name, body)

    def _post(self, sent: Sent, name: str, body: bytes) -> None:
        form = sent.forms[name]
        for _ in range(2 if self.hub.chance(self.hub.mood.duplicate, "file sent twice") else 1):
            self.hub.pause(self.hub.random.uniform(0.1, 60))
            try:
                self._services.inbox.upload(form, body)
            except UploadRefused:
                self.hub.happened["form refused"] += 1
                return
        sent.came.add(name)
        if self.hub.chance(0.05, "object overwritten"):
            self._services.inbox.put(str(form["fields"]["key"]), b"something else")  # type: ignore[index]

    def _send_pieces(self, sent: Sent, name: str, body: bytes) -> None:
        """Asked for what is missing until nothing is; then it says so, or dies and leaves that to the sweep."""
        missing = sent.in_pieces[name]
        for _ in range(PATIENCE):
            for piece in self.hub.random.sample(missing, len(missing)):
                self.hub.pause(self.hub.random.uniform(0.1, 60))
                if self.hub.chance(0.1, "line broken in a piece"):
                    break
                first = piece["first_byte"]
                self._services.inbox.send_piece(piece, body[first : first + piece["size"]])
            status, left = self.ask("GET", f"/uploads/{sent.upload}/pieces")
            if status != 200:
                return
            missing = next((each["missing"] for each in left["in_pieces"] if each["name"] == name), [])
            if not missing:
                break
        else:
            return
        sent.came.add(name)
        if self.hub.chance(0.8):
            self.ask("POST", f"/uploads/{sent.upload}/complete")

    def rest(self) -> None:
        """Until the next thing: seconds, minutes or days."""
        self.hub.pause(self.hub.random.choice((5, 60, 600, 4000, 90_000)) * self.hub.random.random())


def scripts(person: Person) -> list[tuple[int, Callable[[Person], None]]]:
    """(weight, what this person may do)."""
    if person.agency:
        return [
            (2, look_around),
            (1, edit_register),
            (1, import_register),
            (1, ask_for_a_person),
            (1, who_looked),
            (1, what_is_due),
            (3, any_route),
        ]
    return [
        (9, file_something),
        (2, file_wrongly),
        (3, look_around),
        (2, withdraw),
        (3, confirm_names),
        (1, give_number),
        (1, mandate),
        (1, webhook),
        (1, machine),
        (3, any_route),
    ]


def live(person: Person) -> None:
    """A few things, one after another."""
    choices = scripts(person)
    for _ in range(person.hub.random.randint(1, 3)):
        (chosen,) = person.hub.random.choices([script for _, script in choices], [weight for weight, _ in choices])
        chosen(person)
        person.rest()


def file_something(person: Person) -> None:
    hub = person.hub
    own = [number for number, entity in NUMBERS.items() if entity == person.name]
    number = hub.random.choice(own) if own and hub.chance(0.8) else ""
    content = hub.random.choice(contents()[number])
    sent = person.announce(content, number, "test" if hub.chance(0.1) else "real")
    if sent is None:
        return
    places = list(range(len(content.files)))
    hub.random.shuffle(places)
    for place in places:
        if hub.chance(0.06, "file never sent"):
            continue
        person.put(sent, place)
    if content.to_confirm and hub.chance(0.8):
        for step in (confirm_names, give_number):
            hub.pause(hub.random.uniform(30, 4000))
            step(person)
    if hub.chance(0.3):
        hub.pause(hub.random.uniform(30, 4000))
        look_around(person)


def file_wrongly(person: Person) -> None:
    """For another's number, or another's file under one's own number."""
    hub = person.hub
    foreign = hub.random.choice([n for n, e in NUMBERS.items() if e != person.name])
    own = [n for n, e in NUMBERS.items() if e == person.name]
    number = hub.random.choice(own) if own and hub.chance(0.5) else foreign
    sent = person.announce(hub.random.choice(contents()[foreign]), number, "real")
    for place in range(len(sent.content.files)) if sent else ():
        assert sent
        person.put(sent, place)


def look_around(person: Person) -> None:
    person.ask("GET", "/uploads") if not person.agency else None
    for upload in person.hub.random.sample(sorted(person.knows), min(2, len(person.knows))):
        for what in ("", "/findings", "/receipt", "/lines"):
            person.ask("GET", f"/uploads/{upload}{what}")


def confirm_names(person: Person) -> None:
    for upload in sorted(person.knows):
        status, found = person.ask("GET", f"/uploads/{upload}")
        if status == 200 and found["state"] == "awaiting_confirmation":
            page = person.hub.random.choice(("windows-1252", "windows-1252", "windows-1256"))
            status, _ = person.ask("POST", f"/uploads/{upload}/names", {"code_page": page, "certified": VOUCHED})
            person.hub.happened[f"names confirmed {status}"] += 1


def give_number(person: Person) -> None:
    for upload in sorted(person.knows)[:2]:
        person.ask("GET", f"/uploads/{upload}/affiliations")
        status, _ = person.ask("POST", f"/uploads/{upload}/affiliations/1", {"nss": "700000000007"})
        person.hub.happened[f"number given {status}"] += 1


def withdraw(person: Person) -> None:
    if person.knows:
        upload = person.hub.random.choice(sorted(person.knows))
        person.ask("POST", f"/uploads/{upload}/withdraw", {"reason": "Sent for another year", "certified": VOUCHED})


def webhook(person: Person) -> None:
    """A program is told of what happens from then on, until it is not any more."""
    program = SILENT if person.hub.now.microsecond % 3 == 0 else "hook"  # by the clock: no other choice is another
    asked = {"url": f"https://{person.name}.example/{program}", "events": list(EVENTS)}
    status, made = person.ask("POST", "/webhooks", asked)
    if status != 201:
        return
    person.ask("POST", f"/webhooks/{made['webhook']}/test")
    file_something(person)
    person.rest()
    person.ask("GET", "/webhooks")
    if person.hub.chance(0.3):
        person.ask("DELETE", f"/webhooks/{made['webhook']}")


def machine(person: Person) -> None:
    """A program files in its entity's name until it is revoked; from then on nothing that it asks is done."""
    scopes = person.hub.random.choice((["test"], ["declare"], ["declare", "read"]))
    status, made = person.ask("POST", "/machines", {"name": "Paie", "scopes": scopes})
    if status != 201:
        return
    program = person.as_machine(made["machine"])
    file_something(program)
    person.knows |= program.knows
    status, _ = person.ask("DELETE", f"/machines/{made['machine']}")
    if status == 200 and program.ask("GET", "/uploads")[0] not in (0, 403):
        person.hub.problems.append("I17: a revoked machine is answered")


def mandate(person: Person) -> None:
    if person.hub.chance(0.7):
        scopes = person.hub.random.choice((["declare"], ["read"], ["declare", "read"]))
        person.ask("POST", "/mandates", {"account": CABINET, "scopes": scopes})
    else:
        person.ask("DELETE", f"/mandates/{CABINET}")


def edit_register(person: Person) -> None:
    number = person.hub.random.choice([n for n, agency in AGENCIES.items() if agency == person.agency])
    number = CODES_NOT_KNOWN if number in DAC_FILERS else number
    status, found = person.ask("GET", f"/register/employers/{number}")
    if status == 200:
        size = person.hub.random.choice(("monthly", "quarterly"))
        person.ask("PATCH", f"/register/employers/{number}", {"revision": found["revision"], "size_class": size})


def import_register(person: Person) -> None:
    """The agency's employers once more, their letters in another language: what was edited meanwhile is compared."""
    rows = [
        f"{entity};{CANARIES[entity]} SARL;;{number};{AGENCIES[number]};2010-01-01;;"
        f"quarterly;R22;;{EMAIL[entity]};{person.hub.random.choice(('ar', 'fr', 'en'))};{entity}"
        for number, entity in NUMBERS.items()
        if AGENCIES[number] == person.agency and number != CODES_NOT_KNOWN
    ]
    head = (
        "entity;name;name_ar;employer;agency;since;until;size_class;codes;contact_name;contact_email;language;accounts"
    )
    status, _ = person.ask("PUT", "/register", "\n".join([head, *rows]), dry_run=False)
    person.hub.happened[f"register imported {status}"] += 1


def ask_for_a_person(person: Person) -> None:
    """Everything in force for one insured number, or all that is held, as far as the agency goes."""
    nss = "900000000002"
    status, found = person.ask("POST", "/insured", {"nss": nss})
    shown = found["declared"] if status == 200 else []
    status, export = person.ask("POST", "/insured/export", {"nss": nss, "reason": "asked for by the person"})
    if status == 200:
        shown += export["held"]
        if person.name not in {look["account"] for look in export["looked"]}:
            person.hub.problems.append("I28: an officer read what is held on a person, and no trace says so")
    for each in shown:
        if AGENCIES.get(each.get("employer", ""), person.agency) != person.agency:
            person.hub.problems.append("I17: an officer sees a declaration of another agency")


def who_looked(person: Person) -> None:
    own = [number for number, agency in AGENCIES.items() if agency == person.agency]
    person.ask("GET", "/looks", employer=person.hub.random.choice(own))


def what_is_due(person: Person) -> None:
    """An operator's dry run of retention."""
    cloud = person._services.cloud
    person.hub.after(1, lambda: cloud.execute("remove_due", {"dry_run": True}, lambda answer: None))


def any_route(person: Person) -> None:
    """A route of the API's document, with values that may fit: nothing but its answer's shape is expected."""
    method, path = person.hub.random.choice(routes())
    pool = {"upload": sorted(person._sent) or ["0" * 32], "number": sorted(NUMBERS)}
    for name in _PLACES.findall(path):
        values = pool.get(name, [CABINET, "1", "0" * 32])
        path = path.replace(f"{{{name}}}", person.hub.random.choice(values))
    status, _ = person.ask(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
    person.hub.happened[f"route {method} {status}"] += 1
    person.hub.pause(timedelta(seconds=1).total_seconds())


_PLACES = re.compile(r"\{([^}]+)\}")


@cache
def routes() -> tuple[tuple[str, str], ...]:
    from tasrih.adapters.api.app import openapi

    paths = json.loads(openapi())["paths"]
    return tuple((method.upper(), path) for path, each in paths.items() for method in each if method in _METHODS)


_METHODS = ("get", "post", "put", "patch", "delete")
