"""The highest rate of uploads that the local cloud holds, found by steps: the deployed functions over real HTTP.

A rate is held while senders keep their pace, every upload has its one outcome and nobody waits longer than PATIENCE:
then no backlog grows. What it says is how much this machine emulates, not what AWS would hold.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

from tasrih.adapters.dynamodb import DynamoBook
from tasrih.local.deployed import Stack
from tasrih.local.waiting import NeverHappened, wait_for
from tasrih.story.filings import Version
from tasrih.story.records import Outcome, Receipt

from tests.cloud.filings import das
from tests.cloud.fund import AGENCY, HEADING, Employer, Fund
from tests.cloud.web import post_form

STEP = 1.5
PATIENCE_SECONDS = 10.0
SENDERS = 16
LATE_SECONDS = 1.0
"""A sender that begins so much after its time has not kept its pace."""


@dataclass(frozen=True)
class Held:
    rate: float
    """Uploads a second."""
    waited: tuple[float, ...]
    """Seconds from arrival to verdict, of each upload."""
    seconds: float
    """From the first sending to the last verdict."""
    late: float
    """Seconds that the last sender was behind."""
    problems: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.problems and self.late < LATE_SECONDS and max(self.waited) < PATIENCE_SECONDS


def steps(stack: Stack, seconds: float, first: float) -> Iterator[Held]:
    """Each rate higher than the one before, until one is not held; that one is the last."""
    numbers, rate = Numbers(stack), first
    hold(numbers, first, min(seconds, 5))  # workers start, which is not what is measured
    while True:
        found = hold(numbers, rate, seconds)
        yield found
        if not found.holds:
            return
        rate *= STEP


class Numbers:
    """One firm with as many employer numbers as are asked for: nobody's filing replaces another's."""

    def __init__(self, stack: Stack) -> None:
        self.fund = Fund(stack)
        self.book = DynamoBook(stack.outputs["BookTable"], stack.client("dynamodb"))
        self._employer = self.fund.employer()
        self._given = 0

    def new(self, count: int) -> list[Employer]:
        rows = []
        for place in range(self._given, self._given + count):
            entity = f"e{self._employer.number};FIRME;شركة;17{place:08d};{AGENCY};2010-01-01;;monthly;R22"
            rows.append(f"{entity};NOMUN;{self._employer.email};fr;{self._employer.account}")
        first, self._given = self._given, self._given + count
        for at in range(0, count, 200):
            self.fund.officer.must("PUT", "/register", "\n".join([HEADING, *rows[at : at + 200], ""]))
        return [self._as(f"17{place:08d}") for place in range(first, self._given)]

    def _as(self, number: str) -> Employer:
        one = self._employer
        return Employer(number, one.account, one.password, one.email, one.web)


def hold(numbers: Numbers, rate: float, seconds: float) -> Held:
    """Sends at this rate for so long, and waits for the last verdict."""
    employers, late = numbers.new(max(1, round(rate * seconds))), [0.0]
    began, its_time = time.monotonic(), Event()  # never set: each sender waits for its own moment

    def send(place: int) -> str:
        due = began + place / rate
        its_time.wait(max(0.0, due - time.monotonic()))
        late[0] = max(late[0], time.monotonic() - due)
        filing = das(employers[place].number)
        opened = employers[place].open(filing)
        for form, (_, body) in zip(opened["forms"], filing.files, strict=True):
            assert post_form(form, body).status in (200, 201, 204)
        return str(opened["upload"])

    with ThreadPoolExecutor(SENDERS) as pool:
        uploads = list(pool.map(send, range(len(employers))))
    problems = tuple(_undecided(numbers, uploads))
    waited = tuple(_waited(numbers.book, upload) for upload in uploads) if not problems else (float("inf"),)
    took = time.monotonic() - began
    return Held(rate, waited, took, late[0], problems or tuple(_broken(numbers, uploads, employers)))


def _undecided(numbers: Numbers, uploads: list[str]) -> Iterator[str]:
    open_ = set(uploads)

    def decided() -> bool:
        open_.difference_update([each for each in open_ if numbers.book.get(Outcome, f"UPLOAD#{each}", "OUTCOME")])
        return not open_

    try:
        wait_for(decided, "every verdict", 60 + PATIENCE_SECONDS, every=0.2)
    except NeverHappened:
        yield f"{len(open_)} uploads have no verdict"


def _waited(book: DynamoBook, upload: str) -> float:
    outcome = book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
    assert outcome
    assert outcome.arrived_at
    return (outcome.decided_at - outcome.arrived_at).total_seconds()


def _broken(numbers: Numbers, uploads: list[str], employers: list[Employer]) -> Iterator[str]:
    """Each upload one outcome, one receipt with a number of its own, one version of its employer."""
    if len(set(uploads)) != len(uploads):
        yield "an upload was given twice"
    receipts = set()
    for upload, employer in zip(uploads, employers, strict=True):
        receipt = numbers.book.get(Receipt, f"UPLOAD#{upload}", "RECEIPT")
        receipts.add(receipt.number if receipt else "")
        outcome = numbers.book.get(Outcome, f"UPLOAD#{upload}", "OUTCOME")
        if outcome is None or outcome.state != "in_force":
            yield f"{upload}: {outcome and outcome.state}"
        versions = list(numbers.book.records(Version, f"EMPLOYER#{employer.number}", "VERSION#"))
        if [version.upload for version in versions] != [upload]:
            yield f"{upload}: {len(versions)} versions"
    if len(receipts) != len(uploads) or "" in receipts:
        yield f"{len(uploads)} uploads have {len(receipts)} receipts"
