"""Records as answers of the API: the same facts in the caller's language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from tasrih import __version__
from tasrih.adapters.api import dues_views, models, receipt_views, register_models
from tasrih.declaration.rules import RULES_VERSION
from tasrih.law import LAW_VERSION
from tasrih.messages import sentence
from tasrih.messages.findings import finding_sentence, summary_sentence
from tasrih.register.parties import Employer
from tasrih.story.import_register import Imported
from tasrih.story.open_upload import MAX_UPLOAD_BYTES, PIECES_HOURS, VERDICT_MINUTES
from tasrih.story.parts import parts_of
from tasrih.story.pieces import PIECE_BYTES
from tasrih.story.ports import Book, Inbox
from tasrih.story.records import DECIDED, NAMES, RECEIVED, TESTED, Outcome, Receipt, Ticket
from tasrih.story.to_send import FORM_MINUTES
from tasrih.vocabulary.certified import TEST
from tasrih.vocabulary.finding import Finding, finding_of

FINDINGS_A_PAGE = 500


def service(sign_in: models.SignIn) -> models.ServiceView:
    return models.ServiceView(
        name="Tasrih",
        version=__version__,
        rules_version=RULES_VERSION,
        law_version=LAW_VERSION,
        sign_in=sign_in,
        max_upload_bytes=MAX_UPLOAD_BYTES,
        piece_bytes=PIECE_BYTES,
        form_minutes=FORM_MINUTES,
        verdict_minutes=VERDICT_MINUTES,
        pieces_hours=PIECES_HOURS,
        accepts=[
            "DAS: D{yy}E{employer}.txt + D{yy}S{employer}.txt, two files or one zip",
            "DAS: CSV, xlsx",
            "DAC: CSV, xlsx, of one employer or many; aggregate, nominal, or both in one zip",
            "zip: declarations of many employers",
        ],
    )


def page(tickets: Sequence[Ticket], book: Book) -> models.UploadPage:
    outcomes = book.get_many([(Outcome, (f"UPLOAD#{ticket.upload}", "OUTCOME")) for ticket in tickets])
    rows = [
        models.UploadRow(
            upload=ticket.upload,
            rank=ticket.rank,
            employer=ticket.employer,
            state=outcome.state if isinstance(outcome, Outcome) else ticket.state,
            purpose="test" if ticket.purpose == TEST else "real",
            opened_at=ticket.opened_at,
            names=[file.name for file in ticket.files],
        )
        for ticket, outcome in zip(tickets, outcomes, strict=True)
    ]
    return models.UploadPage(uploads=rows, next=rows[-1].rank if len(rows) == 50 else None)


def upload(ticket: Ticket, language: str, book: Book) -> models.UploadView:
    """Where it stands: its own facts while it waits, the outcome's once it is decided."""
    outcome = book.get(Outcome, f"UPLOAD#{ticket.upload}", "OUTCOME") if ticket.state == DECIDED else None
    state = outcome.state if outcome else ticket.state
    files = [
        models.FileState(name=file.name, size=file.size, sha256=file.sha256, arrived_at=arrival.at if arrival else None)
        for file, arrival in zip(ticket.files, ticket.arrivals, strict=True)
    ]
    view = models.UploadView(
        upload=ticket.upload,
        rank=ticket.rank,
        employer=ticket.employer,
        state=state,
        meaning=_meaning(state, ticket, language, outcome),
        purpose="test" if ticket.purpose == TEST else "real",
        certified=receipt_views.certified(ticket.certified),
        opened_at=ticket.opened_at,
        verdict_by=ticket.verdict_by,
        arrived_at=ticket.arrived_at,
        files=files,
    )
    return view.model_copy(update=_decided(outcome, language, book)) if outcome else view


def _meaning(state: str, ticket: Ticket, language: str, outcome: Outcome | None) -> str:
    """A test says so, whatever its state."""
    names = outcome is not None and outcome.awaits == NAMES
    meaning = sentence("api", "state_names_to_confirm" if names else f"state_{state}", language)
    return sentence("api", "test", language, meaning=meaning) if ticket.purpose == TEST and state != TESTED else meaning


def _decided(outcome: Outcome, language: str, book: Book) -> dict[str, Any]:
    receipt = book.get(Receipt, f"UPLOAD#{receipt_views.answering(outcome)}", "RECEIPT")
    return {
        "kind": outcome.kind,
        "type": outcome.type,
        "period": outcome.period,
        "version": outcome.version,
        "awaits": outcome.awaits,
        "lines": outcome.lines,
        "total_centimes": outcome.total_centimes,
        "codes": list(outcome.codes),
        "assumed_code": outcome.assumed_code,
        "rules_version": outcome.rules_version,
        "law_version": outcome.law_version,
        "counts": counts(outcome.counts, language),
        "dues": dues_views.dues(outcome, receipt, language) if outcome.dues_state and not outcome.withdrawn else None,
        "dac": dues_views.dac(outcome, receipt),
        "reserve": receipt_views.reserve(outcome),
        "receipt": receipt and receipt_views.receipt(receipt),
        "withdrawal": receipt_views.withdrawal(outcome, book),
        "answered_by": outcome.answered_by,
        "parts": _parts(outcome, book),
    }


def _parts(outcome: Outcome, book: Book) -> list[models.PartView]:
    return [
        models.PartView(
            upload=child.upload,
            name=child.name,
            employer=child.employer,
            period=child.period,
            state=decided.state if decided else RECEIVED,
        )
        for child, decided in parts_of(outcome.children, book)
    ]


def counts(found: Mapping[str, int], language: str) -> list[models.CountView]:
    """Errors before warnings, the most frequent first."""
    ordered = sorted(found.items(), key=lambda each: (each[0][0], -each[1], each[0]))
    return [
        models.CountView(code=code, severity=_severity(code), count=count, message=summary_sentence(code, language))
        for code, count in ordered
    ]


def _severity(code: str) -> Literal["error", "warning"]:
    return "error" if code.startswith("E") else "warning"


def findings(ticket: Ticket, language: str, after: int, book: Book, inbox: Inbox) -> models.FindingPage:
    outcome = book.get(Outcome, f"UPLOAD#{ticket.upload}", "OUTCOME")
    if outcome is None or not outcome.report:
        return models.FindingPage(counts=[], findings=[], next=None)
    kept = json.loads(inbox.get_report(outcome.report))["findings"]
    shown = [finding(finding_of(each), language) for each in kept[after : after + FINDINGS_A_PAGE]]
    more = after + FINDINGS_A_PAGE if after + FINDINGS_A_PAGE < len(kept) else None
    return models.FindingPage(counts=counts(outcome.counts, language), findings=shown, next=more)


def finding(each: Finding, language: str) -> models.FindingView:
    return models.FindingView(
        code=each.code,
        severity=_severity(each.code),
        file=each.file,
        line=each.line,
        column=each.column,
        value=each.value,
        expected=each.expected,
        message=finding_sentence(each, language),
        own=[models.OwnCell(heading=heading, text=text) for heading, text in each.own],
    )


def imported(what: Imported, language: str) -> register_models.Imported:
    found = [finding(each, language) for each in what.findings]
    return register_models.Imported(
        created=what.created, changed=what.changed, unchanged=what.unchanged, findings=found
    )


def employer(what: Employer) -> register_models.EmployerView:
    agencies = [{"agency": place.agency, "since": place.since} for place in what.agencies]
    return register_models.EmployerView(
        number=what.number,
        entity=what.entity,
        agencies=agencies,
        since=what.since,
        until=what.until,
        size_class=what.size_class,
        codes=list(what.codes),
        revision=what.revision,
    )
