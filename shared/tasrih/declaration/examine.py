"""From what was sent to a verdict: every input gets one, whatever its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tasrih.declaration import intake
from tasrih.declaration.code_pages import Reading
from tasrih.declaration.csv.own import echo_own
from tasrih.declaration.das.csv import read_das_csv
from tasrih.declaration.das.pair import examine_pair
from tasrih.declaration.handshake import Announced, compare, compare_total
from tasrih.declaration.rules import RULES_VERSION
from tasrih.declaration.sent import Examined, FileFacts, SentFile
from tasrih.declaration.stream import facts_of
from tasrih.declaration.tally import Sink, Tally, against
from tasrih.declaration.workbooks import Workbooks, table_of
from tasrih.vocabulary.finding import Finding, Findings
from tasrih.vocabulary.period import Period

HEADER, DETAIL, CSV = "das_header", "das_detail", "das_csv"


def examine(
    files: Sequence[SentFile],
    *,
    today: date,
    announced: Sequence[Announced] | None = None,
    announced_total_centimes: int | None = None,
    sink: Sink | None = None,
    workbooks: Workbooks | None = None,
    code_page: str = "",
) -> Examined:
    """Reads and checks one deposit: a pair in any order, an archive of a pair, one CSV or one workbook.

    `today` decides what lies in the future. `announced` (and the announced annual base) are compared with what came.
    `workbooks` takes workbooks apart; without it they are refused.
    `sink` gets the lines block by block, as they are read; only an accepted deposit's lines mean anything.
    `code_page` is how bytes that are no UTF-8 are read, where a person said so; "" = guessed, told in `to_confirm`.
    The `files` of the result are those that were sent; the `members` those inside archives.
    """
    examined = Examined(rules_version=RULES_VERSION)
    parts, refused = intake.unpack(files)
    _merge(examined.findings, refused)
    kinds = _kinds(parts, workbooks, examined.findings)
    headers = [part for part, kind in kinds if kind == HEADER]
    details = [part for part, kind in kinds if kind == DETAIL]
    tables = [part for part, kind in kinds if kind == CSV]
    for part, kind in kinds:
        if kind not in (HEADER, DETAIL, CSV):
            examined.findings.add(intake.refusal(kind, part))
    reading = Reading(code_page, tuple((headers[:1] + details[:1]) or tables[:1]))
    read: list[tuple[SentFile, FileFacts]] = []
    if headers or details:
        read = examine_pair(headers, details, examined, today, sink, reading)
    elif tables:
        _examine_csv(tables[0], examined, today, sink, reading)
    reading.tell(examined)
    for extra in tables if headers or details else tables[1:]:
        examined.findings.add(Finding("E052", extra.name))
    _settle_files(files, read, examined)
    if announced is not None:
        compare(announced, examined.files, examined.findings, count_lines=bool(examined.kind))
    if announced_total_centimes is not None and examined.kind:
        compare_total(announced_total_centimes, examined.totals.year, examined.findings)
    return examined


def _kinds(parts: Sequence[SentFile], workbooks: Workbooks | None, findings: Findings) -> list[tuple[SentFile, str]]:
    """What each file is. The table of a workbook stands in its place; one without a table has its finding."""
    kinds = []
    for part in parts:
        kind = intake.recognise(part)
        if kind != "xlsx" or workbooks is None:
            kinds.append((part, kind))
        elif table := table_of(part, workbooks, findings):
            kinds.append((table, intake.recognise(table)))
    return kinds


def _merge(into: Findings, other: Findings) -> None:
    into.extend(other.kept)
    into.counts.update(other.counts - into.counts)


def _examine_csv(file: SentFile, examined: Examined, today: date, sink: Sink | None, reading: Reading) -> None:
    table = read_das_csv(file, examined.findings, reading)
    year = int(table.year) if table.year.isdecimal() else None
    compared = against(table.employer, year, today, fixed=False, lead=table.lead)
    if year is not None and year > today.year:
        examined.findings.add(Finding("E105", file.name, table.lead + 1, "year", table.year, f"<= {today.year}"))
    if table.type in ("C", "R"):
        examined.findings.add(Finding("W102", file.name, table.lead + 1, "type", table.type, "N"))
    tally = Tally(file.name, compared, examined.findings, sink)
    tally.take_all(table.blocks())
    tally.tell_repeated()
    echo_own(file, [examined.findings], reading=reading)
    examined.kind, examined.type, examined.centre = "DAS", table.type, table.centre
    examined.employer = compared.employer.decode("ascii")
    examined.period = Period(compared.year) if compared.year else None
    examined.lines, examined.totals = tally.lines, tally.totals
    if tally.lines and not tally.undecided and not examined.totals.year:
        examined.findings.add(Finding("E309", file.name, 0, "base_year", "0", "> 0"))


def _settle_files(files: Sequence[SentFile], read: list[tuple[SentFile, FileFacts]], examined: Examined) -> None:
    """Facts of every file as it was sent, in the order sent; those of an archive's members stand apart."""
    known = dict(read)
    examined.members = [facts for file, facts in read if file not in files]
    inside = sum(facts.lines for facts in examined.members)
    examined.files = [known.get(file) or _unread(file, inside) for file in files]


def _unread(file: SentFile, lines_inside: int) -> FileFacts:
    facts = facts_of(file)
    return FileFacts(facts.name, facts.size, facts.sha256, lines_inside or facts.lines)
