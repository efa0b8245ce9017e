"""A bank's file -> its statements, and findings on all that cannot be believed."""

from __future__ import annotations

from dataclasses import dataclass

from tasrih.declaration.csv.text import Report
from tasrih.declaration.recognise import recognise
from tasrih.declaration.sent import SentFile
from tasrih.payments.bank.camt import read_camt
from tasrih.payments.bank.limits import MAX_BYTES, MAX_TABLE_BYTES
from tasrih.payments.bank.statement import Draft, Ours, Place, Statement, finish
from tasrih.payments.bank.table import read_csv
from tasrih.vocabulary.finding import Findings

_TABLES = ("other_text", "das_csv", "dac_csv", "dac_nominal_csv")
"""What our CSV may look like to who looks for declarations."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file: each movement that it tells stands in one statement, or is refused with a finding."""

    statements: tuple[Statement, ...]
    refused: tuple[Place, ...]
    """With a fault of their own, or of a statement that cannot be believed as a whole."""
    findings: Findings


def read_statements(file: SentFile, ours: Ours) -> Reading:
    """A damaged file, or something else than a statement, is refused as a whole: no statement, and findings."""
    report = Report(file.name, Findings())
    drafts = _drafts(file, report)
    statements: list[Statement] = []
    refused: list[Place] = []
    for draft in drafts:
        if statement := finish(draft, ours, report):
            statements.append(statement)
            refused += statement.refused
        else:
            refused += draft.places
    return Reading(tuple(statements), tuple(dict.fromkeys(refused)), report.findings)


def _drafts(file: SentFile, report: Report) -> tuple[Draft, ...]:
    kind = recognise(file) if file.size <= MAX_BYTES else ""
    most = MAX_TABLE_BYTES if kind in _TABLES else MAX_BYTES
    if file.size > most:
        report.add("E903", value=str(file.size), expected=str(most))
        return ()
    if kind == "xml":
        return read_camt(file, report)
    if kind in _TABLES:
        return read_csv(file, report)
    report.add("E902") if kind in ("empty", "blank") else report.add("E901", value=kind)
    return ()
