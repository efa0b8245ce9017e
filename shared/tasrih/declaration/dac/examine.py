"""From what was sent to the verdicts of a DAC deposit: one for each employer and period, and none stops another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import numpy as np

from tasrih.declaration import intake, limits
from tasrih.declaration.code_pages import Reading
from tasrih.declaration.csv.own import echo_own
from tasrih.declaration.dac import headings
from tasrih.declaration.dac import rules as dac_rules
from tasrih.declaration.dac.draft import Draft, draft_of
from tasrih.declaration.dac.nominal import NominalSink, read_nominal
from tasrih.declaration.dac.rows import Row, RowsRead, read_aggregate
from tasrih.declaration.dac.shares import WHOLE_FILE, FileRead, add_all, owners, set_apart, share_out
from tasrih.declaration.handshake import Announced, compare
from tasrih.declaration.sent import Dac, Examined, FileFacts, SentFile
from tasrih.declaration.stream import facts_of
from tasrih.declaration.workbooks import Workbooks, table_of
from tasrih.vocabulary.finding import Finding, Findings

AGGREGATE, NOMINAL = intake.DACS
ClassOf = Callable[[str], str | None]
"""Employer number -> "monthly" or "quarterly", as the agency assigned it; None where it is not known."""


@dataclass(slots=True)
class DacDeposit:
    """What became of one deposit."""

    declarations: list[Examined] = field(default_factory=list)
    """One for each employer and period, in the order of the file; each with `dac`, and findings of its own. Behind
    them, refused and without period, employers none of whose rows has a readable one."""
    findings: Findings = field(default_factory=Findings)
    """Of no declaration in particular: files that cannot be used, rows that belong to nobody, oddities of the whole."""
    files: list[FileFacts] = field(default_factory=list)
    members: list[FileFacts] = field(default_factory=list)
    rules_version: str = dac_rules.RULES_VERSION
    reading: Reading = field(default_factory=Reading)
    """What the names of workers rest on: those of the whole deposit, since one guess was made for all of it."""

    @property
    def accepted(self) -> bool:
        """All of it."""
        return not self.findings.errors and all(each.accepted for each in self.declarations)


def holds_dac(files: Sequence[SentFile], workbooks: Workbooks | None = None) -> bool:
    """Whether a deposit, opened if it is an archive, holds a DAC. Never raises.

    A workbook is taken apart for that: let `workbooks` be a `Once`, and reading it costs nothing more.
    """
    parts, _ = intake.unpack(files)
    return any(_table(part, workbooks, Findings())[1] in intake.DACS for part in parts)


def is_dac(files: Sequence[SentFile], workbooks: Workbooks | None = None) -> bool:
    """Whether what was sent is a DAC to be examined as it is: a table of its own, or an archive of an aggregate and a
    nominal one. An archive that holds more is taken apart first (`portfolio`). Never raises."""
    parts, refused = intake.unpack(files)
    packed = parts != list(files)
    if packed and (refused.errors or len(parts) > len(intake.DACS)):
        return False
    kinds = [_table(part, workbooks, Findings())[1] for part in parts]
    found = {kind for kind in kinds if kind in intake.DACS}
    return len(found) == len(kinds) > 0 if packed else bool(found)


def _table(part: SentFile, workbooks: Workbooks | None, met: Findings) -> tuple[SentFile, str]:
    """What a file is; the table of a workbook stands in its place. Kind "" = it has none, a finding says why."""
    kind = intake.recognise(part)
    if kind != "xlsx" or workbooks is None:
        return part, kind
    table = table_of(part, workbooks, met)
    return (table, intake.recognise(table)) if table else (part, "")


def examine_dac(
    files: Sequence[SentFile],
    *,
    today: date,
    class_of: ClassOf | None = None,
    announced: Sequence[Announced] | None = None,
    sink: NominalSink | None = None,
    workbooks: Workbooks | None = None,
    code_page: str = "",
) -> DacDeposit:
    """Reads and checks one deposit: an aggregate table, a nominal one, or both, as they are or in one archive.

    A table is a CSV or a workbook; `workbooks` takes workbooks apart, without it they are refused.
    `today` decides what lies in the future. `announced` is compared with what came. `sink` gets the lines of a nominal
    file as they are read; only those of an accepted declaration mean anything. `code_page` is how bytes that are no
    UTF-8 are read, where a person said so; "" = guessed from all tables together.
    """
    parts, refused = intake.unpack(files)
    deposit = DacDeposit(findings=refused)
    tables: dict[str, list[tuple[SentFile, Findings]]] = {AGGREGATE: [], NOMINAL: []}
    for part in parts:
        met = Findings()
        table, kind = _table(part, workbooks, met)
        if kind in tables:
            tables[kind].append((table, met))
            continue
        add_all(deposit.findings, met)
        if kind:
            other = kind in ("das_header", "das_detail", "das_csv")
            deposit.findings.add(Finding("E052", part.name) if other else intake.refusal(kind, part))
    for extra, _ in tables[AGGREGATE][1:] + tables[NOMINAL][1:]:
        deposit.findings.add(Finding("E052", extra.name))
    deposit.reading = pages = Reading(code_page, tuple(table for of in tables.values() for table, _ in of[:1]))
    summed = _examined(*tables[AGGREGATE][0], today, pages) if tables[AGGREGATE] else FileRead()
    named = _examined_nominal(*tables[NOMINAL][0], today, sink, pages) if tables[NOMINAL] else FileRead()
    _settle_files(deposit, files, parts)
    if announced is not None:
        compare(announced, deposit.files, deposit.findings, count_lines=bool(summed.drafts or named.drafts))
    _check_number(deposit, summed, named, today)
    _settle(deposit, summed, named, class_of)
    found = [deposit.findings, *(each.findings for each in deposit.declarations)]
    for kind, wanted in ((AGGREGATE, headings.AGGREGATE), (NOMINAL, headings.NOMINAL)):
        for table, _ in tables[kind][:1]:
            echo_own(table, found, wanted, pages)
    return deposit


def _check_number(deposit: DacDeposit, summed: FileRead, named: FileRead, today: date) -> None:
    declared = {(draft.employer, draft.period) for read in (summed, named) for draft, _, _ in read.drafts}
    number, most = len(declared) + len(summed.astray), limits.dac_declarations(today.year)
    if number > most:
        deposit.findings.add(Finding("E636", value=str(number), expected=f"<= {most}"))


def _examined(file: SentFile, met: Findings, today: date, pages: Reading) -> FileRead:
    """`met` is what taking a workbook apart has found already: it is shared out with the rest."""
    read = read_aggregate(file, met, pages)
    groups = groupby(sorted(read.rows, key=_belongs), key=_belongs)  # stable: the order of the file within each
    drafts = [draft_of(list(rows), file.name, today) for _, rows in groups]
    drafts.sort(key=lambda draft: draft.line)
    made = FileRead([(draft, Findings(), len(draft.rows)) for draft in drafts])
    places = {row.line: [place] for place, draft in enumerate(drafts) for row in draft.rows}
    _give_lost(read, drafts, places)
    share_out(met, made, lambda line: places.get(line, ()))
    set_apart(made, read)
    return made


def _belongs(row: Row) -> tuple[str, str]:
    return row.value("employer"), row.value("period")


def _give_lost(read: RowsRead, drafts: list[Draft], places: dict[int, list[int]]) -> None:
    """A row that could not be read is missing somewhere: whatever its employer declares in this file waits for it."""
    of_employer: dict[str, list[int]] = {}
    for place, draft in enumerate(drafts):
        of_employer.setdefault(draft.employer, []).append(place)
    for line, employer in read.lost.items():
        places[line] = of_employer.get(employer, [])


def _examined_nominal(file: SentFile, met: Findings, today: date, sink: NominalSink | None, pages: Reading) -> FileRead:
    read = read_nominal(file, met, today, sink, pages)
    counts = np.bincount(read.places[read.places >= 0], minlength=len(read.drafts)).tolist()
    made = FileRead([(draft, Findings(), counts[place]) for place, draft in enumerate(read.drafts)])
    share_out(met, made, lambda line: owners(read, line))
    return made


def _settle(deposit: DacDeposit, summed: FileRead, named: FileRead, class_of: ClassOf | None) -> None:
    by_name = {(draft.employer, draft.period): (draft, found, lines) for draft, found, lines in named.drafts}
    drafts = list(summed.drafts)
    for draft, found, _ in summed.drafts:
        other = by_name.pop((draft.employer, draft.period), None)
        if other:
            add_all(found, other[1])
            draft.unnumbered = other[0].unnumbered
            dac_rules.compare(draft, other[0], found)
    drafts += by_name.values()
    periods: dict[str, list[Draft]] = {}
    for draft, _, _ in drafts:
        periods.setdefault(draft.employer, []).append(draft)
    for read in (summed, named):
        add_all(deposit.findings, read.rest)
    whole = [finding for finding in deposit.findings.kept if finding.code in WHOLE_FILE]
    for draft, found, lines in drafts:
        draft.size_class = class_of(draft.employer) if class_of else None
        draft.others = tuple(other.period for other in periods[draft.employer] if other is not draft)
        dac_rules.apply(draft, found)
        found.extend(finding for finding in whole if finding not in found.kept)
        deposit.declarations.append(_examined_of(draft, found, lines, deposit))
    for employer, found in summed.astray.items():
        deposit.declarations.append(
            Examined("DAC", "N", employer, files=deposit.files, findings=found, rules_version=deposit.rules_version)
        )
    if len(deposit.declarations) == 1:
        add_all(deposit.declarations[0].findings, deposit.findings, known=True)
        deposit.findings = Findings()


def fingerprint(declared: Examined) -> str:
    """Of what an accepted declaration says: the same in another file, beside other employers, in another order of
    rows. SHA-256, hexadecimal; no line number and nothing kept only as written goes into it."""
    dac = declared.dac or Dac()
    bases = sorted(
        (base.code, base.base_centimes, sorted((d.number, str(d.start), str(d.end)) for d in base.decisions))
        for base in dac.bases
    )
    said = (dac.headcount, dac.entries, dac.exits, dac.paid_centimes, dac.nil, dac.lines_sha256)
    text = json.dumps([declared.employer, str(declared.period), declared.centre, bases, said])
    return hashlib.sha256(text.encode()).hexdigest()


def _examined_of(draft: Draft, findings: Findings, lines: int, deposit: DacDeposit) -> Examined:
    made = Examined(
        kind="DAC",
        type="N",
        employer=draft.employer,
        period=draft.period,
        centre=draft.centre,
        files=deposit.files,
        members=deposit.members,
        lines=lines,
        findings=findings,
        rules_version=deposit.rules_version,
        dac=draft.dac(),
    )
    deposit.reading.tell(made)
    return made


def _settle_files(deposit: DacDeposit, files: Sequence[SentFile], parts: Sequence[SentFile]) -> None:
    """Facts of every file as it was sent, and of those inside archives."""
    deposit.members = [facts_of(part) for part in parts if part not in files]
    inside = sum(facts.lines for facts in deposit.members)
    for file in files:
        facts = facts_of(file)
        deposit.files.append(FileFacts(facts.name, facts.size, facts.sha256, inside or facts.lines))
