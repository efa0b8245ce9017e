"""From what was sent to the verdicts of a DAC deposit: one for each employer and period, and none stops another."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from tasrih.declaration import dac_rules, intake
from tasrih.declaration.dac_draft import Draft, draft_of
from tasrih.declaration.dac_nominal import NominalRead, NominalSink, read_nominal
from tasrih.declaration.dac_rows import Row, RowsRead, read_aggregate
from tasrih.declaration.handshake import Announced, compare
from tasrih.declaration.sent import Examined, FileFacts, SentFile
from tasrih.declaration.stream import facts_of
from tasrih.vocabulary.finding import Finding, Findings

AGGREGATE, NOMINAL = intake.DACS
WHOLE_FILE = frozenset(("E401", "E402", "E403", "E404", "E406", "E511", "E512", "E602"))
"""Faults that leave every declaration of the deposit in doubt, whatever line they were met on."""

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

    @property
    def accepted(self) -> bool:
        """All of it."""
        return not self.findings.errors and all(each.accepted for each in self.declarations)


def holds_dac(files: Sequence[SentFile]) -> bool:
    """Whether a deposit, opened if it is an archive, holds a DAC. Reads little, and never raises."""
    parts, _ = intake.unpack(files)
    return any(intake.recognise(part) in intake.DACS for part in parts)


def examine_dac(
    files: Sequence[SentFile],
    *,
    today: date,
    class_of: ClassOf | None = None,
    announced: Sequence[Announced] | None = None,
    sink: NominalSink | None = None,
) -> DacDeposit:
    """Reads and checks one deposit: an aggregate CSV, a nominal one, or both, as they are or in one archive.

    `today` decides what lies in the future. `announced` is compared with what came. `sink` gets the lines of a nominal
    file as they are read; only those of an accepted declaration mean anything.
    """
    deposit = DacDeposit()
    parts, refused = intake.unpack(files)
    _add_all(deposit.findings, refused)
    kinds = [(part, intake.recognise(part)) for part in parts]
    aggregates = [part for part, kind in kinds if kind == AGGREGATE]
    nominals = [part for part, kind in kinds if kind == NOMINAL]
    for part, kind in kinds:
        if kind not in intake.DACS:
            other = kind in ("das_header", "das_detail", "das_csv")
            deposit.findings.add(Finding("E052", part.name) if other else intake.refusal(kind, part))
    for extra in aggregates[1:] + nominals[1:]:
        deposit.findings.add(Finding("E052", extra.name))
    summed = _examined(aggregates[0], today) if aggregates else _Read()
    named = _examined_nominal(nominals[0], today, sink) if nominals else _Read()
    _settle_files(deposit, files, parts)
    if announced is not None:
        compare(announced, deposit.files, deposit.findings)
    _settle(deposit, summed, named, class_of)
    return deposit


@dataclass(slots=True)
class _Read:
    """One file: its drafts, each with its findings, and those that belong to no draft."""

    drafts: list[tuple[Draft, Findings, int]] = field(default_factory=list)
    """With the number of its lines."""
    rest: Findings = field(default_factory=Findings)
    astray: dict[str, Findings] = field(default_factory=dict)
    """Of employers none of whose rows has a readable period."""


def _examined(file: SentFile, today: date) -> _Read:
    met = Findings()
    read = read_aggregate(file, met)
    groups = groupby(sorted(read.rows, key=_belongs), key=_belongs)  # stable: the order of the file within each
    drafts = [draft_of(list(rows), file.name, today) for _, rows in groups]
    drafts.sort(key=lambda draft: draft.line)
    made = _Read([(draft, Findings(), len(draft.rows)) for draft in drafts])
    owners = {row.line: [place] for place, draft in enumerate(drafts) for row in draft.rows}
    _give_lost(read, drafts, owners)
    _share_out(met, made, lambda line: owners.get(line, ()))
    _set_apart(made, read)
    return made


def _belongs(row: Row) -> tuple[str, str]:
    return row.value("employer"), row.value("period")


def _give_lost(read: RowsRead, drafts: list[Draft], owners: dict[int, list[int]]) -> None:
    """A row that could not be read is missing somewhere: whatever its employer declares in this file waits for it."""
    of_employer: dict[str, list[int]] = {}
    for place, draft in enumerate(drafts):
        of_employer.setdefault(draft.employer, []).append(place)
    for line, employer in read.lost.items():
        owners[line] = of_employer.get(employer, [])


def _set_apart(made: _Read, read: RowsRead) -> None:
    """What is left on the lines of an employer is that employer's own refusal."""
    counted = made.rest.counts - Counter(finding.code for finding in made.rest.kept)
    left = Findings(counts=counted)
    for finding in made.rest.kept:
        employer = "" if finding.code in WHOLE_FILE else read.lost.get(finding.line, "")
        (made.astray.setdefault(employer, Findings()) if employer else left).add(finding)
    made.rest = left


def _examined_nominal(file: SentFile, today: date, sink: NominalSink | None) -> _Read:
    met = Findings()
    read = read_nominal(file, met, today, sink)
    counts = Counter(read.places.tolist())
    made = _Read([(draft, Findings(), counts[place]) for place, draft in enumerate(read.drafts)])
    _share_out(met, made, lambda line: _owners(read, line))
    return made


def _owners(read: NominalRead, line: int) -> Sequence[int]:
    """A row that belongs to nobody is missing beside it: the file is sorted by employer in all likelihood."""
    at = bisect_left(read.lines, line)
    if at >= len(read.lines) or read.lines[at] != line:
        return ()
    if read.places[at] >= 0:
        return (int(read.places[at]),)
    beside = {int(read.places[near]) for near in (at - 1, at + 1) if 0 <= near < len(read.places)}
    return sorted(beside - {-1})


def _share_out(met: Findings, made: _Read, owners: Callable[[int], Sequence[int]]) -> None:
    """Each finding to the declarations whose line it is on. What was only counted stays with the file; errors among
    it refuse everything."""
    for finding in met.kept:
        own = range(len(made.drafts)) if finding.code in WHOLE_FILE else owners(finding.line)
        for place in own:
            made.drafts[place][1].add(finding)
        if not own or finding.code in WHOLE_FILE:
            made.rest.add(finding)
    counted = met.counts - Counter(finding.code for finding in met.kept)
    for code, times in counted.items():
        made.rest.count_only(code, times)
        for _, findings, _ in made.drafts if code.startswith("E") else ():
            findings.count_only(code, times)


def _settle(deposit: DacDeposit, summed: _Read, named: _Read, class_of: ClassOf | None) -> None:
    by_name = {(draft.employer, draft.period): (draft, found, lines) for draft, found, lines in named.drafts}
    drafts = list(summed.drafts)
    for draft, found, _ in summed.drafts:
        other = by_name.pop((draft.employer, draft.period), None)
        if other:
            _add_all(found, other[1])
            dac_rules.compare(draft, other[0], found)
    drafts += by_name.values()
    periods: dict[str, list[Draft]] = {}
    for draft, _, _ in drafts:
        periods.setdefault(draft.employer, []).append(draft)
    for read in (summed, named):
        _add_all(deposit.findings, read.rest)
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
        _add_all(deposit.declarations[0].findings, deposit.findings, known=True)
        deposit.findings = Findings()


def _examined_of(draft: Draft, findings: Findings, lines: int, deposit: DacDeposit) -> Examined:
    return Examined(
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


def _add_all(into: Findings, other: Findings, known: bool = False) -> None:
    """With what was only counted. `known`: what stands in `into` already is not added again."""
    kept = [finding for finding in other.kept if not (known and finding in into.kept)]
    into.extend(kept)
    for code, times in (other.counts - Counter(finding.code for finding in other.kept)).items():
        into.count_only(code, times)


def _settle_files(deposit: DacDeposit, files: Sequence[SentFile], parts: Sequence[SentFile]) -> None:
    """Facts of every file as it was sent, and of those inside archives."""
    deposit.members = [facts_of(part) for part in parts if part not in files]
    inside = sum(facts.lines for facts in deposit.members)
    for file in files:
        facts = facts_of(file)
        deposit.files.append(FileFacts(facts.name, facts.size, facts.sha256, inside or facts.lines))
