"""The letters about one upload, each complete in the contact's language, each with the next action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tasrih.correspondence.canonical import clean
from tasrih.correspondence.facts import Facts as ReceiptFacts
from tasrih.correspondence.facts import day
from tasrih.correspondence.letter_dues import due_sentences, reserve_sentences, tested_sentences
from tasrih.correspondence.mail import Attachment, Block, Facts, Link, Mail, Paragraph, Places, Table, message
from tasrih.messages import LANGUAGES, sentence
from tasrih.messages.findings import column_name, finding_sentence, summary_sentence
from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.identity import spaced_employer

SHOWN_FINDINGS = 20
ABOUT = (
    "in_force",
    "refused",
    "duplicate",
    "superseded",
    "awaiting_confirmation",
    "names_to_confirm",
    "tested",
    "withdrawn",
)
OWN_RECEIPT = ("in_force", "withdrawn")
_HIDDEN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a letter tells. Names and file names are cleaned here; values from the files never go into a mail."""

    upload: str
    sender: str
    to: str
    owed_since: datetime
    """The letter's date."""
    entity_name: str
    employer: str
    link: str
    """Page of the upload: dues, report, or where a new upload begins."""
    kind: str = ""
    type: str = ""
    period: str = ""
    arrived_at: datetime | None = None
    """Africa/Algiers."""
    lines: int = 0
    receipt: ReceiptFacts | None = None
    """In force: its own. Duplicate: the first one's. Superseded: the later one's. Withdrawn: the withdrawal's."""
    overtaken: bool = False
    """Superseded by a filing that was itself withdrawn: nothing is in force."""
    test: bool = False
    """Nothing of it counts, and every line that could be misread says so."""
    tested_dues: ReceiptFacts | None = None
    """What a real filing would owe, as a receipt would tell it."""
    pdf: bytes = b""
    json: bytes = b""
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    came: tuple[str, ...] = ()
    """Names of the files that arrived, told when others did not."""
    never_came: tuple[str, ...] = ()
    deadline: date | None = None
    """Last day to declare, where it is known and still ahead."""


def letter(about: str, language: str, told: Told) -> bytes:
    """One MIME message. A refusal whose files never came, or came in part, says so and nothing else.

    Raises KeyError for an unknown `about` or language, `mail.BadAddress` for an address that cannot be one.
    """
    if about not in ABOUT or language not in LANGUAGES:
        raise KeyError(about, language)
    case = _case(about, told)
    key = told.receipt["number"] if about in OWN_RECEIPT and told.receipt else told.upload
    return message(
        Mail(
            sender=told.sender,
            to=told.to,
            about=f"{key}.{about}",
            at=told.owed_since,
            language=language,
            subject=_subject(case, language, told),
            blocks=tuple(_blocks(case, language, told)),
            closing=sentence("letters", "closing", language),
            attachments=_attachments(about, told),
        )
    )


def _case(about: str, told: Told) -> str:
    if about == "refused" and told.never_came:
        return "half_arrived" if told.came else "never_arrived"
    return "overtaken" if about == "superseded" and told.overtaken else about


def _filing(told: Told) -> str:
    """ "DAS 2025"; "" when the file did not tell what it was."""
    return clean(f"{told.kind} {told.period}")


def _number(told: Told) -> str:
    return told.receipt["number"] if told.receipt else ""


def _certified(told: Told) -> str:
    who = told.receipt.get("certified") if told.receipt else None
    return ", ".join((who["name"], who["capacity"])) if who else ""


def _errors(told: Told) -> int:
    return sum(count for code, count in told.counts.items() if code.startswith("E"))


def _words(key: str, language: str, told: Told) -> str:
    return sentence(
        "letters",
        key,
        language,
        filing=_filing(told) or sentence("letters", "this_deposit", language),
        number=_number(told),
        errors=_errors(told),
        type=clean(told.type),
    )


def _subject(case: str, language: str, told: Told) -> str:
    """One line without direction signs: a subject stands alone, and mail programs differ in showing them."""
    subject = clean(_words(f"subject_{case}", language, told))
    subject = subject[:1].upper() + subject[1:]
    return clean(sentence("letters", "subject_test", language, subject=subject)) if told.test else subject


def _blocks(case: str, language: str, told: Told) -> list[Block]:
    name = clean(told.entity_name)
    hello = sentence("letters", "hello", language, name=name) if name else sentence("letters", "hello_nobody", language)
    banner = [Paragraph(sentence("letters", "test", language))] if told.test else []
    blocks: list[Block] = [*banner, Paragraph(hello), Paragraph(_words(f"lead_{case}", language, told))]
    blocks.append(_facts(case, language, told))
    if case == "in_force":
        blocks += _accepted(language, told)
    if case == "tested" and told.tested_dues:
        blocks += [Paragraph(line) for line in tested_sentences(told.tested_dues, language)]
    blocks.append(Paragraph(_words(f"next_{case}", language, told)))
    if told.deadline and case in ("refused", "never_arrived", "half_arrived"):
        when = day(told.deadline.isoformat())
        blocks.append(Paragraph(sentence("letters", "deadline", language, deadline=when)))
    blocks.append(Link(sentence("letters", f"link_{case}", language), told.link))
    if case == "refused":
        blocks += _refusal(language, told)
    return blocks


def _facts(case: str, language: str, told: Told) -> Facts:
    arrived = told.arrived_at.strftime("%d/%m/%Y %H:%M:%S") if told.arrived_at else ""
    missing = case in ("never_arrived", "half_arrived")
    rows = {
        "number": _number(told),
        "employer": spaced_employer(told.employer).strip(),
        "filing": _filing(told),
        "arrived_at": "" if missing else arrived,
        "lines": str(told.lines) if told.lines else "",
        "certified": _certified(told) if case in OWN_RECEIPT else "",
        "withdraws": told.receipt["withdraws"] if case == "withdrawn" and told.receipt else "",
        "reason": told.receipt["reason"] if case == "withdrawn" and told.receipt else "",
        "came": ", ".join(map(clean, told.came)) if missing else "",
        "never_came": ", ".join(map(clean, told.never_came)) if missing else "",
        "upload": told.upload,
    }
    return Facts(tuple((sentence("letters", f"row_{key}", language), value) for key, value in rows.items() if value))


def _accepted(language: str, told: Told) -> list[Block]:
    """What is due, and what is odd or in reserve."""
    if told.receipt is None:
        return []
    lines = due_sentences(told.receipt, language)
    warnings = sum(told.counts.values()) - _errors(told)
    if warnings:
        lines.append(sentence("letters", "warnings", language, count=warnings))
    return [Paragraph(line) for line in (*lines, *reserve_sentences(told.receipt, language))]


def _refusal(language: str, told: Told) -> list[Block]:
    """The first errors with their places, then every code with its count. No value: a mail is no safe place."""
    errors = [finding for finding in told.findings if finding.severity == "error"][:SHOWN_FINDINGS]
    title = sentence("letters", "findings", language, shown=len(errors), total=_errors(told))
    return [
        *([Places(title, tuple(_place(finding, language) for finding in errors))] if errors else []),
        counts_table(language, {code: count for code, count in told.counts.items() if code.startswith("E")}),
        Paragraph(sentence("letters", "values_not_mailed", language)),
    ]


def counts_table(language: str, counts: Mapping[str, int]) -> Table:
    """What was found, code by code."""
    rows = tuple((code, str(count), summary_sentence(code, language)) for code, count in sorted(counts.items()))
    heads = tuple(sentence("letters", f"head_{head}", language) for head in ("code", "count", "said"))
    return Table(sentence("letters", "counts", language), heads, rows)


def _place(finding: Finding, language: str) -> tuple[tuple[tuple[str, str], ...], str]:
    file = clean(finding.file)
    said = finding_sentence(replace(finding, file=file, value=_HIDDEN, expected=_HIDDEN), language)
    where = {
        "file": file,
        "line": str(finding.line) if finding.line else "",
        "column": clean(column_name(finding.column, language)) if finding.column else "",
        "code": finding.code,
    }
    return tuple((sentence("letters", f"head_{head}", language), value) for head, value in where.items() if value), said


def _attachments(about: str, told: Told) -> tuple[Attachment, ...]:
    if about not in (*OWN_RECEIPT, "duplicate"):
        return ()
    papers = ((told.pdf, "pdf"), (told.json, "json"))
    return tuple(Attachment(f"{_number(told)}.{kind}", body, kind) for body, kind in papers if body)
