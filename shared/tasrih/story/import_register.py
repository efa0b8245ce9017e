"""An officer brings a register file: what it would change, then the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasrih.register import Party, changes, read_register
from tasrih.register.parties import Account, Employer, Entity
from tasrih.story.access import holds, in_agency
from tasrih.story.ports import Book, Change, Create, Replace
from tasrih.vocabulary.finding import Finding
from tasrih.vocabulary.record import Record

AT_ONCE = 50
"""Records per transaction (the store takes 100): an import is many small ones, and may be sent again."""
OTHER_AGENCY, OTHER_ENTITY, OTHERS_ENTITY = "E890", "E891", "E892"
NUMBERS = 1000
"""Of one entity; none has so many."""
_ORDER = {Employer: 0, Entity: 1, Account: 2}
"""An entity that stands has a number, and an account that stands has an entity, wherever an import is cut short."""


@dataclass(frozen=True, slots=True)
class Imported:
    created: int
    changed: int
    unchanged: int
    findings: tuple[Finding, ...] = ()


def import_register(text: str, officer: Account, *, book: Book, dry_run: bool = False) -> Imported:
    """Nothing is written when any row is wrong or belongs to another agency. Raises Changed, Busy (send it again)."""
    read, findings = read_register(text)
    records = sorted(read, key=lambda record: _ORDER[type(record)])
    before = _before(records, book)
    findings = [*findings, *_not_theirs(records, before, officer, book)]
    if findings:
        return Imported(0, 0, 0, tuple(findings))
    compared = changes([record for record in before if isinstance(record, Party)], records)
    writes: list[Change] = [*map(Create, compared.created), *(Replace(each.after) for each in compared.changed)]
    if not dry_run:
        for start in range(0, len(writes), AT_ONCE):
            book.commit(*writes[start : start + AT_ONCE])
    return Imported(len(compared.created), len(compared.changed), len(compared.unchanged))


def _before(records: Sequence[Record], book: Book) -> list[Record | None]:
    return book.get_many([(type(record), record.key) for record in records])


def _not_theirs(
    records: Sequence[Record], before: Sequence[Record | None], officer: Account, book: Book
) -> list[Finding]:
    """An officer brings and edits the employers of their own agency, and no file moves a number or an account to
    another legal entity.

    An entity that stands is named only by an agency that holds one of its numbers, whatever the file says of it:
    nobody gets at an entity's filings by adding a number of their own to it, or learns by trying what it holds.
    """
    findings = []
    elsewhere = _elsewhere(before, officer, book)
    for old, new in zip(before, records, strict=True):
        if isinstance(new, Entity) and new.entity in elsewhere:
            findings.append(Finding(OTHERS_ENTITY, column="entity", value=new.entity, expected=officer.agency))
        if isinstance(new, Employer):
            theirs = in_agency(officer, new) and (not isinstance(old, Employer) or holds(officer, old))
            if not theirs:
                findings.append(Finding(OTHER_AGENCY, column="agency", value=new.number, expected=officer.agency))
                continue
        if isinstance(old, Employer | Account) and isinstance(new, Employer | Account) and old.entity != new.entity:
            findings.append(Finding(OTHER_ENTITY, column="entity", value=new.entity, expected=_named(new)))
    return findings


def _named(record: Employer | Account) -> str:
    return record.number if isinstance(record, Employer) else record.account


def _elsewhere(before: Sequence[Record | None], officer: Account, book: Book) -> set[str]:
    """Entities that stand, and of which the officer's agency has no number."""
    held = {old.entity for old in before if isinstance(old, Employer) and holds(officer, old)}
    others = {old.entity for old in before if isinstance(old, Entity)} - held
    return {
        entity
        for entity in others
        if not any(holds(officer, employer) for employer in book.owned(Employer, entity, limit=NUMBERS))
    }
