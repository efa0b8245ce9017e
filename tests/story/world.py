"""A small fund in memory: two legal entities, an agency's employers, files of invented people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from tasrih.adapters.clock import ALGIERS
from tasrih.adapters.lines import PackedLines
from tasrih.adapters.memory import (
    MemoryBook,
    MemoryChance,
    MemoryClock,
    MemoryInbox,
    MemoryQueue,
    memory_line_store,
)
from tasrih.ledger.journal import Entry
from tasrih.register.parties import Account, Affiliation, Employer, Entity
from tasrih.story.files import Announced
from tasrih.story.filings import Series, StoredLines, Version
from tasrih.story.mandates import give
from tasrih.story.open_upload import Asked, open_upload
from tasrih.story.pieces import stretches
from tasrih.story.ports import Book, Create, Inbox, LineStore
from tasrih.story.receive import receive
from tasrih.story.records import Letter, Outcome, Receipt, Ticket
from tasrih.story.sweep import Swept, sweep
from tasrih.story.to_send import Opened
from tasrih.vocabulary.certified import Certified

OURS, OURS_TOO, THEIRS = "1699999901", "1699999902", "3199999903"
"""Employer numbers: two of our entity at agency 16000, one of another entity at agency 31000."""
US, THEM, CABINET = "nous", "eux", "cabinet"
"""Legal entities, and their accounts of the same name; the last one has no employer number, as accountants do."""
VOUCHED = Certified(name="NOMUN PRENOMUN", capacity="gérant")


@dataclass(frozen=True, slots=True)
class Person:
    """One worker's line; bases in centimes."""

    nss: str = "800000000001"
    surname: str = "NOMUN"
    first_name: str = "PRENOMUN"
    bases: tuple[int, int, int, int] = (9000000, 9000000, 9000000, 9000000)
    function: str = "AGENT"
    unit: str = "J"


ONE = Person()
TWO = Person("900000000002", "NOMDEUX", "PRENOMDEUX", (5400000, 5400000, 5400000, 5400000), "CHAUFFEUR")


@dataclass(frozen=True, slots=True)
class Pair:
    header: tuple[str, bytes]
    detail: tuple[str, bytes]
    total: int

    @property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        return (self.header, self.detail)


def pair(
    people: Sequence[Person] = (ONE, TWO), employer: str = OURS, year: int = 2019, kind: str = "N", stated: int = 0
) -> Pair:
    """A DAS pair in the fixed layout. `stated` is added to the header's total, to make it wrong."""
    quarters = [sum(person.bases[q] for person in people) for q in range(4)]
    sums = "".join(f"{amount:<16}" for amount in (*quarters, sum(quarters) + stated))
    header = f"{employer}{kind}{year}{employer[:2]}000{'':30}{'EXEMPLE':30}{'ALGER':50}{sums}{len(people):<6}\r\n"
    lines = "\r\n".join(_line(employer, year, place, person) for place, person in enumerate(people, start=1))
    short = f"D{year % 100:02d}"
    return Pair(
        (f"{short}E{employer}.txt", header.encode()), (f"{short}S{employer}.txt", lines.encode()), sum(quarters)
    )


def _line(employer: str, year: int, place: int, person: Person) -> str:
    quarters = "".join(f"{90:<3}{person.unit}{base:<10}" for base in person.bases)
    return (
        f"{employer}{year}{place:<6}{person.nss}{person.surname:<25}{person.first_name:<25}01011980"
        f"{quarters}{sum(person.bases):<12}01032015{'':8}{person.function:<20}0"
    )


def crowd(count: int) -> list[Person]:
    return [Person(f"{700000000000 + each}", "NOM", "PRENOM") for each in range(count)]


def announced(name: str, body: bytes) -> Announced:
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    pieces = tuple(sha256(body[first : first + size]).hexdigest() for first, size in stretches(len(body)))
    return Announced(name=name, size=len(body), sha256=sha256(body).hexdigest(), lines=lines, pieces=pieces)


@dataclass
class World:
    clock: MemoryClock
    book: MemoryBook = field(default_factory=MemoryBook)
    lines: PackedLines = field(default_factory=memory_line_store)
    chance: MemoryChance = field(default_factory=lambda: MemoryChance(1))
    uploads: MemoryQueue = field(default_factory=MemoryQueue)
    letters: MemoryQueue = field(default_factory=MemoryQueue)
    deliveries: MemoryQueue = field(default_factory=MemoryQueue)
    inbox: MemoryInbox = field(init=False)

    def __post_init__(self) -> None:
        self.inbox = MemoryInbox(self.clock.now)

    def account(self, name: str) -> Account:
        found = self.book.get(Account, f"ACCOUNT#{name}", "ACCOUNT")
        assert found
        return found

    def open(
        self,
        what: Pair,
        by: str = US,
        request: str = "",
        language: str = "",
        purpose: str = "real",
        code_page: str = "",
    ) -> Opened:
        files = tuple(announced(*each) for each in what.files)
        asked = Asked(what.header[0][4:14], files, what.total, language, request, purpose, VOUCHED, code_page)
        return open_upload(
            asked, self.account(by), self.clock.now(), book=self.book, inbox=self.inbox, chance=self.chance
        )

    def mandate(self, *scopes: str, by: str = US, to: str = CABINET) -> None:
        give(to, scopes, self.account(by), self.clock.now(), book=self.book)

    def send(self, opened: Opened, what: Pair, places: Sequence[int] = (0, 1)) -> str:
        for place in places:
            self.inbox.upload(opened.forms[place], what.files[place][1])
        return opened.ticket.upload

    def receive(
        self, upload: str, book: Book | None = None, inbox: Inbox | None = None, lines: LineStore | None = None
    ) -> str:
        return receive(
            upload,
            self.clock.now(),
            book=book or self.book,
            inbox=inbox or self.inbox,
            lines=lines or self.lines,
        )

    def file(self, what: Pair, by: str = US, purpose: str = "real") -> str:
        """The whole way; returns the upload."""
        upload = self.send(self.open(what, by, purpose=purpose), what)
        self.receive(upload)
        return upload

    def sweep(self) -> Swept:
        return sweep(
            self.clock.now(),
            book=self.book,
            inbox=self.inbox,
            lines=self.lines,
            uploads=self.uploads,
            letters=self.letters,
            deliveries=self.deliveries,
        )

    def later(self, **much: float) -> None:
        self.clock.advance(timedelta(**much))

    def ticket(self, upload: str) -> Ticket:
        found = self.book.get(Ticket, f"UPLOAD#{upload}", "TICKET")
        assert found
        return found

    def outcome(self, upload: str) -> Outcome:
        found = self.book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
        assert found
        return found

    def receipt(self, upload: str) -> Receipt | None:
        return self.book.get(Receipt, f"UPLOAD#{upload}", "RECEIPT")

    def stored(self, upload: str) -> StoredLines | None:
        return self.book.get(StoredLines, f"UPLOAD#{upload}", "LINES")

    def letters_of(self, upload: str) -> list[Letter]:
        return list(self.book.records(Letter, f"UPLOAD#{upload}", "LETTER#"))

    def entries(self, employer: str = OURS) -> list[Entry]:
        return list(self.book.records(Entry, f"LEDGER#{employer}"))

    def series(self, employer: str = OURS, period: str = "2019") -> Series | None:
        return self.book.get(Series, f"EMPLOYER#{employer}", f"SERIES#DAS#{period}")

    def versions(self, employer: str = OURS, period: str = "2019") -> list[Version]:
        return list(self.book.records(Version, f"EMPLOYER#{employer}", f"VERSION#DAS#{period}"))


def employer(number: str, entity: str, *agencies: str, codes: tuple[str, ...] = ("R22",)) -> Employer:
    places = tuple(Affiliation(agency=agency, since=f"20{10 + at}-01-01") for at, agency in enumerate(agencies))
    return Employer(number=number, entity=entity, agencies=places, since="2010-01-01", codes=codes)


def settled_world() -> World:
    """20 January 2020, ten in the morning, in Algiers."""
    world = World(MemoryClock(datetime(2020, 1, 20, 10, tzinfo=ALGIERS)))
    world.book.commit(
        Create(Entity(entity=US, name="EXEMPLE SARL", contact_email="paie@exemple.example")),
        Create(Entity(entity=THEM, name="AUTRE SARL", contact_email="paie@autre.example", language="ar")),
        Create(employer(OURS, US, "16000")),
        Create(employer(OURS_TOO, US, "16000", codes=())),
        Create(employer(THEIRS, THEM, "31000")),
        Create(Account(account=US, role="employer", entity=US)),
        Create(Account(account=THEM, role="employer", entity=THEM)),
        Create(Entity(entity=CABINET, name="CABINET EXEMPLE", contact_email="bureau@cabinet.example")),
        Create(Account(account=CABINET, role="employer", entity=CABINET)),
    )
    return world
