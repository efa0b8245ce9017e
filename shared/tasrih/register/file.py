"""From the file an officer imports to the register's records. All or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from tasrih.register.cells import MAX_FINDINGS, Row, read_rows
from tasrih.register.parties import Account, Affiliation, Employer, Entity
from tasrih.vocabulary.finding import Finding

Party = Entity | Employer | Account

_OF_ENTITY = ("name", "name_ar", "contact_name", "contact_email", "language", "accounts")
_OF_EMPLOYER = ("entity", "size_class", "codes")


def read_register(text: str, file: str = "") -> tuple[list[Party], list[Finding]]:
    """Entities, then employers, then accounts, each in the order of the file; or no record, and the findings,
    at most `MAX_FINDINGS`.

    One row is one employer number at one agency from a day (`since`) to a last day (`until`, empty: open, or until
    the next row of the same number begins). An import of part of a faulty file is never offered.
    """
    rows, findings = read_rows(text, file)
    by_entity, by_employer = _grouped(rows, "entity"), _grouped(rows, "employer")
    for group in by_entity.values():
        findings += _disagreements(group, _OF_ENTITY, "E816", file)
    for group in by_employer.values():
        findings += _disagreements(group, _OF_EMPLOYER, "E817", file)
        findings += _interval_findings(group, file)
    findings += _account_findings(rows, file)
    if findings:
        return [], sorted(findings, key=lambda finding: finding.place)[:MAX_FINDINGS]
    entities = [_entity(group[0]) for group in by_entity.values()]
    employers = [_employer(group) for group in by_employer.values()]
    accounts = [account for group in by_entity.values() for account in _accounts(group[0])]
    return [*entities, *employers, *accounts], []


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.cells[column], []).append(row)
    return groups


def _disagreements(group: list[Row], columns: tuple[str, ...], code: str, file: str) -> list[Finding]:
    """Each cell that differs from the first row of the same entity or employer."""
    first = group[0].cells
    return [
        Finding(code, file, row.line, column, row.cells[column], first[column])
        for row in group[1:]
        for column in columns
        if row.cells[column] != first[column]
    ]


def _interval_findings(group: list[Row], file: str) -> list[Finding]:
    """Agencies of one number follow each other day after day: no overlap (E818), no gap (E819)."""
    findings = []
    for row, following in pairwise(_in_time(group)):
        since, until = following.cells["since"], row.cells["until"]
        last_day = (date.fromisoformat(since) - timedelta(days=1)).isoformat()
        if row.cells["since"] >= since or until > last_day:
            findings.append(Finding("E818", file, following.line, "since", since, f"> {until or row.cells['since']}"))
        elif until and until < last_day:
            findings.append(Finding("E819", file, row.line, "until", until, last_day))
    return findings


def _account_findings(rows: list[Row], file: str) -> list[Finding]:
    """An account acts for one entity."""
    owner: dict[str, str] = {}
    findings: dict[tuple[str, str], Finding] = {}
    for row in rows:
        entity = row.cells["entity"]
        for account in row.cells["accounts"].split():
            if owner.setdefault(account, entity) != entity:
                finding = Finding("E820", file, row.line, "accounts", account, owner[account])
                findings.setdefault((account, entity), finding)
    return list(findings.values())


def _in_time(group: list[Row]) -> list[Row]:
    return sorted(group, key=lambda row: row.cells["since"])


def _entity(row: Row) -> Entity:
    cells = row.cells
    return Entity(
        entity=cells["entity"],
        name=cells["name"],
        name_ar=cells["name_ar"],
        contact_name=cells["contact_name"],
        contact_email=cells["contact_email"],
        language=cells["language"],
    )


def _employer(group: list[Row]) -> Employer:
    in_time = _in_time(group)
    first = in_time[0].cells
    return Employer(
        number=first["employer"],
        entity=first["entity"],
        agencies=tuple(Affiliation(agency=row.cells["agency"], since=row.cells["since"]) for row in in_time),
        since=first["since"],
        until=in_time[-1].cells["until"],
        size_class=first["size_class"],
        codes=tuple(first["codes"].split()),
    )


def _accounts(row: Row) -> list[Account]:
    entity = row.cells["entity"]
    return [Account(account=account, role="employer", entity=entity) for account in row.cells["accounts"].split()]
