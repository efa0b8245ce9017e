"""The deployed functions over ports in memory: so many uploads a minute of virtual time; two calls in a hundred fail.

Virtual time is what the services of AWS are made to take (see `tests/simulation/hub.py`): it shows what faults, retries
and the sweep do to people who wait, not how fast anything computes. Processor time is real, and shows only that.
Runs in a process of its own: what the simulation puts in place of AWS stays.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rich.progress import Progress
from tasrih.adapters.codec import Attributes
from tasrih.adapters.items import read_item
from tasrih.ledger.journal import Entry
from tasrih.register.parties import Account, Affiliation, Employer, Entity
from tasrih.story import pieces, to_send
from tasrih.story.filings import Version
from tasrih.story.ports import Create
from tasrih.story.records import Letter, Outcome, Receipt, Ticket
from tasrih.vocabulary.record import Record

from tests.cloud.filings import Filing, das
from tests.simulation.checks import AtEachCommit
from tests.simulation.functions import LOG, Services, playing, prepare
from tests.simulation.hub import Execution, Hub, Mood
from tests.simulation.people import Person

FAULTS = 0.02
FILERS_REFUSED = 10
"""Every tenth sends a total that is wrong."""
TROUBLED, REST = timedelta(hours=1), timedelta(days=2)
"""After the last upload: faults go on; then nothing fails any more, and what was set aside is given back."""
AT_ONCE = 99
"""Records of the register in one commit: of whole parties, three each."""


def mood(faults: float) -> Mood:
    """Of each call: crash, throttle, lost reply and a slow one, together `faults`; of each event as many are lost, as
    many come twice; of each schedule as many are missed or fire twice."""
    quarter = faults / 4
    return Mood(
        crash=quarter, busy=quarter, lost=quarter, slow=quarter, duplicate=faults, lose_event=faults, schedule=faults
    )


class MeasuringHub(Hub):
    """Knows how much processor time each execution took."""

    def __init__(self, seed: int, mood: Mood) -> None:
        super().__init__(seed, mood)
        self.processor: dict[str, list[float]] = defaultdict(list)
        """Function -> seconds of each execution."""
        self._took: dict[int, float] = defaultdict(float)

    def resume(self, execution: Execution) -> None:
        before = time.process_time()
        super().resume(execution)
        self._took[id(execution)] += time.process_time() - before
        if execution.running.dead:
            self.processor[execution.name].append(self._took.pop(id(execution)))


@dataclass
class Soak:
    """What happened to each upload. Times in seconds."""

    sent: dict[str, bool] = field(default_factory=dict)
    """Upload -> whether it is to be accepted."""
    unannounced: int = 0
    waited: dict[str, float] = field(default_factory=dict)
    """Upload -> virtual time from its arrival to its verdict."""
    processor: dict[str, list[float]] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """Of the processor, in all."""


def soak(uploads: int, minutes: float, faults: float = FAULTS, seed: int = 1, progress: Progress | None = None) -> Soak:
    whole = to_send.PIECE_BYTES
    prepare()
    for module in (pieces, to_send):  # files go by form here, as nearly all do
        module.PIECE_BYTES = whole  # type: ignore[attr-defined]
    began, found = time.process_time(), Soak()
    hub = MeasuringHub(seed, mood(faults))
    services = Services(hub, Verdicts(hub, found))
    playing(services)
    with redirect_stdout(LOG):  # type: ignore[type-var]
        _register(services, uploads)
        services.cloud.begin_schedules()
        for place in range(uploads):
            hub.after(minutes * 60 * (place + hub.random.random()) / uploads, _sender(services, place, found))
        _run(hub, timedelta(minutes=minutes), progress)
        _run(hub, TROUBLED)
        hub.calm()
        services.cloud.redrive()
        _run(hub, REST)
        services.cloud.end_schedules()
        while hub.step():
            pass
    found.problems += [*hub.problems, *_broken(services, found)]
    found.processor, found.happened, found.seconds = hub.processor, hub.happened, time.process_time() - began
    return found


class Verdicts(AtEachCommit):
    """Sees when each upload is decided."""

    def __init__(self, hub: Hub, found: Soak) -> None:
        super().__init__(hub.problems)
        self._hub, self._soak = hub, found
        self._arrived: dict[str, datetime] = {}

    def __call__(self, before: Attributes | None, after: Attributes) -> None:
        super().__call__(before, after)
        if after["kind"]["S"] == Outcome.KIND and before is None:
            outcome = read_item(Outcome, after)
            if outcome.arrived_at:
                self._soak.waited[outcome.upload] = (self._hub.now - outcome.arrived_at).total_seconds()


def _register(services: Services, uploads: int) -> None:
    """One employer for each upload: nobody's filing replaces another's."""
    records = [record for place in range(uploads) for record in _party(place)]
    work = Execution("setup", lambda: [services.book.commit(*some) for some in _by(AT_ONCE, records)])
    services.hub.start(work)


def _by(count: int, records: list[Create]) -> Iterator[list[Create]]:
    return (records[at : at + count] for at in range(0, len(records), count))


def _number(place: int) -> str:
    return f"16{place:08d}"


def _party(place: int) -> list[Create]:
    number, name = _number(place), f"e{place}"
    employer = Employer(
        number=number,
        entity=name,
        agencies=(Affiliation(agency="16000", since="2010-01-01"),),
        since="2010-01-01",
        codes=("R22",),
    )
    entity = Entity(entity=name, name=f"FIRME {place}", contact_email=f"paie@{name}.example", language="fr")
    return [Create(each) for each in (employer, entity, Account(account=name, role="employer", entity=name))]


def _sender(services: Services, place: int, found: Soak) -> Callable[[], None]:
    accepted = place % FILERS_REFUSED != 0
    filing = das(_number(place), year=2019, stated=0 if accepted else 1)

    def send(person: Person) -> None:
        asked = filing.announcement(request=f"soak-{place:08d}")
        status, opened = person.ask("POST", "/uploads", asked)
        if status != 201:
            found.unannounced += 1
            return
        found.sent[opened["upload"]] = accepted
        _post(services, opened, filing)

    return lambda: Person(f"e{place}", services, {}).work(send)


def _post(services: Services, opened: dict[str, Any], filing: Filing) -> None:
    for form, (_, body) in zip(opened["forms"], filing.files, strict=True):
        services.hub.pause(services.hub.random.uniform(0.05, 2))
        services.inbox.upload(form, body)


def _run(hub: Hub, much: timedelta, progress: Progress | None = None) -> None:
    """Until so much virtual time has passed."""
    end, task = hub.now + much, progress.add_task("virtual minutes", total=much.total_seconds()) if progress else None
    while (upcoming := hub.next_at()) and upcoming < end and hub.step():
        if progress and task is not None:
            progress.update(task, completed=(much - (end - hub.now)).total_seconds())


def _broken(services: Services, found: Soak) -> Iterator[str]:
    """Each upload one outcome, the right one; one receipt, version, posting and letter for what was accepted."""
    stored: dict[str, list[Record]] = defaultdict(list)
    for stand in services.book.items.values():
        for item in stand.values():
            for kind in (Ticket, Outcome, Receipt, Version, Entry, Letter):
                if item["kind"]["S"] == kind.KIND:
                    record = read_item(kind, item)
                    stored[str(getattr(record, "upload", ""))].append(record)
    for upload, accepted in found.sent.items():
        kinds = Counter(type(record) for record in stored[upload])
        wanted = {Ticket: 1, Outcome: 1, Letter: 1}
        if kinds != (wanted | {Receipt: 1, Version: 1, Entry: 1} if accepted else wanted):
            yield f"{upload}: {sorted((kind.KIND, count) for kind, count in kinds.items())}"
        yield from _wrong(upload, accepted, stored[upload])
    numbers = Counter(each.number for records in stored.values() for each in records if isinstance(each, Receipt))
    yield from (f"receipt {number} stands {count} times" for number, count in numbers.items() if count > 1)
    yield from (f"{name} still holds work" for name, queue in services.cloud.queues.items() if queue.waiting)


def _wrong(upload: str, accepted: bool, records: list[Record]) -> Iterator[str]:
    for record in records:
        if isinstance(record, Outcome) and record.state != ("in_force" if accepted else "refused"):
            yield f"{upload}: {record.state} {record.counts}"
        if isinstance(record, Letter) and not record.sent_at:
            yield f"{upload}: its letter was never sent"
