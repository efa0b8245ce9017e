"""Everything of one tenant, asked for by those whom it does not concern: `python -m tests.tenants` tells of it.

Each value is tried at each place of each route, and beside it a value of the same shape that is nobody's: the answers
must be the same, to the byte and to the call on a port.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.cloud.watched import wrong_with
from tests.simulation.fund import CABINET, CAFE, CANARIES, EMAIL, NUMBERS
from tests.tenants.ids import ids_of, nobodys
from tests.tenants.lives import AGENCY, BASES, NUMBER, NUMBER_TOO, OTHER_AGENCY, OURS, THEIRS, Answer, Lives
from tests.tenants.places import DOCUMENT, Place, Request, filled, lists, places

SAMPLE = 8
"""Of values at a place that does not take them, or takes any text."""
PERSONAL = {CANARIES[OURS], EMAIL[OURS], "800000002345", *map(str, BASES), *(str(4 * base) for base in BASES)}
"""Name, contact, insured number, wages: of the one tenant alone."""
MEANT = {"POST /mandates body account": "Whoever gives a mandate is told whether an account of that name can hold it."}
"""Where our value does what nobody's cannot, and why."""
HEADING = (
    "entity;name;name_ar;employer;agency;since;until;size_class;codes;contact_name;contact_email;language;accounts"
)
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
SCOPES = ["test", "declare", "read"]


class Asker(NamedTuple):
    who: str
    claims: dict[str, Any]
    prefix: str = ""
    methods: tuple[str, ...] = ("GET", *CHANGES)
    """By which nothing of the other tenant is theirs to ask for."""


def person(name: str) -> dict[str, Any]:
    return {"username": name, "token_use": "access"}


def officer(agency: str) -> dict[str, Any]:
    return {**person("an-officer"), "cognito:groups": f"[officers-{agency}]"}


class Tries:
    def __init__(self) -> None:
        self.lives = Lives()
        self.problems: list[str] = []
        self.tries = 0
        self._chance = random.Random(4)
        self._secrets = self.lives.secrets()
        self._us = [Asker("we", person(OURS)), Asker("our officer", officer(AGENCY))]
        self._own = self._owned_by_them()
        known = self.lives.theirs | {*self._own.values()} | {*re.findall(r"[\w.@-]+", json.dumps(DOCUMENT))}
        ours = self.lives.ours | self._answered_to_us()
        self.values = sorted((ours - known) | {OURS, NUMBER, NUMBER_TOO, EMAIL[OURS], CAFE})
        self._nobodys: dict[tuple[str, Place, int], Answer] = {}

    def run(self) -> None:
        for asker in self._strangers():
            for place in places():
                if place.method in asker.methods and str(place) not in MEANT:
                    for value in self._tried_at(place):
                        self._try(asker, place, value)
        self._register()
        self._logs()
        self._mails()
        self._keys()

    def open_places(self) -> set[str]:
        """Where our own values do more for us than nobody's: elsewhere a try shows nothing."""
        return {str(place) for place in places() if any(self._opens(place, value) for value in self._tried_at(place))}

    def _opens(self, place: Place, value: str) -> bool:
        return any(self._answer(us, place, value) != self._answer(us, place, nobodys(value)) for us in self._us)

    def _strangers(self) -> Iterator[Asker]:
        """One after the other: what our mandate allows changes between them."""
        yield Asker("another's person", person(THEIRS))
        yield Asker("another's machine", person(self._own["machine"]), "/machine")
        yield Asker("an officer of another agency", officer(OTHER_AGENCY))
        yield Asker("an accountant without our mandate", person(CABINET))
        self.lives.lasting(person(OURS), "POST", "/mandates", {"account": CABINET, "scopes": ["read"]})
        yield Asker("an accountant who may only read", person(CABINET), methods=CHANGES)
        self.lives.lasting(person(OURS), "POST", "/mandates", {"account": CABINET, "scopes": ["declare"]})
        yield Asker("an accountant who may only declare", person(CABINET), methods=("GET",))

    def _try(self, asker: Asker, place: Place, value: str) -> None:
        self.tries += 1
        ours = self._answer(asker, place, value)
        if ours != self._to_nobodys(asker, place, value):
            self.problems.append(f"{asker.who} learns from {place} that {value} is somebody's: {ours.status}")
        if place.where == "path" and place.takes(value) and ours.status not in (403, 404):
            self.problems.append(f"{asker.who} is answered {ours.status} by {place}")
        if ours.status >= 400 and ours.effects:
            self.problems.append(f"{asker.who} is refused by {place}, but {ours.effects} was done")
        shown = [each for each in PERSONAL | self._secrets if each != value and each in ours.body]
        if shown:
            self.problems.append(f"{asker.who} is shown {shown} by {place}")

    def _answer(self, asker: Asker, place: Place, value: str) -> Answer:
        return self.lives.ask(asker.claims, filled(place, value, self._own), asker.prefix).without(value)

    def _to_nobodys(self, asker: Asker, place: Place, value: str) -> Answer:
        """Asked once for each asker, place and length."""
        key = (asker.who, place, len(value))
        if key not in self._nobodys or not place.takes(value):
            self._nobodys[key] = self._answer(asker, place, nobodys(value))
        return self._nobodys[key]

    def _tried_at(self, place: Place) -> list[str]:
        fit = [value for value in self.values if place.takes(value)]
        other = [value for value in self.values if not place.takes(value)]
        return fit + self._chance.sample(other, min(SAMPLE, len(other)))

    def _answered_to_us(self) -> set[str]:
        """Ids in the answers of every route that only reads, to whom they concern."""
        asked = [
            filled(place, each, {})
            for place in places()
            if (place.method, place.where) == ("GET", "path")
            for each in sorted(self.lives.ours)
            if place.takes(each)
        ]
        return set().union(
            *(ids_of(self.lives.ask(us.claims, each).body) for us in self._us for each in (*lists(), *asked))
        )

    def _owned_by_them(self) -> dict[str, str]:
        """What the one who tries has, for every place but the one that is tried."""
        them = person(THEIRS)
        lasting = self.lives.lasting
        lasting(person(OURS), "DELETE", f"/mandates/{CABINET}")
        lasting(person(OURS), "POST", "/mandates", {"account": CAFE, "scopes": ["read"]})
        lasting(them, "POST", "/mandates", {"account": CABINET, "scopes": ["read"]})
        number = next(number for number, entity in NUMBERS.items() if entity == THEIRS)
        return {
            "upload": lasting(them, "GET", "/uploads")["uploads"][-1]["upload"],
            "webhook": lasting(them, "GET", "/webhooks")["webhooks"][0]["webhook"],
            "machine": lasting(them, "POST", "/machines", {"name": "Paie", "scopes": SCOPES})["machine"],
            **{"number": number, "employer": number, "account": CABINET},
        }

    def _register(self) -> None:
        """No file of another agency's officer brings in, moves or renames what is ours."""
        number = self._own["number"]
        for row in (
            f"{OURS};X;;{NUMBER};{AGENCY};2010-01-01;;monthly;R22;;x@x.example;fr;x",
            f"{THEIRS};X;;{NUMBER};{OTHER_AGENCY};2010-01-01;;monthly;R22;;x@x.example;fr;x",
            f"{OURS};X;;{number};{OTHER_AGENCY};2010-01-01;;monthly;R22;;x@x.example;fr;x",
            f"{THEIRS};X;;{number};{OTHER_AGENCY};2010-01-01;;monthly;R22;;x@x.example;fr;{OURS}",
        ):
            answer = self.lives.ask(
                officer(OTHER_AGENCY), Request("PUT", "/register", {}, f"{HEADING}\n{row}\n", "text/csv")
            )
            if answer.effects or '"findings":[]' in answer.body or any(each in answer.body for each in PERSONAL):
                self.problems.append(f"an officer of another agency brings {row}: {answer}")

    def _logs(self) -> None:
        """Of both lives too, metrics among them."""
        for line in "".join(self.lives.services.logs).splitlines():
            shown = [each for each in PERSONAL | self._secrets if each in line]
            self.problems += [f"a log line {trouble}: {line[:200]}" for trouble in (*wrong_with(line), *shown)]

    def _mails(self) -> None:
        for to, message in self.lives.services.post.sent:
            shown = [each for each in PERSONAL | self._secrets if each in message.decode("utf-8", "replace")]
            if to != EMAIL[OURS] and shown:
                self.problems.append(f"a mail to {to} shows {shown}")

    def _keys(self) -> None:
        keys = " ".join(part for key in self.lives.items() for part in key)
        self.problems += [f"a key holds {each}" for each in PERSONAL | self._secrets if each in keys]


def told() -> dict[str, Any]:
    tries = Tries()
    tries.run()
    return {
        "problems": sorted(set(tries.problems)),
        "open": sorted(tries.open_places()),
        "kinds": sorted(tries.lives.kinds()),
        "lines": len(tries.lives.services.logs),
        "mails": len(tries.lives.services.post.sent),
        "values": len(tries.values),
        "tries": tries.tries,
    }


if __name__ == "__main__":
    print(json.dumps(told(), indent=1))
