"""Two tenants of the simulated fund live through everything there is to do; then anybody may ask, and nothing lasts.

Only for a process of its own: the simulation puts ports in place of AWS.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from typing import Any, NamedTuple

from tests.api.caller import http_event
from tests.simulation import people
from tests.simulation.functions import LOG, Services, playing, prepare
from tests.simulation.fund import (
    FIRM,
    NUMBERS,
    OTHER,
    Content,
    archive,
    contents,
    dac,
    first_records,
    pair,
    table,
)
from tests.simulation.hub import Execution, Hub, Mood
from tests.tenants.ids import ids_in, ids_of, texts
from tests.tenants.places import Request

OURS, THEIRS = FIRM, OTHER
"""Whose everything is tried, and whose people try it."""
AGENCY, OTHER_AGENCY = "16000", "31000"
NUMBER, NUMBER_TOO = (number for number, entity in NUMBERS.items() if entity == OURS)
BASES = (9_012_345, 9_112_345, 9_212_345, 9_312_345, 20_012_345)
"""Wages that nobody else pays."""
ROUNDS = 6
"""How often each tenant does each thing."""
READS = {
    "get",
    "get_many",
    "records",
    "owned",
    "waiting",
    "arrivals",
    "open",
    "get_report",
    "pieces",
    "query",
    "read",
} | {*("link", "public_keys", "form", "piece_form")}
"""Methods of ports by which nothing changes; any other call is an effect."""
ASKED = "asked"
"""An execution of which effects are noted; what follows of them is woken by itself."""


_SHA256 = re.compile("[0-9a-f]{64}")


class Answer(NamedTuple):
    status: int
    headers: str
    body: str
    effects: tuple[str, ...]

    def without(self, value: str) -> Answer:
        """What it says of the value that was asked with, taken out; of a hash also as S3 writes it."""
        forms = [value]
        if _SHA256.fullmatch(value):
            forms.append(b64encode(bytes.fromhex(value)).decode())
        body = self.body
        for form in forms:
            body = body.replace(form, "…")
        return self._replace(body=body)


class Listening(Hub):
    """Nothing fails, and it hears which ports are called."""

    def __init__(self) -> None:
        super().__init__(seed=4, mood=Mood())
        self.effects: list[str] = []

    def call(self, name: str, effect: Callable[[], Any]) -> Any:
        if self.current().name == ASKED and name.partition(".")[2] not in READS:
            self.effects.append(name)
        return super().call(name, effect)


class Tenant(people.Person):
    """Keeps all that it is answered."""

    def __init__(self, name: str, services: Services, sent: dict[str, people.Sent], agency: str = "") -> None:
        super().__init__(name, services, sent, agency)
        self.heard: list[str] = []

    def _look(self, path: str, text: str) -> None:
        self.heard.append(text)


class Lives:
    """`ours`, `theirs`: every text that looks like somebody's id and came up in stores and answers in that life."""

    def __init__(self) -> None:
        prepare()
        self.hub = Listening()
        self.services = Services(self.hub, lambda before, after: None)
        playing(self.services)
        self._do(lambda: self.services.book.commit(*first_records()))
        self.services.cloud.begin_schedules()
        # at the end of each life only: each hour of weeks it would look through the whole book for nothing
        self.services.cloud.disabled.add("remove_due")
        self.theirs = self._life(THEIRS, OTHER_AGENCY, without=("file_wrongly", "any_route"))
        people.contents = _our_contents  # type: ignore[attr-defined]
        self.ours = self._life(OURS, AGENCY)
        self.services.cloud.end_schedules()
        self.stay()

    def _life(self, name: str, agency: str, without: tuple[str, ...] = ()) -> set[str]:
        before, sent = self.items(), dict[str, people.Sent]()
        tenants = [Tenant(name, self.services, sent), Tenant(f"officer-{agency}", self.services, sent, agency)]
        for tenant in tenants:
            for _, script in people.scripts(tenant) * ROUNDS:
                if script.__name__ not in without:
                    self._do(lambda script=script, tenant=tenant: script(tenant))  # type: ignore[misc]
        self._do(lambda: _new_hire(tenants[0]))
        self.services.cloud.disabled.discard("remove_due")
        self._pass(timedelta(days=4))
        self.services.cloud.disabled.add("remove_due")
        stored = {
            text for key, item in self.items().items() if before.get(key) != item for text in (*key, *texts(item))
        }
        return ids_in(stored).union(*(ids_of(reply) for tenant in tenants for reply in tenant.heard))

    def items(self) -> dict[tuple[str, str], Any]:
        """Whatever is stored under whatever key."""
        at = self.services
        found: dict[tuple[str, str], Any] = {
            (pk, sk): item for pk, s in at.book.items.items() for sk, item in s.items()
        }
        found |= {(pk, sk): None for pk, stand in at.table.items.items() for sk in stand}
        found |= {(key, held[-1].head.version): None for key, held in at.inbox._objects.items()}
        return found | {(key, ""): None for key in (*at.receipts.kept, *at.sign_ins.secrets)}

    def kinds(self) -> set[str]:
        """Of records that came to be."""
        return {item["kind"]["S"] for item in self.items().values() if item}

    def secrets(self) -> set[str]:
        """Of webhooks and machines, whoever's."""
        return {*self.services.sign_ins.secrets.values()} | {
            text for item in self.items().values() for text in texts(item) if text.startswith("whsec_")
        }

    def stay(self) -> None:
        """From now on every question is asked of the world as it is now."""
        at = self.services
        self._kept = [(part, _copy(part)) for part in (at.book, at.table, at.inbox, at.receipts, at.sign_ins, at.post)]
        self._moment, self._drawn = self.hub.now, self.hub.random.getstate()

    def lasting(self, claims: dict[str, Any], method: str, path: str, body: object = None) -> Any:
        """Asked, and what it changes stays."""
        answer = self.ask(claims, Request(method, path, {}, body), lasts=True)
        assert answer.status < 300, answer
        self.stay()
        return json.loads(answer.body)

    def ask(self, claims: dict[str, Any], request: Request, prefix: str = "", *, lasts: bool = False) -> Answer:
        """Asked at the same moment, with the same luck: two answers differ only where the questions do."""
        method, path, query, body, kind = request
        event = http_event(method, f"{prefix}{path}", claims, body, kind, query)
        self.hub.now = self._moment
        self.hub.random.setstate(self._drawn)
        self.hub.effects.clear()
        answer = self._do(self.services._invoke("portal", event))
        effects = tuple(self.hub.effects)
        self.hub._events.clear()
        if effects and not lasts:
            for part, kept in self._kept:
                vars(part).update(_copied(kept))
        headers = json.dumps([answer.get("headers"), answer.get("multiValueHeaders"), answer.get("cookies")])
        return Answer(answer["statusCode"], headers, str(answer["body"]), effects)

    def _do(self, work: Callable[[], Any]) -> Any:
        ended: list[Any] = []
        with redirect_stdout(LOG):  # type: ignore[type-var]
            self.hub.start(Execution(ASKED, work, ended.append))
            while not ended:
                self.hub.step()
        if isinstance(ended[0], BaseException):
            raise ended[0]
        return ended[0]

    def _pass(self, time: timedelta) -> None:
        end = self.hub.now + time
        with redirect_stdout(LOG):  # type: ignore[type-var]
            while (self.hub.next_at() or end) < end:
                self.hub.step()


def _new_hire(tenant: Tenant) -> None:
    """Names are confirmed and a number is given: in a life of chance alone these rarely follow one another."""
    number = next(number for number, entity in NUMBERS.items() if entity == tenant.name)
    sent = tenant.announce(next(each for each in people.contents()[number] if each.to_confirm), number, "real")
    assert sent
    tenant.put(sent, 0)
    said = {"code_page": "windows-1252", "certified": people.VOUCHED}
    for what, body in (("names", said), ("affiliations/1", {"nss": "700000000007"})):
        tenant.hub.pause(4000)
        tenant.ask("POST", f"/uploads/{sent.upload}/{what}", body)


def _our_contents() -> dict[str, tuple[Content, ...]]:
    """What is sent in our life: in place of what anybody may send for our numbers, the same with wages of our own."""
    of_year = [
        pair(NUMBER, year, base, fault)
        for year, base, fault in zip((2018, 2019, 2019), BASES[:3], ("", "", "unit"), strict=True)
    ]
    ours = (*of_year, table(NUMBER, BASES[3]), dac((NUMBER,), BASES[4]))
    both = (pair(NUMBER, 2019, BASES[0]), pair(NUMBER_TOO, 2019, BASES[1]))
    return {**contents(), NUMBER: ours, NUMBER_TOO: both[1:], "": (archive(both),)}


def _copy(part: object) -> dict[str, Any]:
    return _copied({name: value for name, value in vars(part).items() if isinstance(value, dict | list)})


def _copied(kept: dict[str, Any]) -> dict[str, Any]:
    """Items are replaced, never changed: two levels are all."""
    return {
        name: [*value] if isinstance(value, list) else {key: _shallow(each) for key, each in value.items()}
        for name, value in kept.items()
    }


def _shallow(value: Any) -> Any:
    return value.copy() if isinstance(value, dict | list) else value
