"""One transaction makes a verdict count: outcome, version, journal entries, receipt record, letter owed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tasrih.assessment import assumed_code
from tasrih.correspondence.canonical import canonical
from tasrih.correspondence.dac_facts import dac_facts
from tasrih.correspondence.facts import Filing, dues_facts, receipt_facts
from tasrih.declaration.sent import Examined, Lines
from tasrih.ledger.journal import Entry
from tasrih.ledger.posting import dues_entry, reversal
from tasrih.register.parties import Employer, Entity, agency_on
from tasrih.register.webhooks import RECEIPT, VERDICT, Webhooks
from tasrih.story.decide import Verdict, decide, fingerprint
from tasrih.story.filings import COUNTS, Series, StoredLines, Version
from tasrih.story.outcome_parts import answering, report, reserve, written
from tasrih.story.owed import owed
from tasrih.story.ports import Book, Change, Create, Inbox, LineStore, Replace
from tasrih.story.records import (
    DECIDED,
    DUPLICATE,
    IN_FORCE,
    NAMES,
    NAMES_TO_CONFIRM,
    SUPERSEDED,
    TESTED,
    Letter,
    Outcome,
    Receipt,
    Ticket,
)
from tasrih.story.store_lines import store_lines
from tasrih.story.webhooks import calls_owed, subscribed
from tasrih.vocabulary.dues import Dues


@dataclass(frozen=True, slots=True)
class Received:
    """One upload, read and examined; nothing of it counts yet."""

    ticket: Ticket
    employer: Employer | None
    """None where none may be filed for: then it is refused."""
    entity: Entity
    examined: Examined
    kept: tuple[Lines, ...] = ()
    """None of a DAC that has no lines of workers."""
    hooks: tuple[Webhooks, ...] = ()
    """To be told of the verdict."""


def settle(received: Received, now: datetime, *, book: Book, inbox: Inbox, lines: LineStore) -> str:
    """Returns the verdict's state. Raises Changed when something it rests on changed meanwhile, Busy."""
    ticket, examined = received.ticket, received.examined
    filings = _filings(received, book)
    in_force = filings.get(str(examined.period))
    verdict = decide(examined, (ticket.rank, ticket.part), ticket.upload, in_force, ticket.purpose)
    dues = owed(examined, received.employer, verdict.state)
    outcome = _outcome(received, verdict, dues, now)
    if outcome.report:
        inbox.put_report(outcome.report, report(examined))
    changes: list[Change] = [Replace(replace(ticket, state=DECIDED)), *_told(received, verdict, now)]
    if verdict.state == IN_FORCE:
        kept = received.kept
        stored = store_lines(kept, ticket, examined.period, filings, now, book=book, lines=lines) if kept else None
        before = _before(in_force, book)
        outcome = replace(outcome, version=before.version + 1)
        changes += _counting(received, outcome, dues, before, stored)
    if verdict.state == DUPLICATE and in_force:
        changes.append(answering(in_force, ticket))
    book.commit(*changes, written(outcome, ticket, book))
    return verdict.state


def _letter(verdict: Verdict) -> str:
    """What the letter owed is about."""
    return NAMES_TO_CONFIRM if verdict.awaits == NAMES else verdict.state


def _told(received: Received, verdict: Verdict, now: datetime) -> list[Change]:
    """The letter owed, and the calls. Who is to hear of the receipt stands in the letter that brings it."""
    ticket, about = received.ticket, _letter(verdict)
    later = subscribed(RECEIPT, received.hooks) if about == IN_FORCE else ()
    letter = Letter(upload=ticket.upload, about=about, language=ticket.language, owed_since=now, hooks=later)
    return [Create(letter), *calls_owed(ticket.upload, VERDICT, about, subscribed(VERDICT, received.hooks), now)]


@dataclass(frozen=True, slots=True)
class Before:
    """The filing in force until now, with what has to change with it."""

    series: Series | None = None
    outcome: Outcome | None = None
    receipt: Receipt | None = None
    entry: Entry | None = None

    @property
    def version(self) -> int:
        return self.series.version if self.series else 0


def _filings(received: Received, book: Book) -> dict[str, Series]:
    """What is in force for this employer and kind, by period."""
    if not received.examined.accepted:
        return {}
    employer, kind = received.ticket.employer, received.examined.kind
    return {series.period: series for series in book.records(Series, f"EMPLOYER#{employer}", f"SERIES#{kind}#")}


def _before(series: Series | None, book: Book) -> Before:
    if series is None:
        return Before()
    if not series.upload:
        return Before(series)
    upload = f"UPLOAD#{series.upload}"
    outcome, receipt = book.get(Outcome, upload, "OUTCOME"), book.get(Receipt, upload, "RECEIPT")
    entry = book.get(Entry, f"LEDGER#{series.employer}", series.entry) if series.entry else None
    return Before(series, outcome, receipt, entry)


def _outcome(received: Received, verdict: Verdict, dues: Dues, now: datetime) -> Outcome:
    ticket, examined = received.ticket, received.examined
    return Outcome(
        upload=ticket.upload,
        state=verdict.state,
        arrived_at=ticket.arrived_at,
        decided_at=now,
        kind=examined.kind,
        type=examined.type,
        employer=examined.employer,
        period=str(examined.period or ""),
        lines=examined.lines,
        quarters_centimes=examined.totals.quarters,
        total_centimes=examined.base_centimes,
        counts=dict(sorted(examined.findings.counts.items())),
        report=f"reports/{ticket.upload}.json" if len(examined.findings) else "",
        rules_version=examined.rules_version,
        law_version=dues.law_version,
        dues_state=dues.state,
        dues_total_centimes=dues.total_centimes,
        held_because=dues.held_because,
        held_details=dues.held_details,
        awaits=verdict.awaits,
        answered_by=verdict.answered_by,
        purpose=ticket.purpose,
        dues=canonical(dues_facts(dues)).decode() if verdict.state == TESTED else "",
        dac=canonical(dac_facts(examined.dac, dues)).decode() if verdict.state == TESTED and examined.dac else "",
        codes=tuple(code for code, _ in examined.totals.by_code),
        assumed_code=_assumed(received, dues),
        **reserve(examined, ticket.arrived_at, now, verdict.state),
    )


def _assumed(received: Received, dues: Dues) -> str:
    if not dues.lines or not received.employer or received.examined.dac:
        return ""
    return assumed_code(received.examined.totals, received.employer.codes)


def _counting(
    received: Received, outcome: Outcome, dues: Dues, before: Before, stored: StoredLines | None
) -> list[Change]:
    """What changes when this filing takes force: its own records, and those of the one it replaces."""
    ticket, examined = received.ticket, received.examined
    assert ticket.arrived_at
    day = ticket.arrived_at.date()
    entry = dues_entry(ticket.employer, ticket.upload, str(examined.period), day, dues) if dues.lines else None
    series = _series(received, before, entry)
    changes: list[Change] = [
        Replace(series) if before.series else Create(series),
        Create(_version(series, ticket.arrived_at)),
        Create(_receipt(received, outcome, dues, before)),
    ]
    if stored:
        changes.append(Replace(replace(stored, state=COUNTS)))
    if before.outcome:
        changes.append(Replace(replace(before.outcome, state=SUPERSEDED, answered_by=ticket.upload)))
    if before.entry:
        changes.append(Create(reversal(before.entry, ticket.upload, day)))
    if entry:
        changes.append(Create(entry))
    return changes


def _series(received: Received, before: Before, entry: Entry | None) -> Series:
    ticket, examined = received.ticket, received.examined
    return Series(
        revision=before.series.revision if before.series else 0,
        employer=ticket.employer,
        kind=examined.kind,
        period=str(examined.period),
        upload=ticket.upload,
        rank=ticket.rank,
        part=ticket.part,
        version=before.version + 1,
        fingerprint=fingerprint(examined),
        entry=entry.key.sort if entry else "",
    )


def _version(series: Series, arrived_at: datetime) -> Version:
    return Version(
        employer=series.employer,
        kind=series.kind,
        period=series.period,
        version=series.version,
        upload=series.upload,
        rank=series.rank,
        arrived_at=arrived_at,
    )


def _receipt(received: Received, outcome: Outcome, dues: Dues, before: Before) -> Receipt:
    """The payload is fixed here, inside the transaction; it is signed afterwards, by whoever writes the letter."""
    ticket, examined, employer = received.ticket, received.examined, received.employer
    assert ticket.arrived_at
    assert employer
    facts = receipt_facts(
        Filing(
            rank=ticket.number or ticket.rank,
            entity_name=received.entity.name,
            entity_name_ar=received.entity.name_ar,
            employer=ticket.employer,
            agency=agency_on(employer, ticket.arrived_at.date().isoformat()),
            centre=examined.centre,
            kind=examined.kind,
            type=examined.type,
            period=str(examined.period),
            version=outcome.version,
            files=tuple(examined.files),
            arrived_at=ticket.arrived_at,
            lines=examined.lines,
            totals=examined.totals,
            dac=examined.dac,
            dues=dues,
            assumed_code=outcome.assumed_code,
            rules_version=examined.rules_version,
            replaces=before.receipt.number if before.receipt else "",
            certified=ticket.certified,
            in_reserve=outcome.in_reserve,
            workers_in_reserve=outcome.workers_in_reserve,
            complete_by=outcome.complete_by,
            names=ticket.names if examined.code_page else None,
        )
    )
    return Receipt(upload=ticket.upload, number=facts["number"], payload=canonical(facts).decode())
