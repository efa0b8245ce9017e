"""A DAC as it was sent: settled as it is, or cut into the declarations of each employer and period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tasrih.declaration.dac.examine import DacDeposit, examine_dac
from tasrih.declaration.dac.lines import Collected, digest
from tasrih.declaration.dac.shares import WHOLE_FILE, add_all
from tasrih.declaration.dac.slices import cut
from tasrih.declaration.portfolio import Part
from tasrih.declaration.sent import Examined, Lines, SentFile
from tasrih.declaration.workbooks import Workbooks
from tasrih.register.parties import Account, Employer
from tasrih.story.access import NotFound, employer_for, right_to
from tasrih.story.ports import Book
from tasrih.story.records import Ticket
from tasrih.vocabulary.finding import Findings

GUESSED = "W502"
NAME_CHARACTERS = 80
"""Of the deposit's name, kept with each of its parts."""


@dataclass(frozen=True, slots=True)
class Read:
    """What an upload gave: `whole`, with its lines, is settled as it is; else `parts` are, each by itself, and `rest`
    is what was found of none of them."""

    whole: Examined | None = None
    lines: tuple[Lines, ...] = ()
    parts: tuple[Part, ...] = ()
    rest: Examined | None = None


def read_periodic(
    files: Sequence[SentFile], ticket: Ticket, account: Account, *, book: Book, workbooks: Workbooks | None
) -> Read:
    """Raises Busy."""
    assert ticket.arrived_at
    collected = Collected()
    deposit = examine_dac(
        files,
        today=ticket.arrived_at.date(),
        class_of=_classes(ticket.purpose, account, book),
        announced=None if ticket.parent else ticket.files,
        sink=collected,
        workbooks=workbooks,
        code_page=ticket.names.code_page if ticket.names else "",
    )
    whole = _whole(deposit, ticket)
    if whole:
        lines = _with_lines(whole, collected)
        return Read(whole, (lines,) if lines else ())
    name = ", ".join(file.name for file in files)[:NAME_CHARACTERS]
    parts = tuple(_part(declared, _with_lines(declared, collected), name) for declared in deposit.declarations)
    return Read(parts=parts, rest=_of_nobody(deposit))


def allowed(number: str, purpose: str, account: Account, book: Book) -> Employer | None:
    """An employer for which the account may file; None tells nothing of whether there is one."""
    try:
        return employer_for(account, number, book, right_to(purpose)) if number else None
    except NotFound:
        return None


def _classes(purpose: str, account: Account, book: Book) -> Callable[[str], str | None]:
    """Monthly or quarterly, as the register has it: of employers that the account may file for, and of no other."""

    @cache
    def class_of(number: str) -> str | None:
        employer = allowed(number, purpose, account, book)
        return employer.size_class if employer else None

    return class_of


def _whole(deposit: DacDeposit, ticket: Ticket) -> Examined | None:
    """None when each declaration is an upload of its own. One that is of the ticket's employer needs no other; nor
    does one of another employer than a person named, or a deposit that is in doubt as a whole: they are refused; nor
    does one that waits for a person."""
    declared = deposit.declarations
    if len(declared) == 1 and ticket.employer and (not ticket.parent or declared[0].employer == ticket.employer):
        return declared[0]
    if declared and not any(finding.code in WHOLE_FILE for finding in deposit.findings.kept):
        return _waiting(deposit)
    whole = _of_nobody(deposit)
    for each in declared:
        add_all(whole.findings, each.findings, known=True)
    return whole


def _waiting(deposit: DacDeposit) -> Examined | None:
    """A deposit whose names rest on a guess waits as a whole, so that its sender confirms once, before it is cut.
    None where it does not; where every declaration is refused, nothing would come of asking. What is wrong in one of
    them, or in rows of nobody, is told once each has its verdict."""
    names = next((each.to_confirm for each in deposit.declarations if each.accepted), None)
    if names is None:
        return None
    waiting = _of_nobody(deposit)
    waiting.to_confirm = names
    waiting.findings = Findings()
    for each in (deposit.findings, *(declared.findings for declared in deposit.declarations)):
        waiting.findings.extend(finding for finding in each.kept if finding.code == GUESSED)
    return waiting


def _of_nobody(deposit: DacDeposit) -> Examined:
    return Examined(
        kind="DAC",
        files=deposit.files,
        members=deposit.members,
        lines=sum(each.lines for each in deposit.declarations),
        findings=deposit.findings,
        rules_version=deposit.rules_version,
    )


def _with_lines(declared: Examined, collected: Collected) -> Lines | None:
    """The lines of workers, whose digest is part of what is declared from here on."""
    lines = collected.of(declared.employer, str(declared.period))
    if lines and declared.dac:
        declared.dac = replace(declared.dac, lines_sha256=digest(lines))
    return lines


def _part(declared: Examined, lines: Lines | None, name: str) -> Part:
    period = str(declared.period or "")
    file = cut(declared, lines, f"DAC-{declared.employer}{f'-{period}' if period else ''}.json")
    return Part(declared.employer, (file,), period=period, cut=True, name=name)
