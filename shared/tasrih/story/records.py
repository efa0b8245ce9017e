"""What the stories remember of uploads and filings: one frozen value per record, its key beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tasrih.story.files import Announced, Arrival
from tasrih.vocabulary.certified import REAL, Certified, NamesRead, Withdrawn
from tasrih.vocabulary.record import Key, Record

AWAITING_UPLOAD = "awaiting_upload"
RECEIVED = "received"
DECIDED = "decided"
"""Of a ticket: its outcome has the verdict."""
REFUSED = "refused"
AWAITING_CONFIRMATION = "awaiting_confirmation"
NAMES, EFFECT = "names", "effect"
"""What a filing waits for: a person to say how its names are read; a decision on what it does to the one in force."""
NAMES_TO_CONFIRM = "names_to_confirm"
"""The letter that asks for it."""
WEBHOOK_PAUSED = "webhook_paused"
"""The letter that tells of it: the only one that is about no upload."""
IN_FORCE = "in_force"
SUPERSEDED = "superseded"
DUPLICATE = "duplicate"
WITHDRAWN = "withdrawn"
TESTED = "tested"
"""Of a test that a real filing would have been accepted for. It changed nothing."""
SPLIT = "split"
"""Of an archive, or a DAC, of many declarations: each of them is an upload of its own."""

OPEN_STATES = (AWAITING_UPLOAD, RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Record):
    """An upload from its announcement on. Its rank, not the order of processing, says which upload is later."""

    KIND: ClassVar[str] = "ticket"
    upload: str
    """32 hexadecimal digits, random."""
    rank: int
    account: str
    acts_for: str = ""  # the person whose machine opened it; "" when a person did
    entity: str
    employer: str
    state: str = AWAITING_UPLOAD
    files: tuple[Announced, ...] = ()
    arrivals: tuple[Arrival | None, ...] = ()
    purpose: str = REAL
    certified: Certified | None = None
    """None for a test, and for what was opened before filings were certified."""
    names: NamesRead | None = None
    """How names are read where that cannot be told for certain: said in advance, or when it was asked."""
    total_centimes: int | None = None
    """The annual base the client announced; None where nobody announced one (a part of an archive)."""
    language: str = "fr"
    opened_at: datetime
    form_expires_at: datetime
    """Until then forms and addresses of pieces are given; none is good for longer."""
    verdict_by: datetime
    """A part that has not come by then never comes: the sweep gives the verdict."""
    attempts: int = 0
    """How often reading was begun. A file that nobody could finish is refused as unreadable, not tried for ever."""
    read_until: datetime | None = None
    """Somebody is reading it; after this moment they no longer are, whatever became of them."""
    parent: str = ""
    """The upload of the archive that this one is a part of."""
    part: int = 0
    """Its place in the archive: decides between parts, which all have their archive's rank."""
    number: int = 0
    """What its receipt's number is made of, where that is not the rank."""
    opened_by: str = ""
    """Legal entity that sent it."""
    cut: bool = False
    """Its object is what examining a DAC of many found for this declaration (`declaration.dac.slices`)."""
    came_at: datetime | None = None
    """Arrival of the archive: a part did not come later than the whole."""
    sessions: tuple[str, ...] = ()
    """For each file the store's number under which its pieces are gathered, "" for one that comes by form; () when all
    do."""
    completed: tuple[datetime | None, ...] = ()
    """When all pieces of a file were there and were to become one object, by place, as `sessions`."""

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", "TICKET")

    @property
    def waiting(self) -> str | None:
        """Pieces may be awaited for a day: those tickets stand apart, so that they never crowd out the others."""
        if self.sessions and self.state == AWAITING_UPLOAD:
            return "pieces"
        return "upload" if self.state in OPEN_STATES else None

    @property
    def waiting_since(self) -> datetime | None:
        return self.due_since if self.waiting else None

    @property
    def due_since(self) -> datetime:
        """Since when it is up to us: a filing whose names were confirmed later has not waited since it was opened."""
        return max(self.opened_at, self.names.at) if self.names else self.opened_at

    @property
    def owner(self) -> str | None:
        """A part is listed under its archive for who sent that, and by itself for the employer it is about."""
        return None if self.parent and self.entity == self.opened_by else self.entity

    @property
    def order(self) -> int:
        return self.rank

    @property
    def arrived_at(self) -> datetime | None:
        """Completion of the last needed object; None while one is missing."""
        times = [arrival.at for arrival in self.arrivals if arrival]
        complete = times and len(times) == len(self.files)
        return (self.came_at or max(times)) if complete else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One declaration of a deposit of many."""

    upload: str
    name: str
    employer: str
    period: str = ""
    """Of a part of a DAC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Record):
    """The verdict on one upload. Refusals change nothing but this."""

    KIND: ClassVar[str] = "outcome"
    upload: str
    state: str
    arrived_at: datetime | None
    decided_at: datetime
    kind: str = ""
    type: str = ""
    employer: str = ""
    """As the file has it."""
    period: str = ""
    lines: int = 0
    quarters_centimes: tuple[int, ...] = (0, 0, 0, 0)
    total_centimes: int = 0
    counts: dict[str, int]
    """Findings by code."""
    report: str = ""
    """Key of the full report in the inbox; "" when nothing was found."""
    rules_version: str = ""
    law_version: str = ""
    dues_state: str = ""
    dues_total_centimes: int = 0
    held_because: tuple[str, ...] = ()
    held_details: tuple[str, ...] = ()
    awaits: str = ""
    """While it waits for a confirmation: "names" or "effect"."""
    answered_by: str = ""
    """For a duplicate: the upload whose receipt answers this one. For a superseded one: the upload in force instead."""
    version: int = 0
    withdrawn: Withdrawn | None = None
    purpose: str = REAL
    dues: str = ""
    """Canonical JSON of the dues of a test, which has no receipt that tells them."""
    in_reserve: int = 0
    """Lines accepted without an insured number."""
    workers_in_reserve: int = 0
    """Whose lines these are; 0 where they were not counted yet."""
    complete_by: str = ""
    """ISO date: the last day to complete these."""
    codes: tuple[str, ...] = ()
    """Contribution codes that the lines of the file tell."""
    assumed_code: str = ""
    """What lines without one were assessed under."""
    dac: str = ""
    """Canonical JSON of what a DAC says, where no receipt tells it: of a test."""
    children: tuple[Child, ...] = ()
    """Of a deposit of many declarations that was split."""

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", "OUTCOME")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Detached ECDSA P-256 signature in JWS form (64 bytes, base64url without padding) and the key it was made with."""

    key_id: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Record):
    """One per accepted declaration version. The payload is fixed here before anything is signed."""

    KIND: ClassVar[str] = "receipt"
    upload: str
    number: str
    payload: str
    """Canonical JSON of the facts: what is signed, shown and verified."""
    signature: Signature | None = None
    pdf: str = ""
    """Key of the finished, signed PDF in the receipts bucket."""

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", "RECEIPT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Record):
    """A letter owed: exactly one record; mail itself is at least once, with the same receipt number."""

    KIND: ClassVar[str] = "letter"
    upload: str
    about: str
    """The state it tells of; "names_to_confirm"; "split" for an archive; "webhook_paused"."""
    language: str
    owed_since: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    undeliverable: str = ""
    """Why no mail can be sent (no address, bounced), "" when it can."""
    hooks: tuple[str, ...] = ()
    """ "entity/webhook" of those that are to be told when it is done: its papers are ready then."""
    paused: str = ""
    """ "entity/webhook" that it is about. Its `upload` is then the name of the call that failed last."""

    @property
    def key(self) -> Key:
        return Key(f"UPLOAD#{self.upload}", f"LETTER#{self.about}")

    @property
    def waiting(self) -> str | None:
        return None if self.sent_at or self.undeliverable else "letter"

    @property
    def waiting_since(self) -> datetime | None:
        return self.owed_since if self.waiting else None
